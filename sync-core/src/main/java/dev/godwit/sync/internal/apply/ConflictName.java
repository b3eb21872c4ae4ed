package dev.godwit.sync.internal.apply;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.LifeId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.TreeSet;

/**
 * The short name of a conflict: the same on every replica, and another one as soon as another
 * sibling comes to it, so that nobody settles what was not shown to him.
 */
final class ConflictName {
  /** Digits of base 32: 40 bits tell some 10,000 conflicts apart but for one case in 20,000. */
  private static final int LENGTH_DIGITS = 8;

  /** Without i, l, o and u, which are read as other digits or make words. */
  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

  private ConflictName() {}

  static String of(String table, LifeId life, String unit, String kind, Collection<Dot> siblings) {
    MessageDigest digest = sha256();
    text(digest, table);
    text(digest, unit);
    text(digest, kind);
    digest.update(life.bytes());
    for (Dot dot : new TreeSet<>(siblings)) {
      digest.update(dot.replica().bytes());
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, dot.sequence()).array());
    }
    return digits(ByteBuffer.wrap(digest.digest()).getLong());
  }

  private static String digits(long bits) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= LENGTH_DIGITS; i++) {
      text.append(DIGITS.charAt((int) (bits >>> (Long.SIZE - 5 * i)) & 31));
    }
    return text.toString();
  }

  private static void text(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
