package dev.godwit.sync.internal.log;

import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteStatement;

/**
 * Godwit's own tables inside the application's file; all names begin with {@code godwit_}. Format
 * version 1.
 *
 * <pre>
 * godwit_meta      name, value                        one row a fact: format, replica, space, device, clock, sequence …
 * godwit_capture   active                             one row while capture is on; none inside an applying transaction
 * godwit_table     number, name, local_name, …        tracked tables; number is local, name is the space's
 * godwit_column    table_number, number, name, …      their columns, likewise
 * godwit_reference table_name, column_name, parent,    references, under which godwit_row was written, whose meaning is
 *                  on_delete, columns, referred        always written out: those of the space policy that the file's
 *                                                      schema can have; with columns its own foreign keys of several,
 *                                                      to keys that refer, or to the columns named in referred
 * godwit_pending   id, table_number, kind, time,      notes of the triggers, in order: what kind of thing happened to
 *                  m0 …, c0 …                          which key, and what was there before (an undo log)
 * godwit_sealed    number, last_note, millis          boundaries of sealed transactions whose notes are not packed yet
 * godwit_replica   number, id, sequence, …            the version vector, chain heads, local numbers of replicas
 * godwit_log       position, replica, sequence,       envelopes in the order in which they came: a causal order
 *                  part, parts, bytes
 * godwit_row       table_number, life, …              the merged state, one row a life
 * godwit_waiting   table_number, key, life            lives, and the keys that they would rather show
 * godwit_dangling  parent_life, table_number, life    lives whose reference has no visible parent yet, or is to other
 *                                                      columns than its key
 * godwit_masked    table_number, life                lives that SQLite refused to show whole, to be tried again
 * godwit_held      table_number, life, unit, kind,    lives that the table shows otherwise than they are, and why:
 *                  blocker_table, blocker_life         hidden, parked, pinned, substituted, nulled, returned, rooted, check
 * godwit_claim     table_number, rule, tuple, life     the unique values that lives out of the table want
 * godwit_described type, name, sql, shared            the file's schema when it was compared with the space's last
 * godwit_journal   conflict, replica, sequence, …      conflicts that writes have settled, one row a sibling, and by whom
 * godwit_sibling, godwit_said, godwit_conflict          what conflicts at the moment, for anybody ({@link ConflictTables})
 * godwit_version, godwit_based_on                      views: what is shown, and on what a write is based
 *                                                      ({@link VersionTables})
 * godwit_remote    name, …                            what each remote has acknowledged
 * godwit_incoming  replica, sequence, part, …         parts of envelopes that have not arrived whole
 * godwit_space_table, godwit_space_object, godwit_space_column
 *                                                      the space policy and schema: tracked like any table;
 *                                                      under the column name '' a table's existence policy
 * </pre>
 *
 * Nothing that a trigger writes to has a constraint: the outer statement's conflict clause would
 * reach it.
 */
public final class GodwitTables {
  /** The version of these tables. A file of another version is refused. */
  public static final int FORMAT_VERSION = 1;

  /** Pending columns made at once; more are added for wider tables. */
  static final int PENDING_COLUMNS_INITIAL = 8;

  private static final String[] CREATE = {
    "CREATE TABLE godwit_meta (name TEXT PRIMARY KEY NOT NULL, value) WITHOUT ROWID",
    "CREATE TABLE godwit_capture (active INTEGER)",
    "CREATE TABLE godwit_table (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, local_name TEXT,"
        + " tracked INTEGER NOT NULL, surrogate INTEGER NOT NULL, system INTEGER NOT NULL DEFAULT 0)",
    "CREATE TABLE godwit_column (table_number INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL,"
        + " PRIMARY KEY (table_number, number)) WITHOUT ROWID",
    "CREATE TABLE godwit_reference (table_name TEXT NOT NULL, column_name TEXT NOT NULL,"
        + " parent TEXT NOT NULL, on_delete TEXT NOT NULL, columns TEXT, referred TEXT,"
        + " PRIMARY KEY (table_name, column_name)) WITHOUT ROWID",
    "CREATE TABLE godwit_pending (id INTEGER PRIMARY KEY, table_number, kind, time, m0,"
        + " c0, c1, c2, c3, c4, c5, c6, c7)",
    "CREATE TABLE godwit_sealed (number INTEGER PRIMARY KEY, last_note INTEGER NOT NULL, millis INTEGER NOT NULL)",
    "CREATE TABLE godwit_replica (number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, name TEXT,"
        + " sequence INTEGER NOT NULL DEFAULT 0, head BLOB, held INTEGER NOT NULL DEFAULT 0, held_hash BLOB,"
        + " dependencies BLOB, latest INTEGER NOT NULL DEFAULT 0,"
        + " ahead INTEGER NOT NULL DEFAULT 0)",
    "CREATE TABLE godwit_log (position INTEGER PRIMARY KEY, replica INTEGER NOT NULL, sequence INTEGER NOT NULL,"
        + " part INTEGER NOT NULL, parts INTEGER NOT NULL, hash BLOB, bytes BLOB NOT NULL)",
    "CREATE UNIQUE INDEX godwit_log_dot ON godwit_log (replica, sequence, part)",
    "CREATE TABLE godwit_row (table_number INTEGER NOT NULL, life BLOB NOT NULL, replica INTEGER NOT NULL,"
        + " sequence INTEGER NOT NULL, time INTEGER NOT NULL, key BLOB, units BLOB, state BLOB,"
        + " PRIMARY KEY (table_number, life)) WITHOUT ROWID",
    "CREATE INDEX godwit_row_key ON godwit_row (table_number, key) WHERE key IS NOT NULL",
    "CREATE TABLE godwit_waiting (table_number INTEGER NOT NULL, key BLOB NOT NULL, life BLOB NOT NULL,"
        + " PRIMARY KEY (table_number, key, life)) WITHOUT ROWID",
    "CREATE INDEX godwit_waiting_life ON godwit_waiting (table_number, life)",
    "CREATE TABLE godwit_dangling (parent_life BLOB NOT NULL, table_number INTEGER NOT NULL, life BLOB NOT NULL,"
        + " PRIMARY KEY (parent_life, table_number, life)) WITHOUT ROWID",
    "CREATE INDEX godwit_dangling_life ON godwit_dangling (life, table_number)",
    "CREATE TABLE godwit_masked (table_number INTEGER NOT NULL, life BLOB NOT NULL,"
        + " PRIMARY KEY (table_number, life)) WITHOUT ROWID",
    "CREATE TABLE godwit_held (table_number INTEGER NOT NULL, life BLOB NOT NULL, unit TEXT NOT NULL,"
        + " kind TEXT NOT NULL, blocker_table INTEGER, blocker_life BLOB,"
        + " PRIMARY KEY (table_number, life, unit, kind)) WITHOUT ROWID",
    "CREATE INDEX godwit_held_undone ON godwit_held (table_number, life) WHERE kind IN ('returned', 'rooted')",
    "CREATE TABLE godwit_claim (table_number INTEGER NOT NULL, rule TEXT NOT NULL, tuple BLOB NOT NULL,"
        + " life BLOB NOT NULL, PRIMARY KEY (table_number, rule, tuple, life)) WITHOUT ROWID",
    "CREATE INDEX godwit_claim_life ON godwit_claim (table_number, life)",
    "CREATE TABLE godwit_journal (conflict TEXT NOT NULL, replica BLOB NOT NULL, sequence INTEGER NOT NULL,"
        + " table_number INTEGER NOT NULL, life BLOB NOT NULL, unit TEXT NOT NULL, how TEXT NOT NULL,"
        + " by_replica BLOB NOT NULL, by_sequence INTEGER NOT NULL, by_time INTEGER NOT NULL,"
        + " PRIMARY KEY (conflict, replica, sequence)) WITHOUT ROWID",
    "CREATE INDEX godwit_journal_life ON godwit_journal (life)",
    "CREATE TABLE godwit_remote (name TEXT PRIMARY KEY NOT NULL, state BLOB) WITHOUT ROWID",
    "CREATE TABLE godwit_incoming (replica BLOB NOT NULL, sequence INTEGER NOT NULL, part INTEGER NOT NULL,"
        + " parts INTEGER NOT NULL, hash BLOB NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (replica, sequence, part))",
    "CREATE TABLE godwit_space_table (name TEXT PRIMARY KEY NOT NULL, sql TEXT, surrogate INTEGER, ordinal INTEGER)",
    "CREATE TABLE godwit_space_object (type TEXT NOT NULL, name TEXT NOT NULL, sql TEXT, ordinal INTEGER,"
        + " PRIMARY KEY (type, name))",
    "CREATE TABLE godwit_described (type TEXT NOT NULL, name TEXT NOT NULL, sql TEXT NOT NULL,"
        + " shared INTEGER NOT NULL, PRIMARY KEY (type, name)) WITHOUT ROWID",
    "CREATE TABLE godwit_space_column (table_name TEXT NOT NULL, column_name TEXT NOT NULL, policy TEXT,"
        + " PRIMARY KEY (table_name, column_name))",
  };

  private GodwitTables() {}

  /** Whether the file has Godwit's tables. */
  public static boolean exist(Session session) {
    try (SqliteStatement statement =
            session
                .connection()
                .prepare(
                    "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'godwit_meta'");
        SqliteRows rows = statement.query()) {
      return rows.next();
    }
  }

  /** Makes them, inside the caller's transaction. */
  public static void create(Session session) {
    for (String sql : CREATE) {
      session.execute(sql);
    }
    ConflictTables.create(session);
    VersionTables.create(session);
  }

  /** Drops them, inside the caller's transaction. */
  public static void drop(Session session) {
    java.util.List<String> names = new java.util.ArrayList<>();
    try (SqliteRows rows =
        session
            .statement(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'godwit\\_%' ESCAPE '\\'")
            .query()) {
      while (rows.next()) {
        names.add(rows.text(0));
      }
    }
    session.forgetStatements();
    ConflictTables.dropView(session);
    VersionTables.dropViews(session);
    for (String name : names) {
      session.execute("DROP TABLE \"" + name + "\"");
    }
  }
}
