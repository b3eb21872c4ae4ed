package dev.godwit.cli.output;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A table for people: a line of names, then rows, at most 80 columns wide. Columns that are too
 * wide for it are cut, the widest first, and end in "…".
 */
public final class TextTable {
  private static final int WIDTH_MAX = 80;
  private static final int WIDTH_LEAST = 8;
  private static final String GAP = "  ";

  private final String indent;
  private final List<String[]> rows = new ArrayList<>();

  /** A table whose lines begin with this. */
  public TextTable(String indent, String... names) {
    this.indent = indent;
    rows.add(names);
  }

  /** One more row, as long as the names. */
  public TextTable row(String... cells) {
    String[] shown = new String[rows.get(0).length];
    for (int i = 0; i < shown.length; i++) {
      shown[i] = cells[i] == null ? "" : Shown.line(cells[i]);
    }
    rows.add(shown);
    return this;
  }

  /** Whether there is no row besides the names. */
  public boolean isEmpty() {
    return rows.size() == 1;
  }

  /** Prints names and rows. */
  public void print(PrintWriter to) {
    int[] widths = widths();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder(indent);
      for (int i = 0; i < row.length; i++) {
        String cell = cut(row[i], widths[i]);
        line.append(i == 0 ? "" : GAP).append(cell);
        line.append(" ".repeat(widths[i] - length(cell)));
      }
      to.println(line.toString().stripTrailing());
    }
  }

  private int[] widths() {
    int[] widths = new int[rows.get(0).length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], length(row[i]));
      }
    }
    int room = WIDTH_MAX - indent.length() - GAP.length() * (widths.length - 1);
    while (Arrays.stream(widths).sum() > room) {
      int widest = widest(widths);
      if (widths[widest] <= WIDTH_LEAST) {
        break;
      }
      widths[widest]--;
    }
    return widths;
  }

  private static int widest(int[] widths) {
    int widest = 0;
    for (int i = 1; i < widths.length; i++) {
      widest = widths[i] > widths[widest] ? i : widest;
    }
    return widest;
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** The text, at most so many characters long. */
  public static String cut(String text, int width) {
    return length(text) <= width
        ? text
        : text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
  }
}
