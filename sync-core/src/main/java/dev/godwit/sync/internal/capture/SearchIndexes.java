package dev.godwit.sync.internal.capture;

import dev.godwit.sync.internal.check.UniqueRule;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.schema.Sql;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Indexes of ours on tables of the application, by which the rows are found that have a value: for
 * unique indexes which the space has and the file has not. They refuse nothing, and go when the
 * file has the index itself.
 */
public final class SearchIndexes {
  private static final String PREFIX = "godwit_search_";

  private SearchIndexes() {}

  /** Makes those that a table needs, and drops those that it does not. */
  public static void settle(Session session, TrackedTable table) {
    Map<String, String> wanted = new LinkedHashMap<>();
    for (UniqueRule rule : table.unenforcedRules()) {
      String terms = rule.searchTerms(table.schema());
      if (!terms.isEmpty()) {
        String name = PREFIX + table.number() + "_" + wanted.size();
        wanted.put(
            name,
            "CREATE INDEX " + name + " ON " + Sql.name(table.schema().name()) + " (" + terms + ")");
      }
    }
    Map<String, String> present = present(session, table.number());
    present.forEach(
        (name, sql) -> {
          if (!sql.equals(wanted.get(name))) {
            session.execute("DROP INDEX " + name);
          }
        });
    wanted.forEach(
        (name, sql) -> {
          if (!sql.equals(present.get(name))) {
            session.execute(sql);
          }
        });
  }

  /** Drops those of a table. */
  static void drop(Session session, int table) {
    present(session, table).keySet().forEach(name -> session.execute("DROP INDEX " + name));
  }

  private static Map<String, String> present(Session session, int table) {
    Map<String, String> present = new TreeMap<>();
    String prefix = PREFIX + table + "_";
    try (SqliteRows rows =
        session
            .statement(
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND substr(name, 1, ?) = ?")
            .bind(1, prefix.length())
            .bind(2, prefix)
            .query()) {
      while (rows.next()) {
        present.put(rows.text(0), rows.text(1));
      }
    }
    return present;
  }
}
