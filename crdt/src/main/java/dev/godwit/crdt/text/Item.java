package dev.godwit.crdt.text;

/**
 * A run of code points during replay that were inserted together and share their state.
 *
 * <p>The code points have consecutive ids. Each has two states at once: at the version the replay
 * stands at ({@code inserted}, {@code deletions}), and in the merged text ({@code everDeleted}).
 */
final class Item {
  /** The id left of the first code point of a text. */
  static final int START = Integer.MIN_VALUE;

  /** The id right of the last code point of a text. */
  static final int END = Integer.MAX_VALUE;

  final int id;
  int length;

  /**
   * The code point that was left of the first one when it was inserted; each other one follows its
   * predecessor.
   */
  final int leftOrigin;

  /** The next code point, deleted or not, that existed to the right when these were inserted. */
  final int rightOrigin;

  boolean inserted = true;
  int deletions;
  boolean everDeleted;
  ItemTree.Leaf leaf;

  Item(int id, int length, int leftOrigin, int rightOrigin) {
    this.id = id;
    this.length = length;
    this.leftOrigin = leftOrigin;
    this.rightOrigin = rightOrigin;
  }

  int end() {
    return id + length;
  }

  int lastId() {
    return id + length - 1;
  }

  /** Code points visible at the version of the replay. */
  int visible() {
    return inserted && deletions == 0 ? length : 0;
  }

  /** Code points kept in the merged text. */
  int kept() {
    return everDeleted ? 0 : length;
  }
}
