package dev.godwit.sync.internal.engine;

import dev.godwit.sync.internal.capture.Capture;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.schema.Sql;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Finds what was done to a table while nobody noted it.
 *
 * <p>The rows are set aside, the table is made to show what the log says, and then, with capture
 * on, made to hold its rows again: what differs is noted, as older than everything that people did.
 * Triggers and unique indexes of the application on the table are away meanwhile, since the log may
 * hold what they refuse; it ends as it began.
 */
final class Reconciliation {
  private static final String ASIDE = "temp.godwit_rows_aside";

  private final Workspace workspace;
  private final Session session;

  Reconciliation(Workspace workspace) {
    this.workspace = workspace;
    this.session = workspace.session();
  }

  /** Compares the table; all that is noted of it must be packed. The notes it makes are not. */
  void run(TrackedTable table) {
    List<String[]> away = triggersAndUniqueIndexes(table);
    session.forgetStatements();
    away.forEach(one -> session.execute("DROP " + one[0] + " " + Sql.name(one[1])));
    Capture capture = new Capture(session);
    capture.dropTriggers(table.number());
    String columns = Sql.names(table.schema().columnNames());
    String name = Sql.name(table.schema().name());
    session.execute("CREATE TEMP TABLE godwit_rows_aside AS SELECT " + columns + " FROM " + name);
    session.execute(
        "CREATE INDEX temp.godwit_rows_aside_key ON godwit_rows_aside ("
            + Sql.names(table.schema().keyColumns())
            + ")");
    session.execute("DELETE FROM " + name);
    capture.forgetState(table);
    new Adoption(workspace).replay(Map.of(table.name(), table));
    capture.start(table);
    long before = workspace.boundaries().lastNote();
    putBack(table, columns, name);
    session.statement("UPDATE godwit_pending SET time = 0 WHERE id > ?").bind(1, before).update();
    session.forgetStatements();
    session.execute("DROP TABLE " + ASIDE);
    away.forEach(one -> session.execute(one[2]));
    workspace.packAsShown();
  }

  /**
   * Rows that two of them trade values of a unique column are taken out and put back whole at the
   * end.
   */
  private void putBack(TrackedTable table, String columns, String name) {
    String same =
        table.schema().keyColumns().stream()
            .map(Sql::name)
            .map(key -> name + "." + key + " = a." + key)
            .collect(Collectors.joining(" AND "));
    String differs =
        table.schema().columnNames().stream()
            .map(Sql::name)
            .map(
                column ->
                    name
                        + "."
                        + column
                        + " IS NOT a."
                        + column
                        + " COLLATE BINARY OR typeof("
                        + name
                        + "."
                        + column
                        + ") <> typeof(a."
                        + column
                        + ")")
            .collect(Collectors.joining(" OR "));
    String values =
        table.schema().columnNames().stream()
            .map(Sql::name)
            .map(
                column ->
                    column + " = (SELECT a." + column + " FROM " + ASIDE + " a WHERE " + same + ")")
            .collect(Collectors.joining(", "));
    String aside = " (SELECT 1 FROM " + ASIDE + " a WHERE " + same;
    session.execute("DELETE FROM " + name + " WHERE NOT EXISTS" + aside + ")");
    session.execute(
        "UPDATE OR REPLACE "
            + name
            + " SET "
            + values
            + " WHERE EXISTS"
            + aside
            + " AND ("
            + differs
            + "))");
    session.execute(
        "INSERT INTO "
            + name
            + " ("
            + columns
            + ") SELECT "
            + columns
            + " FROM "
            + ASIDE
            + " a WHERE NOT EXISTS (SELECT 1 FROM "
            + name
            + " WHERE "
            + same
            + ")");
  }

  private List<String[]> triggersAndUniqueIndexes(TrackedTable table) {
    List<String[]> found = new ArrayList<>();
    try (SqliteRows rows =
        session
            .statement(
                "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = ? COLLATE NOCASE AND sql IS NOT NULL"
                    + " AND (type = 'trigger' AND name NOT LIKE 'godwit\\_%' ESCAPE '\\'"
                    + " OR type = 'index' AND sql LIKE 'CREATE UNIQUE%') ORDER BY rowid")
            .bind(1, table.schema().name())
            .query()) {
      while (rows.next()) {
        found.add(new String[] {rows.text(0), rows.text(1), rows.text(2)});
      }
    }
    return found;
  }
}
