package dev.godwit.sync.transport;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/**
 * The secret that lets a replica into a space at a relay: 16 to 64 unguessable bytes, written in
 * URL-safe Base64.
 *
 * <p>{@link #toString} does not show it, so that it does not get into logs. Immutable.
 */
public final class SpaceToken {
  /** 128 bits cannot be guessed; and a token this short keeps a request without news small. */
  public static final int MIN_LENGTH_BYTES = 16;

  /** Longer is no safer. */
  public static final int MAX_LENGTH_BYTES = 64;

  private final byte[] bytes;

  private SpaceToken(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The token with these bytes.
   *
   * @throws IllegalArgumentException when they are too few or too many
   */
  public static SpaceToken of(byte[] bytes) {
    if (bytes.length < MIN_LENGTH_BYTES || bytes.length > MAX_LENGTH_BYTES) {
      throw new IllegalArgumentException(
          "expected a space token of "
              + MIN_LENGTH_BYTES
              + " to "
              + MAX_LENGTH_BYTES
              + " bytes but got "
              + bytes.length);
    }
    return new SpaceToken(bytes.clone());
  }

  /** A new one. */
  public static SpaceToken random(SecureRandom random) {
    byte[] bytes = new byte[MIN_LENGTH_BYTES];
    random.nextBytes(bytes);
    return new SpaceToken(bytes);
  }

  /**
   * The token written as {@link #secretText}.
   *
   * @throws IllegalArgumentException when the text is anything else; the message does not repeat it
   */
  public static SpaceToken parse(String text) {
    if (text.length() > 2 * MAX_LENGTH_BYTES) {
      throw new IllegalArgumentException(
          "expected a space token but got " + text.length() + " characters");
    }
    try {
      return of(Base64.getUrlDecoder().decode(text));
    } catch (IllegalArgumentException nonsense) {
      throw new IllegalArgumentException(
          "expected a space token of at least 22 URL-safe Base64 characters but got "
              + text.length()
              + " characters that are not: was the invitation cut off?",
          nonsense);
    }
  }

  /** The text that goes into an invitation or a request: it gives access. */
  public String secretText() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** A copy of the bytes: they give access. */
  public byte[] secretBytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SpaceToken that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "space token of " + bytes.length + " bytes";
  }
}
