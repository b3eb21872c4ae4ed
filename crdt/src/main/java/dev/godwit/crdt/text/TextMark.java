package dev.godwit.crdt.text;

/**
 * A place between two code points of a {@link TextDocument} that moves with what is edited around
 * it: a cursor, an end of a selection, a bookmark.
 *
 * <p>When the code points around it are deleted it stays where they were. Until it is released
 * every edit has to move it.
 */
public final class TextMark {
  private final TextBias bias;
  private int position;

  TextMark(int position, TextBias bias) {
    this.position = position;
    this.bias = bias;
  }

  /** Where it is now, from 0 to the length of the text. */
  public int position() {
    return position;
  }

  /** The neighbour that it sticks to. */
  public TextBias bias() {
    return bias;
  }

  void edited(int at, int deleteCount, int insertCount) {
    if (position > at) {
      position = Math.max(at, position - deleteCount);
    }
    if (position > at || position == at && bias == TextBias.RIGHT) {
      position += insertCount;
    }
  }
}
