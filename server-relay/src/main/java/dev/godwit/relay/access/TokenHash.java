package dev.godwit.relay.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The SHA-256 of a secret: what a relay keeps of it. A token is at least 128 random bits, so a
 * plain hash cannot be searched and needs no salt. Compared in constant time. Immutable.
 */
public final class TokenHash {
  private static final int LENGTH_BYTES = 32;

  private final byte[] bytes;

  private TokenHash(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The hash of this secret's text. */
  public static TokenHash ofSecret(String secret) {
    try {
      return new TokenHash(
          MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("expected SHA-256 on every Java platform", missing);
    }
  }

  /** The hash as it was stored. */
  public static TokenHash of(byte[] stored) {
    if (stored.length != LENGTH_BYTES) {
      throw new IllegalArgumentException(
          "expected a token hash of " + LENGTH_BYTES + " bytes but got " + stored.length);
    }
    return new TokenHash(stored.clone());
  }

  /** The bytes to store. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Whether both are of the same secret, in a time that does not depend on where they differ. */
  public boolean matches(TokenHash other) {
    return MessageDigest.isEqual(bytes, other.bytes);
  }
}
