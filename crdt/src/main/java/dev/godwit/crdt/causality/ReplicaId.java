package dev.godwit.crdt.causality;

import java.util.Arrays;

/**
 * The identity of one replica: 16 bytes that belong to one file in one place.
 *
 * <p>Ordered by unsigned bytes, which is also the order of the text form (32 lower-case hexadecimal
 * digits). Immutable and thread safe. Making ids unique is the caller's task: the bytes come from
 * outside, so that a simulator can own them.
 */
public final class ReplicaId implements Comparable<ReplicaId> {
  /** Length of an id in bytes. */
  public static final int LENGTH_BYTES = 16;

  private final byte[] bytes;

  /** Computed when it is asked for first; 0 before. */
  private int hash;

  private ReplicaId(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The id with these bytes.
   *
   * @throws IllegalArgumentException unless there are exactly {@value #LENGTH_BYTES}
   */
  public static ReplicaId of(byte[] bytes) {
    if (bytes.length != LENGTH_BYTES) {
      throw new IllegalArgumentException(
          "expected a replica id of " + LENGTH_BYTES + " bytes but got " + bytes.length);
    }
    return new ReplicaId(bytes.clone());
  }

  /**
   * The id written as 32 hexadecimal digits.
   *
   * @throws IllegalArgumentException when the text is anything else
   */
  public static ReplicaId parse(String text) {
    return new ReplicaId(Hex.decode(text, LENGTH_BYTES, "replica id"));
  }

  /** A copy of the 16 bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The first eight digits, enough to tell the replicas of a family or team apart on a screen. */
  public String shortText() {
    return toString().substring(0, 8);
  }

  @Override
  public int compareTo(ReplicaId other) {
    return Hex.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ReplicaId that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    int known = hash;
    if (known == 0) {
      known = Arrays.hashCode(bytes);
      hash = known;
    }
    return known;
  }

  @Override
  public String toString() {
    return Hex.encode(bytes);
  }
}
