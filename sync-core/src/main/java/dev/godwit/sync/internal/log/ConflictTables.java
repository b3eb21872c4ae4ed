package dev.godwit.sync.internal.log;

import dev.godwit.sync.sqlite.SqliteRows;

/**
 * The view {@code godwit_conflict}, which any program can query, and the two tables that it reads
 * besides the journal.
 *
 * <pre>
 * godwit_sibling  what stands beside each other at the moment: one row for each sibling of each conflict. Follows
 *                 from the states, the policies and what is held back; kept where states are saved
 * godwit_said     what the log says about writes that are in a sibling or in the journal: what they did, their value,
 *                 what they changed, and the row's key for their writer. told = 0 until the log was asked
 * </pre>
 *
 * Both can be made anew at any time. The view says the same on every replica that has seen the
 * same; where replicas may differ, {@code here_only} is 1.
 */
public final class ConflictTables {
  private static final String[] CREATE = {
    "CREATE TABLE godwit_sibling (conflict TEXT NOT NULL, number INTEGER NOT NULL, table_number INTEGER NOT NULL,"
        + " life BLOB NOT NULL, unit TEXT NOT NULL, kind TEXT NOT NULL, sibling_table INTEGER NOT NULL,"
        + " sibling_life BLOB NOT NULL, replica BLOB NOT NULL, sequence INTEGER NOT NULL, time INTEGER NOT NULL,"
        + " action TEXT NOT NULL, shown INTEGER NOT NULL, key TEXT, value, state TEXT NOT NULL, how TEXT,"
        + " by_replica BLOB, about BLOB, side_key TEXT, held TEXT, PRIMARY KEY (conflict, number)) WITHOUT ROWID",
    "CREATE INDEX godwit_sibling_row ON godwit_sibling (table_number, life)",
    "CREATE INDEX godwit_sibling_side ON godwit_sibling (sibling_life, sibling_table)",
    "CREATE INDEX godwit_sibling_held ON godwit_sibling (table_number, life) WHERE held IS NOT NULL",
    "CREATE INDEX godwit_sibling_about ON godwit_sibling (table_number, about) WHERE about IS NOT NULL",
    "CREATE TABLE godwit_said (life BLOB NOT NULL, unit TEXT NOT NULL, replica BLOB NOT NULL,"
        + " sequence INTEGER NOT NULL, time INTEGER, action TEXT, key TEXT, value, base, told INTEGER NOT NULL DEFAULT 0,"
        + " PRIMARY KEY (life, unit, replica, sequence)) WITHOUT ROWID",
    "CREATE INDEX godwit_said_untold ON godwit_said (replica, sequence) WHERE told = 0",
  };

  private static final String COLUMNS =
      "conflict, table_name, row_key, unit, kind, state, how, by_replica, by_device, sibling, side_table, side_key,"
          + " action, value, base, shown, replica, device, written, millis, here_only";

  private ConflictTables() {}

  /** Whether the file has them. */
  public static boolean exist(Session session) {
    try (SqliteRows rows =
        session
            .statement("SELECT 1 FROM sqlite_master WHERE type = 'view' AND name = ?")
            .bind(1, "godwit_conflict")
            .query()) {
      return rows.next();
    }
  }

  /** Makes them, inside the caller's transaction. */
  static void create(Session session) {
    for (String sql : CREATE) {
      session.execute(sql);
    }
    session.execute(
        "CREATE VIEW godwit_conflict (" + COLUMNS + ") AS " + standing() + " UNION ALL " + past());
  }

  /** Drops the view, inside the caller's transaction. */
  static void dropView(Session session) {
    session.execute("DROP VIEW IF EXISTS godwit_conflict");
  }

  private static String standing() {
    return "SELECT s.conflict, t.name, s.key, s.unit, s.kind, s.state, s.how, nullif(lower(hex(s.by_replica)), ''), "
        + device("s.by_replica")
        + ", s.number, p.name, s.side_key, s.action,"
        + " CASE WHEN w.told = 1 AND s.kind IN ('edit/edit', 'check') AND s.unit <> '' THEN w.value ELSE s.value END,"
        + " CASE s.kind WHEN 'key collision' THEN w.key WHEN 'unique' THEN NULL WHEN 'foreign key' THEN NULL"
        + " ELSE w.base END, s.shown, "
        + side("s.replica", "s.time")
        + ", s.kind = 'refused' FROM godwit_sibling s JOIN godwit_table t ON t.number = s.table_number"
        + " JOIN godwit_table p ON p.number = s.sibling_table LEFT JOIN godwit_said w ON w.life = s.sibling_life"
        + " AND w.unit = s.unit AND w.replica = s.replica AND w.sequence = s.sequence WHERE NOT t.system";
  }

  /** What the journal has and no longer stands. */
  private static String past() {
    String order = "(coalesce(%1$s.time, 0), %2$s.replica, %2$s.sequence)";
    String key =
        "(SELECT x.key FROM godwit_journal o"
            + said("x", "o")
            + " WHERE o.conflict = j.conflict ORDER BY coalesce(x.time, 0) DESC, o.replica DESC, o.sequence DESC LIMIT 1)";
    String number =
        "(SELECT count(*) FROM godwit_journal o"
            + said("x", "o")
            + " WHERE o.conflict = j.conflict AND "
            + String.format(order, "x", "o")
            + " <= "
            + String.format(order, "w", "j")
            + ")";
    return "SELECT j.conflict, t.name, "
        + key
        + ", j.unit, CASE j.unit WHEN '' THEN 'edit/delete' ELSE 'edit/edit' END, 'resolved', j.how,"
        + " lower(hex(j.by_replica)), "
        + device("j.by_replica")
        + ", "
        + number
        + ", t.name, "
        + key
        + ", w.action, w.value, w.base, 0, "
        + side("j.replica", "w.time")
        + ", 0 FROM godwit_journal j JOIN godwit_table t ON t.number = j.table_number"
        + said("w", "j")
        + " WHERE NOT EXISTS (SELECT 1 FROM godwit_sibling s WHERE s.conflict = j.conflict)";
  }

  private static String said(String alias, String sibling) {
    return String.format(
        " LEFT JOIN godwit_said %1$s ON %1$s.life = %2$s.life AND %1$s.unit = %2$s.unit"
            + " AND %1$s.replica = %2$s.replica AND %1$s.sequence = %2$s.sequence",
        alias, sibling);
  }

  private static String side(String replica, String time) {
    return "lower(hex("
        + replica
        + ")), "
        + device("(" + replica + ")")
        + ", strftime('%Y-%m-%dT%H:%M:%fZ', ("
        + time
        + " >> 16) / 1000.0, 'unixepoch'), "
        + time
        + " >> 16";
  }

  /** How people call a replica's device: as it announced it, else by the beginning of its id. */
  private static String device(String replica) {
    return "coalesce((SELECT r.name FROM godwit_replica r WHERE r.id = "
        + replica
        + "), (SELECT n.value FROM godwit_meta n, godwit_meta o WHERE n.name = 'device' AND o.name = 'replica'"
        + " AND o.value = "
        + replica
        + "), nullif(lower(substr(hex("
        + replica
        + "), 1, 8)), ''))";
  }
}
