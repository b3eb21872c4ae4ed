package dev.godwit.crdt.text;

import dev.godwit.crdt.encoding.EncodingReader;
import dev.godwit.crdt.encoding.EncodingWriter;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Byte strings that are deflated where that makes them smaller.
 *
 * <pre>
 * kind 0: byte 0, length, bytes
 * kind 1: byte 1, length, deflated length, raw DEFLATE (RFC 1951) of so many bytes
 * </pre>
 */
final class Sections {
  private static final int PLAIN = 0;
  private static final int DEFLATED = 1;

  /**
   * The most that DEFLATE can expand a byte to; what claims more is refused before memory is taken
   * for it.
   */
  private static final int MAX_EXPANSION = 1032;

  private Sections() {}

  static void write(EncodingWriter out, byte[] bytes, boolean compress) {
    byte[] deflated = compress ? deflate(bytes) : bytes;
    if (deflated.length + 2 < bytes.length) {
      out.writeByte(DEFLATED).writeUnsigned(bytes.length).writeBytes(deflated);
    } else {
      out.writeByte(PLAIN).writeBytes(bytes);
    }
  }

  static byte[] read(EncodingReader in, int limitBytes) {
    int kind = in.readByte();
    if (kind == PLAIN) {
      int count = in.readCount(1);
      if (count > limitBytes) {
        throw in.malformed(
            "expected a section of at most " + limitBytes + " bytes but got " + count);
      }
      return in.readRaw(count);
    }
    if (kind != DEFLATED) {
      throw in.malformed("expected a section of kind 0 or 1 but got " + kind);
    }
    int size = in.readInt(limitBytes);
    int deflatedSize = in.readCount(1);
    if (size > (long) deflatedSize * MAX_EXPANSION) {
      throw in.malformed(
          "expected at most "
              + (long) deflatedSize * MAX_EXPANSION
              + " inflated bytes but got "
              + size);
    }
    return inflate(in, in.readRaw(deflatedSize), size);
  }

  private static byte[] deflate(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      byte[] deflated = new byte[bytes.length + 64];
      int size = deflater.deflate(deflated);
      return deflater.finished() ? Arrays.copyOf(deflated, size) : bytes;
    } finally {
      deflater.end();
    }
  }

  private static byte[] inflate(EncodingReader in, byte[] deflated, int size) {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(deflated);
      byte[] bytes = new byte[size];
      int inflated = 0;
      while (inflated < size) {
        int step = inflater.inflate(bytes, inflated, size - inflated);
        if (step == 0) {
          break;
        }
        inflated += step;
      }
      boolean endsThere =
          inflated == size && (inflater.finished() || inflater.inflate(new byte[1]) == 0);
      if (!endsThere || !inflater.finished() || inflater.getRemaining() > 0) {
        throw in.malformed(
            "expected deflated bytes that give " + size + " but got " + inflated + " or more");
      }
      return bytes;
    } catch (DataFormatException broken) {
      throw in.malformed("expected deflated bytes but got " + broken.getMessage());
    } finally {
      inflater.end();
    }
  }
}
