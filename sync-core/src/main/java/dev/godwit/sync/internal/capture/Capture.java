package dev.godwit.sync.internal.capture;

import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.schema.ColumnSchema;
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
  /** The time of notes, as SQL: that at which they are made. */
  public static final String NOW = CaptureTriggers.NOW;

  /** The time of notes, as SQL: before everything that people did. */
  public static final String MIGRATED = "0";

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
    prepare(table);
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

  /**
   * Notes each row whose value of a column differs from the column's default as one in which it was
   * changed: nobody has noted what happened since the column is there. Rows of which it is noted
   * are left out.
   *
   * @param time as SQL: {@link #NOW}, or {@link #MIGRATED} where the value was another column's
   */
  public void noteColumn(TrackedTable table, ColumnSchema column, String time) {
    prepare(table);
    String name = Sql.name(column.name());
    int number = table.columnNumber(column.name());
    int mask = number / CaptureTriggers.MASK_BITS;
    String defaultValue =
        column.defaultSql() == null ? "" : " DEFAULT (" + column.defaultSql() + ")";
    session.execute(
        "CREATE TEMP TABLE godwit_default (n, v " + column.declaredType() + defaultValue + ")");
    session.execute("INSERT INTO temp.godwit_default (n) VALUES (0)");
    List<String> key = table.schema().keyColumns();
    StringBuilder columns = new StringBuilder();
    StringBuilder values = new StringBuilder();
    key.forEach(one -> columns.append(", c").append(table.columnNumber(one)));
    key.forEach(one -> values.append(", t.").append(Sql.name(one)));
    for (int i = 0; i <= mask; i++) {
      columns.append(", m").append(i);
      values.append(", ").append(i == mask ? 1L << number % CaptureTriggers.MASK_BITS : 0);
    }
    session.execute(
        "INSERT INTO godwit_pending (table_number, kind, time, c"
            + number
            + columns
            + ") SELECT "
            + table.number()
            + ", "
            + CaptureTriggers.UPDATED
            + ", "
            + time
            + ", d.v"
            + values
            + " FROM "
            + Sql.name(table.schema().name())
            + " t, temp.godwit_default d WHERE (t."
            + name
            + " IS NOT d.v COLLATE BINARY OR typeof(t."
            + name
            + ") <> typeof(d.v))"
            + exceptNoted(table, mask, 1L << number % CaptureTriggers.MASK_BITS));
    session.forgetStatements();
    session.execute("DROP TABLE temp.godwit_default");
  }

  private static String exceptNoted(TrackedTable table, int mask, long bit) {
    String key =
        table.schema().keyColumns().stream()
            .map(one -> "t." + Sql.name(one) + " = p.c" + table.columnNumber(one))
            .collect(Collectors.joining(" AND "));
    return " AND NOT EXISTS (SELECT 1 FROM godwit_pending p WHERE p.table_number = "
        + table.number()
        + " AND "
        + key
        + " AND (p.kind <> "
        + CaptureTriggers.UPDATED
        + " OR p.m"
        + mask
        + " & "
        + bit
        + "))";
  }

  /** Takes what was noted of one column as noted of another, since the column got its name. */
  public void moveNotes(TrackedTable table, int from, int to) {
    prepare(table);
    int fromMask = from / CaptureTriggers.MASK_BITS;
    int toMask = to / CaptureTriggers.MASK_BITS;
    session.execute(
        "UPDATE godwit_pending SET c"
            + to
            + " = c"
            + from
            + ", m"
            + toMask
            + " = coalesce(m"
            + toMask
            + ", 0) | (((coalesce(m"
            + fromMask
            + ", 0) >> "
            + from % CaptureTriggers.MASK_BITS
            + ") & 1) << "
            + to % CaptureTriggers.MASK_BITS
            + ") WHERE table_number = "
            + table.number());
  }

  /** Removes the triggers and the state of a table, and forgets that it was tracked. */
  public void stop(TrackedTable table) {
    dropTriggers(table.number());
    SearchIndexes.drop(session, table.number());
    forgetState(table);
    session
        .statement("UPDATE godwit_table SET tracked = 0 WHERE number = ?")
        .bind(1, table.number())
        .update();
  }

  /** Removes the state of a table, to be made anew from the log. */
  public void forgetState(TrackedTable table) {
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
        .statement("DELETE FROM godwit_held WHERE table_number = ?")
        .bind(1, table.number())
        .update();
    session
        .statement("DELETE FROM godwit_claim WHERE table_number = ?")
        .bind(1, table.number())
        .update();
    session
        .statement("DELETE FROM godwit_sibling WHERE table_number = ?")
        .bind(1, table.number())
        .update();
  }

  /** Removes the triggers of a table. */
  public void dropTriggers(int table) {
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

  /** Makes room for the notes of a table, and keeps the numbers of its columns. */
  public void prepare(TrackedTable table) {
    table.columnNumbers().forEach((column, number) -> keep(table, column, number));
    makeRoom(table);
  }

  private void keep(TrackedTable table, String column, int number) {
    int added =
        session
            .statement(
                "INSERT OR IGNORE INTO godwit_column (table_number, number, name) VALUES (?, ?, ?)")
            .bind(1, table.number())
            .bind(2, number)
            .bind(3, column)
            .update();
    if (added > 0) {
      Catalog.changed(session);
    }
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
