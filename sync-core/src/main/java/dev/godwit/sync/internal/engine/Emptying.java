package dev.godwit.sync.internal.engine;

import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.schema.Sql;
import dev.godwit.sync.sqlite.SqliteException;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Removes all rows of some tables whose rows have been set aside.
 *
 * <p>The application's triggers run meanwhile, because an index of theirs must follow. What they
 * write into these tables is removed again; where one refuses, or always writes anew, the table's
 * triggers are taken away for the moment.
 */
final class Emptying {
  /** Triggers that log deletions need two rounds; few chains are longer. */
  private static final int ROUNDS_MAX = 5;

  private final Session session;

  Emptying(Session session) {
    this.session = session;
  }

  void empty(List<TrackedTable> tables) {
    boolean anyRows = true;
    for (int round = 0; round < ROUNDS_MAX && anyRows; round++) {
      anyRows = false;
      for (TrackedTable table : tables) {
        if (hasRows(table)) {
          anyRows = true;
          delete(table);
        }
      }
    }
    for (TrackedTable table : tables) {
      if (hasRows(table)) {
        deleteWithoutTriggers(table);
      }
    }
  }

  boolean hasRows(TrackedTable table) {
    try (SqliteRows rows = session.statement("SELECT 1 FROM " + name(table) + " LIMIT 1").query()) {
      return rows.next();
    }
  }

  private void delete(TrackedTable table) {
    try {
      session.execute("DELETE FROM " + name(table));
    } catch (SqliteException refused) {
      if (refused.reason() != SqliteException.Reason.CONSTRAINT) {
        throw refused;
      }
      deleteWithoutTriggers(table);
    }
  }

  private void deleteWithoutTriggers(TrackedTable table) {
    Map<String, String> triggers = triggers(table);
    session.forgetStatements();
    triggers.keySet().forEach(trigger -> session.execute("DROP TRIGGER " + Sql.name(trigger)));
    session.execute("DELETE FROM " + name(table));
    triggers.values().forEach(session::execute);
  }

  private Map<String, String> triggers(TrackedTable table) {
    Map<String, String> triggers = new LinkedHashMap<>();
    try (SqliteRows rows =
        session
            .statement(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE"
                    + " AND name NOT LIKE 'godwit\\_%' ESCAPE '\\'")
            .bind(1, table.schema().name())
            .query()) {
      while (rows.next()) {
        triggers.put(rows.text(0), rows.text(1));
      }
    }
    return triggers;
  }

  private static String name(TrackedTable table) {
    return Sql.name(table.schema().name());
  }
}
