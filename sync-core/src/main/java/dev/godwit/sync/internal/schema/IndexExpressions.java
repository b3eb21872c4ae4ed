package dev.godwit.sync.internal.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads the terms of a CREATE INDEX statement, as text, and rewrites them to be about a trigger's
 * NEW row.
 *
 * <p>SQLite lists the columns of an index but not the text of its expressions.
 */
public final class IndexExpressions {
  private static final Set<String> ORDER = Set.of("ASC", "DESC");

  private IndexExpressions() {}

  /**
   * The terms between the parentheses behind ON table, without ASC and DESC; empty for an automatic
   * index.
   */
  static List<String> of(String createIndex) {
    List<String> terms = new ArrayList<>();
    if (createIndex == null) {
      return terms;
    }
    List<String> tokens = tokens(createIndex);
    int at = 0;
    while (at < tokens.size() && !tokens.get(at).equals("(")) {
      at++;
    }
    StringBuilder term = new StringBuilder();
    int depth = 1;
    for (at++; at < tokens.size() && depth > 0; at++) {
      String token = tokens.get(at);
      depth += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
      if (depth == 0 || depth == 1 && token.equals(",")) {
        terms.add(term.toString());
        term.setLength(0);
      } else if (depth > 1 || !ORDER.contains(token.toUpperCase(Locale.ROOT))) {
        term.append(token).append(' ');
      }
    }
    return terms;
  }

  /** The condition of a partial index, null when the index has none. */
  static String where(String createIndex) {
    if (createIndex == null) {
      return null;
    }
    List<String> tokens = tokens(createIndex);
    int depth = 0;
    boolean closed = false;
    for (int i = 0; i < tokens.size(); i++) {
      String token = tokens.get(i);
      depth += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
      closed |= token.equals(")") && depth == 0;
      if (closed && depth == 0 && token.equalsIgnoreCase("WHERE")) {
        return String.join(" ", tokens.subList(i + 1, tokens.size()));
      }
    }
    return null;
  }

  /** The expression with each name of a column preceded by a qualifier such as {@code NEW}. */
  public static String qualified(String expression, List<String> columns, String qualifier) {
    List<String> tokens = tokens(expression);
    StringBuilder text = new StringBuilder();
    boolean type = false;
    for (int i = 0; i < tokens.size(); i++) {
      String token = tokens.get(i);
      String before = i == 0 ? "" : tokens.get(i - 1).toUpperCase(Locale.ROOT);
      boolean call = i + 1 < tokens.size() && tokens.get(i + 1).equals("(");
      type = before.equals("AS") || type && !token.equals(")");
      boolean column = !call && !type && !before.equals("COLLATE") && isColumn(token, columns);
      text.append(column ? qualifier + "." + token : token).append(' ');
    }
    return text.toString();
  }

  private static boolean isColumn(String token, List<String> columns) {
    char first = token.charAt(0);
    if (first == '\'') {
      return false;
    }
    String name = token;
    if (first == '"' || first == '`' || first == '[') {
      name = token.substring(1, token.length() - 1).replace("\"\"", "\"");
    }
    for (String column : columns) {
      if (column.equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }

  /** The words, quoted names, literals and signs of a statement; comments are left out. */
  public static List<String> tokens(String sql) {
    List<String> tokens = new ArrayList<>();
    int at = 0;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      int end = at + 1;
      if (Character.isWhitespace(c)) {
        at = end;
        continue;
      }
      if (sql.startsWith("--", at)) {
        int newline = sql.indexOf('\n', at);
        at = newline < 0 ? sql.length() : newline;
        continue;
      }
      if (sql.startsWith("/*", at)) {
        int close = sql.indexOf("*/", at + 2);
        at = close < 0 ? sql.length() : close + 2;
        continue;
      }
      if (c == '\'' || c == '"' || c == '`') {
        end = quotedEnd(sql, at, c);
      } else if (c == '[') {
        end = Math.max(end, sql.indexOf(']', at) + 1);
      } else if (isWord(c)) {
        while (end < sql.length() && isWord(sql.charAt(end))) {
          end++;
        }
      } else if (end < sql.length() && "||<<>><=>===!=<>->".contains(sql.substring(at, end + 1))) {
        end++;
      }
      tokens.add(sql.substring(at, end));
      at = end;
    }
    return tokens;
  }

  private static int quotedEnd(String sql, int start, char quote) {
    int at = start + 1;
    while (at < sql.length()) {
      if (sql.charAt(at) == quote) {
        if (at + 1 < sql.length() && sql.charAt(at + 1) == quote) {
          at++;
        } else {
          return at + 1;
        }
      }
      at++;
    }
    return sql.length();
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c == '.' || c > 127;
  }
}
