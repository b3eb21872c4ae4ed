package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.policy.Settlement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Foreign keys of several columns, and those to a key that is a reference itself. */
class CompositeReferenceTest extends TwoDevices {
  private static final String ROOMS =
      "CREATE TABLE room (house TEXT NOT NULL, no INTEGER NOT NULL, name, PRIMARY KEY (house, no));";
  private static final String LAMPS = "SELECT id, house, room, watts FROM lamp ORDER BY id";

  private static String lamps(String clause) {
    return "CREATE TABLE lamp (id TEXT PRIMARY KEY NOT NULL, house TEXT, room INTEGER, watts,"
        + " FOREIGN KEY (house, room) REFERENCES room "
        + clause
        + ");";
  }

  private void startWith(String clause) {
    start(ROOMS + lamps(clause), "room", "lamp");
    a.sql("INSERT INTO room VALUES ('red', 1, 'Hall'), ('red', 2, 'Bath'), ('blue', 1, 'Attic')");
    devices.syncAll();
  }

  @Test
  void aLampAddedToADeletedRoomIsHiddenUntilTheRoomIsBack() {
    startWith("ON DELETE CASCADE");
    a.sql("DELETE FROM room WHERE house = 'red' AND no = 1");
    b.sql("INSERT INTO lamp VALUES ('l', 'red', 1, 60), ('m', 'blue', 1, 40)");
    bothAgreeWithoutDangling(LAMPS, "['m', 'blue', 1, 40]");
    assertEquals("[hidden|room]", held(a));
    b.sql("INSERT INTO room VALUES ('red', 1, 'Hall again')");
    bothAgreeWithoutDangling(LAMPS, "['l', 'red', 1, 60]", "['m', 'blue', 1, 40]");
    assertEquals("[]", held(a));
  }

  @Test
  void aDeletedRoomStaysWhileALampRefersToIt() {
    startWith("");
    a.sql("DELETE FROM room WHERE house = 'red' AND no = 1");
    b.sql("INSERT INTO lamp VALUES ('l', 'red', 1, 60)");
    bothAgreeWithoutDangling(
        "SELECT name FROM room ORDER BY house, no", "['Attic']", "['Hall']", "['Bath']");
    assertEquals("[pinned|]", held(b));
    b.sql("UPDATE lamp SET room = 2");
    bothAgreeWithoutDangling("SELECT name FROM room ORDER BY house, no", "['Attic']", "['Bath']");
    bothAgreeWithoutDangling(LAMPS, "['l', 'red', 2, 60]");
    assertEquals("[]", held(a));
  }

  @Test
  void whereTheRoomIsAwayAllColumnsShowNull() {
    startWith("ON DELETE SET NULL");
    a.sql("DELETE FROM room WHERE house = 'red' AND no = 1");
    b.sql("INSERT INTO lamp VALUES ('l', 'red', 1, 60)");
    bothAgreeWithoutDangling(LAMPS, "['l', NULL, NULL, 60]");
    assertEquals("[substituted|room]", held(a));
    a.sql("UPDATE lamp SET watts = 40");
    bothAgreeWithoutDangling(LAMPS, "['l', NULL, NULL, 40]");
    a.sql("INSERT INTO room VALUES ('red', 1, 'Hall again')");
    bothAgreeWithoutDangling(LAMPS, "['l', 'red', 1, 40]");
    assertEquals("[]", held(b));
  }

  @Test
  void aLampIsHiddenWhereAColumnMayNotBeNull() {
    start(
        ROOMS
            + "CREATE TABLE lamp (id TEXT PRIMARY KEY NOT NULL, house TEXT NOT NULL, room INTEGER, watts,"
            + " FOREIGN KEY (house, room) REFERENCES room ON DELETE SET NULL);",
        "room",
        "lamp");
    a.sql("INSERT INTO room VALUES ('red', 1, 'Hall')");
    devices.syncAll();
    a.sql("DELETE FROM room");
    b.sql("INSERT INTO lamp VALUES ('l', 'red', 1, 60)");
    bothAgreeWithoutDangling(LAMPS);
    assertEquals("[hidden|room]", held(b));
  }

  @Test
  void lampsFollowARoomThatIsRenamedWhileTheyAreMade() {
    startWith("ON UPDATE CASCADE ON DELETE CASCADE");
    b.sql("INSERT INTO lamp VALUES ('k', 'red', 1, 25)");
    devices.syncAll();
    a.sql("UPDATE room SET house = 'green', no = 7 WHERE name = 'Hall'");
    b.sql("INSERT INTO lamp VALUES ('l', 'red', 1, 60), ('m', 'red', 2, 40)");
    bothAgreeWithoutDangling(
        LAMPS, "['k', 'green', 7, 25]", "['l', 'green', 7, 60]", "['m', 'red', 2, 40]");
    b.sql("UPDATE room SET no = 8 WHERE house = 'green'");
    bothAgreeWithoutDangling(
        LAMPS, "['k', 'green', 8, 25]", "['l', 'green', 8, 60]", "['m', 'red', 2, 40]");
  }

  @Test
  void oneDeviceWinsBothColumns() {
    startWith("");
    a.sql(
        "INSERT INTO room VALUES ('blue', 2, 'Loft')",
        "INSERT INTO lamp VALUES ('l', 'red', 1, 60)");
    devices.syncAll();
    a.clock().at(10_000);
    a.sql("UPDATE lamp SET house = 'blue'");
    b.clock().at(20_000);
    b.sql("UPDATE lamp SET room = 2");
    bothAgreeWithoutDangling(LAMPS, "['l', 'red', 2, 60]");
  }

  @Test
  void withANullAmongTheColumnsALampRefersToNothing() {
    startWith("ON DELETE CASCADE");
    a.sql("DELETE FROM room WHERE house = 'red'");
    b.sql("INSERT INTO lamp VALUES ('l', 'red', NULL, 60), ('m', NULL, 2, 40)");
    bothAgreeWithoutDangling(LAMPS, "['l', 'red', NULL, 60]", "['m', NULL, 2, 40]");
    assertEquals("[]", held(a));
  }

  @Test
  void rowsThatAreThereWhenTrackingBeginsRefer() {
    String rows =
        "INSERT INTO room VALUES ('red', 1, 'Hall'); INSERT INTO lamp VALUES ('l', 'red', 1, 60);";
    a = devices.device("a", lamps("ON DELETE CASCADE") + ROOMS + rows, "lamp", "room");
    b = devices.device("b", lamps("ON DELETE CASCADE") + ROOMS, "lamp", "room");
    devices.syncAll();
    b.sql("PRAGMA foreign_keys = OFF", "UPDATE room SET no = 5");
    bothAgreeWithoutDangling(LAMPS, "['l', 'red', 5, 60]");
  }

  @Test
  void aDeviceThatJoinsKnowsTheReferences() {
    startWith("ON UPDATE CASCADE");
    a.sql("INSERT INTO lamp VALUES ('l', 'red', 1, 60)");
    Sqlite.run(folder.resolve("c.db"), "CREATE TABLE own (x)");
    Device c = devices.open("c", folder.resolve("c.db"));
    devices.exchangeAll();
    c.replica().accept(c.replica().schemaProposal());
    c.sql("UPDATE room SET no = 5 WHERE name = 'Hall'");
    bothAgreeWithoutDangling(LAMPS, "['l', 'red', 5, 60]");
    assertEquals(List.of("['l', 'red', 5, 60]"), c.rows(LAMPS));
  }

  private static final String[] REBUILT = {
    "CREATE TABLE rebuilt (id TEXT PRIMARY KEY NOT NULL, house TEXT, room INTEGER, watts,"
        + " FOREIGN KEY (house, room) REFERENCES room ON DELETE CASCADE)",
    "INSERT INTO rebuilt SELECT * FROM lamp",
    "DROP TABLE lamp",
    "ALTER TABLE rebuilt RENAME TO lamp"
  };

  private static final String PLAIN_LAMPS =
      "CREATE TABLE lamp (id TEXT PRIMARY KEY NOT NULL, house TEXT, room INTEGER, watts);";

  @Test
  void valuesFromBeforeTheForeignKeyReferToNothingUntilTheyAreWrittenAgain() {
    start(ROOMS + PLAIN_LAMPS, "room", "lamp");
    a.sql("INSERT INTO room VALUES ('red', 1, 'Hall'), ('red', 2, 'Bath')");
    a.sql("INSERT INTO lamp VALUES ('l', 'red', 1, 60), ('m', 'red', 2, 40)");
    devices.syncAll();
    a = devices.reopen(a, REBUILT);
    b = devices.reopen(b, REBUILT);
    devices.syncAll();
    a.sql("UPDATE lamp SET watts = 41 WHERE id = 'm'");
    b.sql("UPDATE lamp SET house = 'red', room = 1 WHERE id = 'm'");
    devices.syncAll();
    b.sql("INSERT INTO room VALUES ('blue', 2, 'Loft')", "UPDATE lamp SET room = 2 WHERE id = 'm'");
    b.sql("UPDATE lamp SET house = 'blue' WHERE id = 'm'");
    devices.syncAll();
    a.write("DELETE FROM room WHERE no = 2");
    b.sql("UPDATE lamp SET watts = 42");
    bothShow(LAMPS, "['l', 'red', 1, 42]");
    assertEquals("[hidden|room]", held(a));
    a.sql("UPDATE room SET no = 5 WHERE name = 'Hall'");
    devices.exchangeAll();
    assertEquals(List.of("['l', 'red', 1, 42]"), b.rows(LAMPS));
    for (Device device : List.of(a, b)) {
      isNotDamaged(device);
    }
  }

  @Test
  void whatIsReferredToIsKeptWhereTheForeignKeyGoes() {
    startWith("ON UPDATE CASCADE ON DELETE CASCADE");
    a.sql("INSERT INTO lamp VALUES ('l', 'red', 1, 60)");
    devices.syncAll();
    b =
        devices.reopen(
            b,
            "CREATE TABLE rebuilt (id TEXT PRIMARY KEY NOT NULL, house TEXT, room INTEGER, watts)",
            "INSERT INTO rebuilt SELECT * FROM lamp",
            "DROP TABLE lamp",
            "ALTER TABLE rebuilt RENAME TO lamp");
    a.sql("UPDATE room SET no = 5 WHERE name = 'Hall'");
    devices.exchangeAll();
    assertEquals(List.of("['l', 'red', 5, 60]"), a.rows(LAMPS));
    b = devices.reopen(b, REBUILT);
    bothAgreeWithoutDangling(LAMPS, "['l', 'red', 5, 60]");
  }

  @Test
  void whatADeviceWithoutTheForeignKeyWritesIsPlainEverywhere() {
    a = devices.device("a", ROOMS + lamps("ON DELETE CASCADE"), "room", "lamp");
    b = devices.device("b", ROOMS + PLAIN_LAMPS, "room", "lamp");
    a.sql("INSERT INTO room VALUES ('red', 1, 'Hall'), ('red', 2, 'Bath')");
    a.sql("INSERT INTO lamp VALUES ('l', 'red', 1, 60), ('m', 'red', 1, 60), ('n', 'red', 1, 60)");
    devices.exchangeAll();
    b.sql("INSERT INTO lamp VALUES ('o', 'red', 1, 40)", "UPDATE lamp SET room = 2 WHERE id = 'm'");
    b.sql("UPDATE lamp SET house = 'blue' WHERE id = 'n'");
    devices.exchangeAll();
    a.sql("PRAGMA foreign_keys = OFF");
    String[] shown = {
      "['l', 'red', 1, 60]", "['m', 'red', 2, 60]", "['n', 'blue', 1, 60]", "['o', 'red', 1, 40]"
    };
    assertEquals(List.of(shown), a.rows(LAMPS));
    assertEquals(List.of(shown), b.rows(LAMPS));
    b.sql("DELETE FROM room WHERE no = 1");
    a.sql("UPDATE lamp SET room = 2 WHERE id = 'o'");
    devices.exchangeAll();
    assertEquals(4, a.rows(LAMPS).size());
    assertEquals("['o', 'red', 2, 40]", a.rows(LAMPS).get(3));
  }

  @Test
  void aColumnOfTwoForeignKeysFollowsBoth() {
    start(
        "CREATE TABLE house (id TEXT PRIMARY KEY NOT NULL, street);"
            + "CREATE TABLE room (house TEXT NOT NULL REFERENCES house ON UPDATE CASCADE ON DELETE CASCADE,"
            + " no INTEGER NOT NULL, PRIMARY KEY (house, no));"
            + "CREATE TABLE tenant (house TEXT NOT NULL REFERENCES house ON UPDATE CASCADE ON DELETE CASCADE,"
            + " name TEXT NOT NULL, PRIMARY KEY (house, name));"
            + "CREATE TABLE lease (id TEXT PRIMARY KEY NOT NULL, house TEXT, no INTEGER, name TEXT,"
            + " FOREIGN KEY (house, no) REFERENCES room ON UPDATE CASCADE ON DELETE CASCADE,"
            + " FOREIGN KEY (house, name) REFERENCES tenant ON UPDATE CASCADE ON DELETE SET NULL);",
        "house",
        "room",
        "tenant",
        "lease");
    String leases = "SELECT * FROM lease ORDER BY id";
    a.sql("INSERT INTO house VALUES ('red', 'Main'), ('blue', 'Side')");
    a.sql(
        "INSERT INTO room VALUES ('red', 1), ('red', 2)",
        "INSERT INTO tenant VALUES ('red', 'Ann')");
    devices.syncAll();
    a.sql("UPDATE house SET id = 'green' WHERE id = 'red'");
    b.sql("INSERT INTO lease VALUES ('x', 'red', 1, 'Ann')");
    bothAgreeWithoutDangling(leases, "['x', 'green', 1, 'Ann']");
    a.sql("DELETE FROM tenant");
    b.sql("UPDATE lease SET no = 2");
    bothAgreeWithoutDangling(leases, "['x', 'green', 2, NULL]");
    assertEquals("[substituted|name]", held(a));
    b.sql("INSERT INTO tenant VALUES ('green', 'Ann')");
    bothAgreeWithoutDangling(leases, "['x', 'green', 2, 'Ann']");
    b.sql("UPDATE room SET house = 'blue' WHERE no = 1");
    a.sql("INSERT INTO lease VALUES ('y', 'green', 1, 'Ann')");
    bothAgreeWithoutDangling(leases, "['x', 'green', 2, 'Ann']");
    assertEquals("[below|no]", held(b));
    a.sql("UPDATE room SET house = 'green' WHERE no = 1");
    bothAgreeWithoutDangling(leases, "['x', 'green', 2, 'Ann']", "['y', 'green', 1, 'Ann']");
    assertEquals("[]", held(b));
  }

  @Test
  void whatRefersToALineFollowsItsOrder() {
    start(
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer);"
            + "CREATE TABLE line (ordered INTEGER NOT NULL REFERENCES orders ON DELETE CASCADE,"
            + " no INTEGER NOT NULL, PRIMARY KEY (ordered, no));"
            + "CREATE TABLE shipment (id TEXT PRIMARY KEY NOT NULL, ordered INTEGER, no INTEGER,"
            + " FOREIGN KEY (ordered, no) REFERENCES line ON DELETE SET NULL);",
        "orders",
        "line",
        "shipment");
    String made = "INSERT INTO orders VALUES (1, '%1$s')";
    for (Device device : List.of(a, b)) {
      device.write(
          String.format(made, device.name()),
          "INSERT INTO line VALUES (1, 1)",
          "INSERT INTO shipment VALUES ('" + device.name() + "', 1, 1)");
    }
    bothAgreeWithoutDangling(
        "SELECT s.id, customer FROM shipment s JOIN line USING (ordered, no)"
            + " JOIN orders o ON o.id = ordered ORDER BY s.id",
        "['a', 'a']",
        "['b', 'b']");
    a.write("DELETE FROM orders WHERE customer = 'a'");
    b.sql("INSERT INTO shipment SELECT 'c', ordered, no FROM shipment WHERE id = 'a'");
    bothAgreeWithoutDangling(
        "SELECT id, no FROM shipment ORDER BY id", "['a', NULL]", "['b', 1]", "['c', NULL]");
  }

  @Test
  void whatRefersToAOneToOneRowFollowsThePerson() {
    start(
        "CREATE TABLE person (name TEXT PRIMARY KEY NOT NULL);"
            + "CREATE TABLE profile (person TEXT PRIMARY KEY NOT NULL"
            + " REFERENCES person ON UPDATE CASCADE ON DELETE CASCADE, text);"
            + "CREATE TABLE badge (id TEXT PRIMARY KEY NOT NULL,"
            + " profile TEXT REFERENCES profile ON UPDATE CASCADE ON DELETE CASCADE);",
        "person",
        "profile",
        "badge");
    a.sql("INSERT INTO person VALUES ('ann')", "INSERT INTO profile VALUES ('ann', '')");
    devices.syncAll();
    a.sql("UPDATE person SET name = 'anna'");
    b.sql("INSERT INTO badge VALUES ('x', 'ann')");
    bothAgreeWithoutDangling("SELECT * FROM badge", "['x', 'anna']");
    a.write("DELETE FROM profile");
    b.sql("INSERT INTO badge VALUES ('y', 'anna')");
    bothAgreeWithoutDangling("SELECT * FROM badge");
    assertEquals("[hidden|profile]", held(a));
    b.sql("INSERT INTO profile VALUES ('anna', 'again')");
    bothAgreeWithoutDangling("SELECT * FROM badge", "['y', 'anna']");
  }

  @Test
  void whatIsHeldBackIsListedAndSettled() {
    startWith("ON DELETE SET NULL");
    a.sql("DELETE FROM room WHERE house = 'red' AND no = 1");
    b.sql("INSERT INTO lamp VALUES ('l', 'red', 1, 60)");
    devices.syncAll();
    String listed =
        "SELECT kind, unit, how, side_table, side_key, action, value FROM godwit_conflict"
            + " ORDER BY sibling";
    bothShow(
        listed,
        "['foreign key', 'room', 'substituted', 'room', '''red'', 1', 'delete', NULL]",
        "['foreign key', 'room', 'substituted', 'lamp', '''l''', 'row', 1]");
    a.replica().settle(conflict(a, "'l'"), new Settlement.Write(Value.of(2L)));
    bothAgreeWithoutDangling(LAMPS, "['l', 'red', 2, 60]");
    assertEquals("[]", held(b));
    b.sql("DELETE FROM room WHERE house = 'blue'");
    a.sql("UPDATE lamp SET house = 'blue', room = 1");
    devices.syncAll();
    b.replica().settle(conflict(b, "'l'"), new Settlement.Restore());
    bothAgreeWithoutDangling(LAMPS, "['l', 'blue', 1, 60]");
    assertEquals("[]", held(b));
  }
}
