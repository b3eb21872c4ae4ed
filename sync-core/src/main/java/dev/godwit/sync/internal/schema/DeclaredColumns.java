package dev.godwit.sync.internal.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The column names and key columns that a CREATE TABLE statement declares, read from its text: to
 * compare a table that is here with one that is not.
 *
 * @param columns names of all columns, generated ones included
 * @param keyColumns names of the primary key's columns in the key's order
 */
public record DeclaredColumns(List<String> columns, List<String> keyColumns) {
  private static final Set<String> CONSTRAINTS =
      Set.of("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN");

  public DeclaredColumns {
    columns = List.copyOf(columns);
    keyColumns = List.copyOf(keyColumns);
  }

  /** Reads {@code CREATE TABLE name (…)}. */
  public static DeclaredColumns of(String createTable) {
    List<String> columns = new ArrayList<>();
    List<String> key = new ArrayList<>();
    for (List<String> item : items(IndexExpressions.tokens(createTable))) {
      boolean constraint =
          item.isEmpty() || CONSTRAINTS.contains(item.get(0).toUpperCase(Locale.ROOT));
      int primary = primaryKey(item);
      if (!constraint) {
        columns.add(CreateStatement.unquoted(item.get(0)));
        if (primary >= 0) {
          key.add(CreateStatement.unquoted(item.get(0)));
        }
      } else if (primary >= 0) {
        key.addAll(keyColumns(item, primary));
      }
    }
    return new DeclaredColumns(columns, key);
  }

  /** How the two differ, null when both have the same columns and key. */
  public String differenceTo(DeclaredColumns other) {
    if (!lower(keyColumns).equals(lower(other.keyColumns))) {
      return "its key is " + keyColumns + " there and " + other.keyColumns + " here";
    }
    Set<String> there = new TreeSet<>(lower(columns));
    Set<String> here = new TreeSet<>(lower(other.columns));
    if (there.equals(here)) {
      return null;
    }
    Set<String> lacking = new TreeSet<>(there);
    lacking.removeAll(here);
    here.removeAll(there);
    return "columns only there: " + lacking + ", only here: " + here;
  }

  private static List<String> lower(List<String> names) {
    List<String> lower = new ArrayList<>();
    names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
    return lower;
  }

  /** What stands between the commas of the outermost parentheses. */
  private static List<List<String>> items(List<String> tokens) {
    List<List<String>> items = new ArrayList<>();
    List<String> item = new ArrayList<>();
    int depth = 0;
    for (String token : tokens) {
      depth -= token.equals(")") ? 1 : 0;
      if (depth == 0 && token.equals(")")) {
        break;
      }
      if (depth == 1 && token.equals(",")) {
        items.add(item);
        item = new ArrayList<>();
      } else if (depth >= 1) {
        item.add(token);
      }
      depth += token.equals("(") ? 1 : 0;
    }
    items.add(item);
    return items;
  }

  private static int primaryKey(List<String> item) {
    int depth = 0;
    for (int i = 0; i + 1 < item.size(); i++) {
      depth += item.get(i).equals("(") ? 1 : item.get(i).equals(")") ? -1 : 0;
      if (depth == 0
          && item.get(i).equalsIgnoreCase("PRIMARY")
          && item.get(i + 1).equalsIgnoreCase("KEY")) {
        return i;
      }
    }
    return -1;
  }

  private static List<String> keyColumns(List<String> item, int primary) {
    List<String> names = new ArrayList<>();
    for (int i = primary + 2; i < item.size() && !item.get(i).equals(")"); i++) {
      String before = item.get(i - 1);
      if (before.equals("(") || before.equals(",")) {
        names.add(CreateStatement.unquoted(item.get(i)));
      }
    }
    return names;
  }
}
