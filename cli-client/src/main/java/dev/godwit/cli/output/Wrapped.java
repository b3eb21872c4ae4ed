package dev.godwit.cli.output;

import java.io.PrintWriter;

/** Text broken between words, so that it fits 80 columns. */
public final class Wrapped {
  private static final int WIDTH_MAX = 80;

  private Wrapped() {}

  /**
   * Prints it; the first line begins with {@code first}, further ones are indented as far as that
   * and two more. A word that is too long stays whole.
   */
  public static void print(PrintWriter to, String first, String text) {
    String indent = " ".repeat(first.length() - first.stripLeading().length() + 2);
    StringBuilder line = new StringBuilder(first);
    boolean begun = false;
    for (String word : Shown.line(text).split(" ")) {
      if (begun && line.length() + 1 + word.length() > WIDTH_MAX) {
        to.println(line);
        line = new StringBuilder(indent).append(word);
      } else {
        line.append(begun ? " " : "").append(word);
      }
      begun = true;
    }
    to.println(line);
  }
}
