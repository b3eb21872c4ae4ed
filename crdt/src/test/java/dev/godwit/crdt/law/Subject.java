package dev.godwit.crdt.law;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import java.util.Random;

/**
 * A mergeable type as the laws see it.
 *
 * @param <C> its states, compared by equals
 */
abstract class Subject<C> {
  /** A state nobody has changed. */
  abstract C empty();

  /** An independent state of the same content. */
  abstract C copy(C state);

  /** The state after a random change by a replica, which the twin is told. */
  abstract C change(C state, ReplicaId replica, Random random, HistoryTwin twin);

  /** The merge; the left state may be used up. */
  abstract C merge(C left, C right);

  /** The left state after the right one's delta since a version that the left one has. */
  abstract C applyDelta(C left, C right, VersionVector since);

  abstract VersionVector version(C state);

  /** What an application sees, comparable with {@link #expected}. */
  abstract Object value(C state);

  /** What the twin says that an application should see. */
  abstract Object expected(HistoryTwin twin);

  abstract byte[] encode(C state);

  abstract C decode(byte[] encoded);

  /** An encoded delta and whether it can be read back, where the type has deltas of their own. */
  byte[] encodeDelta(C state, VersionVector since) {
    return encode(state);
  }

  void decodeDelta(byte[] encoded) {
    decode(encoded);
  }

  @Override
  public String toString() {
    return getClass().getSimpleName();
  }
}
