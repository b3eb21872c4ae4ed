package dev.godwit.sync.internal.capture;

import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.schema.Sql;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Turns capture on and off for single tables. Runs inside the caller's write transaction. */
public final class Capture {
  private final Session session;

  public Capture(Session session) {
    this.session = session;
  }

  /** Takes a table into the catalog as tracked; the catalog must be read anew afterwards. */
  public void register(String name, String localName, boolean surrogate, boolean system) {
    session
        .statement("INSERT OR IGNORE INTO godwit_table (name, tracked, surrogate) VALUES (?, 0, 0)")
        .bind(1, name)
        .update();
    session
        .statement(
            "UPDATE godwit_table SET local_name = ?, tracked = 1, surrogate = ?, system = ? WHERE name = ?")
        .bind(1, localName)
        .bind(2, surrogate ? 1 : 0)
        .bind(3, system ? 1 : 0)
        .bind(4, name)
        .update();
    Catalog.changed(session);
  }

  /** Makes the triggers of a tracked table, and room for its notes. */
  public void start(TrackedTable table) {
    dropTriggers(table.number());
    makeRoom(table);
    new CaptureTriggers(table).create().forEach(session::execute);
  }

  /** The triggers that a tracked table is to have: the statements that make them, by name. */
  public static Map<String, String> triggers(TrackedTable table) {
    Map<String, String> triggers = new LinkedHashMap<>();
    for (String sql : new CaptureTriggers(table).create()) {
      String behindCreate = sql.substring("CREATE TRIGGER ".length());
      triggers.put(behindCreate.substring(0, behindCreate.indexOf(' ')), sql);
    }
    return triggers;
  }

  /** Removes the triggers and the state of a table, and forgets that it was tracked. */
  public void stop(TrackedTable table) {
    dropTriggers(table.number());
    session
        .statement("DELETE FROM godwit_row WHERE table_number = ?")
        .bind(1, table.number())
        .update();
    session
        .statement("DELETE FROM godwit_waiting WHERE table_number = ?")
        .bind(1, table.number())
        .update();
    session
        .statement("DELETE FROM godwit_dangling WHERE table_number = ?")
        .bind(1, table.number())
        .update();
    session
        .statement("DELETE FROM godwit_masked WHERE table_number = ?")
        .bind(1, table.number())
        .update();
    session
        .statement("UPDATE godwit_table SET tracked = 0 WHERE number = ?")
        .bind(1, table.number())
        .update();
    Catalog.changed(session);
  }

  private void dropTriggers(int table) {
    CaptureTriggers.names(table).forEach(name -> session.execute("DROP TRIGGER IF EXISTS " + name));
  }

  /** Notes every row of a table as one that was there before tracking began: its time is zero. */
  public void noteBaseline(TrackedTable table) {
    List<String> key = table.schema().keyColumns();
    String columns =
        key.stream().map(name -> "c" + table.columnNumber(name)).collect(Collectors.joining(", "));
    session.execute(
        "INSERT INTO godwit_pending (table_number, kind, time, "
            + columns
            + ") SELECT "
            + table.number()
            + ", "
            + CaptureTriggers.INSERTED
            + ", 0, "
            + Sql.names(key)
            + " FROM "
            + Sql.name(table.schema().name()));
  }

  /** The query that counts rows whose key holds NULL. */
  public static String countWithoutKey(TrackedTable table) {
    String condition =
        table.schema().keyColumns().stream()
            .map(name -> Sql.name(name) + " IS NULL")
            .collect(Collectors.joining(" OR "));
    return "SELECT count(*) FROM " + Sql.name(table.schema().name()) + " WHERE " + condition;
  }

  private void makeRoom(TrackedTable table) {
    Set<String> present = new HashSet<>();
    try (SqliteRows rows = session.statement("PRAGMA table_info(godwit_pending)").query()) {
      while (rows.next()) {
        present.add(rows.text(1));
      }
    }
    for (int number : table.columnNumbers().values()) {
      addColumn("c" + number, present);
      for (int mask = 0; mask <= number / CaptureTriggers.MASK_BITS; mask++) {
        addColumn("m" + mask, present);
      }
    }
  }

  private void addColumn(String name, Set<String> present) {
    if (present.add(name)) {
      session.execute("ALTER TABLE godwit_pending ADD COLUMN " + name);
    }
  }
}
