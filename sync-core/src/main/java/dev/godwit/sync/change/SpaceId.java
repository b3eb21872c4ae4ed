package dev.godwit.sync.change;

import java.util.Arrays;

/**
 * The identity of one space: 16 bytes shared by all replicas of one set of synced tables.
 *
 * <p>Its text form is 32 lower-case hexadecimal digits. It is a name, not a secret: knowing it
 * gives access to nothing. Immutable and thread safe. The bytes come from outside, so that a
 * simulator can own them.
 */
public final class SpaceId {
  /** Length of an id in bytes. */
  public static final int LENGTH_BYTES = 16;

  private final byte[] bytes;

  private SpaceId(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The id with these bytes.
   *
   * @throws IllegalArgumentException unless there are exactly {@value #LENGTH_BYTES}
   */
  public static SpaceId of(byte[] bytes) {
    if (bytes.length != LENGTH_BYTES) {
      throw new IllegalArgumentException(
          "expected a space id of " + LENGTH_BYTES + " bytes but got " + bytes.length);
    }
    return new SpaceId(bytes.clone());
  }

  /**
   * The id written as 32 hexadecimal digits.
   *
   * @throws IllegalArgumentException when the text is anything else
   */
  public static SpaceId parse(String text) {
    return new SpaceId(HexText.decode(text, LENGTH_BYTES, "space id"));
  }

  /** A copy of the 16 bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The first eight digits, for messages. */
  public String shortText() {
    return toString().substring(0, 8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SpaceId that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexText.encode(bytes);
  }
}
