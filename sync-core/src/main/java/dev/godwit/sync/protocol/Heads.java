package dev.godwit.sync.protocol;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one side of an exchange holds: for each replica the {@link Head} of its log there.
 *
 * <p>A version vector with tags. A remote's heads are its receipt: everything up to them is durable
 * there. Immutable.
 */
public final class Heads {
  private static final Heads EMPTY = new Heads(new TreeMap<>());

  private final TreeMap<ReplicaId, Head> entries;
  private final VersionVector vector;

  private Heads(TreeMap<ReplicaId, Head> entries) {
    this.entries = entries;
    TreeMap<ReplicaId, Long> sequences = new TreeMap<>();
    entries.forEach((replica, head) -> sequences.put(replica, head.sequence()));
    this.vector = VersionVector.of(sequences);
  }

  /** Nothing is held. */
  public static Heads empty() {
    return EMPTY;
  }

  /** These heads; those at sequence 0 are left out. */
  public static Heads of(Map<ReplicaId, Head> entries) {
    TreeMap<ReplicaId, Head> kept = new TreeMap<>(entries);
    kept.values().removeIf(head -> head.sequence() == 0);
    return new Heads(kept);
  }

  /** This replica's head, {@link Head#NONE} when nothing of it is held. */
  public Head head(ReplicaId replica) {
    Head head = entries.get(replica);
    return head == null ? Head.NONE : head;
  }

  /** The sequences alone. */
  public VersionVector vector() {
    return vector;
  }

  /** The entries in the order of replica ids, unmodifiable; none is at sequence 0. */
  public SortedMap<ReplicaId, Head> entries() {
    return Collections.unmodifiableSortedMap(entries);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Heads that && entries.equals(that.entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  @Override
  public String toString() {
    return vector.toString();
  }
}
