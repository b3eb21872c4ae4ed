package dev.godwit.sync.change;

import dev.godwit.crdt.causality.Dot;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * The identity of one row across all replicas and key changes: 16 bytes.
 *
 * <p>Three ways to get one, each the first 16 bytes of a SHA-256 over parts that are preceded by
 * their lengths:
 *
 * <pre>
 * natural key     "key"   table, canonical key parts          the same insert on two devices is one life
 * surrogate key   "dot"   replica, sequence, birth number     the same integer on two devices is two lives
 * taken birth key "after" table, canonical key parts, life    the birth life of that key lives on under another key
 * </pre>
 *
 * Ordered by unsigned bytes. Immutable.
 */
public record LifeId(long high, long low) implements Comparable<LifeId> {
  /** Length of an id in bytes. */
  public static final int LENGTH_BYTES = 16;

  private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(LifeId::sha256);

  /** The life of the row that is born under this key. */
  public static LifeId natural(String table, List<byte[]> canonicalKey) {
    MessageDigest digest = begin("key", table);
    canonicalKey.forEach(part -> add(digest, part));
    return end(digest);
  }

  /** The life of a row that is born under a key whose birth life has moved to another key. */
  public static LifeId after(String table, List<byte[]> canonicalKey, LifeId birth) {
    MessageDigest digest = begin("after", table);
    canonicalKey.forEach(part -> add(digest, part));
    add(digest, birth.bytes());
    return end(digest);
  }

  /** The life of the n-th row, from 0, that a transaction bears under a surrogate key. */
  public static LifeId surrogate(Dot dot, int birthNumber) {
    MessageDigest digest = begin("dot", "");
    add(digest, dot.replica().bytes());
    digest.update(ByteBuffer.allocate(12).putLong(dot.sequence()).putInt(birthNumber).array());
    return end(digest);
  }

  /**
   * The id with these bytes.
   *
   * @throws IllegalArgumentException unless there are exactly {@value #LENGTH_BYTES}
   */
  public static LifeId of(byte[] bytes) {
    if (bytes.length != LENGTH_BYTES) {
      throw new IllegalArgumentException(
          "expected a life id of " + LENGTH_BYTES + " bytes but got " + bytes.length);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new LifeId(buffer.getLong(), buffer.getLong());
  }

  public byte[] bytes() {
    return ByteBuffer.allocate(LENGTH_BYTES).putLong(high).putLong(low).array();
  }

  @Override
  public int compareTo(LifeId other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(high);
  }

  @Override
  public String toString() {
    return String.format("%016x%016x", high, low);
  }

  private static MessageDigest begin(String way, String table) {
    MessageDigest digest = SHA_256.get();
    digest.reset();
    add(digest, way.getBytes(StandardCharsets.UTF_8));
    add(digest, table.getBytes(StandardCharsets.UTF_8));
    return digest;
  }

  private static void add(MessageDigest digest, byte[] part) {
    int length = part.length;
    digest.update((byte) (length >>> 24));
    digest.update((byte) (length >>> 16));
    digest.update((byte) (length >>> 8));
    digest.update((byte) length);
    digest.update(part);
  }

  private static LifeId end(MessageDigest digest) {
    ByteBuffer buffer = ByteBuffer.wrap(digest.digest());
    return new LifeId(buffer.getLong(), buffer.getLong());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("expected every Java and Android to have SHA-256", e);
    }
  }
}
