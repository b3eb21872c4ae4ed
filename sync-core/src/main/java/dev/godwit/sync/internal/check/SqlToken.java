package dev.godwit.sync.internal.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One word, name, literal or sign of an SQL text.
 *
 * @param kind which of them
 * @param text as it is meant: names, texts and blobs without their quotes
 */
record SqlToken(Kind kind, String text) {
  enum Kind {
    /** A keyword or a name. */
    WORD,
    /** A name in quotes. */
    QUOTED,
    /** A text in single quotes. */
    TEXT,
    /** The digits of a blob. */
    BLOB,
    NUMBER,
    SIGN
  }

  private static final String[] LONG_SIGNS = {"||", "<<", ">>", "<>", "<=", ">=", "==", "!=", "->"};

  boolean isSign(String sign) {
    return kind == Kind.SIGN && text.equals(sign);
  }

  boolean isWord(String word) {
    return kind == Kind.WORD && text.equalsIgnoreCase(word);
  }

  /** The word in capitals, "" for what is no bare word. */
  String keyword() {
    return kind == Kind.WORD ? text.toUpperCase(Locale.ROOT) : "";
  }

  /** Whether it can name a column. */
  boolean isName() {
    return kind == Kind.WORD || kind == Kind.QUOTED;
  }

  /** It as SQL writes it. */
  String sql() {
    return switch (kind) {
      case WORD, NUMBER, SIGN -> text;
      case QUOTED -> '"' + text.replace("\"", "\"\"") + '"';
      case TEXT -> "'" + text.replace("'", "''") + "'";
      case BLOB -> "x'" + text + "'";
    };
  }

  /** All tokens of a text; comments are left out. */
  static List<SqlToken> of(String sql) {
    return new Reader(sql).all();
  }

  /** Reads from left to right. */
  private static final class Reader {
    private final String sql;
    private final List<SqlToken> tokens = new ArrayList<>();
    private int at;

    private Reader(String sql) {
      this.sql = sql;
    }

    private List<SqlToken> all() {
      while (at < sql.length()) {
        char c = sql.charAt(at);
        if (" \t\n\f\r".indexOf(c) >= 0) {
          at++;
        } else if (sql.startsWith("--", at)) {
          comment("\n");
        } else if (sql.startsWith("/*", at)) {
          comment("*/");
        } else {
          token(c);
        }
      }
      return tokens;
    }

    private void comment(String end) {
      int close = sql.indexOf(end, at + 2);
      at = close < 0 ? sql.length() : close + end.length();
    }

    private void token(char c) {
      boolean fraction = c == '.' && at + 1 < sql.length() && isDigit(sql.charAt(at + 1));
      if (c == '\'') {
        tokens.add(new SqlToken(Kind.TEXT, quoted('\'')));
      } else if (c == '"' || c == '`') {
        tokens.add(new SqlToken(Kind.QUOTED, quoted(c)));
      } else if (c == '[') {
        int close = sql.indexOf(']', at);
        int end = close < 0 ? sql.length() : close;
        tokens.add(new SqlToken(Kind.QUOTED, sql.substring(at + 1, end)));
        at = end + 1;
      } else if ((c == 'x' || c == 'X') && sql.startsWith("'", at + 1)) {
        at++;
        tokens.add(new SqlToken(Kind.BLOB, quoted('\'')));
      } else if (isDigit(c) || fraction) {
        tokens.add(new SqlToken(Kind.NUMBER, number()));
      } else if (isWordPart(c)) {
        int from = at;
        while (at < sql.length() && isWordPart(sql.charAt(at))) {
          at++;
        }
        tokens.add(new SqlToken(Kind.WORD, sql.substring(from, at)));
      } else {
        sign();
      }
    }

    private String quoted(char quote) {
      StringBuilder text = new StringBuilder();
      for (at++; at < sql.length(); at++) {
        if (sql.charAt(at) == quote) {
          at++;
          boolean doubled = at < sql.length() && sql.charAt(at) == quote;
          if (!doubled) {
            return text.toString();
          }
        }
        text.append(sql.charAt(at));
      }
      return text.toString();
    }

    /** Digits, and whatever hangs on them: what is no plain number then is refused later. */
    private String number() {
      int from = at;
      while (at < sql.length()) {
        char c = sql.charAt(at);
        boolean sign = (c == '+' || c == '-') && "eE".indexOf(sql.charAt(at - 1)) >= 0;
        boolean hexadecimal = sql.startsWith("0x", from) || sql.startsWith("0X", from);
        if (c != '.' && !isWordPart(c) && !(sign && at > from && !hexadecimal)) {
          break;
        }
        at++;
      }
      return sql.substring(from, at);
    }

    private void sign() {
      String sign = sql.substring(at, at + 1);
      for (String longer : LONG_SIGNS) {
        sign = sql.startsWith(longer, at) ? longer : sign;
      }
      tokens.add(new SqlToken(Kind.SIGN, sign));
      at += sign.length();
    }

    private static boolean isDigit(char c) {
      return c >= '0' && c <= '9';
    }

    private static boolean isWordPart(char c) {
      return isDigit(c)
          || c >= 'a' && c <= 'z'
          || c >= 'A' && c <= 'Z'
          || c == '_'
          || c == '$'
          || c > 127;
    }
  }
}
