package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Two devices take the same unique value: one row has it, the other waits for it, everywhere. */
class UniqueTest extends TwoDevices {
  private static final String LISTS =
      "CREATE TABLE list (id INTEGER PRIMARY KEY, name TEXT UNIQUE COLLATE NOCASE, color);";
  private static final String PEOPLE =
      "CREATE TABLE person (name TEXT PRIMARY KEY NOT NULL, mail TEXT UNIQUE);";
  private static final String EVERYBODY = "SELECT * FROM person ORDER BY name";
  private static final String ALL = "SELECT * FROM list ORDER BY id";

  /**
   * What the second device writes, it writes a second later: written through the library, by whose
   * clock it is.
   */
  private void startInTime(String schema, String... tables) {
    start(schema, tables);
    a.clock().at(4_000_000_000_000L);
    b.clock().at(4_000_000_001_000L);
  }

  @Test
  void theFirstToTakeANameHasItAndTheOtherIsListed() {
    startInTime(LISTS, "list");
    a.write("INSERT INTO list VALUES (1, 'Work', 'red')");
    b.write("INSERT INTO list VALUES (2, 'WORK', 'blue')");
    bothShow(ALL, "[1, 'Work', 'red']");
    assertEquals("[parked|unique (\"name\" NOCASE)]", held(a));
    assertEquals(held(a), held(b));
  }

  @Test
  void aParkedRowComesBackWhenTheNameIsFree() {
    startInTime(LISTS, "list");
    a.write("INSERT INTO list VALUES (1, 'Work', 'red')");
    b.write("INSERT INTO list VALUES (2, 'Work', 'blue')");
    bothShow(ALL, "[1, 'Work', 'red']");
    b.write("UPDATE list SET name = 'Office' WHERE id = 1");
    bothShow(ALL, "[1, 'Office', 'red']", "[2, 'Work', 'blue']");
    assertEquals("[]", held(a));
    assertEquals("[]", held(b));
  }

  @Test
  void aParkedRowIsNotLostWhenWhatItRefersToGetsAnotherKeyElsewhere() {
    startInTime(
        "CREATE TABLE p (id INTEGER PRIMARY KEY, v);"
            + "CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL, a INTEGER REFERENCES p, b, UNIQUE (b, a))",
        "p",
        "t");
    a.sql("INSERT INTO p VALUES (2, 0)", "INSERT INTO t VALUES ('x', 2, 'n'), ('y', NULL, 'm')");
    devices.syncAll();
    a.sql("UPDATE t SET a = 2 WHERE k = 'y'");
    b.sql("UPDATE t SET b = 'n' WHERE k = 'y'");
    bothShow("SELECT count(*) FROM t", "[1]");
    a.sql("UPDATE p SET id = 1");
    bothShow("SELECT a, b FROM t", "[1, 'n']");
    bothShow("SELECT count(*) FROM godwit_held WHERE kind = 'parked'", "[1]");
    b.sql("UPDATE t SET b = 'other'");
    bothShow("SELECT count(*), min(a), max(a) FROM t", "[2, 1, 1]");
  }

  @Test
  void whatAnAppWritesOntoANameThatOnlyAParkedRowWantsStays() {
    startInTime(LISTS, "list");
    a.write("INSERT INTO list VALUES (1, 'Work', 'red')");
    b.write("INSERT INTO list VALUES (2, 'Work', 'blue')");
    bothShow(ALL, "[1, 'Work', 'red']");
    a.write(
        "UPDATE list SET name = 'Office' WHERE id = 1", "INSERT INTO list VALUES (3, 'work', 'x')");
    bothShow(ALL, "[1, 'Office', 'red']", "[3, 'work', 'x']");
    a.write("DELETE FROM list WHERE id = 3");
    bothShow(ALL, "[1, 'Office', 'red']", "[2, 'Work', 'blue']");
  }

  @Test
  void aRowThatLosesItsKeyAndItsNameComesBackToBoth() {
    startInTime(LISTS, "list");
    a.write("INSERT INTO list VALUES (1, 'Work', 'red')");
    b.write("INSERT INTO list VALUES (1, 'Work', 'blue')");
    bothShow(ALL, "[1, 'Work', 'red']");
    a.write("DELETE FROM list");
    bothShow(ALL, "[1, 'Work', 'blue']");
  }

  @Test
  void aRowThatLosesItsKeyAndItsNameForAMomentComesBackToBoth() {
    startInTime(LISTS, "list");
    a.write("INSERT INTO list VALUES (1, 'Work', 'red')");
    a.replica().seal();
    a.write("DELETE FROM list");
    b.write("INSERT INTO list VALUES (1, 'Work', 'blue')");
    bothShow(ALL, "[1, 'Work', 'blue']");
  }

  @Test
  void namesThatTwoRowsTradeAreNoConflict() {
    startInTime(LISTS, "list");
    a.write("INSERT INTO list VALUES (1, 'Work', 'red'), (2, 'Home', 'blue')");
    devices.syncAll();
    a.write(
        "UPDATE list SET name = NULL WHERE id = 1",
        "UPDATE list SET name = 'Work' WHERE id = 2",
        "UPDATE list SET name = 'Home' WHERE id = 1");
    bothShow(ALL, "[1, 'Home', 'red']", "[2, 'Work', 'blue']");
    assertEquals("[]", held(b));
  }

  @Test
  void whatRefersToAParkedRowIsHiddenUntilItReturns() {
    startInTime(
        LISTS + "CREATE TABLE item (id INTEGER PRIMARY KEY, list INTEGER REFERENCES list, title);",
        "list",
        "item");
    a.write("INSERT INTO list VALUES (1, 'Work', 'red')");
    b.write(
        "INSERT INTO list VALUES (2, 'Work', 'blue')",
        "INSERT INTO item VALUES (1, 2, 'call'), (2, NULL, 'free')");
    bothShow(ALL, "[1, 'Work', 'red']");
    bothShow("SELECT * FROM item ORDER BY id", "[2, NULL, 'free']");
    a.write("UPDATE list SET name = 'Office'");
    bothShow(ALL, "[1, 'Office', 'red']", "[2, 'Work', 'blue']");
    bothShow("SELECT * FROM item ORDER BY id", "[1, 2, 'call']", "[2, NULL, 'free']");
    assertEquals("[]", held(a));
    assertEquals("[]", held(b));
  }

  @Test
  void aRowThatIsParkedWhenItMovesTakesAlongWhatRefersToIt() {
    startInTime(
        LISTS + "CREATE TABLE item (id INTEGER PRIMARY KEY, list INTEGER REFERENCES list, title);",
        "list",
        "item");
    a.write("INSERT INTO list VALUES (1, 'Work', 'red')", "INSERT INTO item VALUES (1, 1, 'call')");
    devices.syncAll();
    a.write("INSERT INTO list VALUES (2, 'Office', 'blue')");
    b.write("UPDATE list SET color = 'green'");
    b.sql("UPDATE list SET name = 'Office', id = 99");
    bothShow(ALL, "[2, 'Office', 'blue']");
    bothShow("SELECT * FROM item");
    a.write("DELETE FROM list");
    bothShow(ALL, "[99, 'Office', 'green']");
    bothShow("SELECT * FROM item", "[1, 99, 'call']");
  }

  @Test
  void aParkedRowThatLosesItsKeyTooWaitsForThatAlone() {
    startInTime(PEOPLE, "person");
    a.write("INSERT INTO person VALUES ('bob', 'b@x'), ('ann', 'a@x')");
    devices.syncAll();
    b.write("DELETE FROM person WHERE name = 'bob'");
    a.write("UPDATE person SET name = 'cleo', mail = 'c@x' WHERE name = 'bob'");
    b.write("INSERT INTO person VALUES ('cleo', 'c@x')");
    bothShow(EVERYBODY, "['ann', 'a@x']", "['cleo', 'c@x']");
    assertEquals("[parked|unique (\"mail\" BINARY)]", held(a));
    a.write("INSERT INTO person VALUES ('bob', 'd@x')");
    bothShow(EVERYBODY, "['ann', 'a@x']", "['bob', 'd@x']", "['cleo', 'c@x']");
    assertEquals("[]", held(a));
    assertEquals("[]", held(b));
    b.write(
        "DELETE FROM person WHERE name = 'bob'",
        "UPDATE person SET mail = 'e@x'  WHERE name = 'cleo'");
    bothShow(EVERYBODY, "['ann', 'a@x']", "['bob', 'c@x']", "['cleo', 'e@x']");
  }

  @Test
  void whatAnAppRenamesOntoTheKeyOfAParkedRowStays() {
    startInTime(PEOPLE, "person");
    a.write("INSERT INTO person VALUES ('ann', 'a@x')");
    b.write("INSERT INTO person VALUES ('bob', 'a@x')");
    bothShow(EVERYBODY, "['ann', 'a@x']");
    a.write("UPDATE person SET name = 'bob' WHERE name = 'ann'");
    bothShow(EVERYBODY, "['bob', 'a@x']");
    a.write("UPDATE person SET name = 'cleo', mail = 'c@x' WHERE name = 'bob'");
    bothShow(EVERYBODY, "['bob', 'a@x']", "['cleo', 'c@x']");
  }

  @Test
  void aRenameByWhoNeverKnewOfAParkedRowLeavesItItsKey() {
    startInTime(PEOPLE, "person");
    Device c = devices.device("c", PEOPLE, "person");
    a.write("INSERT INTO person VALUES ('dora', 'd@x')");
    devices.syncAll();
    a.write("INSERT INTO person VALUES ('ann', 'a@x')");
    b.write("INSERT INTO person VALUES ('bob', 'a@x')");
    c.clock().at(4_000_000_002_000L);
    c.write("UPDATE person SET name = 'bob' WHERE name = 'dora'");
    Devices.meet(a, b);
    bothShow(EVERYBODY, "['ann', 'a@x']", "['dora', 'd@x']");
    a.write("DELETE FROM person WHERE name = 'ann'");
    bothShow(EVERYBODY, "['bob', 'a@x']", "['dora', 'd@x']");
  }

  @Test
  void rowsThatTradeKeysAreNotHeldUpByOneThatIsRefused() {
    String schema =
        "CREATE TABLE p (k TEXT PRIMARY KEY NOT NULL, rank UNIQUE);"
            + "CREATE TABLE t (id INTEGER PRIMARY KEY, v, w)";
    startInTime(schema, "p", "t");
    Device c = devices.device("c", schema, "p", "t");
    a.write(
        "INSERT INTO p VALUES ('a', 1), ('c', 2)",
        "INSERT INTO t VALUES (1, 'one', 0), (2, 'two', 0)");
    devices.syncAll();
    a.write("UPDATE p SET rank = 3 WHERE k = 'a'");
    b.write(
        "UPDATE p SET rank = 3 WHERE k = 'c'",
        "UPDATE t SET id = 99 WHERE id = 1",
        "UPDATE t SET id = 1 WHERE id = 2",
        "UPDATE t SET id = 2 WHERE id = 99");
    c.write("UPDATE t SET w = 1 WHERE id = 2");
    Devices.meet(b, c);
    Devices.meet(a, b);
    bothShow("SELECT * FROM t ORDER BY id", "[1, 'two', 1]", "[2, 'one', 0]");
    bothShow("SELECT * FROM p", "['a', 3]");
  }

  @Test
  void aRowThatIsDrivenFromAKeyItDoesNotWantGetsTheOneItWants() {
    startWithT("(1, 'x', 0)", "(2, 'y', 0)");
    a.write("CREATE UNIQUE INDEX beyond ON t (printf('%s', v))");
    b.write("UPDATE t SET id = 3, v = 'y' WHERE id = 1");
    b.write("UPDATE t SET id = 1, v = 'z' WHERE id = 2");
    Devices.meet(a, b);
    assertEquals(List.of(), a.masked());
    bothHaveT("[1, 'z', 0]", "[3, 'y', 0]");
  }

  @Test
  void theKeyOfAParkedRowIsNoAlternateForOneThatHasLostItsKey() {
    start("CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL, name UNIQUE, v)", "t");
    write(a, 1, "INSERT INTO t VALUES ('c', NULL, 'moved')");
    devices.syncAll();
    write(b, 2, "INSERT INTO t VALUES ('a', 'n', 'first')");
    write(a, 3, "UPDATE t SET k = 'a'");
    write(a, 4, "INSERT INTO t VALUES ('c', 'n', 'parked')");
    bothAgreeOn("SELECT k, name, v FROM t", "['a', 'n', 'first']");
    write(b, 5, "UPDATE t SET v = 'touched'");
    bothAgreeOn("SELECT k, name, v FROM t", "['a', 'n', 'touched']");
    write(b, 6, "UPDATE t SET name = 'm'");
    bothAgreeOn(
        "SELECT k, name, v FROM t ORDER BY k", "['a', 'm', 'touched']", "['c', 'n', 'parked']");
  }

  @Test
  void whatRefersToAParkedRowWantsItsKeyAndNotTheOneThatWasWritten() {
    start(
        "CREATE TABLE p (id INTEGER PRIMARY KEY, n UNIQUE);"
            + "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, p INTEGER UNIQUE REFERENCES p, w);",
        "p",
        "t");
    a.sql("INSERT INTO p VALUES (1, 'x'), (2, 'y')", "INSERT INTO t VALUES ('one', 1, NULL)");
    devices.syncAll();
    a.sql(
        "BEGIN", "UPDATE p SET id = 9 WHERE id = 1", "UPDATE p SET id = 1 WHERE id = 2", "COMMIT");
    devices.syncAll();
    b.sql("INSERT INTO t VALUES ('two', 1, NULL)");
    bothAgreeOn("SELECT id, p FROM t ORDER BY id", "['one', 9]", "['two', 1]");
    write(b, 20, "UPDATE p SET n = 'z' WHERE id = 1");
    write(b, 21, "UPDATE t SET w = 'edited' WHERE id = 'one'");
    write(a, 22, "UPDATE p SET n = 'z' WHERE id = 9");
    bothAgreeOn("SELECT id, p FROM t ORDER BY id", "['two', 1]");
    assertEquals("[parked|unique (\"n\" BINARY), below|p]", held(a));
  }

  @Test
  void aRowThatIsBelowAnotherOneWantsAValueThatItGetsMeanwhile() {
    String schema =
        "CREATE TABLE p (id INTEGER PRIMARY KEY, n UNIQUE);"
            + "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, p INTEGER REFERENCES p, u UNIQUE);";
    start(schema, "p", "t");
    Device c = devices.device("c", schema, "p", "t");
    write(a, 1, "INSERT INTO p VALUES (1, 'x'), (2, 'y')");
    write(a, 2, "INSERT INTO t VALUES ('one', 2, NULL)");
    devices.syncAll();
    write(b, 10, "INSERT INTO t VALUES ('two', 1, 'z')");
    write(c, 11, "UPDATE t SET u = 'z' WHERE id = 'one'");
    write(a, 12, "UPDATE p SET n = 'z' WHERE id = 1");
    write(b, 13, "UPDATE p SET n = 'z' WHERE id = 2");
    Devices.meet(a, b);
    assertEquals("[parked|unique (\"n\" BINARY), below|p]", held(a));
    bothAgreeOn("SELECT id, u FROM t ORDER BY id", "['two', 'z']");
    assertEquals("[parked|unique (\"n\" BINARY), below|p, parked|unique (\"u\" BINARY)]", held(a));
  }
}
