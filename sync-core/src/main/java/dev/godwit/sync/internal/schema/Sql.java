package dev.godwit.sync.internal.schema;

import java.util.Collection;

/** Pieces of SQL text. */
public final class Sql {
  private Sql() {}

  /** The name as an identifier, whatever characters it holds. */
  public static String name(String name) {
    return '"' + (name.indexOf('"') < 0 ? name : name.replace("\"", "\"\"")) + '"';
  }

  /** The text as a literal. */
  public static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** Identifiers separated by commas. */
  public static String names(Collection<String> names) {
    StringBuilder text = new StringBuilder(names.size() * 16);
    for (String name : names) {
      text.append(text.length() == 0 ? "" : ", ").append(name(name));
    }
    return text.toString();
  }

  /** So many question marks separated by commas. */
  public static String parameters(int count) {
    StringBuilder text = new StringBuilder(count * 2);
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "?" : ",?");
    }
    return text.toString();
  }
}
