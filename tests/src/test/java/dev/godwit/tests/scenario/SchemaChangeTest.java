package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The application changes its schema when it likes, without telling: capture follows, and no edit
 * that was made in between is lost.
 */
class SchemaChangeTest extends TwoDevices {
  @Test
  void editsOfANewColumnAreCapturedFromTheBeginning() {
    startWithT("(1, 'a', 'b')", "(2, 'c', 'd')", "(3, 'e', 'f')");
    a.sql(
        "ALTER TABLE t ADD COLUMN x TEXT DEFAULT 5",
        "UPDATE t SET x = 'before anybody noticed' WHERE id = 1",
        "INSERT INTO t VALUES (4, 'g', 'h', 'new')");
    a.replica().seal();
    assertEquals(
        3 + 2,
        a.sealed().stream().mapToInt(one -> one.changes().size()).sum(),
        "rows that have the default are not touched");
    a.sql("UPDATE t SET x = 'afterwards', v = 'too' WHERE id = 2");
    b.sql("ALTER TABLE t ADD COLUMN x TEXT DEFAULT 5");
    bothHaveT(
        "[1, 'a', 'b', 'before anybody noticed']",
        "[2, 'too', 'd', 'afterwards']",
        "[3, 'e', 'f', '5']",
        "[4, 'g', 'h', 'new']");
    b.sql("UPDATE t SET x = 'from b' WHERE id = 3");
    a.sql("UPDATE t SET w = 'from a' WHERE id = 3");
    devices.syncAll();
    assertEquals("from b|from a", a.value("SELECT x, w FROM t WHERE id = 3"));
    noConflicts();
  }

  @Test
  void valuesOfAColumnThatIsNotThereYetAreShownWhenItIs() {
    startWithT("(1, 'a', 'b')", "(2, 'c', 'd')");
    a.sql(
        "ALTER TABLE t ADD COLUMN x",
        "UPDATE t SET x = 'early' WHERE id = 1",
        "INSERT INTO t VALUES (3, 'e', 'f', 'new')");
    Devices.meet(a, b);
    assertEquals(
        List.of("1|a|b", "2|c|d", "3|e|f"), Sqlite.text(b.path(), "SELECT * FROM t ORDER BY id"));
    b.sql("UPDATE t SET v = 'goes on'");
    Devices.meet(b, a);
    assertEquals("goes on|early", a.value("SELECT v, x FROM t WHERE id = 1"));
    b.sql("ALTER TABLE t ADD COLUMN x", "UPDATE t SET x = 'by b' WHERE id = 2");
    bothHaveT(
        "[1, 'goes on', 'b', 'early']",
        "[2, 'goes on', 'd', 'by b']",
        "[3, 'goes on', 'f', 'new']");
    noConflicts();
  }

  @Test
  void editsBeforeAndAfterAColumnIsRenamedReachIt() {
    startWithT("(1, 'a', 'b')", "(2, 'c', 'd')");
    a.sql(
        "UPDATE t SET v = 'old name' WHERE id = 1",
        "ALTER TABLE t RENAME COLUMN v TO title",
        "UPDATE t SET title = 'new name' WHERE id = 2");
    a.replica().seal();
    b.sql("ALTER TABLE t RENAME COLUMN v TO title", "UPDATE t SET w = 'from b'");
    bothHaveT("[1, 'old name', 'from b']", "[2, 'new name', 'from b']");
    b.sql("UPDATE t SET title = 'later' WHERE id = 1");
    bothHaveT("[1, 'later', 'from b']", "[2, 'new name', 'from b']");
    assertEquals(
        List.of("a", "c", "old name"),
        a.losers().stream().sorted().toList(),
        "what only moved lost to what was edited, and a later write settled one of the two");
  }

  @Test
  void aRenamedTableIsStillTracked() {
    start(T + "; CREATE TABLE c (id TEXT PRIMARY KEY, t INTEGER REFERENCES t(id))", "t", "c");
    a.sql("INSERT INTO t VALUES (1, 'a', 'b')", "INSERT INTO c VALUES ('x', 1)");
    devices.syncAll();
    a.sql(
        "UPDATE t SET v = 'old name'",
        "ALTER TABLE t RENAME TO things",
        "UPDATE things SET w = 'new name'",
        "INSERT INTO things VALUES (2, 'c', 'd')");
    a.replica().seal();
    Devices.meet(b, a);
    assertEquals(
        List.of("1|old name|new name", "2|c|d"),
        Sqlite.text(b.path(), "SELECT * FROM t ORDER BY id"),
        "the other device may keep the old name");
    b.sql("ALTER TABLE t RENAME TO things", "UPDATE things SET v = 'from b' WHERE id = 2");
    bothShow(
        "SELECT * FROM things ORDER BY id", "[1, 'old name', 'new name']", "[2, 'from b', 'd']");
    noConflicts();
  }

  @Test
  void aTableThatIsRebuiltStaysTrackedAndNothingOfItIsADelete() {
    start(
        T
            + "; CREATE TABLE c (id TEXT PRIMARY KEY, t INTEGER REFERENCES t(id) ON DELETE CASCADE);"
            + "CREATE TRIGGER t_gone AFTER DELETE ON t BEGIN DELETE FROM c WHERE t = OLD.id; END",
        "t",
        "c");
    a.sql(
        "INSERT INTO t VALUES (1, 'a', 'b'), (2, 'c', 'd'), (3, 'e', 'f'), (9, 'gone', 'gone')",
        "INSERT INTO c VALUES ('x', 1), ('y', 2)",
        "DELETE FROM t WHERE id = 9");
    devices.syncAll();
    a.sql(
        "UPDATE t SET v = 'before the rebuild' WHERE id = 1",
        "PRAGMA foreign_keys = OFF",
        "BEGIN",
        "CREATE TABLE new_t (id INTEGER PRIMARY KEY, w, v, extra DEFAULT 'x')",
        "INSERT INTO new_t (id, v, w) SELECT id, v, w FROM t",
        "DROP TABLE t",
        "ALTER TABLE new_t RENAME TO t",
        "CREATE TRIGGER t_gone AFTER DELETE ON t BEGIN DELETE FROM c WHERE t = OLD.id; END",
        "COMMIT",
        "UPDATE t SET w = 'after the rebuild' WHERE id = 2",
        "INSERT INTO t (id, v, w) VALUES (4, 'new', 'row'), (9, 'again', 'again')",
        "DELETE FROM t WHERE id = 3");
    b.sql("UPDATE t SET w = 'from b' WHERE id = 1");
    a.replica().seal();
    a.sql("UPDATE t SET v = 'captured again' WHERE id = 2");
    Devices.meet(a, b);
    Devices.meet(b, a);
    for (Device device : List.of(a, b)) {
      assertEquals(
          List.of(
              "1|before the rebuild|from b",
              "2|captured again|after the rebuild",
              "4|new|row",
              "9|again|again"),
          Sqlite.text(device.path(), "SELECT id, v, w FROM t ORDER BY id"),
          device.name());
      assertEquals(
          List.of("x|1", "y|2"), Sqlite.text(device.path(), "SELECT * FROM c ORDER BY id"));
    }
    noConflicts();
  }

  @Test
  void droppedTriggersAreMadeAgainAndWhatHappenedWithoutThemIsFound() {
    startWithT("(1, 'a', 'b')", "(2, 'c', 'd')");
    for (String trigger :
        Sqlite.text(
            a.path(), "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 't'")) {
      a.sql("DROP TRIGGER " + trigger);
    }
    a.sql(
        "UPDATE t SET v = 'unnoticed' WHERE id = 1",
        "DELETE FROM t WHERE id = 2",
        "INSERT INTO t VALUES (3, 'e', 'f')");
    bothHaveT("[1, 'unnoticed', 'b']", "[3, 'e', 'f']");
    a.sql("UPDATE t SET v = 'noticed' WHERE id = 3");
    bothHaveT("[1, 'unnoticed', 'b']", "[3, 'noticed', 'f']");
    noConflicts();
  }

  @Test
  void aNewUniqueIndexIsWatchedForRowsThatItPushesOut() {
    startWithT("(1, 'a', 'b')", "(2, 'c', 'd')", "(3, 'e', 'f')");
    a.sql(
        "CREATE UNIQUE INDEX t_v ON t (v)",
        "REPLACE INTO t VALUES (7, 'a', 'pushed out before anybody noticed')");
    a.replica().seal();
    a.sql("REPLACE INTO t VALUES (8, 'c', 'pushed out')");
    bothShow("SELECT id, v FROM t ORDER BY id", "[3, 'e']", "[7, 'a']", "[8, 'c']");
    a.sql("DROP INDEX t_v", "INSERT INTO t VALUES (9, 'a', NULL)");
    bothShow("SELECT id, v FROM t ORDER BY id", "[3, 'e']", "[7, 'a']", "[8, 'c']", "[9, 'a']");
    noConflicts();
  }

  @Test
  void aColumnThatCaptureUsesIsNotDroppedUnnoticed() {
    startWithT("(1, 'a', 'b')");
    String refusal = Sqlite.refused(a.path(), "ALTER TABLE t DROP COLUMN w");
    assertTrue(refusal.contains("godwit_"), refusal);
    a.replica().untrack("t");
    a.sql("ALTER TABLE t DROP COLUMN w");
    a.replica().track("t");
    a.sql("UPDATE t SET v = 'x'");
    b.sql("UPDATE t SET w = 'still here'");
    Devices.meet(a, b);
    assertEquals("1|x|still here", b.value("SELECT * FROM t"));
    assertEquals("1|x", a.value("SELECT * FROM t"));
  }

  @Test
  void aSchemaChangeThatIsRolledBackIsForgotten() {
    startWithT("(1, 'a', 'b')");
    try {
      a.replica()
          .write(
              transaction -> {
                transaction.execute("ALTER TABLE t ADD COLUMN x");
                transaction.execute("UPDATE t SET x = 1");
                throw new IllegalStateException("no");
              });
    } catch (IllegalStateException expected) {
      assertEquals("no", expected.getMessage());
    }
    a.write("UPDATE t SET v = 'y'");
    bothHaveT("[1, 'y', 'b']");
    a.write("ALTER TABLE t ADD COLUMN x", "UPDATE t SET x = 1");
    b.write("ALTER TABLE t ADD COLUMN x");
    bothHaveT("[1, 'y', 'b', 1]");
  }

  @Test
  void aDroppedTableDoesNotStopTheRest() {
    start(T + "; CREATE TABLE u (id TEXT PRIMARY KEY, v)", "t", "u");
    a.sql("INSERT INTO t VALUES (1, 'a', 'b')", "INSERT INTO u VALUES ('x', 1)");
    devices.syncAll();
    a.sql("UPDATE t SET v = 'x'", "DROP TABLE t", "UPDATE u SET v = 2");
    b.sql("UPDATE t SET w = 'from b'");
    devices.exchangeAll();
    assertEquals("x|2", a.value("SELECT * FROM u"));
    assertEquals("x|2", b.value("SELECT * FROM u"));
    assertEquals("1|a|from b", b.value("SELECT * FROM t"));
    a.sql(T);
    Devices.meet(a, b);
    a.sql("INSERT INTO t VALUES (5, 'new', NULL)");
    Devices.meet(a, b);
    assertTrue(b.count("t") >= 1);
  }
}
