package dev.godwit.crdt.text;

/**
 * To which of its two neighbours a place between code points sticks when somebody inserts right
 * there.
 */
public enum TextBias {
  /** It stays after the code point on its left: what is inserted there comes after it. */
  LEFT,
  /**
   * It stays before the code point on its right: what is inserted there comes before it, as at a
   * typing cursor.
   */
  RIGHT
}
