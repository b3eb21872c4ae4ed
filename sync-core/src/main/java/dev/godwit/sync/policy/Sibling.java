package dev.godwit.sync.policy;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.sync.change.Value;
import java.util.Objects;

/**
 * One of several concurrent writes to one column.
 *
 * @param value what was written; of a reference the key that its row has now
 * @param device the name of the writer's device, as it announced it
 * @param time when, by the writer's clock
 * @param dot the transaction: unique among siblings
 */
public record Sibling(Value value, String device, HybridTimestamp time, Dot dot) {
  public Sibling {
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(time, "time");
    Objects.requireNonNull(dot, "dot");
  }
}
