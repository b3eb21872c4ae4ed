package dev.godwit.cli.output;

import dev.godwit.sync.change.Value;
import java.util.Locale;
import java.util.regex.Pattern;

/** A value as SQL writes it: 5, 2.5, 'text', x'00ff' or NULL. */
public final class SqlLiteral {
  private static final Pattern INTEGER = Pattern.compile("[+-]?\\d+");
  private static final Pattern REAL =
      Pattern.compile("[+-]?(\\d+\\.\\d*|\\.\\d+|\\d+)([eE][+-]?\\d+)?");
  private static final Pattern TEXT = Pattern.compile("'([^']|'')*'", Pattern.DOTALL);
  private static final Pattern BLOB = Pattern.compile("[xX]'([0-9a-fA-F]{2})*'");

  private SqlLiteral() {}

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Value parse(String literal) {
    String text = literal.strip();
    if (text.toUpperCase(Locale.ROOT).equals("NULL")) {
      return Value.NULL;
    }
    if (TEXT.matcher(text).matches()) {
      return Value.of(text.substring(1, text.length() - 1).replace("''", "'"));
    }
    if (BLOB.matcher(text).matches()) {
      byte[] bytes = new byte[(text.length() - 3) / 2];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) Integer.parseInt(text.substring(2 + 2 * i, 4 + 2 * i), 16);
      }
      return Value.of(bytes);
    }
    if (INTEGER.matcher(text).matches()) {
      try {
        return Value.of(Long.parseLong(text));
      } catch (NumberFormatException large) {
        // As SQLite does: what does not fit 64 bits is a real number.
        return Value.of(Double.parseDouble(text));
      }
    }
    if (REAL.matcher(text).matches()) {
      return Value.of(Double.parseDouble(text));
    }
    throw new IllegalArgumentException(
        "expected a value as SQL writes it, such as 5, 'text', x'00' or NULL, but got " + literal);
  }
}
