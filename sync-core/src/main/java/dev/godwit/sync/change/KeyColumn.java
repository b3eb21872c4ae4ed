package dev.godwit.sync.change;

import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Objects;

/**
 * How one column of a key makes two spellings the same key: SQLite's own equality, written down so
 * that a replica without the schema gets the same life.
 *
 * <p>A column that is a reference enters the key as the life it refers to, so that the row follows
 * when its parent is given another key. A reference whose parent nobody shows is <em>bare</em> and
 * enters as its value.
 *
 * @param name the column, as first tracked
 * @param collation its collation, as first tracked
 * @param parent how a life of the referenced table follows from a plain value, null when the column
 *     is no reference, or the life does not follow from its value and is written out
 */
public record KeyColumn(String name, Collation collation, Parent parent) {
  /** The built-in collations. */
  public enum Collation {
    BINARY,
    NOCASE,
    RTRIM;

    /** Whether there is one of that name. */
    public static boolean isOwn(String name) {
      return Arrays.stream(values()).anyMatch(one -> one.name().equalsIgnoreCase(name));
    }

    /**
     * The collation of that name.
     *
     * @throws IllegalArgumentException when it is not one of SQLite's own
     */
    public static Collation named(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * The referenced table, as far as a life can be derived from a value of the reference.
   *
   * @param table its name, as first tracked
   * @param collation of its one key column
   */
  public record Parent(String table, Collation collation) {
    /** The life of a parent that was born under this value. */
    public LifeId birthLife(Value value) {
      return LifeId.natural(
          table, Collections.singletonList(KeyColumn.canonical(value, collation)));
    }
  }

  public KeyColumn {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(collation, "collation");
  }

  /** The bytes under which a plain value enters a key: equal for what SQLite holds equal. */
  public byte[] canonical(Value value) {
    return canonical(value, collation);
  }

  /**
   * The bytes under which a value enters a key where the column may be a reference.
   *
   * @param referenced the life referred to, null for the one born under the value
   * @param bare whether the reference is bare
   */
  public byte[] canonical(Value value, LifeId referenced, boolean bare) {
    if (parent == null || bare) {
      return canonical(value, collation);
    }
    return canonical(referenced == null ? parent.birthLife(value) : referenced);
  }

  /** The bytes under which a reference to a life enters a key. */
  public static byte[] canonical(LifeId life) {
    byte[] bytes = new byte[LifeId.LENGTH_BYTES + 1];
    bytes[0] = 'L';
    System.arraycopy(life.bytes(), 0, bytes, 1, LifeId.LENGTH_BYTES);
    return bytes;
  }

  private static byte[] canonical(Value value, Collation collation) {
    if (value instanceof Value.Real real) {
      double number = real.number();
      // 2^63 itself does not fit a long; the cast would saturate and still compare equal.
      boolean whole = number >= -0x1p63 && number < 0x1p63 && number == Math.rint(number);
      return whole ? Value.of((long) number).canonicalBytes() : value.canonicalBytes();
    }
    if (collation == Collation.BINARY
        || value instanceof Value.Integer
        || value instanceof Value.Blob) {
      return value.canonicalBytes();
    }
    byte[] bytes = value.canonicalBytes();
    return collation == Collation.NOCASE ? folded(bytes) : trimmed(bytes);
  }

  private static byte[] folded(byte[] bytes) {
    byte[] folded = bytes.clone();
    for (int i = 1; i < folded.length; i++) {
      if (folded[i] >= 'A' && folded[i] <= 'Z') {
        folded[i] += 'a' - 'A';
      }
    }
    return folded;
  }

  private static byte[] trimmed(byte[] bytes) {
    int length = bytes.length;
    while (length > 1 && bytes[length - 1] == ' ') {
      length--;
    }
    byte[] trimmed = new byte[length];
    System.arraycopy(bytes, 0, trimmed, 0, length);
    return trimmed;
  }
}
