package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.schema.SchemaProposal;
import dev.godwit.sync.schema.SchemaStatement;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Unique values are judged by what the space says, whatever indexes a file has: rows are parked on
 * all devices or on none.
 */
class SpaceUniqueTest extends TwoDevices {
  private static final String PLAIN =
      "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, mail TEXT, gone INTEGER);";
  private static final String INDEX = "CREATE UNIQUE INDEX person_mail ON person (mail);";
  private static final String ALL = "SELECT id, name, mail FROM person ORDER BY id";
  private static final String PARKED = "SELECT unit FROM godwit_held WHERE kind = 'parked'";

  /** Two devices, of which the first one's file has more; what b writes it writes later. */
  private void start(String here, String there) {
    a = devices.device("a", here, "person");
    b = devices.device("b", there, "person");
    a.clock().at(4_000_000_000_000L);
    b.clock().at(4_000_000_001_000L);
    devices.exchangeAll();
  }

  private void bothTakeOneMail() {
    a.write("INSERT INTO person VALUES (1, 'Ann', 'x@x', 0)");
    b.write("INSERT INTO person VALUES (2, 'Bob', 'x@x', 0)");
  }

  private static List<String> proposed(Device device) {
    return device.replica().schemaProposal().statements().stream()
        .map(SchemaStatement::sql)
        .toList();
  }

  private static void accept(Device device) {
    SchemaProposal proposal = device.replica().schemaProposal();
    assertFalse(proposal.isEmpty());
    device.replica().accept(proposal);
  }

  @Test
  void anIndexThatOneFileLacksParksRowsThereToo() {
    start(PLAIN + INDEX, PLAIN);
    bothTakeOneMail();
    bothShow(ALL, "[1, 'Ann', 'x@x']");
    bothShow(PARKED, "['person_mail']");
    b.write("UPDATE person SET mail = 'ann@x' WHERE id = 1");
    bothShow(ALL, "[1, 'Ann', 'ann@x']", "[2, 'Bob', 'x@x']");
    bothShow(PARKED);
  }

  @Test
  void twoRowsThatAFileWithoutTheIndexTookAreJudgedLikeAnyOther() {
    start(PLAIN + INDEX, PLAIN);
    b.write("INSERT INTO person VALUES (1, 'Ann', 'x@x', 0)");
    b.clock().at(4_000_000_002_000L);
    b.write("INSERT INTO person VALUES (2, 'Bob', 'x@x', 0)");
    b.replica().seal();
    assertEquals(
        List.of("[2, 'Bob', 'x@x']"), b.rows(ALL), "who wrote it last knew of the other one");
    bothShow(ALL, "[2, 'Bob', 'x@x']");
    b.write("DELETE FROM person WHERE id = 2");
    bothShow(ALL, "[1, 'Ann', 'x@x']");
  }

  @Test
  void aConstraintOfTheSpacesTableIsJudgedWhereTheFileLacksIt() {
    start("CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, mail TEXT UNIQUE)", PLAIN);
    // Of the two descriptions that were made without each other the later one holds.
    String held = a.value("SELECT sql LIKE '%UNIQUE%' FROM godwit_space_table");
    assertEquals(held, b.value("SELECT sql LIKE '%UNIQUE%' FROM godwit_space_table"));
    a.write("INSERT INTO person (id, name, mail) VALUES (1, 'Ann', 'x@x')");
    b.write("INSERT INTO person (id, name, mail) VALUES (2, 'Bob', 'x@x')");
    devices.exchangeAll();
    if (held.equals("1")) {
      bothShow(ALL, "[1, 'Ann', 'x@x']");
      bothShow(PARKED, "['unique (\"mail\" BINARY)']");
    } else {
      assertEquals(2, b.count("person"));
      assertEquals(1, a.masked().size());
    }
  }

  @Test
  void aFileThatJoinsKeepsItsOwnIndexToItself() {
    a = devices.device("a", PLAIN, "person");
    b = devices.device("b", PLAIN, "person");
    Sqlite.run(folder.resolve("c.db"), PLAIN + INDEX);
    Device c = devices.open("c", folder.resolve("c.db"));
    Devices.meet(c, a);
    c.replica().accept(c.replica().schemaProposal());
    devices.syncAll();
    bothTakeOneMail();
    devices.exchangeAll();
    assertEquals(2, a.count("person"));
    assertEquals(a.rows(ALL), b.rows(ALL));
    assertEquals(1, c.count("person"));
    assertEquals(1, c.masked().size());
    assertEquals(List.of(), c.rows(PARKED));
    ConflictViews.agree(List.of(a, b, c), ConflictViews::all);
    assertTrue(c.replica().schemaProposal().isEmpty(), "its own index is nobody's business");
    c.sql("DROP INDEX person_mail");
    devices.syncAll();
    assertEquals(2, c.count("person"));
  }

  @Test
  void anIndexMadeLaterParksRowsThatAreContestedAlready() {
    start(PLAIN, PLAIN);
    bothTakeOneMail();
    devices.syncAll();
    b.clock().at(4_000_000_005_000L);
    a.write("UPDATE person SET mail = 'y@x' WHERE id = 2");
    a.write(INDEX.replace(";", ""));
    b.write("INSERT INTO person VALUES (3, 'Cleo', 'x@x', 0)");
    b.write("INSERT INTO person VALUES (4, 'Dora', 'y@x', 0)");
    assertEquals(4, b.count("person"));
    bothShow(ALL, "[2, 'Bob', 'y@x']", "[3, 'Cleo', 'x@x']");
    bothShow("SELECT count(*) FROM godwit_held WHERE kind = 'parked'", "[2]");
    assertEquals(List.of("CREATE UNIQUE INDEX person_mail ON person (mail)"), proposed(b));
    assertEquals(List.of(), proposed(a));
    accept(b);
    assertEquals(List.of(), proposed(b));
    Sqlite.refused(b.path(), "INSERT INTO person VALUES (5, 'Eve', 'x@x', 0)");
    bothShow(ALL, "[2, 'Bob', 'y@x']", "[3, 'Cleo', 'x@x']");
    b.write("DELETE FROM person");
    bothShow(ALL, "[1, 'Ann', 'x@x']", "[4, 'Dora', 'y@x']");
  }

  @Test
  void anIndexThatIsDroppedBringsItsRowsBackEverywhere() {
    start(PLAIN + INDEX, PLAIN + INDEX);
    bothTakeOneMail();
    bothShow(ALL, "[1, 'Ann', 'x@x']");
    b.sql("DROP INDEX person_mail");
    devices.exchangeAll();
    assertEquals(List.of("[1, 'Ann', 'x@x']", "[2, 'Bob', 'x@x']"), b.rows(ALL));
    assertEquals(List.of(), a.rows(PARKED));
    assertEquals(1, a.masked().size(), "its own SQLite refuses the row still");
    assertEquals(List.of("DROP INDEX \"person_mail\""), proposed(a));
    assertEquals(List.of(), proposed(b));
    accept(a);
    bothShow(ALL, "[1, 'Ann', 'x@x']", "[2, 'Bob', 'x@x']");
    assertEquals(List.of(), a.masked());
    assertEquals(List.of(), proposed(a));
    bothShow("SELECT count(*) FROM godwit_claim", "[0]");
  }

  @Test
  void anIndexMadeAnotherOneReplacesTheOldOneForEverybody() {
    start(PLAIN + INDEX, PLAIN + INDEX);
    bothTakeOneMail();
    bothShow(ALL, "[1, 'Ann', 'x@x']");
    a.sql("DROP INDEX person_mail", "CREATE UNIQUE INDEX person_mail ON person (mail, name)");
    devices.exchangeAll();
    assertEquals(2, a.count("person"));
    assertEquals(
        List.of(
            "DROP INDEX \"person_mail\"", "CREATE UNIQUE INDEX person_mail ON person (mail, name)"),
        proposed(b));
    accept(b);
    bothShow(ALL, "[1, 'Ann', 'x@x']", "[2, 'Bob', 'x@x']");
  }

  @Test
  void whatTheSpaceProposesAndOneDropsIsNotProposedToItAgain() {
    start(PLAIN + INDEX, PLAIN + INDEX);
    b.sql("DROP INDEX person_mail");
    assertEquals(List.of(), proposed(b));
    devices.exchangeAll();
    assertEquals(List.of(), proposed(b));
    assertEquals("0", a.value("SELECT count(*) FROM godwit_space_object"));
    b.sql(INDEX);
    devices.exchangeAll();
    assertEquals(List.of(), proposed(a));
    assertEquals("1", a.value("SELECT count(*) FROM godwit_space_object"));
  }

  @Test
  void aRenameOfAnIndexIsToldToo() {
    start(PLAIN + INDEX, PLAIN);
    bothTakeOneMail();
    devices.syncAll();
    a.sql("DROP INDEX person_mail", INDEX.replace("person_mail", "mail_once"));
    bothShow(PARKED, "['mail_once']");
    bothShow(ALL, "[1, 'Ann', 'x@x']");
  }

  @Test
  void partialIndexesOfWhichAFileLacksTheColumnAreJudged() {
    String narrow = "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, mail TEXT)";
    start(narrow, narrow);
    a.write("ALTER TABLE person ADD COLUMN gone INTEGER");
    a.write("CREATE UNIQUE INDEX person_mail ON person (mail) WHERE coalesce(gone, 0) = 0");
    devices.exchangeAll();
    a.write("INSERT INTO person VALUES (1, 'Ann', 'x@x', 1)");
    a.write("INSERT INTO person VALUES (2, 'Bob', 'x@x', 0)");
    b.write("INSERT INTO person VALUES (3, 'Cleo', 'x@x')");
    b.write("INSERT INTO person VALUES (4, 'Dora', 'd@x')");
    devices.exchangeAll();
    List<String> shown = List.of("[1, 'Ann', 'x@x']", "[2, 'Bob', 'x@x']", "[4, 'Dora', 'd@x']");
    assertEquals(shown, a.rows(ALL));
    assertEquals(shown, b.rows(ALL));
    a.write("UPDATE person SET gone = 1 WHERE id = 2");
    devices.exchangeAll();
    assertEquals(4, a.count("person"));
    assertEquals(4, b.count("person"));
    ConflictViews.agree(List.of(a, b), ConflictViews::all);
    b.clock().at(4_000_000_009_000L);
    a.write("UPDATE person SET gone = 0 WHERE id = 4");
    b.write("INSERT INTO person VALUES (5, 'Eve', 'd@x')");
    devices.exchangeAll();
    assertEquals(4, a.count("person"));
    assertEquals(a.rows(ALL), b.rows(ALL));
    ConflictViews.agree(List.of(a, b), ConflictViews::all);
  }

  @Test
  void anIndexOfAColumnThatAFileLacksParksItsRows() {
    String narrow = "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT)";
    start(narrow, narrow);
    Device c = devices.device("c", narrow, "person");
    c.clock().at(4_000_000_002_000L);
    devices.exchangeAll();
    a.write("ALTER TABLE person ADD COLUMN mail TEXT");
    a.write(INDEX.replace(";", ""));
    devices.exchangeAll();
    c.write("ALTER TABLE person ADD COLUMN mail TEXT");
    a.write("INSERT INTO person VALUES (1, 'Ann', 'x@x')");
    c.write("INSERT INTO person VALUES (2, 'Bob', 'x@x')");
    devices.exchangeAll();
    for (Device device : List.of(a, b, c)) {
      assertEquals(
          List.of("[1, 'Ann']"), device.rows("SELECT id, name FROM person"), device.name());
    }
    ConflictViews.agree(List.of(a, b, c), ConflictViews::all);
    a.write("UPDATE person SET mail = NULL WHERE id = 1");
    devices.exchangeAll();
    for (Device device : List.of(a, b, c)) {
      assertEquals(2, device.count("person"), device.name());
    }
  }

  @Test
  void expressionsAndCollationsAreJudgedFromTheirText() {
    start(
        PLAIN
            + "CREATE UNIQUE INDEX n ON person (lower(name) || '!', gone DESC) WHERE mail IS NULL;"
            + "CREATE UNIQUE INDEX m ON person (mail COLLATE NOCASE ASC)",
        PLAIN);
    a.write("INSERT INTO person VALUES (1, 'ANN', NULL, 0), (2, 'Cleo', 'C@X', 0)");
    b.write(
        "INSERT INTO person VALUES (3, 'Ann', NULL, 0), (4, 'Ann', NULL, 1), (5, 'Ann', 'a@x', 0),"
            + " (6, 'Bob', 'c@x', 0)");
    bothShow(
        ALL, "[1, 'ANN', NULL]", "[2, 'Cleo', 'C@X']", "[4, 'Ann', NULL]", "[5, 'Ann', 'a@x']");
    bothShow(PARKED + " ORDER BY unit", "['m']", "['n']");
  }

  @Test
  void theIndexByWhichRowsAreFoundGoesWithItsReason() {
    start(PLAIN + INDEX, PLAIN);
    String ours =
        "SELECT count(*) FROM sqlite_master WHERE name LIKE 'godwit\\_search%' ESCAPE '\\'";
    assertEquals("0", a.value(ours));
    assertEquals("1", b.value(ours));
    accept(b);
    assertEquals("0", b.value(ours));
    b.sql("DROP INDEX person_mail");
    devices.exchangeAll();
    assertEquals("0", b.value(ours));
    b.sql(INDEX);
    devices.exchangeAll();
    b.replica().untrack("person");
    assertEquals("0", b.value(ours));
  }

  @Test
  void anIndexThatRowsNobodyJudgesBreakIsNotMadeAndSaysWhy() {
    start(PLAIN, PLAIN);
    a.write("CREATE UNIQUE INDEX p ON person (printf('%s', mail))");
    bothTakeOneMail();
    devices.exchangeAll();
    assertEquals(2, b.count("person"), "SQLite alone judges such an index");
    assertEquals(1, a.masked().size());
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> accept(b));
    assertTrue(refused.getMessage().contains("cannot make index p"), refused.getMessage());
    assertEquals(2, b.count("person"));
  }

  @Test
  void whatWasWrittenBesideARuleIsSealedBeforeTheRuleIsJudged() {
    start(PLAIN, PLAIN);
    a.write("INSERT INTO person VALUES (3, 'Ann', 'y@x', 0), (1, 'Bob', 'x@x', 0)");
    devices.exchangeAll();
    b =
        devices.reopen(
            b,
            "BEGIN",
            "UPDATE person SET id = 99 WHERE id = 1",
            "UPDATE person SET mail = 'x@x' WHERE id = 3",
            "INSERT INTO godwit_space_object (type, name, sql) VALUES ('index', 'person_mail', '"
                + INDEX.replace(";", "")
                + "')",
            "INSERT INTO person VALUES (1, 'Cleo', 'x@x', 0)",
            "COMMIT");
    devices.exchangeAll();
    bothShow(PARKED, "['person_mail']", "['person_mail']");
    a.write("DROP INDEX IF EXISTS person_mail", "DELETE FROM godwit_space_object");
    bothShow(ALL, "[1, 'Cleo', 'x@x']", "[3, 'Ann', 'x@x']", "[99, 'Bob', 'x@x']");
  }
}
