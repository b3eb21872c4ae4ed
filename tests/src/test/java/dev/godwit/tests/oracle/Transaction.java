package dev.godwit.tests.oracle;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.RowChange;
import java.util.List;

/** One sealed transaction, read from its envelope. */
public record Transaction(Dot dot, VersionVector dependencies, List<RowChange> changes) {
  public Transaction {
    changes = List.copyOf(changes);
  }
}
