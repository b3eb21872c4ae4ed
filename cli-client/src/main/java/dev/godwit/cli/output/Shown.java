package dev.godwit.cli.output;

/** Text of other people, made harmless for a terminal. */
public final class Shown {
  private Shown() {}

  /**
   * The text with everything that moves the cursor, changes colours or turns writing direction
   * spelled out; line ends and tabs stay.
   */
  public static String text(String foreign) {
    StringBuilder shown = new StringBuilder(foreign.length());
    foreign.codePoints().forEach(point -> append(shown, point));
    return shown.toString();
  }

  /** As {@link #text}, in one line. */
  public static String line(String foreign) {
    return text(foreign.replace('\n', ' ').replace('\t', ' ').replace('\r', ' '));
  }

  private static void append(StringBuilder shown, int point) {
    boolean plain = point == '\n' || point == '\t';
    int type = Character.getType(point);
    boolean hidden =
        Character.isISOControl(point)
            || type == Character.FORMAT
            || type == Character.LINE_SEPARATOR
            || type == Character.PARAGRAPH_SEPARATOR
            || type == Character.SURROGATE;
    if (plain || !hidden) {
      shown.appendCodePoint(point);
    } else {
      shown.append(String.format("\\u{%x}", point));
    }
  }
}
