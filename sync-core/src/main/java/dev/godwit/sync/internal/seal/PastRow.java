package dev.godwit.sync.internal.seal;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.internal.log.EnvelopeTable;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.internal.merge.Dominance;
import dev.godwit.sync.internal.merge.LifeState;
import dev.godwit.sync.wire.TransactionBodyReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** All changes of one row, read from the log, so that it can be told what it was at any time. */
final class PastRow {
  private final List<Logged> changes = new ArrayList<>();

  /** One change with its transaction. */
  private record Logged(Dot dot, VersionVector dependencies, RowChange change) {
    /** Grows along causality: whoever has seen a transaction has seen more than it had. */
    static final Comparator<Logged> CAUSAL = Comparator.comparingLong(Logged::seen);

    private long seen() {
      return dependencies.with(dot).entries().values().stream().mapToLong(Long::longValue).sum();
    }
  }

  private PastRow() {}

  /**
   * Reads the row's changes. The cost is that of reading all that is applied.
   *
   * @throws UncheckedIOException when a transaction cannot be read
   */
  static PastRow read(EnvelopeTable log, Replicas replicas, String table, LifeId life) {
    PastRow row = new PastRow();
    for (Replicas.Entry replica : replicas.all()) {
      VersionVector dependencies = VersionVector.empty();
      for (long sequence = 1; sequence <= replica.sequence(); sequence++) {
        dependencies = row.read(log, new Dot(replica.id(), sequence), dependencies, table, life);
      }
    }
    // Several changes of one transaction stay in their order.
    Collections.sort(row.changes, Logged.CAUSAL);
    return row;
  }

  private VersionVector read(
      EnvelopeTable log, Dot dot, VersionVector before, String table, LifeId life) {
    try (InputStream body = log.body(dot);
        TransactionBodyReader reader = new TransactionBodyReader(body, dot, before)) {
      VersionVector dependencies = reader.header().dependencies();
      for (RowChange change = reader.next(); change != null; change = reader.next()) {
        if (change.life().equals(life) && change.shape().table().equals(table)) {
          changes.add(new Logged(dot, dependencies, change));
        }
      }
      return dependencies;
    } catch (IOException e) {
      throw new UncheckedIOException("could not read transaction " + dot + " from the log", e);
    }
  }

  /** Its state as somebody saw it who had seen these transactions. */
  LifeState seenBy(Predicate<Dot> seen) {
    LifeState state = LifeState.empty();
    for (Logged one : changes) {
      if (seen.test(one.dot())) {
        state.merge(
            one.change(),
            one.dot(),
            one.dependencies(),
            Dominance.of(one.change(), one.dot(), one.dependencies()));
      }
    }
    return state;
  }
}
