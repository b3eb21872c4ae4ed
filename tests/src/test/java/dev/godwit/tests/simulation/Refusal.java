package dev.godwit.tests.simulation;

import dev.godwit.tests.oracle.TableModel;
import java.util.ArrayList;
import java.util.List;

/**
 * Constraints that one device alone has: its SQLite refuses some of the rows that the library is to
 * show, and some changes of rows.
 */
final class Refusal {
  private static final List<String> EVENTS = List.of("INSERT", "UPDATE");

  private Refusal() {}

  /** The statements that have a file of this schema refuse them. */
  static List<String> triggers(Family family) {
    List<String> triggers = new ArrayList<>();
    for (TableModel table : family.tables()) {
      String column = table.values().get(table.values().size() - 1);
      for (String event : EVENTS) {
        triggers.add(
            "CREATE TRIGGER "
                + name(table, event)
                + " BEFORE "
                + event
                + " ON "
                + table.name()
                + " WHEN NOT EXISTS (SELECT 1 FROM godwit_capture) AND unicode(substr(quote(NEW."
                + column
                + "), -2, 1)) % 3 = 0 BEGIN SELECT RAISE(ABORT, 'refused'); END");
      }
    }
    return triggers;
  }

  /** The statements that have it take them. */
  static List<String> drops(Family family) {
    List<String> drops = new ArrayList<>();
    for (TableModel table : family.tables()) {
      EVENTS.forEach(event -> drops.add("DROP TRIGGER " + name(table, event)));
    }
    return drops;
  }

  /** Triggers of that name are not taken for the application's. */
  private static String name(TableModel table, String event) {
    return "godwit_refusal_" + event + "_" + table.name();
  }
}
