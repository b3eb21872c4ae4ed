package dev.godwit.crdt.causality;

import java.util.Objects;

/**
 * One event of one replica: its id and a sequence number that starts at 1 and has no gaps.
 *
 * <p>The term is that of Almeida et al., "Scalable and Accurate Causality Tracking for Eventually
 * Consistent Stores" (DAIS 2014). Ordered by replica, then sequence; the order is total but says
 * nothing of causality. Immutable.
 *
 * @param replica whose event it is
 * @param sequence its number there, from 1
 */
public record Dot(ReplicaId replica, long sequence) implements Comparable<Dot> {
  public Dot {
    Objects.requireNonNull(replica, "replica");
    if (sequence < 1) {
      throw new IllegalArgumentException("expected a sequence of at least 1 but got " + sequence);
    }
  }

  @Override
  public int compareTo(Dot other) {
    int byReplica = replica.compareTo(other.replica);
    return byReplica != 0 ? byReplica : Long.compare(sequence, other.sequence);
  }

  @Override
  public String toString() {
    return replica.shortText() + ":" + sequence;
  }
}
