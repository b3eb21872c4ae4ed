package dev.godwit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.relay.Relay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Joining makes a working database, shows what it runs, and respects rows that are there. */
class JoinTest {
  @TempDir Path folder;
  private Desk desk;
  private Desk other;
  private Relay relay;

  @BeforeEach
  void start() throws IOException {
    relay = Relay.builder().port(0).data(folder.resolve("relay")).build().start();
    desk = new Desk(folder.resolve("desk"));
    other = new Desk(folder.resolve("other"));
  }

  @AfterEach
  void stop() {
    relay.close();
  }

  private String share(String... schema) {
    desk.sql("a.db", schema);
    desk.godwit("init", "a.db").done();
    return desk.godwit("share", "a.db", relay.url()).done().out().trim();
  }

  @Test
  void aNewFileHasTablesIndexesViewsTriggersAndWhatTheyUse() {
    String invitation =
        share(
            "CREATE TABLE events (id INTEGER PRIMARY KEY, title TEXT)",
            "CREATE INDEX events_title ON events (title)",
            "CREATE TABLE audit (what TEXT)",
            "CREATE VIRTUAL TABLE found USING fts5 (title)",
            "CREATE VIEW titles AS SELECT title FROM events",
            "CREATE TRIGGER indexed AFTER INSERT ON events BEGIN"
                + " INSERT INTO found (rowid, title) VALUES (new.id, new.title);"
                + " INSERT INTO audit VALUES ('new ' || new.title); END",
            "INSERT INTO events VALUES (1, 'Dentist'), (2, 'Lunch')");
    Desk.Said asked = other.godwit("join", "b.db", invitation);
    asked.failed(ExitCode.DECLINED, "views and triggers");
    assertTrue(asked.out().contains("CREATE TRIGGER indexed"), asked.out());
    assertFalse(Files.exists(other.path("b.db")));
    other.godwit("join", "b.db", invitation, "--yes").done();
    assertEquals(List.of("Dentist", "Lunch"), other.column("b.db", "SELECT title FROM titles"));
    assertEquals(
        List.of("2"), other.column("b.db", "SELECT rowid FROM found WHERE found MATCH 'lunch'"));
    other.sql("b.db", "INSERT INTO events (title) VALUES ('Swim')");
    other.godwit("sync", "b.db").done();
    desk.godwit("sync", "a.db").done();
    assertEquals(List.of("Swim"), desk.column("a.db", "SELECT title FROM events WHERE id = 3"));
    assertEquals(
        List.of("3"), desk.column("a.db", "SELECT rowid FROM found WHERE found MATCH 'swim'"));
  }

  @Test
  void rowsOfAnEqualFileAreAddedAndThoseThatDifferStayAsTheSpaceHasThem() {
    String table = "CREATE TABLE events (id TEXT PRIMARY KEY NOT NULL, title TEXT)";
    String invitation =
        share(table, "INSERT INTO events VALUES ('both', 'same'), ('differs', 'theirs')");
    other.sql(
        "b.db",
        table,
        "INSERT INTO events VALUES ('both', 'same'), ('differs', 'ours'), ('own', 'new')");
    other.godwit("join", "b.db", invitation).done();
    desk.godwit("sync", "a.db").done();
    List<String> expected = List.of("both same", "differs theirs", "own new");
    String query = "SELECT id || ' ' || title FROM events ORDER BY id";
    assertEquals(expected, desk.column("a.db", query));
    assertEquals(expected, other.column("b.db", query));
  }

  @Test
  void triggersOfAFileThatJoinsLeaveNoTraceOfTheJoin() {
    String[] schema = {
      "CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT)",
      "CREATE TABLE audit (id INTEGER PRIMARY KEY, what TEXT)",
      "CREATE TABLE kept (id TEXT PRIMARY KEY NOT NULL)",
      "CREATE VIRTUAL TABLE found USING fts5 (title, content = 'notes', content_rowid = 'id')",
      "CREATE TRIGGER gone AFTER DELETE ON notes BEGIN"
          + " INSERT INTO audit (what) VALUES ('gone ' || old.title);"
          + " INSERT INTO found (found, rowid, title) VALUES ('delete', old.id, old.title); END",
      "CREATE TRIGGER made AFTER INSERT ON notes BEGIN"
          + " INSERT INTO found (rowid, title) VALUES (new.id, new.title); END",
      "CREATE TRIGGER refused BEFORE DELETE ON kept BEGIN SELECT RAISE(ABORT, 'never'); END",
      "INSERT INTO notes VALUES (1, 'milk'), (2, 'bread')",
      "INSERT INTO kept VALUES ('a')"
    };
    String invitation = share(schema);
    other.sql("b.db", schema);
    other.sql("b.db", "INSERT INTO kept VALUES ('b')");
    other.godwit("join", "b.db", invitation, "--yes").done();
    desk.godwit("sync", "a.db").done();
    assertEquals(List.of(), other.column("b.db", "SELECT what FROM audit"));
    assertEquals(
        List.of("milk", "bread"), other.column("b.db", "SELECT title FROM notes ORDER BY id"));
    assertEquals(
        List.of("2"), other.column("b.db", "SELECT rowid FROM found WHERE found MATCH 'bread'"));
    assertEquals(List.of("a", "b"), desk.column("a.db", "SELECT id FROM kept ORDER BY id"));
    assertEquals(
        List.of("gone", "made", "refused"),
        other.column(
            "b.db",
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name NOT LIKE 'godwit%'"
                + " ORDER BY name"));
    String files = desk.path("a.db").toString();
    other.godwit("doctor", "b.db", files).done();
  }

  @Test
  void aTableWithOtherColumnsIsRefusedAndTheFileIsOrdinaryAgain() throws IOException {
    String invitation = share("CREATE TABLE events (id TEXT PRIMARY KEY NOT NULL, title TEXT)");
    other.sql("b.db", "CREATE TABLE events (id TEXT PRIMARY KEY NOT NULL, name TEXT)");
    other.godwit("join", "b.db", invitation).failed(ExitCode.SCHEMA, "columns only there: [title]");
    assertEquals(
        List.of("events"),
        other.column("b.db", "SELECT name FROM sqlite_master WHERE sql IS NOT NULL"));
    other.godwit("join", "c.db", invitation).done();
  }

  @Test
  void aTableThatTheSpaceGotLaterIsOfferedByTheNextSync() {
    String invitation = share("CREATE TABLE events (id TEXT PRIMARY KEY NOT NULL, title TEXT)");
    other.godwit("join", "b.db", invitation).done();
    desk.sql(
        "a.db",
        "CREATE TABLE places (id TEXT PRIMARY KEY NOT NULL)",
        "INSERT INTO places VALUES ('here')");
    desk.godwit("init", "a.db", "--table", "places").done();
    desk.godwit("sync", "a.db").done();
    String said = other.godwit("sync", "b.db").done().out();
    assertTrue(said.contains("godwit join b.db"), said);
    other.godwit("join", "b.db").done();
    assertEquals(List.of("here"), other.column("b.db", "SELECT id FROM places"));
    assertFalse(other.godwit("sync", "b.db").done().out().contains("godwit join"));
  }

  @Test
  void theSecretIsNeitherInTheDatabaseNorReadableByOthers() throws IOException {
    String invitation = share("CREATE TABLE events (id TEXT PRIMARY KEY NOT NULL, title TEXT)");
    String secret = invitation.substring(invitation.indexOf('#') + 1);
    List<String> holders = desk.filesThatHold(secret);
    assertEquals(1, holders.size(), holders.toString());
    assertTrue(holders.get(0).startsWith("config"), holders.toString());
    String place = desk.godwit("status", "a.db").done().out();
    assertTrue(place.contains("config"), place);
    try (java.util.stream.Stream<Path> kept = Files.list(desk.path("config/replicas"))) {
      for (Path file : kept.toList()) {
        assertEquals(
            "rw-------",
            java.nio.file.attribute.PosixFilePermissions.toString(
                Files.getPosixFilePermissions(file)));
      }
    }
  }

  @Test
  void aMovedDatabaseStillFindsItsRelay() throws IOException {
    share("CREATE TABLE events (id TEXT PRIMARY KEY NOT NULL, title TEXT)");
    Files.move(desk.path("a.db"), desk.path("moved.db"));
    desk.godwit("sync", "moved.db").done();
  }

  @Test
  void aJoinThatIsCutOffAnywhereGoesOnWithWhatHadArrived() throws IOException {
    String rows =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
            + " INSERT INTO events SELECT 'e' || i, hex(randomblob(500)) FROM n";
    String table = "CREATE TABLE events (id TEXT PRIMARY KEY NOT NULL, title TEXT)";
    String invitation = share(table, rows);
    for (long bytes : new long[] {200, 60_000, 1_300_000}) {
      String file = "cut-after-" + bytes + ".db";
      try (ShortLine line = new ShortLine(relay.port(), bytes)) {
        String there = invitation.replace(relay.url() + "/", line.url());
        other
            .godwit("join", file, there, "--timeout", "1")
            .failed(ExitCode.UNREACHABLE, line.url());
        assertFalse(Files.exists(other.path(file)));
        assertTrue(Files.exists(other.path(file + ".joining")));
        line.repair();
        other.godwit("join", file, there).done();
      }
      assertFalse(Files.exists(other.path(file + ".joining")));
      assertEquals(
          desk.column("a.db", "SELECT title FROM events ORDER BY id"),
          other.column(file, "SELECT title FROM events ORDER BY id"));
    }
  }

  @Test
  void aHostileSchemaIsRefusedAndNothingIsMade() throws IOException {
    String invitation = share("CREATE TABLE events (id TEXT PRIMARY KEY NOT NULL, title TEXT)");
    desk.sql(
        "a.db",
        "INSERT INTO godwit_space_object VALUES ('trigger', 'evil',"
            + " 'CREATE TRIGGER evil AFTER INSERT ON events BEGIN DELETE FROM godwit_meta; END', 9)");
    desk.godwit("sync", "a.db").done();
    other
        .godwit("join", "b.db", invitation, "--yes")
        .failed(ExitCode.SCHEMA, "names one of Godwit's own tables");
    assertEquals(Map.of(), other.everything());
  }

  @Test
  void indexesThatWereMadeAndDroppedElsewhereAreProposedToAFileThatHasJoined() {
    String names = "SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'once%'";
    String invitation =
        share(
            "CREATE TABLE events (id TEXT PRIMARY KEY NOT NULL, title TEXT)",
            "CREATE UNIQUE INDEX once ON events (title)");
    other.godwit("join", "b.db", invitation).done();
    desk.sql("a.db", "DROP INDEX once", "CREATE UNIQUE INDEX once_a_case ON events (lower(title))");
    desk.godwit("sync", "a.db").done();
    Desk.Said synced = other.godwit("sync", "b.db").done();
    assertTrue(
        synced.out().contains("other indexes than this file (once, once_a_case): godwit join"),
        synced.out());
    Desk.Said joined = other.godwit("join", "b.db").done();
    assertTrue(joined.out().contains("DROP INDEX \"once\";"), joined.out());
    assertEquals(List.of("once_a_case"), other.column("b.db", names));
    assertFalse(other.godwit("sync", "b.db").done().out().contains("godwit join"));
  }

  @Test
  void controlCharactersOfAForeignSchemaDoNotReachTheTerminal() {
    String invitation =
        share(
            "CREATE TABLE events (id TEXT PRIMARY KEY NOT NULL, title TEXT DEFAULT '\u001b[2J\u202e')");
    String shown = other.godwit("join", "b.db", invitation).done().out();
    assertTrue(shown.contains("\\u{1b}[2J\\u{202e}"), shown);
    assertFalse(shown.contains("\u001b"));
  }
}
