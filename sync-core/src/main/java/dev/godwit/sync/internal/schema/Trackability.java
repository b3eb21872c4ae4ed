package dev.godwit.sync.internal.schema;

import dev.godwit.sync.sqlite.SqliteConnection;
import dev.godwit.sync.sqlite.SqliteException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether a table can be tracked, and the reason and way out when it cannot. */
public final class Trackability {
  private static final Set<String> COLLATIONS = Set.of("BINARY", "NOCASE", "RTRIM");

  private Trackability() {}

  /** Why the table cannot be tracked, null when it can. */
  public static String reasonAgainst(TableSchema table) {
    if (table.keyColumns().isEmpty()) {
      return "table "
          + table.name()
          + " has no primary key: rebuild it with one, such as id INTEGER PRIMARY KEY";
    }
    for (String collation : table.keyCollations()) {
      if (!COLLATIONS.contains(collation)) {
        return "the key of table "
            + table.name()
            + " uses collation "
            + collation
            + ", which is not built into SQLite: use BINARY, NOCASE or RTRIM";
      }
    }
    if (!table.columnNames().containsAll(table.keyColumns())) {
      return "the key of table " + table.name() + " holds a generated column: use ordinary columns";
    }
    return null;
  }

  /**
   * Refuses a table that cannot be tracked, or that needs a function, collation or module which
   * this engine lacks.
   *
   * @throws IllegalArgumentException with the one reason
   */
  public static void require(SqliteConnection connection, SchemaReader reader, String name) {
    List<String> ordinary = reader.applicationTables();
    if (ordinary.stream().noneMatch(name::equalsIgnoreCase)) {
      throw new IllegalArgumentException(
          "expected an ordinary table of the application but got '"
              + name
              + "', "
              + reader.describe(name)
              + ": the file has "
              + String.join(", ", ordinary));
    }
    TableSchema table = reader.table(name);
    String reason = reasonAgainst(table);
    if (reason != null) {
      throw new IllegalArgumentException(reason);
    }
    String quoted = Sql.name(table.name());
    String all =
        table.columnNames().stream()
            .map(c -> Sql.name(c) + " = " + Sql.name(c))
            .collect(Collectors.joining(", "));
    try {
      connection.prepare("INSERT INTO " + quoted + " DEFAULT VALUES").close();
      connection.prepare("UPDATE " + quoted + " SET " + all).close();
      connection.prepare("DELETE FROM " + quoted).close();
    } catch (SqliteException e) {
      throw new IllegalArgumentException(
          "table "
              + table.name()
              + " needs what this SQLite does not have: "
              + e.getCause().getMessage(),
          e);
    }
  }
}
