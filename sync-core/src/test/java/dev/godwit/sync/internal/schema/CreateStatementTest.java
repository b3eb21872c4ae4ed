package dev.godwit.sync.internal.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.schema.SchemaStatement.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Statements of other devices are run only when they make what they say and nothing else. */
class CreateStatementTest {
  @Test
  void everyOrdinaryKindIsTaken() {
    taken(Kind.TABLE, "table", "events", "CREATE TABLE events (id INTEGER PRIMARY KEY, t TEXT)");
    taken(Kind.TABLE, "table", "my events", "CREATE TABLE \"my events\" (id TEXT PRIMARY KEY)");
    taken(Kind.TABLE, "table", "a]b", "CREATE TABLE `a]b`(id TEXT PRIMARY KEY) WITHOUT ROWID");
    taken(Kind.TABLE, "table", "e", "CREATE TABLE e -- why; not\n (id PRIMARY KEY /* ; */, t)");
    taken(Kind.VIRTUAL_TABLE, "table", "f", "CREATE VIRTUAL TABLE f USING fts5(title)");
    taken(Kind.INDEX, "index", "i", "CREATE INDEX i ON events (t)");
    taken(Kind.INDEX, "index", "u", "CREATE UNIQUE INDEX u ON events (t) WHERE t <> ';'");
    taken(Kind.VIEW, "view", "v", "CREATE VIEW v AS SELECT * FROM events");
    taken(
        Kind.TRIGGER,
        "trigger",
        "t",
        "CREATE TRIGGER t AFTER INSERT ON events BEGIN DELETE FROM a; DELETE FROM b; END");
  }

  @Test
  void whateverElseIsRefused() {
    for (List<String> wrong :
        List.of(
            List.of("table", "events", "DROP TABLE events"),
            List.of("table", "events", "INSERT INTO events VALUES (1)"),
            List.of("table", "events", "CREATE TABLE events AS SELECT * FROM other"),
            List.of("table", "events", "CREATE TABLE other (id PRIMARY KEY)"),
            List.of("table", "events", "CREATE TABLE main.events (id PRIMARY KEY)"),
            List.of("table", "events", "CREATE TEMP TABLE events (id PRIMARY KEY)"),
            List.of("table", "events", "CREATE TABLE IF NOT EXISTS events (id PRIMARY KEY)"),
            List.of("table", "events", "CREATE TABLE events (id PRIMARY KEY); DROP TABLE x"),
            List.of("table", "events", "CREATE VIEW events AS SELECT 1"),
            List.of("table", "f", "CREATE VIRTUAL TABLE f USING csv('/etc/passwd')"),
            List.of("table", "f", "CREATE VIRTUAL TABLE f USING dbstat"),
            List.of("table", "godwit_meta", "CREATE TABLE godwit_meta (id PRIMARY KEY)"),
            List.of("table", "sqlite_x", "CREATE TABLE sqlite_x (id PRIMARY KEY)"),
            List.of("index", "i", "CREATE INDEX i ON godwit_row (life)"),
            List.of("view", "v", "CREATE VIEW v AS SELECT * FROM main.godwit_meta"),
            List.of("view", "v", "CREATE VIEW v AS SELECT * FROM \"GODWIT_meta\""),
            List.of(
                "trigger", "t", "CREATE TRIGGER t AFTER INSERT ON godwit_log BEGIN SELECT 1; END"),
            List.of(
                "trigger",
                "t",
                "CREATE TRIGGER t AFTER INSERT ON e BEGIN SELECT 1; END; DROP TABLE e"),
            List.of("trigger", "t", "CREATE TEMP TRIGGER t AFTER INSERT ON e BEGIN SELECT 1; END"),
            List.of("pragma", "p", "PRAGMA writable_schema = 1"),
            List.of("table", "e", ""),
            List.of("table", "e", "CREATE"),
            List.of("table", "e", "CREATE TABLE e"),
            List.of("table", "e", "CREATE TABLE e (" + "x".repeat(300_000)))) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> CreateStatement.checked(wrong.get(0), wrong.get(1), wrong.get(2)),
              wrong.toString());
      assertTrue(refused.getMessage().length() < 300, refused.getMessage());
    }
  }

  @Test
  void columnsAndKeysAreReadFromTheText() {
    DeclaredColumns plain =
        DeclaredColumns.of(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, \"a, b\" TEXT DEFAULT ('x,y)'), c NUMERIC(1,2),"
                + " CHECK (c > 0), FOREIGN KEY (c) REFERENCES o (id))");
    assertEquals(List.of("id", "a, b", "c"), plain.columns());
    assertEquals(List.of("id"), plain.keyColumns());
    DeclaredColumns pair =
        DeclaredColumns.of(
            "CREATE TABLE t (a TEXT, b TEXT COLLATE NOCASE, CONSTRAINT k PRIMARY KEY (b DESC, a))");
    assertEquals(List.of("b", "a"), pair.keyColumns());
  }

  @Test
  void tablesAreTheSameWhateverTheOrderAndSpellingOfColumns() {
    DeclaredColumns one = DeclaredColumns.of("CREATE TABLE t (id TEXT PRIMARY KEY, a, b)");
    assertNull(one.differenceTo(DeclaredColumns.of("CREATE TABLE T(ID PRIMARY KEY,[B],A)")));
    assertEquals(
        "columns only there: [b], only here: [c]",
        one.differenceTo(DeclaredColumns.of("CREATE TABLE t (id PRIMARY KEY, a, c)")));
    assertEquals(
        "its key is [id] there and [a] here",
        one.differenceTo(DeclaredColumns.of("CREATE TABLE t (id, a PRIMARY KEY, b)")));
  }

  private static void taken(Kind kind, String type, String name, String sql) {
    assertEquals(kind, CreateStatement.checked(type, name, sql).kind());
  }
}
