package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What can be tracked, what tracking changes in a file, and what it leaves alone. */
class TrackingTest extends TwoDevices {
  private static final String SCHEMA_OF_FILE =
      "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'godwit%' AND name NOT LIKE 'sqlite_autoindex_godwit%' ORDER BY name";

  @Test
  void rowsThatAreThereBeforeTrackingReachAnEmptyDevice() {
    String seed =
        "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3503) SELECT i, 'v' || i, i * 0.5 FROM n";
    a = devices.device("a", T + "; " + seed, "t");
    b = devices.device("b", T, "t");
    devices.syncAll();
    assertEquals(3503, b.count("t"));
    b.sql("UPDATE t SET v = 'edited' WHERE id = 7");
    devices.syncAll();
    assertEquals("edited", a.value("SELECT v FROM t WHERE id = 7"));
    noConflicts();
  }

  @Test
  void theSameRowsOnTwoDevicesBeforeTrackingAreTheSameRows() {
    String schema =
        T
            + "; CREATE TABLE u (k TEXT PRIMARY KEY, t INTEGER REFERENCES t(id), v);"
            + "CREATE TABLE p (t INTEGER REFERENCES t(id), n INTEGER, PRIMARY KEY (t, n));"
            + "INSERT INTO t VALUES (1, 'a', 1.5), (2, 'b', x'00'), (3, NULL, '');"
            + "INSERT INTO u VALUES ('x', 1, 'v'), ('y', 2, NULL); INSERT INTO p VALUES (1, 1), (2, 1), (2, 2)";
    start(schema, "t", "u", "p");
    devices.syncAll();
    assertEquals(3, a.count("t"));
    noConflicts();
    a.sql("UPDATE t SET v = 'from a' WHERE id = 1", "DELETE FROM p WHERE t = 1");
    b.sql("UPDATE u SET v = 'from b'", "INSERT INTO t VALUES (4, 'new', NULL)");
    bothHaveT("[1, 'from a', 1.5]", "[2, 'b', x'00']", "[3, NULL, '']", "[4, 'new', NULL]");
    bothShow("SELECT k, v FROM u ORDER BY k", "['x', 'from b']", "['y', 'from b']");
    bothShow("SELECT * FROM p ORDER BY n", "[2, 1]", "[2, 2]");
    noConflicts();
  }

  @Test
  void rowsThatDifferedBeforeTrackingBecomeEqualAndWhatLostIsListed() {
    a =
        devices.device(
            "a", T + "; INSERT INTO t VALUES (1, 'same', 'a'), (2, 'only a', NULL)", "t");
    b =
        devices.device(
            "b", T + "; INSERT INTO t VALUES (1, 'same', 'b'), (3, 'only b', NULL)", "t");
    devices.syncAll();
    assertEquals(3, a.count("t"));
    assertEquals(1, a.conflicts().size(), "one value lost: " + a.conflicts());
  }

  @Test
  void trackingATableTwiceChangesNothing() {
    startWithT("(1, 'a', 'b')");
    List<String> schema =
        Sqlite.text(a.path(), "SELECT type, name, sql FROM sqlite_master ORDER BY name");
    long sequence = a.sequence();
    assertEquals(List.of(), a.replica().track("t"));
    assertEquals(List.of(), a.replica().track("T"));
    assertEquals(
        schema, Sqlite.text(a.path(), "SELECT type, name, sql FROM sqlite_master ORDER BY name"));
    assertEquals(sequence, a.sequence());
    a.sql("UPDATE t SET v = 'once'");
    assertEquals("1", a.value("SELECT count(*) FROM godwit_pending"));
    bothHaveT("[1, 'once', 'b']");
  }

  @Test
  void untrackingTakesOurTriggersAndLeavesEverythingElse() {
    String schema =
        T
            + "; CREATE INDEX t_v ON t (v); CREATE TABLE log (n INTEGER PRIMARY KEY, what);"
            + "CREATE TRIGGER t_log AFTER INSERT ON t BEGIN INSERT INTO log (what) VALUES (NEW.v); END";
    start(schema, "t", "log");
    Sqlite.run(folder.resolve("plain.db"), schema);
    a.sql("INSERT INTO t VALUES (1, 'a', 'b')");
    devices.syncAll();
    assertEquals(List.of("t"), a.replica().untrack("t"));
    assertEquals(
        Sqlite.text(folder.resolve("plain.db"), SCHEMA_OF_FILE),
        Sqlite.text(a.path(), SCHEMA_OF_FILE));
    assertEquals(
        "0",
        a.value(
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'godwit%' AND tbl_name = 't'"));
    assertEquals("1|a|b", a.value("SELECT * FROM t"));
    a.sql("UPDATE t SET v = 'private'", "INSERT INTO t VALUES (2, 'x', 'y')");
    b.sql("INSERT INTO t VALUES (5, 'from b', NULL)");
    Devices.meet(a, b);
    assertEquals("2", a.value("SELECT count(*) FROM t"), "nothing of the table arrives any more");
    assertEquals("2", b.value("SELECT count(*) FROM t"), "nothing of the table leaves any more");
  }

  @Test
  void aTableTrackedAnewMeetsWhatTheSpaceKnows() {
    startWithT("(1, 'a', 'b')", "(2, 'c', 'd')");
    a.replica().untrack("t");
    b.sql("UPDATE t SET v = 'from b' WHERE id = 1", "INSERT INTO t VALUES (3, 'new', NULL)");
    Devices.meet(a, b);
    assertEquals("a", a.value("SELECT v FROM t WHERE id = 1"));
    a.replica().track("t");
    bothHaveT("[1, 'from b', 'b']", "[2, 'c', 'd']", "[3, 'new', NULL]");
    bothList(
        "SELECT row_key, unit, action, value, side_key, base FROM godwit_conflict ORDER BY sibling",
        "1|v|edit|a|1|null",
        "1|v|edit|from b|1|a");
  }

  @Test
  void changesOfATableThatIsNotTrackedHereAreKeptAndPassedOn() {
    a = devices.device("a", T, "t");
    b = devices.device("b", "CREATE TABLE other (id INTEGER PRIMARY KEY)", "other");
    final Device c = devices.device("c", T, "t");
    a.sql("INSERT INTO t VALUES (1, 'a', 'b')");
    Devices.meet(b, a);
    Devices.meet(c, b);
    assertEquals("1|a|b", c.value("SELECT * FROM t"));
    b.sql(T);
    b.replica().track("t");
    assertEquals(
        "1|a|b", b.value("SELECT * FROM t"), "the rows are there as soon as the table is tracked");
    b.sql("UPDATE t SET v = 'from b'");
    devices.syncAll();
    assertEquals("1|from b|b", c.value("SELECT * FROM t"));
  }

  @Test
  void whatCannotBeTrackedIsRefusedInOneLineAndNothingIsChanged() {
    String schema =
        "CREATE TABLE keyless (a, b);"
            + "CREATE VIRTUAL TABLE search USING fts5(title);"
            + "CREATE VIEW shown AS SELECT 1 AS id;"
            + "CREATE TABLE fine (id INTEGER PRIMARY KEY AUTOINCREMENT, v);"
            + "CREATE TABLE android_metadata (locale TEXT PRIMARY KEY); CREATE TABLE room_master_table (id INTEGER PRIMARY KEY)";
    a = devices.device("a", schema);
    List<String> before = Sqlite.text(a.path(), SCHEMA_OF_FILE);
    String[][] refusals = {
      {"keyless", "keyless has no primary key"},
      {"search", "'search', which is a virtual table"},
      {"search_data", "'search_data', which keeps the data of a virtual table"},
      {"shown", "'shown', which is a view"},
      {"missing", "'missing', which is not in the file"},
      {"sqlite_sequence", "sqlite_sequence"},
      {"android_metadata", "android_metadata"},
      {"room_master_table", "room_master_table"},
      {"godwit_meta", "godwit_meta"},
    };
    for (String[] refusal : refusals) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> a.replica().track("fine", refusal[0]),
              refusal[0]);
      assertTrue(refused.getMessage().contains(refusal[1]), refused.getMessage());
      assertFalse(refused.getMessage().contains("\n"), refused.getMessage());
      assertEquals(before, Sqlite.text(a.path(), SCHEMA_OF_FILE));
      assertEquals(List.of(), a.tracked());
    }
  }

  @Test
  void aSchemaThatNeedsWhatThisSqliteLacksIsRefusedByName() {
    String schema =
        "CREATE TABLE fine (id INTEGER PRIMARY KEY, v);"
            + "CREATE TABLE checked (id INTEGER PRIMARY KEY, v);"
            + "CREATE TABLE sorted (id TEXT PRIMARY KEY, v);"
            + "CREATE TABLE indexed (id INTEGER PRIMARY KEY, v TEXT);"
            + "CREATE TABLE triggered (id INTEGER PRIMARY KEY, v);"
            + "CREATE TRIGGER calls AFTER UPDATE ON triggered BEGIN SELECT my_function(NEW.v); END;"
            + "PRAGMA writable_schema = ON;"
            + "UPDATE sqlite_master SET sql = 'CREATE TABLE checked (id INTEGER PRIMARY KEY, v CHECK (no_such_function(v)))' WHERE name = 'checked';"
            + "UPDATE sqlite_master SET sql = 'CREATE TABLE indexed (id INTEGER PRIMARY KEY, v TEXT COLLATE unicode UNIQUE)' WHERE name = 'indexed';"
            + "UPDATE sqlite_master SET sql = 'CREATE TABLE sorted (id TEXT COLLATE localized PRIMARY KEY, v)' WHERE name = 'sorted';";
    a = devices.device("a", schema);
    String[][] refusals = {
      {"checked", "no_such_function"},
      {"sorted", "localized"},
      {"triggered", "my_function"},
      {"indexed", "unicode"}
    };
    for (String[] refusal : refusals) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> a.replica().track("fine", refusal[0]),
              refusal[0]);
      assertTrue(refused.getMessage().toLowerCase().contains(refusal[1]), refused.getMessage());
      assertFalse(refused.getMessage().contains("\n"), refused.getMessage());
      assertEquals(List.of(), a.tracked());
    }
    assertEquals(List.of("fine"), a.replica().track("fine"));
  }

  @Test
  void nothingPrivateIsSent() {
    start(
        "CREATE TABLE note (id INTEGER PRIMARY KEY AUTOINCREMENT, title); CREATE INDEX note_title ON note (title);"
            + "CREATE VIRTUAL TABLE note_fts USING fts5(title, content='note', content_rowid='id');"
            + "CREATE TRIGGER note_i AFTER INSERT ON note BEGIN INSERT INTO note_fts(rowid, title) VALUES (new.id, new.title); END;"
            + "CREATE TABLE android_metadata (locale TEXT); CREATE TABLE room_master_table (id INTEGER PRIMARY KEY, identity_hash TEXT)",
        "note");
    a.sql(
        "INSERT INTO note (title) VALUES ('x')",
        "ANALYZE",
        "INSERT INTO android_metadata VALUES ('et_EE')",
        "INSERT INTO room_master_table VALUES (42, 'hash')",
        "INSERT INTO note_fts(note_fts) VALUES ('optimize')");
    long sealed =
        a.sealed().stream()
            .flatMap(one -> one.changes().stream())
            .filter(one -> !one.shape().table().equals("note"))
            .count();
    assertEquals(0, sealed);
    devices.syncAll();
    assertEquals(
        "0|0",
        b.value(
            "SELECT (SELECT count(*) FROM android_metadata), (SELECT count(*) FROM room_master_table)"));
    assertEquals(
        1, Sqlite.text(b.path(), "SELECT rowid FROM note_fts WHERE note_fts MATCH 'x'").size());
  }

  @Test
  void theIdOfAReplicaOutlivesAHundredRestarts() {
    startWithT("(1, 'a', 'b')");
    var id = a.replica().id();
    a.replica().close();
    for (int i = 0; i < 100; i++) {
      try (var replica =
          dev.godwit.sync.Replica.builder(new FastSqlite(a.path())).random(new Random(i)).open()) {
        assertEquals(id, replica.id());
      }
    }
  }
}
