package dev.godwit.sync.internal.capture;

import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.schema.CreateStatement;
import dev.godwit.sync.internal.schema.IndexExpressions;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The triggers of ours that a file has, as SQLite holds them.
 *
 * <p>SQLite rewrites them when a table or a column gets another name: so they tell which one it
 * was.
 */
public final class InstalledTriggers {
  private final Map<String, String> sql = new LinkedHashMap<>();
  private final Map<String, String> tables = new LinkedHashMap<>();

  public InstalledTriggers(Session session) {
    try (SqliteRows rows =
        session
            .statement(
                "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'godwit\\_%' ESCAPE '\\'")
            .query()) {
      while (rows.next()) {
        tables.put(rows.text(0), rows.text(1));
        sql.put(rows.text(0), rows.text(2));
      }
    }
  }

  /** The table that the triggers with this number are on, null when there are none. */
  public String tableOf(int number) {
    return tables.get(deleteTrigger(number));
  }

  /** Whether they are exactly those that the table is to have. */
  public boolean areThoseOf(TrackedTable table) {
    Map<String, String> present = new LinkedHashMap<>(sql);
    present.keySet().retainAll(CaptureTriggers.names(table.number()));
    return present.equals(Capture.triggers(table));
  }

  /** The columns that the triggers with this number note, as they are called now, by number. */
  public Map<Integer, String> columns(int number) {
    Map<Integer, String> columns = new LinkedHashMap<>();
    List<Integer> numbers = new ArrayList<>();
    List<String> tokens = IndexExpressions.tokens(sql.get(deleteTrigger(number)));
    for (int i = 0; i < tokens.size(); i++) {
      String token = tokens.get(i);
      if (token.matches("c[0-9]+")) {
        numbers.add(Integer.parseInt(token.substring(1)));
      } else if (token.startsWith("OLD.") && columns.size() < numbers.size()) {
        String name = token.length() == 4 ? tokens.get(i + 1) : token.substring(4);
        columns.put(numbers.get(columns.size()), CreateStatement.unquoted(name));
      }
    }
    return columns;
  }

  private static String deleteTrigger(int number) {
    return "godwit_delete_" + number;
  }
}
