package dev.godwit.sync.internal.check;

import dev.godwit.sync.change.KeyColumn.Collation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the text of a CREATE TABLE statement says of its columns and checks. Immutable.
 *
 * <p>Generated columns are left out: what is said of them is not judged.
 */
public final class TableText {
  private static final Set<String> TABLE_CONSTRAINTS =
      Set.of("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN");
  private static final Set<String> BEHIND_TYPE =
      Set.of(
          "CONSTRAINT",
          "PRIMARY",
          "NOT",
          "NULL",
          "UNIQUE",
          "CHECK",
          "DEFAULT",
          "COLLATE",
          "REFERENCES",
          "GENERATED",
          "AS",
          "ON");

  private final Map<String, Expression.Column> columns = new LinkedHashMap<>();
  private final List<String> notNull = new ArrayList<>();
  private final List<List<SqlToken>> checks = new ArrayList<>();
  private final List<List<List<SqlToken>>> uniques = new ArrayList<>();
  private final String table;

  /** Reads {@code CREATE TABLE name (…)}; of anything else it finds nothing. */
  public TableText(String createTable) {
    List<SqlToken> tokens = SqlToken.of(createTable);
    int open = 0;
    while (open < tokens.size() && !tokens.get(open).isSign("(")) {
      open++;
    }
    table = open == 0 ? "" : tokens.get(open - 1).text();
    int close = open < tokens.size() ? closing(tokens, open) : open;
    boolean strict = close < tokens.size() && endsStrict(tokens, close);
    for (List<SqlToken> item : items(tokens, open + 1, close)) {
      boolean isColumn = !item.isEmpty() && !TABLE_CONSTRAINTS.contains(item.get(0).keyword());
      if (isColumn) {
        column(item, strict);
      }
      checks(item);
      uniques(item, isColumn);
    }
  }

  private static boolean endsStrict(List<SqlToken> tokens, int close) {
    return tokens.subList(close, tokens.size()).stream().anyMatch(token -> token.isWord("STRICT"));
  }

  /** The place of the parenthesis that closes the one at this place. */
  static int closing(List<SqlToken> tokens, int open) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      depth += tokens.get(i).isSign("(") ? 1 : tokens.get(i).isSign(")") ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    return tokens.size();
  }

  static List<List<SqlToken>> items(List<SqlToken> tokens, int from, int to) {
    List<List<SqlToken>> items = new ArrayList<>();
    int begin = from;
    for (int i = from; i < to; i++) {
      i = tokens.get(i).isSign("(") ? Math.min(closing(tokens, i), to - 1) : i;
      if (tokens.get(i).isSign(",")) {
        items.add(tokens.subList(begin, i));
        begin = i + 1;
      }
    }
    if (begin < to) {
      items.add(tokens.subList(begin, to));
    }
    return items;
  }

  private void column(List<SqlToken> item, boolean strict) {
    String name = item.get(0).text();
    int at = 1;
    StringBuilder type = new StringBuilder();
    while (at < item.size() && !BEHIND_TYPE.contains(item.get(at).keyword())) {
      type.append(type.length() == 0 ? "" : " ").append(item.get(at++).text());
    }
    Collation collation = Collation.BINARY;
    boolean required = false;
    boolean generated = false;
    for (; at < item.size(); at++) {
      at = item.get(at).isSign("(") ? closing(item, at) : at;
      boolean more = at + 1 < item.size();
      generated |= more && item.get(at).isWord("AS") && item.get(at + 1).isSign("(");
      required |= more && item.get(at).isWord("NOT") && item.get(at + 1).isWord("NULL");
      if (more && item.get(at).isWord("COLLATE")) {
        collation = collation(item.get(at + 1).text());
      }
    }
    if (!generated) {
      boolean any = strict && type.toString().equalsIgnoreCase("ANY");
      Affinity affinity = any ? Affinity.BLOB : Affinity.ofType(type.toString());
      columns.put(name.toLowerCase(Locale.ROOT), new Expression.Column(name, affinity, collation));
      if (required) {
        notNull.add(name);
      }
    }
  }

  /** A built-in collation; null for one that is not. */
  static Collation collation(String name) {
    try {
      return Collation.named(name);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private void checks(List<SqlToken> item) {
    for (int at = 0; at + 1 < item.size(); at++) {
      if (item.get(at).isSign("(")) {
        at = closing(item, at);
      } else if (item.get(at).isWord("CHECK") && item.get(at + 1).isSign("(")) {
        int close = closing(item, at + 1);
        checks.add(item.subList(at + 2, Math.min(close, item.size())));
        at = close;
      }
    }
  }

  private void uniques(List<SqlToken> item, boolean isColumn) {
    for (int at = 0; at < item.size(); at++) {
      boolean opens = at + 1 < item.size() && item.get(at + 1).isSign("(");
      if (item.get(at).isSign("(")) {
        at = closing(item, at);
      } else if (item.get(at).isWord("UNIQUE") && isColumn && at > 0) {
        SqlToken column = new SqlToken(SqlToken.Kind.QUOTED, item.get(0).text());
        uniques.add(List.of(List.of(column)));
      } else if (item.get(at).isWord("UNIQUE") && !isColumn && opens) {
        int close = closing(item, at + 1);
        uniques.add(items(item, at + 2, close));
        at = close;
      }
    }
  }

  /** The table's name as the statement has it. */
  String table() {
    return table;
  }

  /** The ordinary column of that name in any spelling, null when there is none. */
  Expression.Column column(String name) {
    return columns.get(name.toLowerCase(Locale.ROOT));
  }

  /** Names of the ordinary columns declared NOT NULL. */
  List<String> notNull() {
    return notNull;
  }

  /** What stands between the parentheses of each CHECK. */
  List<List<SqlToken>> checks() {
    return checks;
  }

  /** The terms of each UNIQUE constraint. */
  List<List<List<SqlToken>>> uniques() {
    return uniques;
  }
}
