package dev.godwit.sync.change;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The SHA-256 of one envelope: over all its bytes, header and body, as they travel.
 *
 * <p>Each envelope names the hash of the one before it of the same replica, so equal hashes at one
 * sequence mean equal histories up to there. {@link #NONE}, all zeros, stands before the first.
 * Immutable and thread safe.
 */
public final class EnvelopeHash {
  /** Length of a hash in bytes. */
  public static final int LENGTH_BYTES = 32;

  /** The predecessor of a replica's first envelope: 32 zeros. */
  public static final EnvelopeHash NONE = new EnvelopeHash(new byte[LENGTH_BYTES]);

  private final byte[] bytes;

  private EnvelopeHash(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The hash with these bytes.
   *
   * @throws IllegalArgumentException unless there are exactly {@value #LENGTH_BYTES}
   */
  public static EnvelopeHash of(byte[] bytes) {
    if (bytes.length != LENGTH_BYTES) {
      throw new IllegalArgumentException(
          "expected an envelope hash of " + LENGTH_BYTES + " bytes but got " + bytes.length);
    }
    return new EnvelopeHash(bytes.clone());
  }

  /** The hash of an envelope that is at hand as a whole. */
  public static EnvelopeHash ofEnvelope(byte[] envelopeBytes) {
    return new EnvelopeHash(digest().digest(envelopeBytes));
  }

  /** A fresh digest for an envelope that comes in pieces; finish with {@link #of}. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException(
          "expected SHA-256 on every Java and Android platform", missing);
    }
  }

  /** A copy of the 32 bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /**
   * The first eight bytes, big-endian: enough to notice, at a handshake, that two histories differ.
   */
  public long tag() {
    return ByteBuffer.wrap(bytes).getLong();
  }

  /** The first eight digits, for messages. */
  public String shortText() {
    return toString().substring(0, 8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EnvelopeHash that && Arrays.equals(bytes, that.bytes);
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
