package dev.godwit.crdt.counter;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.encoding.EncodingReader;
import dev.godwit.crdt.encoding.EncodingWriter;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A counter that only grows: for each replica the sum of what it added.
 *
 * <p>The G-Counter of Shapiro et al., "A comprehensive study of Convergent and Commutative
 * Replicated Data Types" (2011). Merge rule: for each replica the larger sum. The sums are at the
 * same time the version. Size: one entry a replica; adding and merging are linear in that. Encoded
 * as the vector of sums. Immutable and thread safe.
 */
public final class GCounter {
  private static final GCounter ZERO = new GCounter(VersionVector.empty());

  private final VersionVector sums;

  private GCounter(VersionVector sums) {
    this.sums = sums;
  }

  /** The counter that nobody has added to. */
  public static GCounter zero() {
    return ZERO;
  }

  /**
   * The counter after a replica added this much.
   *
   * @throws IllegalArgumentException when the amount is negative
   * @throws ArithmeticException when the replica's sum would pass 64 bits
   */
  public GCounter plus(ReplicaId replica, long amount) {
    if (amount < 0) {
      throw new IllegalArgumentException("expected an amount of at least 0 but got " + amount);
    }
    return amount == 0
        ? this
        : new GCounter(sums.with(replica, Math.addExact(sums.sequence(replica), amount)));
  }

  /**
   * The total of all replicas.
   *
   * @throws ArithmeticException when it passes 64 bits
   */
  public long value() {
    long value = 0;
    for (long sum : sums.entries().values()) {
      value = Math.addExact(value, sum);
    }
    return value;
  }

  /** What one replica added. */
  public long value(ReplicaId replica) {
    return sums.sequence(replica);
  }

  /** The larger sum of each replica. */
  public GCounter merge(GCounter other) {
    return new GCounter(sums.join(other.sums));
  }

  /** The sums, which grow with every addition. */
  public VersionVector version() {
    return sums;
  }

  /**
   * The entries that are above those of a version; merged into any counter of that version it gives
   * what this would.
   */
  public GCounter deltaSince(VersionVector version) {
    SortedMap<ReplicaId, Long> newer = new TreeMap<>();
    for (Map.Entry<ReplicaId, Long> entry : sums.entries().entrySet()) {
      if (entry.getValue() > version.sequence(entry.getKey())) {
        newer.put(entry.getKey(), entry.getValue());
      }
    }
    return new GCounter(VersionVector.of(newer));
  }

  /** The canonical bytes. */
  public byte[] encode() {
    EncodingWriter out = new EncodingWriter();
    write(out);
    return out.toBytes();
  }

  /** The counter of these bytes. */
  public static GCounter decode(byte[] encoded) {
    EncodingReader in = new EncodingReader(encoded);
    GCounter counter = read(in);
    in.requireEnd();
    return counter;
  }

  void write(EncodingWriter out) {
    out.writeVector(sums);
  }

  static GCounter read(EncodingReader in) {
    return new GCounter(in.readVector());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GCounter that && sums.equals(that.sums);
  }

  @Override
  public int hashCode() {
    return sums.hashCode();
  }

  @Override
  public String toString() {
    return sums.toString();
  }
}
