package dev.godwit.cli.output;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Texts two beside each other within 80 columns, with a line below each that marks where they
 * differ. Long ones show the neighbourhood of the first difference.
 */
public final class SideBySide {
  /** Two columns, an indent of two and a line between them come to less than 80. */
  private static final int COLUMN_WIDTH = 37;

  private static final int TEXT_WIDTH = COLUMN_WIDTH - 2;
  private static final int TEXT_LINES_MAX = 5;

  /** What is shown of a long text before the first difference. */
  private static final int CONTEXT_CHARACTERS = 20;

  private final List<String> headings = new ArrayList<>();
  private final List<int[]> texts = new ArrayList<>();
  private final List<Boolean> compared = new ArrayList<>();

  /**
   * One more side.
   *
   * @param compare whether differences of the text are to be marked
   */
  public SideBySide side(String heading, String text, boolean compare) {
    headings.add(TextTable.cut(Shown.line(heading), COLUMN_WIDTH));
    texts.add(Shown.line(text).codePoints().toArray());
    compared.add(compare);
    return this;
  }

  /** Prints them. */
  public void print(PrintWriter to) {
    int prefix = common(true, Integer.MAX_VALUE);
    int suffix = common(false, shortest() - prefix);
    for (int i = 0; i < texts.size(); i += 2) {
      List<String> left = column(i, prefix, suffix);
      List<String> right = i + 1 < texts.size() ? column(i + 1, prefix, suffix) : List.of();
      for (int line = 0; line < Math.max(left.size(), right.size()); line++) {
        String first = line < left.size() ? left.get(line) : "";
        String second = line < right.size() ? right.get(line) : "";
        int pad = COLUMN_WIDTH - first.codePointCount(0, first.length());
        String between = right.isEmpty() ? "" : " ".repeat(pad) + "| " + second;
        to.println(("  " + first + between).stripTrailing());
      }
    }
  }

  private int shortest() {
    return texts.stream().mapToInt(text -> text.length).min().orElse(0);
  }

  /** How many characters at the beginning, or at the end, all texts have in common. */
  private int common(boolean atBeginning, int limit) {
    int[] first = texts.get(0);
    int most = Math.min(limit, shortest());
    int count = 0;
    while (count < most) {
      for (int[] text : texts) {
        int own = atBeginning ? text[count] : text[text.length - 1 - count];
        int other = atBeginning ? first[count] : first[first.length - 1 - count];
        if (own != other) {
          return count;
        }
      }
      count++;
    }
    return count;
  }

  private List<String> column(int side, int prefix, int suffix) {
    int[] text = texts.get(side);
    boolean marks = compared.get(side);
    boolean fits = text.length <= TEXT_WIDTH * TEXT_LINES_MAX;
    int from = fits || !marks ? 0 : Math.max(0, prefix - CONTEXT_CHARACTERS);
    int to = Math.min(text.length, from + TEXT_WIDTH * TEXT_LINES_MAX - 2);
    to = fits ? text.length : to;
    StringBuilder shown = new StringBuilder();
    StringBuilder marked = new StringBuilder();
    append(shown, marked, from > 0 ? "…" : "");
    for (int i = from; i < to; i++) {
      shown.appendCodePoint(text[i]);
      marked.append(marks && i >= prefix && i < text.length - suffix ? '^' : ' ');
    }
    append(shown, marked, to < text.length ? "…" : "");
    return lines(headings.get(side), shown.toString().codePoints().toArray(), marked.toString());
  }

  private static void append(StringBuilder shown, StringBuilder marked, String text) {
    shown.append(text);
    marked.append(" ".repeat(text.length()));
  }

  private static List<String> lines(String heading, int[] shown, String marked) {
    List<String> lines = new ArrayList<>();
    lines.add(heading);
    int at = 0;
    do {
      int end = end(shown, at);
      lines.add("  " + new String(shown, at, end - at).stripTrailing());
      String marks = marked.substring(at, end).stripTrailing();
      if (!marks.isEmpty()) {
        lines.add("  " + marks);
      }
      at = end;
    } while (at < shown.length);
    return lines;
  }

  /** Where a line ends: behind a word, unless that leaves half of it empty. */
  private static int end(int[] shown, int at) {
    int most = Math.min(shown.length, at + TEXT_WIDTH - 1);
    for (int end = most; most < shown.length && end > at + TEXT_WIDTH / 2; end--) {
      if (shown[end - 1] == ' ') {
        return end;
      }
    }
    return most;
  }
}
