package dev.godwit.crdt.text;

import java.util.Objects;

/**
 * One edit: at a position remove some code points, then insert some text there.
 *
 * <p>Positions and counts are code points of the text that the author saw, after the author's
 * earlier operations of the same transaction. Immutable.
 *
 * @param position where, from 0
 * @param deleteCount how many code points after the position go
 * @param insert what comes in their place, possibly empty; no unpaired surrogates
 */
public record TextOperation(int position, int deleteCount, String insert) {
  /**
   * @throws IllegalArgumentException when a number is negative or the text holds an unpaired
   *     surrogate
   */
  public TextOperation {
    Objects.requireNonNull(insert, "insert");
    if (position < 0 || deleteCount < 0) {
      throw new IllegalArgumentException(
          "expected a position and a count of at least 0 but got "
              + position
              + " and "
              + deleteCount);
    }
    requireWellFormed(insert);
  }

  /** Inserts text before the code point at the position. */
  public static TextOperation insert(int position, String text) {
    return new TextOperation(position, 0, text);
  }

  /** Deletes code points from the position on. */
  public static TextOperation delete(int position, int count) {
    return new TextOperation(position, count, "");
  }

  /** The number of code points that come in. */
  public int insertCount() {
    return insert.codePointCount(0, insert.length());
  }

  /** Whether nothing changes. */
  public boolean isEmpty() {
    return deleteCount == 0 && insert.isEmpty();
  }

  /**
   * Refuses text that is not valid Unicode: half a pair could join with half another one when texts
   * merge.
   *
   * @throws IllegalArgumentException naming the place of the unpaired surrogate
   */
  static void requireWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (!Character.isSurrogate(unit)) {
        continue;
      }
      boolean paired =
          Character.isHighSurrogate(unit)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (!paired) {
        throw new IllegalArgumentException(
            "expected Unicode text but got an unpaired surrogate at index " + i);
      }
      i++;
    }
  }
}
