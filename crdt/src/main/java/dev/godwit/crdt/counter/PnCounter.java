package dev.godwit.crdt.counter;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.encoding.EncodingReader;
import dev.godwit.crdt.encoding.EncodingWriter;
import java.util.Map;
import java.util.TreeMap;

/**
 * A counter that grows and shrinks: one {@link GCounter} of what was added and one of what was
 * taken away.
 *
 * <p>The PN-Counter of Shapiro et al., "A comprehensive study of Convergent and Commutative
 * Replicated Data Types" (2011). Merge rule: both merge. Size: two entries a replica; every
 * operation is linear in that. Encoded as the two vectors, additions first. Immutable and thread
 * safe.
 */
public final class PnCounter {
  private static final PnCounter ZERO = new PnCounter(GCounter.zero(), GCounter.zero());

  private final GCounter added;
  private final GCounter taken;

  private PnCounter(GCounter added, GCounter taken) {
    this.added = added;
    this.taken = taken;
  }

  /** The counter that nobody has changed. */
  public static PnCounter zero() {
    return ZERO;
  }

  /**
   * The counter after a replica added this much, or took it away when it is negative.
   *
   * @throws ArithmeticException when one of the replica's sums would pass 64 bits
   */
  public PnCounter plus(ReplicaId replica, long amount) {
    PnCounter changed =
        amount >= 0
            ? new PnCounter(added.plus(replica, amount), taken)
            : new PnCounter(added, taken.plus(replica, Math.negateExact(amount)));
    Math.addExact(changed.added.value(replica), changed.taken.value(replica));
    return changed;
  }

  /**
   * What was added less what was taken away.
   *
   * @throws ArithmeticException when one of the totals passes 64 bits
   */
  public long value() {
    return Math.subtractExact(added.value(), taken.value());
  }

  /** The larger sums of each replica. */
  public PnCounter merge(PnCounter other) {
    return new PnCounter(added.merge(other.added), taken.merge(other.taken));
  }

  /**
   * For each replica how much it ever moved the counter, in either direction: grows with every
   * change.
   */
  public VersionVector version() {
    Map<ReplicaId, Long> moved = new TreeMap<>(added.version().entries());
    taken.version().entries().forEach((replica, sum) -> moved.merge(replica, sum, Math::addExact));
    return VersionVector.of(moved);
  }

  /** The entries of replicas that moved the counter since a version. */
  public PnCounter deltaSince(VersionVector version) {
    Map<ReplicaId, Long> newlyAdded = new TreeMap<>();
    Map<ReplicaId, Long> newlyTaken = new TreeMap<>();
    version()
        .entries()
        .forEach(
            (replica, moved) -> {
              if (moved > version.sequence(replica)) {
                newlyAdded.put(replica, added.value(replica));
                newlyTaken.put(replica, taken.value(replica));
              }
            });
    return new PnCounter(of(newlyAdded), of(newlyTaken));
  }

  /** The canonical bytes. */
  public byte[] encode() {
    EncodingWriter out = new EncodingWriter();
    added.write(out);
    taken.write(out);
    return out.toBytes();
  }

  /** The counter of these bytes. */
  public static PnCounter decode(byte[] encoded) {
    EncodingReader in = new EncodingReader(encoded);
    GCounter added = GCounter.read(in);
    GCounter taken = GCounter.read(in);
    in.requireEnd();
    for (Map.Entry<ReplicaId, Long> entry : added.version().entries().entrySet()) {
      if (entry.getValue() > Long.MAX_VALUE - taken.value(entry.getKey())) {
        throw in.malformed(
            "expected sums of replica " + entry.getKey() + " that fit 64 bits together");
      }
    }
    return new PnCounter(added, taken);
  }

  private static GCounter of(Map<ReplicaId, Long> sums) {
    GCounter counter = GCounter.zero();
    for (Map.Entry<ReplicaId, Long> entry : sums.entrySet()) {
      counter = counter.plus(entry.getKey(), entry.getValue());
    }
    return counter;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PnCounter that && added.equals(that.added) && taken.equals(that.taken);
  }

  @Override
  public int hashCode() {
    return 31 * added.hashCode() + taken.hashCode();
  }

  @Override
  public String toString() {
    return "+" + added + " -" + taken;
  }
}
