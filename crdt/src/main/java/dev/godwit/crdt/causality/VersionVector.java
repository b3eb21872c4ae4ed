package dev.godwit.crdt.causality;

import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * For each replica the highest sequence known without gaps; a replica that is absent stands at 0.
 *
 * <p>Parker et al., "Detection of Mutual Inconsistency in Distributed Systems" (1983). Vectors form
 * a join semilattice under {@link #join}: associative, commutative, idempotent. Immutable and
 * thread safe; size is one entry a replica, every operation is linear in that or better.
 */
public final class VersionVector {
  private static final VersionVector EMPTY = new VersionVector(new TreeMap<>());

  private final TreeMap<ReplicaId, Long> entries;

  private VersionVector(TreeMap<ReplicaId, Long> entries) {
    this.entries = entries;
  }

  /** The vector that knows nothing. */
  public static VersionVector empty() {
    return EMPTY;
  }

  /**
   * The vector with these entries; zeros are left out.
   *
   * @throws IllegalArgumentException when a sequence is negative
   */
  public static VersionVector of(Map<ReplicaId, Long> entries) {
    TreeMap<ReplicaId, Long> kept = new TreeMap<>();
    entries.forEach((replica, sequence) -> put(kept, replica, sequence));
    return new VersionVector(kept);
  }

  /** The highest sequence known of this replica, 0 when it is unknown. */
  public long sequence(ReplicaId replica) {
    Long sequence = entries.get(replica);
    return sequence == null ? 0 : sequence;
  }

  /** Whether the event is among those known. */
  public boolean covers(Dot dot) {
    return dot.sequence() <= sequence(dot.replica());
  }

  /** Whether everything that the other knows is known here too. */
  public boolean covers(VersionVector other) {
    for (Map.Entry<ReplicaId, Long> entry : other.entries.entrySet()) {
      if (entry.getValue() > sequence(entry.getKey())) {
        return false;
      }
    }
    return true;
  }

  /** How the knowledge of two vectors compares. */
  public Causality compare(VersionVector other) {
    boolean atLeast = covers(other);
    boolean atMost = other.covers(this);
    if (atLeast && atMost) {
      return Causality.EQUAL;
    }
    if (atLeast) {
      return Causality.AFTER;
    }
    return atMost ? Causality.BEFORE : Causality.CONCURRENT;
  }

  /** The least vector that covers both. */
  public VersionVector join(VersionVector other) {
    if (covers(other)) {
      return this;
    }
    TreeMap<ReplicaId, Long> joined = new TreeMap<>(entries);
    other.entries.forEach((replica, sequence) -> joined.merge(replica, sequence, Math::max));
    return new VersionVector(joined);
  }

  /**
   * This vector with one replica's entry set; 0 removes it.
   *
   * @throws IllegalArgumentException when the sequence is negative
   */
  public VersionVector with(ReplicaId replica, long sequence) {
    TreeMap<ReplicaId, Long> changed = new TreeMap<>(entries);
    changed.remove(replica);
    put(changed, replica, sequence);
    return new VersionVector(changed);
  }

  /** This vector raised, where needed, to cover the event and all before it on the same replica. */
  public VersionVector with(Dot dot) {
    return covers(dot) ? this : with(dot.replica(), dot.sequence());
  }

  /** The entries in the order of replica ids, unmodifiable; no value is 0. */
  public SortedMap<ReplicaId, Long> entries() {
    return Collections.unmodifiableSortedMap(entries);
  }

  /** Whether nothing is known. */
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** The number of replicas known. */
  public int size() {
    return entries.size();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VersionVector that && entries.equals(that.entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    Iterator<Map.Entry<ReplicaId, Long>> left = entries.entrySet().iterator();
    while (left.hasNext()) {
      Map.Entry<ReplicaId, Long> entry = left.next();
      text.append(entry.getKey().shortText()).append(':').append(entry.getValue());
      text.append(left.hasNext() ? " " : "");
    }
    return text.append('}').toString();
  }

  private static void put(TreeMap<ReplicaId, Long> entries, ReplicaId replica, long sequence) {
    if (sequence < 0) {
      throw new IllegalArgumentException(
          "expected a sequence of at least 0 for " + replica + " but got " + sequence);
    }
    if (sequence > 0) {
      entries.put(replica, sequence);
    }
  }
}
