package dev.godwit.tests.scenario;

import org.junit.jupiter.api.Test;

/** A row takes the key of one that goes, in one transaction: what refers to the key. */
class TakenKeyTest extends TwoDevices {
  private static final String EVENTS = "SELECT id, cal FROM event ORDER BY id";

  private void startWithEvents() {
    start(
        "CREATE TABLE cal (id INTEGER PRIMARY KEY, name);"
            + "CREATE TABLE event (id TEXT PRIMARY KEY NOT NULL, cal INTEGER REFERENCES cal, title);",
        "cal",
        "event");
    a.sql(
        "INSERT INTO cal VALUES (1, 'work'), (2, 'home')",
        "INSERT INTO event VALUES ('e', 1, 'x'), ('f', 2, 'y')");
    devices.syncAll();
  }

  @Test
  void whatReferredToARowRenamedElsewhereRefersToTheOneThatTakesItsName() {
    start(
        "CREATE TABLE room (house INTEGER NOT NULL, no TEXT NOT NULL, name, PRIMARY KEY (house, no));"
            + "CREATE TABLE lamp (id TEXT PRIMARY KEY NOT NULL, house, room, FOREIGN KEY (house, room)"
            + " REFERENCES room ON UPDATE CASCADE);",
        "room",
        "lamp");
    write(a, 0, "INSERT INTO room VALUES (1, 'b', 'Hall'), (2, 'a', 'Bath')");
    devices.syncAll();
    write(b, 1, "UPDATE room SET no = 'b' WHERE house = 2");
    write(a, 2, "INSERT INTO lamp VALUES ('l', 2, 'a')");
    devices.syncAll();
    write(a, 3, "UPDATE OR REPLACE room SET house = 2 WHERE house = 1");
    bothAgreeWithoutDangling("SELECT * FROM room", "[2, 'b', 'Hall']");
    bothAgreeWithoutDangling("SELECT * FROM lamp", "['l', 2, 'b']");
    write(b, 4, "UPDATE room SET no = 'c'");
    bothAgreeWithoutDangling("SELECT * FROM lamp", "['l', 2, 'c']");
    noConflicts();
  }

  @Test
  void whatReferredToANumberThatIsGivenOutAnewRefersToTheNewRow() {
    startWithEvents();
    a.sql(
        "BEGIN",
        "DELETE FROM cal WHERE id = 1",
        "INSERT INTO cal VALUES (1, 'new')",
        "UPDATE event SET title = 'edited' WHERE id = 'e'",
        "COMMIT");
    devices.syncAll();
    b.sql("UPDATE cal SET id = 9 WHERE name = 'new'");
    bothAgreeWithoutDangling(EVENTS, "['e', 9]", "['f', 2]");
    noConflicts();
  }

  @Test
  void aLaterTransactionThatWaitsTooChangesNothingOfThat() {
    startWithEvents();
    a.sql(
        "BEGIN",
        "DELETE FROM cal WHERE id = 1",
        "INSERT INTO cal VALUES (1, 'new')",
        "COMMIT",
        "INSERT INTO event VALUES ('g', 1, 'z')",
        "UPDATE event SET cal = 2 WHERE id = 'e'",
        "UPDATE event SET cal = 1 WHERE id = 'f'");
    devices.syncAll();
    b.sql("UPDATE cal SET id = 9 WHERE name = 'new'");
    bothAgreeWithoutDangling(EVENTS, "['e', 2]", "['f', 9]", "['g', 9]");
    noConflicts();
  }

  @Test
  void soItIsWithAReferenceThatIsAKey() {
    start(
        "CREATE TABLE person (id INTEGER PRIMARY KEY, name);"
            + "CREATE TABLE employee (person INTEGER PRIMARY KEY REFERENCES person, room);",
        "person",
        "employee");
    a.sql(
        "INSERT INTO person VALUES (1, 'one'), (2, 'two')", "INSERT INTO employee VALUES (1, 'x')");
    devices.syncAll();
    a.sql("BEGIN", "DELETE FROM person WHERE id = 1", "UPDATE person SET id = 1", "COMMIT");
    devices.syncAll();
    b.sql("UPDATE person SET id = 9");
    bothAgreeWithoutDangling("SELECT * FROM employee", "[9, 'x']");
    noConflicts();
  }

  @Test
  void soItIsWithRowsOfOneTableThatHangOnEachOther() {
    start("CREATE TABLE item (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES item, v);", "item");
    a.sql("INSERT INTO item VALUES (1, NULL, 'old'), (2, 1, 'x'), (3, 2, 'y')");
    devices.syncAll();
    a.sql(
        "BEGIN",
        "DELETE FROM item WHERE id = 1",
        "INSERT INTO item VALUES (1, 3, 'new')",
        "UPDATE item SET parent = 1 WHERE id = 3",
        "COMMIT");
    devices.syncAll();
    b.sql("UPDATE item SET id = 9 WHERE v = 'new'");
    bothAgreeWithoutDangling(
        "SELECT * FROM item ORDER BY id", "[2, 9, 'x']", "[3, 9, 'y']", "[9, 3, 'new']");
    noConflicts();
  }
}
