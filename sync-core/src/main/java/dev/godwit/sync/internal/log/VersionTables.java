package dev.godwit.sync.internal.log;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import java.util.TreeMap;

/**
 * What lets a program say on what its write is based, with plain SQL.
 *
 * <pre>
 * godwit_version   token: what the tables show at the moment, as text: "v1", then of each replica its id and how
 *                  many of its transactions are shown
 * godwit_based_on  INSERT (token, table_name, key1, …) into it: what is written to that row in this transaction was
 *                  made by somebody who saw no more than the token says
 * </pre>
 *
 * <p>Both are views. An insert leaves a note among those of the triggers, under table number
 * {@value #TABLE_NUMBER}, kind {@value #KIND}: token, table, key. It seals what was noted before
 * without the library as a transaction of its own: another program may have written to the same
 * row, and what a form was not shown must not be one change with what it saves.
 */
public final class VersionTables {
  /** What no table of the application has. */
  public static final int TABLE_NUMBER = 0;

  /** The kind of the notes, behind those of the capture triggers. */
  public static final int KIND = 6;

  /** Columns of a key that can be told; the notes have room for as many. */
  public static final int KEY_COLUMNS_MAX = 4;

  /** The trigger that notes what is inserted into {@code godwit_based_on}. */
  public static final String TRIGGER = "godwit_based_on_insert";

  private static final String FORMAT = "v1";

  private static final String SELF = "(SELECT value FROM godwit_meta WHERE name = 'replica')";

  /** Own transactions that are in the tables and not packed yet. */
  private static final String UNPACKED =
      "(SELECT count(*) FROM godwit_sealed) + (coalesce((SELECT max(id) FROM godwit_pending), 0)"
          + " > coalesce((SELECT max(last_note) FROM godwit_sealed), 0))";

  private static final String[] CREATE = {
    "CREATE VIEW godwit_version (token) AS SELECT '"
        + FORMAT
        + "' || coalesce((SELECT group_concat(' ' || lower(hex(id)) || ':' || (sequence + CASE WHEN id = "
        + SELF
        + " THEN "
        + UNPACKED
        + " ELSE 0 END), '') FROM godwit_replica), '')",
    "CREATE VIEW godwit_based_on (token, table_name, key1, key2, key3, key4) AS"
        + " SELECT NULL, NULL, NULL, NULL, NULL, NULL WHERE 0",
    "CREATE TRIGGER "
        + TRIGGER
        + " INSTEAD OF INSERT ON godwit_based_on BEGIN"
        + " SELECT RAISE(ABORT, 'expected a token of godwit_version') WHERE NEW.token IS NULL"
        + " OR typeof(NEW.token) <> 'text' OR (NEW.token <> 'v1' AND substr(NEW.token, 1, 3) <> 'v1 ');"
        + " SELECT RAISE(ABORT, 'expected the name of a tracked table and a key') WHERE NEW.key1 IS NULL"
        + " OR NOT EXISTS (SELECT 1 FROM godwit_table WHERE tracked AND NOT system"
        + " AND local_name = NEW.table_name COLLATE NOCASE);"
        + " INSERT INTO godwit_sealed (last_note, millis) SELECT id, "
        + Boundaries.TOLD_BY_NOTES
        + " FROM godwit_pending WHERE id = (SELECT max(id) FROM godwit_pending) AND table_number <> "
        + TABLE_NUMBER
        + " AND id > coalesce((SELECT max(last_note) FROM godwit_sealed), 0);"
        + " INSERT INTO godwit_pending (table_number, kind, time, c0, c1, c2, c3, c4, c5) VALUES ("
        + TABLE_NUMBER
        + ", "
        + KIND
        + ", CAST((julianday('now')-2440587.5)*86400000 AS INTEGER), NEW.token, NEW.table_name, NEW.key1, NEW.key2,"
        + " NEW.key3, NEW.key4); END",
  };

  private VersionTables() {}

  static void create(Session session) {
    for (String sql : CREATE) {
      session.execute(sql);
    }
  }

  static void dropViews(Session session) {
    session.execute("DROP VIEW IF EXISTS godwit_version");
    session.execute("DROP VIEW IF EXISTS godwit_based_on");
  }

  /**
   * What a token says was shown. Parts that cannot be read count as not shown: then a write stands
   * beside another one that its author may have seen, instead of taking its place unseen.
   */
  public static VersionVector seen(String token) {
    TreeMap<ReplicaId, Long> seen = new TreeMap<>();
    for (String part : token.split(" ")) {
      int colon = part.indexOf(':');
      if (colon > 0) {
        try {
          ReplicaId replica = ReplicaId.parse(part.substring(0, colon));
          long sequence = Long.parseLong(part.substring(colon + 1));
          if (sequence > 0) {
            seen.put(replica, sequence);
          }
        } catch (IllegalArgumentException unreadable) {
          continue;
        }
      }
    }
    return VersionVector.of(seen);
  }
}
