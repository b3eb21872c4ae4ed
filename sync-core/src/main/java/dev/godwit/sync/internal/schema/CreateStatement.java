package dev.godwit.sync.internal.schema;

import dev.godwit.sync.schema.SchemaStatement;
import dev.godwit.sync.schema.SchemaStatement.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Checks CREATE statements that come from other devices.
 *
 * <p>They are in the form in which SQLite keeps them in {@code sqlite_master}: {@code CREATE TABLE
 * name (…)} without IF NOT EXISTS, TEMP or a schema's name. Everything else is refused, and so is
 * whatever names one of Godwit's or SQLite's own tables.
 */
public final class CreateStatement {
  /** Longer than any schema people write by hand or by tool; a limit to what is shown and kept. */
  public static final int LENGTH_CHARACTERS_MAX = 262_144;

  private static final Set<String> MODULES =
      Set.of("FTS3", "FTS4", "FTS5", "RTREE", "RTREE_I32", "GEOPOLY");

  private CreateStatement() {}

  /**
   * The statement, when it is one that makes this thing and nothing else.
   *
   * @param type as in {@code sqlite_master}: table, index, view or trigger
   * @throws IllegalArgumentException saying what it is instead
   */
  public static SchemaStatement checked(String type, String name, String sql) {
    if (SchemaReader.isPrivate(name)) {
      throw refused(type, name, "that name belongs to Godwit, SQLite or Android");
    }
    if (sql.length() > LENGTH_CHARACTERS_MAX) {
      throw refused(type, name, "it has " + sql.length() + " characters");
    }
    List<String> tokens = IndexExpressions.tokens(sql);
    Kind kind = kind(type, name, tokens);
    int named = kind == Kind.VIRTUAL_TABLE || isWord(tokens, 1, "UNIQUE") ? 3 : 2;
    if (tokens.size() <= named + 1 || !unquoted(tokens.get(named)).equalsIgnoreCase(name)) {
      throw refused(type, name, "it makes something else");
    }
    requireShape(kind, type, name, tokens, named + 1);
    requireOneStatement(kind, type, name, tokens);
    for (String token : tokens) {
      String lower = unquoted(token).toLowerCase(Locale.ROOT);
      if (lower.startsWith("godwit_") || lower.contains(".godwit_")) {
        throw refused(type, name, "it names one of Godwit's own tables");
      }
    }
    return new SchemaStatement(kind, name, sql);
  }

  private static Kind kind(String type, String name, List<String> tokens) {
    if (isWord(tokens, 0, "CREATE")) {
      if (type.equals("table") && isWord(tokens, 1, "TABLE")) {
        return Kind.TABLE;
      }
      if (type.equals("table") && isWord(tokens, 1, "VIRTUAL") && isWord(tokens, 2, "TABLE")) {
        return Kind.VIRTUAL_TABLE;
      }
      boolean unique = isWord(tokens, 1, "UNIQUE") && isWord(tokens, 2, "INDEX");
      if (type.equals("index") && (isWord(tokens, 1, "INDEX") || unique)) {
        return Kind.INDEX;
      }
      if (type.equals("view") && isWord(tokens, 1, "VIEW")) {
        return Kind.VIEW;
      }
      if (type.equals("trigger") && isWord(tokens, 1, "TRIGGER")) {
        return Kind.TRIGGER;
      }
    }
    throw refused(type, name, "it is not a CREATE statement of that kind");
  }

  private static void requireShape(
      Kind kind, String type, String name, List<String> tokens, int next) {
    // A table made AS SELECT would run a query of somebody else's.
    if (kind == Kind.TABLE && !isWord(tokens, next, "(")) {
      throw refused(type, name, "it does not list its columns");
    }
    if (kind == Kind.VIRTUAL_TABLE) {
      String module = next + 1 < tokens.size() ? unquoted(tokens.get(next + 1)) : "";
      if (!isWord(tokens, next, "USING") || !MODULES.contains(module.toUpperCase(Locale.ROOT))) {
        throw refused(type, name, "its module is none of " + new java.util.TreeSet<>(MODULES));
      }
    }
  }

  private static void requireOneStatement(
      Kind kind, String type, String name, List<String> tokens) {
    boolean closed =
        kind == Kind.TRIGGER ? isWord(tokens, tokens.size() - 1, "END") : !tokens.contains(";");
    if (!closed) {
      throw refused(type, name, "it is more than one statement");
    }
  }

  private static boolean isWord(List<String> tokens, int at, String word) {
    return at < tokens.size() && tokens.get(at).equalsIgnoreCase(word);
  }

  /** A name as it is meant, without its quotes. */
  public static String unquoted(String token) {
    char first = token.charAt(0);
    if (token.length() < 2 || "\"`[".indexOf(first) < 0) {
      return token;
    }
    String inside = token.substring(1, token.length() - 1);
    return first == '[' ? inside : inside.replace("" + first + first, "" + first);
  }

  private static IllegalArgumentException refused(String type, String name, String why) {
    String shown = name.length() > 100 ? name.substring(0, 100) + "…" : name;
    return new IllegalArgumentException(
        "the space describes " + type + " '" + shown + "' by a statement that is not run: " + why);
  }
}
