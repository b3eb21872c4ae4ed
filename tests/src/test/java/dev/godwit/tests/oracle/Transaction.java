package dev.godwit.tests.oracle;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.RowChange;
import java.util.List;

/**
 * One sealed transaction, read from its envelope.
 *
 * @param deviceName the name that its author announces with it, null for none
 */
public record Transaction(
    Dot dot, VersionVector dependencies, List<RowChange> changes, String deviceName) {
  public Transaction {
    changes = List.copyOf(changes);
  }

  Transaction(Dot dot, VersionVector dependencies, List<RowChange> changes) {
    this(dot, dependencies, changes, null);
  }
}
