package dev.godwit.crdt.text;

/**
 * Where one character as a reader sees it ends and the next begins, and which of them belong to one
 * word.
 *
 * <p>The extended grapheme clusters of Unicode Standard Annex 29, from the character types of the
 * platform: combining marks, variation selectors, skin tones, joiner sequences, flags, Hangul
 * syllables, CR LF. Prepended marks and Indic conjuncts, which need tables the platform lacks, end
 * a cluster early: the diff is then finer than it need be, never wrong.
 */
final class Clusters {
  private static final int ZERO_WIDTH_JOINER = 0x200d;

  private Clusters() {}

  /** The index after the cluster that begins at this one. */
  static int end(String text, int from, int to) {
    int codePoint = text.codePointAt(from);
    int at = from + Character.charCount(codePoint);
    if (codePoint == '\r') {
      return at < to && text.charAt(at) == '\n' ? at + 1 : at;
    }
    boolean flagHalf = isRegional(codePoint);
    while (at < to) {
      int next = text.codePointAt(at);
      boolean joined =
          extend(next)
              || codePoint == ZERO_WIDTH_JOINER && isPictographic(next)
              || hangul(codePoint, next);
      if (!joined && !(flagHalf && isRegional(next))) {
        return at;
      }
      flagHalf = false;
      codePoint = next;
      at += Character.charCount(next);
    }
    return Math.min(at, to);
  }

  /**
   * The index after the word, the run of spaces, or the single cluster of anything else that begins
   * at this one.
   */
  static int wordEnd(String text, int from, int to) {
    int kind = wordKind(text.codePointAt(from));
    int at = end(text, from, to);
    while (at < to && kind != 0 && wordKind(text.codePointAt(at)) == kind) {
      at = end(text, at, to);
    }
    return at;
  }

  /** The index after the line, its line feed included. */
  static int lineEnd(String text, int from, int to) {
    int feed = text.indexOf('\n', from);
    return feed < 0 || feed >= to ? to : feed + 1;
  }

  private static int wordKind(int codePoint) {
    if (codePoint == ' ' || codePoint == '\t') {
      return 1;
    }
    return Character.isLetterOrDigit(codePoint) && !Character.isIdeographic(codePoint)
            || codePoint == '_'
        ? 2
        : 0;
  }

  private static boolean extend(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || codePoint == ZERO_WIDTH_JOINER
        || codePoint == 0x200c
        || codePoint >= 0x1f3fb && codePoint <= 0x1f3ff
        || codePoint >= 0xe0020 && codePoint <= 0xe007f;
  }

  /** What a joiner may join: symbols and the planes of emoji. */
  private static boolean isPictographic(int codePoint) {
    return Character.getType(codePoint) == Character.OTHER_SYMBOL
        || codePoint >= 0x1f000 && codePoint <= 0x1ffff;
  }

  private static boolean isRegional(int codePoint) {
    return codePoint >= 0x1f1e6 && codePoint <= 0x1f1ff;
  }

  /** Leading, vowel and trailing jamo and whole syllables that make one syllable. */
  private static boolean hangul(int left, int right) {
    boolean leading = left >= 0x1100 && left <= 0x115f;
    boolean syllable = left >= 0xac00 && left <= 0xd7a3;
    boolean open = left >= 0x1160 && left <= 0x11a7 || syllable && (left - 0xac00) % 28 == 0;
    boolean vowel = right >= 0x1160 && right <= 0x11a7;
    boolean trailing = right >= 0x11a8 && right <= 0x11ff;
    boolean closed = left >= 0x11a8 && left <= 0x11ff || syllable;
    if (leading) {
      return right >= 0x1100 && right <= 0x11a7 || right >= 0xac00 && right <= 0xd7a3;
    }
    return open && (vowel || trailing) || closed && trailing;
  }
}
