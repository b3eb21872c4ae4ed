package dev.godwit.crdt.text;

import java.util.Arrays;

/**
 * A mutable text addressed by code points: chunks of UTF-16 units under a tree of partial sums.
 *
 * <p>The sums are a Fenwick tree ("A New Data Structure for Cumulative Frequency Tables", 1994)
 * over the code points of each chunk. An edit costs the logarithm of the number of chunks, plus a
 * copy within one chunk; every few hundred inserted characters a chunk splits and the sums are
 * rebuilt, which is linear in the number of chunks (a few hundredths of the text). No surrogate
 * pair lies across two chunks.
 */
final class TextBuffer {
  /**
   * Units a chunk can hold: small enough to shift quickly, large enough that sums stay small beside
   * the text.
   */
  static final int CHUNK_CHARS = 512;

  /**
   * How full chunks are made when much text arrives at once, so that the next keystrokes split
   * none.
   */
  private static final int FILLED_CHARS = CHUNK_CHARS * 3 / 4;

  private char[][] chunks = {new char[CHUNK_CHARS]};
  private int[] used = new int[1];
  private int[] points = new int[1];
  private int[] sums = new int[2];
  private int chunkCount = 1;
  private int length;
  private int before;

  TextBuffer() {}

  TextBuffer(String text) {
    insert(0, text);
  }

  /** The number of code points. */
  int length() {
    return length;
  }

  /** Inserts text before the code point at the position, which must be within 0 … length. */
  void insert(int position, String text) {
    if (text.length() > CHUNK_CHARS / 2) {
      char[] units = text.toCharArray();
      insert(position, units, 0, units.length);
      return;
    }
    int chunk = makeRoom(position, text.length());
    int at = offset(chunk, position - before);
    char[] units = chunks[chunk];
    System.arraycopy(units, at, units, at + text.length(), used[chunk] - at);
    text.getChars(0, text.length(), units, at);
    grow(chunk, text.length(), text.codePointCount(0, text.length()));
  }

  /** Inserts the units from one index up to another. */
  void insert(int position, char[] text, int from, int to) {
    int count = to - from;
    if (count > CHUNK_CHARS / 2) {
      insertLong(position, text, from, to);
      return;
    }
    int chunk = makeRoom(position, count);
    int at = offset(chunk, position - before);
    char[] units = chunks[chunk];
    System.arraycopy(units, at, units, at + count, used[chunk] - at);
    System.arraycopy(text, from, units, at, count);
    grow(chunk, count, Character.codePointCount(text, from, count));
  }

  /** Deletes code points from the position on; all of them must be there. */
  void delete(int position, int count) {
    int left = count;
    int emptied = 0;
    int chunk = chunkOf(position);
    int at = position - before;
    int first = chunk;
    while (left > 0) {
      int taken = Math.min(left, points[chunk] - at);
      int from = offset(chunk, at);
      int to = offset(chunk, at + taken);
      System.arraycopy(chunks[chunk], to, chunks[chunk], from, used[chunk] - to);
      grow(chunk, from - to, -taken);
      emptied += used[chunk] == 0 ? 1 : 0;
      left -= taken;
      chunk++;
      at = 0;
    }
    tidy(first, chunk, emptied);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(length + 16);
    for (int chunk = 0; chunk < chunkCount; chunk++) {
      text.append(chunks[chunk], 0, used[chunk]);
    }
    return text.toString();
  }

  private void grow(int chunk, int units, int codePoints) {
    used[chunk] += units;
    points[chunk] += codePoints;
    length += codePoints;
    for (int node = chunk + 1; node <= chunkCount; node += node & -node) {
      sums[node] += codePoints;
    }
  }

  /**
   * The chunk where an insertion goes, with room for this many units; {@code before} tells what
   * precedes it.
   */
  private int makeRoom(int position, int units) {
    int chunk = position == 0 ? chunkOf(0) : chunkOf(position - 1);
    if (used[chunk] + units <= CHUNK_CHARS) {
      return chunk;
    }
    split(chunk, used[chunk] / 2);
    return makeRoom(position, units);
  }

  /** The chunk that holds the code point at the position, the last one at the end of the text. */
  private int chunkOf(int position) {
    int node = 0;
    int left = position;
    for (int step = Integer.highestOneBit(chunkCount); step > 0; step >>= 1) {
      int next = node + step;
      if (next <= chunkCount && sums[next] <= left) {
        node = next;
        left -= sums[next];
      }
    }
    if (node == chunkCount) {
      node--;
      left += points[node];
    }
    before = position - left;
    return node;
  }

  private int offset(int chunk, int codePoints) {
    if (used[chunk] == points[chunk]) {
      return codePoints;
    }
    return Character.offsetByCodePoints(chunks[chunk], 0, used[chunk], 0, codePoints);
  }

  private void split(int chunk, int middle) {
    int at = atBoundary(chunks[chunk], middle, used[chunk]);
    openGap(chunk + 1, 1);
    fill(chunk + 1, chunks[chunk], at, used[chunk]);
    used[chunk] = at;
    points[chunk] = Character.codePointCount(chunks[chunk], 0, at);
    rebuildSums();
  }

  private void insertLong(int position, char[] text, int from, int to) {
    int chunk = position == 0 ? chunkOf(0) : chunkOf(position - 1);
    int at = offset(chunk, position - before);
    if (at < used[chunk]) {
      split(chunk, at);
    }
    int pieces = 0;
    for (int start = from;
        start < to;
        start = atBoundary(text, Math.min(start + FILLED_CHARS, to), to)) {
      pieces++;
    }
    openGap(chunk + 1, pieces);
    int start = from;
    for (int piece = 1; piece <= pieces; piece++) {
      int end = atBoundary(text, Math.min(start + FILLED_CHARS, to), to);
      fill(chunk + piece, text, start, end);
      start = end;
    }
    length += Character.codePointCount(text, from, to - from);
    rebuildSums();
  }

  private void fill(int chunk, char[] text, int from, int to) {
    chunks[chunk] = new char[CHUNK_CHARS];
    System.arraycopy(text, from, chunks[chunk], 0, to - from);
    used[chunk] = to - from;
    points[chunk] = Character.codePointCount(text, from, to - from);
  }

  private static int atBoundary(char[] text, int index, int end) {
    boolean insidePair =
        index > 0
            && index < end
            && Character.isLowSurrogate(text[index])
            && Character.isHighSurrogate(text[index - 1]);
    return insidePair ? index + 1 : index;
  }

  private void openGap(int chunk, int count) {
    int needed = chunkCount + count;
    if (needed > chunks.length) {
      int capacity = needed + (needed >> 1);
      chunks = Arrays.copyOf(chunks, capacity);
      used = Arrays.copyOf(used, capacity);
      points = Arrays.copyOf(points, capacity);
      sums = new int[capacity + 1];
    }
    shift(chunk, chunk + count);
    chunkCount = needed;
  }

  private void shift(int from, int to) {
    System.arraycopy(chunks, from, chunks, to, chunkCount - from);
    System.arraycopy(used, from, used, to, chunkCount - from);
    System.arraycopy(points, from, points, to, chunkCount - from);
  }

  /**
   * Drops emptied chunks and joins small neighbours, so that the number of chunks follows the size
   * of the text.
   */
  private void tidy(int from, int to, int emptied) {
    if (emptied > 0) {
      int kept = from;
      for (int chunk = from; chunk < to; chunk++) {
        if (used[chunk] > 0) {
          move(chunk, kept++);
        }
      }
      removeChunks(Math.max(kept, 1), to);
    } else if (from + 1 < chunkCount && used[from] + used[from + 1] < CHUNK_CHARS / 2) {
      System.arraycopy(chunks[from + 1], 0, chunks[from], used[from], used[from + 1]);
      used[from] += used[from + 1];
      points[from] += points[from + 1];
      removeChunks(from + 1, from + 2);
    }
  }

  private void move(int from, int to) {
    chunks[to] = chunks[from];
    used[to] = used[from];
    points[to] = points[from];
  }

  private void removeChunks(int from, int to) {
    if (from >= to) {
      return;
    }
    shift(to, from);
    int remaining = chunkCount - (to - from);
    Arrays.fill(chunks, remaining, chunkCount, null);
    chunkCount = remaining;
    rebuildSums();
  }

  private void rebuildSums() {
    Arrays.fill(sums, 1, chunkCount + 1, 0);
    for (int node = 1; node <= chunkCount; node++) {
      sums[node] += points[node - 1];
      int parent = node + (node & -node);
      if (parent <= chunkCount) {
        sums[parent] += sums[node];
      }
    }
  }
}
