package dev.godwit.sync.internal.capture;

import dev.godwit.sync.internal.check.Rules;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.Map;
import java.util.TreeMap;

/** Reads the rules of a space from the tables in which it describes its schema. */
public final class SpaceRules {
  private SpaceRules() {}

  /** What they say now. */
  public static Rules read(Session session) {
    Map<String, String> statements =
        read(session, "SELECT name, sql FROM godwit_space_table WHERE sql IS NOT NULL");
    return statements.isEmpty()
        ? Rules.NONE
        : new Rules(
            statements,
            read(
                session,
                "SELECT name, sql FROM godwit_space_object"
                    + " WHERE type = 'index' AND sql LIKE 'CREATE UNIQUE%'"));
  }

  private static Map<String, String> read(Session session, String sql) {
    Map<String, String> read = new TreeMap<>();
    try (SqliteRows rows = session.statement(sql).query()) {
      while (rows.next()) {
        read.put(rows.text(0), rows.text(1));
      }
    }
    return read;
  }
}
