package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conflict clauses: rows that SQLite removes or passes over without a word are seen. */
class ReplaceTest extends TwoDevices {
  @ParameterizedTest
  @ValueSource(strings = {"OFF", "ON"})
  void aReplacedRowKeepsNothingOfTheOldOne(String recursiveTriggers) {
    startWithT("(1, 'a', 'b')", "(2, 'c', 'd')");
    a.sql(
        "PRAGMA recursive_triggers = " + recursiveTriggers,
        "REPLACE INTO t(id, v) VALUES (1, 'n')",
        "INSERT OR REPLACE INTO t(id, v) VALUES (3, 'new')");
    bothHaveT("[1, 'n', NULL]", "[2, 'c', 'd']", "[3, 'new', NULL]");
    noConflicts();
  }

  @ParameterizedTest
  @ValueSource(strings = {"OFF", "ON"})
  void replacingARowByItselfIsNoChange(String recursiveTriggers) {
    startWithT("(1, 'a', 'b')");
    long sequence = a.sequence();
    a.sql(
        "PRAGMA recursive_triggers = " + recursiveTriggers, "REPLACE INTO t VALUES (1, 'a', 'b')");
    assertEquals(sequence, a.sequence());
    b.sql("UPDATE t SET v = 'b'");
    bothHaveT("[1, 'b', 'b']");
    noConflicts();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT OR REPLACE INTO t VALUES (2, 4, NULL)",
        "INSERT OR REPLACE INTO t VALUES (2, 4, 'none')",
        "UPDATE OR REPLACE t SET x = 4, name = NULL WHERE id = 3"
      })
  void aRowThatADefaultPushedOutIsGoneEverywhere(String replace) {
    start(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x, name TEXT NOT NULL DEFAULT 'none', UNIQUE (x, name))",
        "t");
    a.sql("INSERT INTO t (id, x) VALUES (1, 4)", "INSERT INTO t VALUES (3, 5, 'three')");
    devices.syncAll();
    a.sql(replace);
    bothShow("SELECT count(*), min(id) > 1 FROM t WHERE x = 4", "[1, 1]");
    assertEquals(a.rows("SELECT * FROM t ORDER BY id"), b.rows("SELECT * FROM t ORDER BY id"));
    bothShow("SELECT count(*) FROM godwit_held", "[0]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"OFF", "ON"})
  void aRowThatAUniqueValuePushedOutIsGoneEverywhere(String recursiveTriggers) {
    start(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE, x, y, UNIQUE (x, y));"
            + "CREATE UNIQUE INDEX lowered ON t (lower(name)) WHERE name LIKE 'q%'",
        "t");
    a.sql(
        "INSERT INTO t VALUES (1, 'one', 1, 1), (2, 'two', 2, 2), (3, 'three', 3, 3), (4, 'QUX', 4, 4), (5, 'five', 5, 5)");
    devices.syncAll();
    a.sql(
        "PRAGMA recursive_triggers = " + recursiveTriggers,
        "REPLACE INTO t VALUES (10, 'one', 2, 2)",
        "UPDATE OR REPLACE t SET x = 3, y = 3 WHERE id = 5",
        "REPLACE INTO t VALUES (11, 'qux', 11, 11)");
    bothShow(
        "SELECT * FROM t ORDER BY id",
        "[5, 'five', 3, 3]",
        "[10, 'one', 2, 2]",
        "[11, 'qux', 11, 11]");
    noConflicts();
  }

  @Test
  void anUpdateThatPushesOutTheRowOfItsNewKeyLeavesOne() {
    startWithT("(1, 'a', 'b')", "(2, 'c', 'd')");
    a.sql("UPDATE OR REPLACE t SET id = 2 WHERE id = 1");
    bothHaveT("[2, 'a', 'b']");
    b.sql("UPDATE t SET w = 'edited'");
    bothHaveT("[2, 'a', 'edited']");
    noConflicts();
  }

  @Test
  void aTableMayDeclareTheConflictClause() {
    start(
        "CREATE TABLE t (id TEXT PRIMARY KEY ON CONFLICT REPLACE, u UNIQUE ON CONFLICT IGNORE, v)",
        "t");
    a.sql("INSERT INTO t VALUES ('a', 1, 'x'), ('b', 2, 'y')");
    devices.syncAll();
    a.sql("INSERT INTO t VALUES ('a', 3, 'z')", "INSERT INTO t VALUES ('c', 2, 'ignored')");
    bothShow("SELECT * FROM t ORDER BY id", "['a', 3, 'z']", "['b', 2, 'y']");
  }

  @Test
  void anUpsertThatCountsGivesTheSameSumEverywhere() {
    start("CREATE TABLE t (id TEXT PRIMARY KEY, n)", "t");
    a.sql("INSERT INTO t VALUES ('k', 5)");
    devices.syncAll();
    for (int i = 0; i < 2; i++) {
      a.sql("INSERT INTO t VALUES ('k', 1) ON CONFLICT(id) DO UPDATE SET n = n + 1");
    }
    bothShow("SELECT * FROM t", "['k', 7]");
    noConflicts();
  }

  @Test
  void aRowThatIsInsertedAfterOneThatWasPassedOverIsToldOfOnce() {
    start("CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL, v CHECK (v > 0))", "t");
    a.sql(
        "BEGIN",
        "INSERT OR IGNORE INTO t VALUES ('a', -1)",
        "INSERT OR IGNORE INTO t VALUES ('a', 1)",
        "COMMIT");
    assertEquals(1, a.lastChanges().size());
    bothShow("SELECT * FROM t", "['a', 1]");
  }

  @Test
  void aRowThatIsDeletedAfterADeleteThatWasPassedOverIsToldOfOnce() {
    start(
        "CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL, v);"
            + "CREATE TABLE held (k);"
            + "CREATE TRIGGER hold BEFORE DELETE ON t WHEN OLD.k IN (SELECT k FROM held)"
            + " BEGIN DELETE FROM held; SELECT RAISE(IGNORE); END",
        "t");
    a.sql("INSERT INTO t VALUES ('a', 1)", "INSERT INTO held VALUES ('a')");
    devices.syncAll();
    a.sql("BEGIN", "DELETE FROM t", "DELETE FROM t", "COMMIT");
    assertEquals(1, a.lastChanges().size());
    bothShow("SELECT * FROM t");
  }

  @Test
  void whatUpdateOrIgnorePassedOverIsNotChanged() {
    start("CREATE TABLE t (id INTEGER PRIMARY KEY, u UNIQUE, v)", "t");
    a.sql("INSERT INTO t VALUES (1, 1, 'a'), (2, 2, 'b'), (3, 4, 'c')");
    devices.syncAll();
    a.sql("UPDATE OR IGNORE t SET u = u + 1, v = 'x'");
    List<String> after = a.rows("SELECT * FROM t ORDER BY id");
    bothShow("SELECT * FROM t ORDER BY id", after.toArray(new String[0]));
    assertEquals("[1, 1, 'a']", after.get(0), "the row in the way was passed over");
    noConflicts();
  }

  @Test
  void aMoveThatWasPassedOverLeavesBothRowsWhereTheyStand() {
    start(T + "; CREATE TABLE n (k TEXT PRIMARY KEY, v)", "t", "n");
    a.sql(
        "INSERT INTO t VALUES (1, 'a', 'a'), (2, 'b', 'b')",
        "INSERT INTO n VALUES ('x', 1), ('y', 2)");
    devices.syncAll();
    a.sql(
        "UPDATE OR IGNORE t SET id = 2 WHERE id = 1",
        "UPDATE OR IGNORE n SET k = 'y' WHERE k = 'x'");
    assertEquals(
        List.of(),
        a.lastChanges().stream().filter(change -> !change.kind().name().equals("INSERT")).toList());
    a.sql(
        "BEGIN",
        "UPDATE OR IGNORE t SET id = 2 WHERE id = 1",
        "UPDATE t SET id = 3 WHERE id = 2",
        "UPDATE t SET v = 'moved' WHERE id = 3",
        "COMMIT");
    b.sql("UPDATE t SET w = 'edited'");
    bothHaveT("[1, 'a', 'edited']", "[3, 'moved', 'edited']");
    bothShow("SELECT * FROM n ORDER BY k", "['x', 1]", "['y', 2]");
    noConflicts();
  }

  @Test
  void conflictClausesNeverReachTheNotes() throws SQLException {
    startWithT("(1, 'a', 'b')");
    try (Connection connection = Sqlite.connect(a.path());
        Statement statement = connection.createStatement()) {
      for (String clause : List.of("ABORT", "FAIL", "IGNORE", "REPLACE", "ROLLBACK")) {
        statement.executeUpdate(
            "INSERT OR " + clause + " INTO t (v, w) VALUES ('" + clause + "', 1)");
        statement.executeUpdate(
            "UPDATE OR " + clause + " t SET w = w || '!' WHERE v = '" + clause + "'");
      }
    }
    devices.syncAll();
    assertEquals("6", b.value("SELECT count(*) FROM t"));
    assertEquals("5", b.value("SELECT count(*) FROM t WHERE w = '1!'"));
  }
}
