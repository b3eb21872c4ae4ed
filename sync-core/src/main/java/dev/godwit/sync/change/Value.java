package dev.godwit.sync.change;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One SQLite value with its storage class, bit-exact.
 *
 * <p>Equality is binary: {@code 1} and {@code 1.0} differ, as do {@code 'a'} and {@code x'61'},
 * {@code 0.0} and {@code -0.0}, and two spellings of one letter. Text is Unicode; a TEXT whose
 * bytes are not UTF-8 (SQLite stores any) is kept as {@link MalformedText}. NaN does not occur:
 * SQLite stores it as NULL. Immutable and thread safe; the byte arrays are not copied and must not
 * be written to.
 */
public sealed interface Value {
  /** The one NULL. */
  Value NULL = new Null();

  /** The storage class as {@code typeof()} names it. */
  String storageClass();

  /** Roughly how many bytes the value takes, for limits. */
  int sizeBytes();

  static Value of(long number) {
    return new Integer(number);
  }

  static Value of(double number) {
    return new Real(number);
  }

  static Value of(String text) {
    return text == null ? NULL : new Text(text);
  }

  static Value of(byte[] bytes) {
    return bytes == null ? NULL : new Blob(bytes);
  }

  /** Storage class NULL. */
  record Null() implements Value {
    @Override
    public String storageClass() {
      return "null";
    }

    @Override
    public int sizeBytes() {
      return 1;
    }

    @Override
    public String toString() {
      return "NULL";
    }
  }

  /** Storage class INTEGER, 64 bits signed. */
  record Integer(long number) implements Value {
    @Override
    public String storageClass() {
      return "integer";
    }

    @Override
    public int sizeBytes() {
      return 8;
    }

    @Override
    public String toString() {
      return Long.toString(number);
    }
  }

  /** Storage class REAL, 64 bits IEEE 754. */
  record Real(double number) implements Value {
    @Override
    public String storageClass() {
      return "real";
    }

    @Override
    public int sizeBytes() {
      return 8;
    }

    @Override
    public String toString() {
      return Double.toString(number);
    }
  }

  /** Storage class TEXT, well-formed. */
  record Text(String text) implements Value {
    @Override
    public String storageClass() {
      return "text";
    }

    @Override
    public int sizeBytes() {
      return text.length();
    }

    @Override
    public String toString() {
      return "'" + text.replace("'", "''") + "'";
    }
  }

  /** Storage class TEXT whose bytes are not UTF-8; kept as they are. */
  record MalformedText(byte[] bytes) implements Value {
    @Override
    public String storageClass() {
      return "text";
    }

    @Override
    public int sizeBytes() {
      return bytes.length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof MalformedText that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "CAST(" + new Blob(bytes) + " AS TEXT)";
    }
  }

  /** Storage class BLOB. */
  record Blob(byte[] bytes) implements Value {
    private static final char[] DIGITS = "0123456789abcdef".toCharArray();

    @Override
    public String storageClass() {
      return "blob";
    }

    @Override
    public int sizeBytes() {
      return bytes.length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Blob that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(bytes.length * 2 + 3).append("x'");
      for (byte b : bytes) {
        text.append(DIGITS[(b >> 4) & 0xf]).append(DIGITS[b & 0xf]);
      }
      return text.append('\'').toString();
    }
  }

  /**
   * The bytes that stand for this value in hashes: a letter for the storage class, then the
   * content.
   */
  default byte[] canonicalBytes() {
    if (this instanceof Null) {
      return new byte[] {'n'};
    }
    if (this instanceof Integer integer) {
      return tagged('i', bigEndian(integer.number()));
    }
    if (this instanceof Real real) {
      return tagged('r', bigEndian(Double.doubleToRawLongBits(real.number())));
    }
    if (this instanceof Text text) {
      return tagged('t', text.text().getBytes(StandardCharsets.UTF_8));
    }
    return this instanceof MalformedText malformed
        ? tagged('t', malformed.bytes())
        : tagged('b', ((Blob) this).bytes());
  }

  /** The value with these canonical bytes. */
  static Value ofCanonical(byte[] canonical) {
    ByteBuffer content = ByteBuffer.wrap(canonical, 1, canonical.length - 1);
    switch (canonical[0]) {
      case 'n':
        return NULL;
      case 'i':
        return of(content.getLong());
      case 'r':
        return of(Double.longBitsToDouble(content.getLong()));
      case 't':
        byte[] utf8 = new byte[content.remaining()];
        content.get(utf8);
        String text = new String(utf8, StandardCharsets.UTF_8);
        boolean wellFormed = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), utf8);
        return wellFormed ? of(text) : new MalformedText(utf8);
      default:
        byte[] blob = new byte[content.remaining()];
        content.get(blob);
        return of(blob);
    }
  }

  private static byte[] tagged(char tag, byte[] content) {
    byte[] bytes = new byte[content.length + 1];
    bytes[0] = (byte) tag;
    System.arraycopy(content, 0, bytes, 1, content.length);
    return bytes;
  }

  private static byte[] bigEndian(long bits) {
    byte[] bytes = new byte[8];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (bits >>> (56 - 8 * i));
    }
    return bytes;
  }
}
