package dev.godwit.crdt.text;

import dev.godwit.crdt.encoding.EncodingReader;
import dev.godwit.crdt.encoding.EncodingWriter;
import java.util.Arrays;

/**
 * Bytes in which long repeats, however far apart, are replaced by references: what was cut and
 * pasted, undone and redone.
 *
 * <p>Bentley and McIlroy, "Data Compression Using Long Common Strings" (1999). DEFLATE sees only
 * the last 32 KiB; this comes before it and leaves short repeats to it. Two columns: the literal
 * bytes, and for each repeat the number of literals before it, its length less {@link #LEAST_BYTES}
 * and how far back it begins. The search is deterministic.
 *
 * @param literals what is no repeat
 * @param repeats the references
 */
record RepeatedBytes(byte[] literals, byte[] repeats) {
  /** The shortest repeat replaced: below it the reference costs more than DEFLATE's. */
  static final int LEAST_BYTES = 24;

  /** Bytes hashed together to find candidates. */
  private static final int HASHED_BYTES = 12;

  /** Candidates tried at one place, so that uniform text does not make the search quadratic. */
  private static final int MAX_CANDIDATES = 16;

  static RepeatedBytes of(byte[] bytes) {
    return new Search(bytes).run();
  }

  /** The bytes again; their number is known and was checked. */
  static byte[] expand(byte[] literals, byte[] repeats, int size) {
    byte[] bytes = new byte[size];
    EncodingReader reader = new EncodingReader(repeats);
    int from = 0;
    int at = 0;
    while (reader.remaining() > 0) {
      int count = reader.readInt(Math.min(literals.length - from, size - at));
      System.arraycopy(literals, from, bytes, at, count);
      from += count;
      at += count;
      int length = reader.readInt(Math.max(0, size - at - LEAST_BYTES)) + LEAST_BYTES;
      int distance = reader.readInt(at);
      if (distance == 0 || length > size - at) {
        throw reader.malformed("expected a repeat of bytes before it, within " + size);
      }
      for (int i = 0; i < length; i++, at++) {
        bytes[at] = bytes[at - distance];
      }
    }
    if (literals.length - from != size - at) {
      throw reader.malformed(
          "expected "
              + (size - at)
              + " literal bytes at the end but got "
              + (literals.length - from));
    }
    System.arraycopy(literals, from, bytes, at, size - at);
    return bytes;
  }

  /** One pass over the bytes with a chained hash table of all places passed. */
  private static final class Search {
    private final byte[] bytes;
    private final int[] heads;
    private final int[] previous;
    private final int shift;
    private final EncodingWriter literals = new EncodingWriter();
    private final EncodingWriter repeats = new EncodingWriter();
    private int bestStart;

    Search(byte[] bytes) {
      this.bytes = bytes;
      int bits = 32 - Integer.numberOfLeadingZeros(Math.max(bytes.length, 256) - 1);
      heads = new int[1 << bits];
      Arrays.fill(heads, -1);
      previous = new int[bytes.length];
      shift = 64 - bits;
    }

    RepeatedBytes run() {
      int literalStart = 0;
      int at = 0;
      while (at + LEAST_BYTES <= bytes.length) {
        int length = longest(at);
        if (length < LEAST_BYTES) {
          remember(at++);
          continue;
        }
        literals.writeRaw(Arrays.copyOfRange(bytes, literalStart, at));
        repeats
            .writeUnsigned(at - literalStart)
            .writeUnsigned(length - LEAST_BYTES)
            .writeUnsigned(at - bestStart);
        for (int end = at + length; at < end; at++) {
          remember(at);
        }
        literalStart = at;
      }
      literals.writeRaw(Arrays.copyOfRange(bytes, literalStart, bytes.length));
      return new RepeatedBytes(literals.toBytes(), repeats.toBytes());
    }

    private int longest(int at) {
      int best = 0;
      int candidate = heads[hash(at)];
      for (int tried = 0; candidate >= 0 && tried < MAX_CANDIDATES; tried++) {
        int length = 0;
        while (at + length < bytes.length && bytes[candidate + length] == bytes[at + length]) {
          length++;
        }
        if (length > best) {
          best = length;
          bestStart = candidate;
        }
        candidate = previous[candidate];
      }
      return best;
    }

    private void remember(int at) {
      if (at + HASHED_BYTES <= bytes.length) {
        int hash = hash(at);
        previous[at] = heads[hash];
        heads[hash] = at;
      }
    }

    private int hash(int at) {
      long hash = 0;
      for (int i = 0; i < HASHED_BYTES; i++) {
        hash = hash * 0x9E3779B97F4A7C15L + bytes[at + i];
      }
      return (int) (hash * 0x9E3779B97F4A7C15L >>> shift);
    }
  }
}
