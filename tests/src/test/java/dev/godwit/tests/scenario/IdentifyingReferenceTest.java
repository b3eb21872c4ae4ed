package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.godwit.sync.policy.Settlement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Foreign keys of which all columns are in the key of the row that refers. */
class IdentifyingReferenceTest extends TwoDevices {
  private static final String ORDERS =
      "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer);"
          + "CREATE TABLE line (ordered INTEGER NOT NULL REFERENCES orders ON UPDATE CASCADE ON DELETE CASCADE,"
          + " no INTEGER NOT NULL, article, PRIMARY KEY (ordered, no));";
  private static final String PARTS = "SELECT ordered, no, part, name FROM part ORDER BY 1, 2, 3";
  private static final String PLAIN_PARTS =
      "CREATE TABLE part (ordered INTEGER NOT NULL, no INTEGER NOT NULL, part INTEGER NOT NULL, name,"
          + " PRIMARY KEY (ordered, no, part));";
  private static final String[] REBUILT = {
    "CREATE TABLE rebuilt (ordered INTEGER NOT NULL, no INTEGER NOT NULL, part INTEGER NOT NULL, name,"
        + " PRIMARY KEY (ordered, no, part), FOREIGN KEY (ordered, no) REFERENCES line ON DELETE CASCADE)",
    "INSERT INTO rebuilt SELECT * FROM part",
    "DROP TABLE part",
    "ALTER TABLE rebuilt RENAME TO part"
  };

  private static String parts(String clause) {
    return "CREATE TABLE part (ordered INTEGER NOT NULL, no INTEGER NOT NULL, part INTEGER NOT NULL, name,"
        + " PRIMARY KEY (ordered, no, part), FOREIGN KEY (ordered, no) REFERENCES line "
        + clause
        + ");";
  }

  private void startWith(String clause) {
    start(ORDERS + parts(clause), "orders", "line", "part");
    a.sql("INSERT INTO orders VALUES (1, 'Ann'), (2, 'Bob')");
    a.sql("INSERT INTO line VALUES (1, 1, 'desk'), (2, 1, 'chair')");
    devices.syncAll();
  }

  private void neitherIsDamaged() {
    isNotDamaged(a);
    isNotDamaged(b);
  }

  @Test
  void partsFollowALineThatGetsAnotherKeyWhileTheyAreAdded() {
    startWith("ON UPDATE CASCADE ON DELETE CASCADE");
    b.sql("INSERT INTO part VALUES (1, 1, 1, 'leg')");
    devices.syncAll();
    a.sql("UPDATE line SET no = 7 WHERE article = 'desk'");
    b.sql("INSERT INTO part VALUES (1, 1, 2, 'top'), (2, 1, 1, 'seat')");
    bothAgreeWithoutDangling(PARTS, "[1, 7, 1, 'leg']", "[1, 7, 2, 'top']", "[2, 1, 1, 'seat']");
    b.sql("UPDATE orders SET id = 9 WHERE id = 1");
    a.sql("INSERT INTO part VALUES (1, 7, 3, 'screw')");
    bothAgreeWithoutDangling(
        PARTS, "[2, 1, 1, 'seat']", "[9, 7, 1, 'leg']", "[9, 7, 2, 'top']", "[9, 7, 3, 'screw']");
  }

  @Test
  void aLineThatWasRenumberedMeanwhileDoesNotGoBackForACascade() {
    startWith("ON UPDATE CASCADE ON DELETE CASCADE");
    write(a, 1, "INSERT INTO part VALUES (1, 1, 1, 'leg'), (1, 1, 2, 'top')");
    devices.syncAll();
    write(b, 2, "UPDATE line SET no = 5 WHERE ordered = 1");
    write(b, 3, "UPDATE part SET part = 8 WHERE name = 'leg'");
    write(a, 4, "UPDATE orders SET id = 9 WHERE id = 1");
    bothAgreeWithoutDangling(PARTS, "[9, 5, 2, 'top']", "[9, 5, 8, 'leg']");
    noConflicts();
    write(b, 5, "UPDATE orders SET id = 4 WHERE id = 9");
    bothAgreeWithoutDangling(PARTS, "[4, 5, 2, 'top']", "[4, 5, 8, 'leg']");
    neitherIsDamaged();
  }

  @Test
  void keysThatReferToOneRowConflictOnlyInWhatElseTheySay() {
    startWith("ON UPDATE CASCADE ON DELETE CASCADE");
    write(b, 2, "UPDATE line SET no = 5 WHERE ordered = 1");
    write(
        a, 3, "UPDATE orders SET id = 9 WHERE id = 1", "UPDATE line SET no = 6 WHERE ordered = 9");
    bothAgreeWithoutDangling("SELECT ordered, no FROM line ORDER BY 1", "[2, 1]", "[9, 6]");
    bothList("SELECT unit, value FROM godwit_conflict ORDER BY sibling", "no|5", "no|6");
    write(b, 4, "UPDATE line SET no = 7 WHERE ordered = 9");
    bothList("SELECT unit, value FROM godwit_conflict ORDER BY sibling", "no|5", "no|6");
  }

  @Test
  void whatIsWrittenToAPartWhileItsLineMovesIsAllThatIsWritten() {
    startWith("ON UPDATE CASCADE ON DELETE CASCADE");
    write(a, 1, "INSERT INTO part VALUES (1, 1, 1, 'leg')");
    devices.syncAll();
    write(b, 2, "UPDATE part SET part = 8");
    write(
        a,
        3,
        "UPDATE orders SET id = 9 WHERE id = 1",
        "UPDATE part SET name = 'foot' WHERE no = 1");
    bothAgreeWithoutDangling(PARTS, "[9, 1, 8, 'foot']");
    noConflicts();
    neitherIsDamaged();
  }

  @Test
  void ordersThatTwoDevicesNumberAlikeKeepTheirLinesAndParts() {
    start(ORDERS + parts("ON DELETE CASCADE"), "orders", "line", "part");
    for (Device device : List.of(a, b)) {
      device.write(
          "INSERT INTO orders VALUES (1, '" + device.name() + "')",
          "INSERT INTO line VALUES (1, 1, 'desk')",
          "INSERT INTO part VALUES (1, 1, 1, 'of " + device.name() + "')");
    }
    String joined =
        "SELECT customer, name FROM part JOIN line USING (ordered, no)"
            + " JOIN orders o ON o.id = ordered ORDER BY customer, part";
    bothAgreeWithoutDangling(joined, "['a', 'of a']", "['b', 'of b']");
    b.sql("INSERT INTO part SELECT ordered, no, 2, 'more' FROM line WHERE ordered < 0");
    bothAgreeWithoutDangling("SELECT count(*), sum(ordered < 0) FROM part", "[3, 2]");
    neitherIsDamaged();
  }

  @Test
  void onePartAddedOnTwoDevicesIsOneAlsoWhileItsLineHasTwoKeys() {
    startWith("ON UPDATE CASCADE ON DELETE CASCADE");
    a.sql(
        "UPDATE line SET no = 7 WHERE article = 'desk'",
        "INSERT INTO part VALUES (1, 7, 1, 'leg')");
    b.sql("INSERT INTO part VALUES (1, 1, 1, 'leg')");
    bothAgreeWithoutDangling(PARTS, "[1, 7, 1, 'leg']");
    assertEquals("[]", held(a));
  }

  @Test
  void aPartOfADeletedLineIsHiddenUntilTheLineIsBack() {
    startWith("ON DELETE CASCADE");
    a.sql("DELETE FROM line WHERE article = 'desk'");
    b.sql("INSERT INTO part VALUES (1, 1, 1, 'leg')");
    bothAgreeWithoutDangling(PARTS);
    assertEquals("[hidden|no]", held(a));
    b.sql("INSERT INTO line VALUES (1, 1, 'table')");
    bothAgreeWithoutDangling(PARTS, "[1, 1, 1, 'leg']");
    assertEquals("[]", held(a));
  }

  @Test
  void whereAnOrderIsDeletedItsPartsAreHiddenToo() {
    startWith("ON DELETE CASCADE");
    a.write("DELETE FROM orders WHERE id = 1");
    b.sql("INSERT INTO part VALUES (1, 1, 1, 'leg')");
    bothAgreeWithoutDangling(PARTS);
    b.sql("INSERT INTO orders VALUES (1, 'Ann again')", "INSERT INTO line VALUES (1, 1, 'table')");
    bothAgreeWithoutDangling(PARTS);
    neitherIsDamaged();
  }

  @Test
  void aLineStaysWhileAPartRefersToIt() {
    startWith("");
    a.sql("DELETE FROM line WHERE article = 'desk'");
    b.sql("INSERT INTO part VALUES (1, 1, 1, 'leg')");
    bothAgreeWithoutDangling("SELECT article FROM line ORDER BY ordered", "['desk']", "['chair']");
    assertEquals("[pinned|]", held(b));
    a.sql("DELETE FROM part");
    bothAgreeWithoutDangling("SELECT article FROM line", "['chair']");
  }

  @Test
  void aKeyIsNotSetToNull() {
    startWith("ON DELETE SET NULL");
    a.sql("DELETE FROM line WHERE article = 'desk'");
    b.sql("INSERT INTO part VALUES (1, 1, 1, 'leg')");
    bothAgreeWithoutDangling(PARTS);
    assertEquals("[hidden|no]", held(b));
    a.replica().settle(conflict(a, "1, 1, 1"), new Settlement.Restore());
    bothAgreeWithoutDangling(PARTS, "[1, 1, 1, 'leg']");
  }

  @Test
  void aChainOfRolesFollowsThePerson() {
    start(
        "CREATE TABLE person (id INTEGER PRIMARY KEY, name);"
            + "CREATE TABLE employee (id INTEGER PRIMARY KEY REFERENCES person ON DELETE CASCADE, since);"
            + "CREATE TABLE manager (id INTEGER PRIMARY KEY REFERENCES employee ON DELETE CASCADE, of);",
        "person",
        "employee",
        "manager");
    for (Device device : List.of(a, b)) {
      device.write(
          "INSERT INTO person VALUES (1, '" + device.name() + "')",
          "INSERT INTO employee VALUES (1, 2001)",
          "INSERT INTO manager VALUES (1, 'all of " + device.name() + "')");
    }
    String joined =
        "SELECT name, of FROM manager JOIN employee USING (id) JOIN person USING (id) ORDER BY name";
    bothAgreeWithoutDangling(joined, "['a', 'all of a']", "['b', 'all of b']");
    a.write("DELETE FROM employee WHERE id = 1");
    b.sql("UPDATE manager SET of = 'some'");
    bothAgreeWithoutDangling(
        joined,
        b.value("SELECT name FROM person WHERE id < 0").equals("a")
            ? "['a', 'some']"
            : "['b', 'some']");
    neitherIsDamaged();
  }

  @Test
  void bothRowsOfAJunctionAreOfOneTenant() {
    start(
        "CREATE TABLE tenant (id INTEGER PRIMARY KEY, name);"
            + "CREATE TABLE tag (tenant INTEGER NOT NULL REFERENCES tenant ON UPDATE CASCADE ON DELETE CASCADE,"
            + " tag TEXT NOT NULL, PRIMARY KEY (tenant, tag));"
            + "CREATE TABLE file (tenant INTEGER NOT NULL REFERENCES tenant ON UPDATE CASCADE ON DELETE CASCADE,"
            + " file TEXT NOT NULL, PRIMARY KEY (tenant, file));"
            + "CREATE TABLE tagged (tenant INTEGER NOT NULL, tag TEXT NOT NULL, file TEXT NOT NULL,"
            + " PRIMARY KEY (tenant, tag, file),"
            + " FOREIGN KEY (tenant, tag) REFERENCES tag ON UPDATE CASCADE ON DELETE CASCADE,"
            + " FOREIGN KEY (tenant, file) REFERENCES file ON UPDATE CASCADE ON DELETE CASCADE);",
        "tenant",
        "tag",
        "file",
        "tagged");
    String tagged = "SELECT tenant, tag, file FROM tagged ORDER BY 1, 2, 3";
    a.sql("INSERT INTO tenant VALUES (1, 'one'), (2, 'two')");
    a.sql("INSERT INTO tag VALUES (1, 'red')", "INSERT INTO file VALUES (1, 'x'), (1, 'y')");
    devices.syncAll();
    a.write("UPDATE tenant SET id = 5 WHERE id = 1", "UPDATE tag SET tag = 'blue'");
    b.sql("INSERT INTO tagged VALUES (1, 'red', 'x')");
    bothAgreeWithoutDangling(tagged, "[5, 'blue', 'x']");
    a.write("UPDATE file SET tenant = 2 WHERE file = 'y'");
    b.sql("INSERT INTO tagged VALUES (5, 'blue', 'y')");
    bothAgreeWithoutDangling(tagged, "[5, 'blue', 'x']");
    assertEquals("[below|tag]", held(a));
    b.write("UPDATE file SET tenant = 5 WHERE file = 'y'");
    bothAgreeWithoutDangling(tagged, "[5, 'blue', 'x']", "[5, 'blue', 'y']");
    assertEquals("[]", held(b));
  }

  @Test
  void keysFromBeforeTheForeignKeyReferToNothingUntilTheyAreWrittenAgain() {
    start(ORDERS + PLAIN_PARTS, "orders", "line", "part");
    a.sql("INSERT INTO orders VALUES (1, 'Ann')", "INSERT INTO line VALUES (1, 1, 'desk')");
    a.sql("INSERT INTO part VALUES (1, 1, 1, 'leg'), (1, 1, 2, 'top')");
    devices.syncAll();
    a = devices.reopen(a, REBUILT);
    b = devices.reopen(b, REBUILT);
    devices.syncAll();
    a.sql("INSERT INTO part VALUES (1, 1, 3, 'screw')", "UPDATE part SET part = 5 WHERE part = 2");
    devices.syncAll();
    b.sql("UPDATE line SET no = 7");
    devices.exchangeAll();
    String[] shown = {"[1, 1, 1, 'leg']", "[1, 7, 3, 'screw']", "[1, 7, 5, 'top']"};
    assertEquals(List.of(shown), a.rows(PARTS));
    assertEquals(List.of(shown), b.rows(PARTS));
    neitherIsDamaged();
  }

  @Test
  void whatAKeyRefersToIsKeptWhereTheForeignKeyGoes() {
    startWith("ON UPDATE CASCADE ON DELETE CASCADE");
    a.sql("INSERT INTO part VALUES (1, 1, 1, 'leg')");
    devices.syncAll();
    b =
        devices.reopen(
            b,
            PLAIN_PARTS.replace("TABLE part", "TABLE rebuilt"),
            "INSERT INTO rebuilt SELECT * FROM part",
            "DROP TABLE part",
            "ALTER TABLE rebuilt RENAME TO part");
    a.sql("INSERT INTO part VALUES (1, 1, 2, 'top')");
    devices.exchangeAll();
    a.sql("UPDATE line SET no = 7 WHERE article = 'desk'");
    devices.exchangeAll();
    assertEquals(List.of("[1, 7, 1, 'leg']", "[1, 7, 2, 'top']"), a.rows(PARTS));
    assertEquals(List.of("[1, 1, 1, 'leg']", "[1, 1, 2, 'top']"), b.rows(PARTS));
    b.sql("UPDATE part SET name = 'foot' WHERE part = 1");
    b = devices.reopen(b, REBUILT);
    bothAgreeWithoutDangling(PARTS, "[1, 7, 1, 'foot']", "[1, 7, 2, 'top']");
    neitherIsDamaged();
  }

  @Test
  void keysThatReferToEachOtherInACircleArePlain() {
    start(
        "CREATE TABLE x (k TEXT PRIMARY KEY NOT NULL REFERENCES y, v);"
            + "CREATE TABLE y (k TEXT PRIMARY KEY NOT NULL REFERENCES x, v);"
            + "CREATE TABLE z (k TEXT PRIMARY KEY NOT NULL REFERENCES z, v);",
        "x",
        "y",
        "z");
    a.sql("INSERT INTO x VALUES ('k', 1)", "INSERT INTO y VALUES ('k', 2)");
    a.sql("INSERT INTO z VALUES ('k', 3)");
    devices.syncAll();
    b.sql("UPDATE x SET k = 'm'");
    devices.exchangeAll();
    String keys = "SELECT k FROM x UNION ALL SELECT k FROM y UNION ALL SELECT k FROM z";
    assertEquals(List.of("['m']", "['k']", "['k']"), a.rows(keys));
    assertEquals(List.of("['m']", "['k']", "['k']"), b.rows(keys));
    neitherIsDamaged();
  }

  @Test
  void aKeyIsSpelledAsWhatItRefersTo() {
    start(
        "CREATE TABLE room (house TEXT COLLATE NOCASE NOT NULL, no INTEGER NOT NULL,"
            + " PRIMARY KEY (house, no));"
            + "CREATE TABLE lamp (house TEXT COLLATE NOCASE NOT NULL, room INTEGER NOT NULL,"
            + " n INTEGER NOT NULL, PRIMARY KEY (house, room, n),"
            + " FOREIGN KEY (house, room) REFERENCES room);",
        "room",
        "lamp");
    write(a, 1, "INSERT INTO room VALUES ('old', 1)", "INSERT INTO lamp VALUES ('old', 1, 5)");
    devices.syncAll();
    a.sql("UPDATE room SET house = 'red'");
    devices.syncAll();
    b.sql("UPDATE room SET house = 'Red'");
    bothAgreeWithoutDangling("SELECT house, n FROM lamp", "['Red', 5]");
  }

  @Test
  void aConflictNamesARowAsItsTableSpellsIt() {
    String schema =
        "CREATE TABLE room (house TEXT COLLATE NOCASE NOT NULL, name TEXT COLLATE NOCASE NOT NULL,"
            + " PRIMARY KEY (house, name));"
            + "CREATE TABLE lamp (house TEXT COLLATE NOCASE NOT NULL, room TEXT COLLATE NOCASE NOT NULL,"
            + " n INTEGER NOT NULL, watts, PRIMARY KEY (house, room, n), FOREIGN KEY (house, room)"
            + " REFERENCES room ON UPDATE CASCADE ON DELETE CASCADE);";
    start(schema, "room", "lamp");
    Device c = devices.device("c", schema, "room", "lamp");
    write(a, 1, "INSERT INTO room VALUES ('Red', 'bath')");
    write(a, 2, "INSERT INTO lamp VALUES ('Red', 'bath', 5, 40)");
    devices.syncAll();
    write(a, 4, "UPDATE lamp SET watts = 60");
    write(b, 5, "DELETE FROM room");
    write(b, 6, "INSERT INTO room VALUES ('Red', 'bath')");
    write(b, 7, "UPDATE room SET name = 'HALL'");
    write(c, 8, "UPDATE lamp SET watts = 75");
    Devices.meet(a, b);
    bothAgreeWithoutDangling("SELECT * FROM lamp", "['Red', 'HALL', 5, 75]");
    bothList("SELECT DISTINCT row_key FROM godwit_conflict", "'Red', 'HALL', 5");
  }

  @Test
  void whoSpellsAPartOtherwiseWhileItsLineMovesHasWrittenThat() {
    start(
        "CREATE TABLE line (no INTEGER PRIMARY KEY NOT NULL, article);"
            + "CREATE TABLE part (line INTEGER NOT NULL REFERENCES line ON UPDATE CASCADE,"
            + " name TEXT COLLATE NOCASE NOT NULL, PRIMARY KEY (line, name));",
        "line",
        "part");
    write(
        a,
        1,
        "INSERT INTO line VALUES (1, 'desk')",
        "INSERT INTO part VALUES (1, 'leg'), (1, 'a')");
    devices.syncAll();
    write(a, 2, "UPDATE line SET no = 2", "UPDATE part SET name = 'LEG' WHERE name = 'leg'");
    bothAgreeWithoutDangling("SELECT line, name FROM part ORDER BY 2", "[2, 'a']", "[2, 'LEG']");
  }

  @Test
  void whatComesBackTogetherHasTheKeysThatAreLeft() {
    start(
        "CREATE TABLE p (id INTEGER PRIMARY KEY, n UNIQUE);"
            + "CREATE TABLE q (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p);"
            + "CREATE TABLE t (q INTEGER NOT NULL REFERENCES q, n TEXT NOT NULL, PRIMARY KEY (q, n));",
        "p",
        "q",
        "t");
    write(a, 1, "INSERT INTO p VALUES (1, 'x'), (2, 'y')", "INSERT INTO q VALUES (1, 1)");
    write(a, 2, "INSERT INTO t VALUES (1, 'k')");
    devices.syncAll();
    write(b, 10, "UPDATE p SET n = 'z' WHERE id = 2");
    write(a, 11, "UPDATE p SET n = 'z' WHERE id = 1");
    bothAgreeWithoutDangling("SELECT * FROM t");
    write(b, 12, "INSERT INTO q VALUES (1, NULL)");
    devices.syncAll();
    write(b, 13, "UPDATE p SET n = 'free' WHERE id = 2");
    bothAgreeWithoutDangling("SELECT n, p FROM t JOIN q ON q.id = t.q", "['k', 1]");
  }
}
