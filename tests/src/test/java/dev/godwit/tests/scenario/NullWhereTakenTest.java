package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.OnDelete;
import dev.godwit.sync.policy.Settlement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A row whose unique value another one has stays in its table and shows NULL there. */
class NullWhereTakenTest extends TwoDevices {
  private static final ColumnPolicy NULL = ColumnPolicy.lastWriterWins().nullWhereTaken();
  private static final String PEOPLE =
      "CREATE TABLE person (id TEXT PRIMARY KEY NOT NULL, mail TEXT UNIQUE, name);";
  private static final String ALL = "SELECT * FROM person ORDER BY id";
  private static final String SIDES =
      "SELECT row_key, unit, kind, state, how, sibling, side_key, value, shown, device"
          + " FROM godwit_conflict ORDER BY row_key, sibling";

  private void startWith(String schema, String table, String... columns) {
    start(schema, table);
    a.clock().at(4_000_000_000_000L);
    for (String column : columns) {
      a.replica().policy(table + "." + column, NULL);
    }
    devices.syncAll();
  }

  /** Both have taken one address: the first device's row shows it, the second device's NULL. */
  private void startWithTwoOfOneMail() {
    startWith(PEOPLE, "person", "mail");
    write(a, 1, "INSERT INTO person VALUES ('x', 'm', 'Ann')");
    write(b, 2, "INSERT INTO person VALUES ('y', 'm', 'Bob')");
    bothAgreeOn(ALL, "['x', 'm', 'Ann']", "['y', NULL, 'Bob']");
  }

  private void settle(Settlement settlement) {
    b.clock().at(4_000_000_050_000L);
    b.replica().settle(conflict(b), settlement);
  }

  private void refused(Settlement settlement, String reason) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> settle(settlement));
    assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
  }

  @Test
  void theLaterRowShowsNullAndWhatItWantsIsListed() {
    startWithTwoOfOneMail();
    assertEquals("[nulled|unique (\"mail\" BINARY)]", held(a));
    bothList(
        SIDES,
        "'y'|mail|unique|resolved|nulled|1|'x'|m|1|a",
        "'y'|mail|unique|resolved|nulled|2|'y'|m|0|b");
    assertEquals(
        "[HeldBackRow[kind=NULLED, table=person, key='y', reason=person 'x' has its mail]]",
        a.replica().status().heldBack().toString());
  }

  @Test
  void theValueComesBackWhenAThirdDeviceFreesIt() {
    startWithTwoOfOneMail();
    Device c = devices.device("c", PEOPLE, "person");
    devices.syncAll();
    assertEquals(List.of("['x', 'm', 'Ann']", "['y', NULL, 'Bob']"), c.rows(ALL));
    write(c, 5, "UPDATE person SET mail = 'n' WHERE id = 'x'");
    bothAgreeOn(ALL, "['x', 'n', 'Ann']", "['y', 'm', 'Bob']");
    assertEquals("[]", held(a));
    assertEquals("[]", held(c));
    write(c, 6, "DELETE FROM person WHERE id = 'y'");
    bothAgreeOn(ALL, "['x', 'n', 'Ann']");
  }

  @Test
  void aWriteToAnotherColumnKeepsTheValueThatTheRowWants() {
    startWithTwoOfOneMail();
    write(a, 5, "UPDATE person SET name = 'Bo' WHERE id = 'y'");
    b.sql("UPDATE person SET name = 'Bobby' WHERE id = 'y'");
    b.sql("UPDATE person SET mail = mail WHERE id = 'y'");
    devices.syncAll();
    write(a, 8, "DELETE FROM person WHERE id = 'x'");
    bothAgreeOn("SELECT id, mail FROM person", "['y', 'm']");
  }

  @Test
  void aWriteToTheColumnIsAnOrdinaryWrite() {
    startWithTwoOfOneMail();
    write(a, 5, "UPDATE person SET mail = 'k' WHERE id = 'y'");
    bothAgreeOn(ALL, "['x', 'm', 'Ann']", "['y', 'k', 'Bob']");
    assertEquals("[]", held(b));
    write(b, 6, "DELETE FROM person WHERE id = 'x'");
    bothAgreeOn(ALL, "['y', 'k', 'Bob']");
  }

  @Test
  void whoTakesAValueThatOnlyARowShowingNullWantsKeepsIt() {
    startWithTwoOfOneMail();
    write(
        b,
        5,
        "UPDATE person SET mail = NULL WHERE id = 'x'",
        "INSERT INTO person VALUES ('z', 'm', 'Cy')");
    bothAgreeOn(ALL, "['x', NULL, 'Ann']", "['y', NULL, 'Bob']", "['z', 'm', 'Cy']");
    write(a, 6, "UPDATE person SET mail = 'k' WHERE id = 'z'");
    bothAgreeOn(ALL, "['x', NULL, 'Ann']", "['y', 'm', 'Bob']", "['z', 'k', 'Cy']");
  }

  @Test
  void aValueThatALargeTransactionWritesBehindAnotherOneIsKept() {
    startWithTwoOfOneMail();
    write(b, 5, "UPDATE person SET name = 'Bo' WHERE id = 'y'");
    // More than is held in memory: what tables show of later transactions must stay meanwhile.
    write(
        b,
        6,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10100)"
            + " INSERT INTO person SELECT 'n' || i, 'n' || i, i FROM n",
        "UPDATE person SET mail = 'k' WHERE id = 'y'");
    bothAgreeOn(
        "SELECT * FROM person WHERE id IN ('x', 'y') ORDER BY id",
        "['x', 'm', 'Ann']",
        "['y', 'k', 'Bo']");
    bothShow("SELECT count(*) FROM person", "[10102]");
    assertEquals("[]", held(a));
  }

  @Test
  void anOpenConflictShowsNullWhereTheTableDoes() {
    startWith(PEOPLE, "person");
    a.replica().policy("person.mail", ColumnPolicy.manual().nullWhereTaken());
    devices.syncAll();
    write(a, 1, "INSERT INTO person VALUES ('x', 'm', 'Ann'), ('y', 'k', 'Bob')");
    devices.syncAll();
    write(a, 2, "UPDATE person SET mail = 'n' WHERE id = 'x'");
    write(a, 3, "UPDATE person SET mail = 'l' WHERE id = 'y'");
    write(b, 4, "UPDATE person SET mail = 'n' WHERE id = 'y'");
    bothAgreeOn(ALL, "['x', 'n', 'Ann']", "['y', NULL, 'Bob']");
    assertEquals(Value.NULL, a.replica().openConflicts().get(0).shown());
  }

  @Test
  void anApplicationCannotTakeWhatIsShown() {
    startWithTwoOfOneMail();
    assertThrows(
        RuntimeException.class, () -> write(b, 5, "UPDATE person SET mail = 'm' WHERE id = 'y'"));
    bothAgreeOn(ALL, "['x', 'm', 'Ann']", "['y', NULL, 'Bob']");
  }

  @Test
  void aDeletedRowThatShowedNullFreesNothingAndIsGone() {
    startWithTwoOfOneMail();
    write(b, 5, "DELETE FROM person WHERE id = 'y'");
    bothAgreeOn(ALL, "['x', 'm', 'Ann']");
    assertEquals("[]", held(a));
    assertEquals(List.of(), ConflictViews.standing(a));
  }

  @Test
  void whatIsNotInTheColumnStillIsWhatRowsShow() {
    startWith(
        "CREATE TABLE place (id TEXT PRIMARY KEY NOT NULL, list, position, note,"
            + " UNIQUE (list, position));",
        "place",
        "position");
    write(a, 1, "INSERT INTO place VALUES ('x', 'food', 1, 'milk')");
    write(b, 2, "INSERT INTO place VALUES ('y', 'food', 1, 'bread')");
    bothAgreeOn(
        "SELECT * FROM place ORDER BY id",
        "['x', 'food', 1, 'milk']",
        "['y', 'food', NULL, 'bread']");
    bothList(
        SIDES,
        "'y'|list, position|unique|resolved|nulled|1|'x'|list = 'food', position = 1|1|a",
        "'y'|list, position|unique|resolved|nulled|2|'y'|list = 'food', position = 1|0|b");
    write(b, 3, "UPDATE place SET list = 'home' WHERE id = 'y'");
    bothAgreeOn(
        "SELECT * FROM place ORDER BY id", "['x', 'food', 1, 'milk']", "['y', 'home', 1, 'bread']");
  }

  @Test
  void whoMovesARowThatShowsNullTakesNobodysPlace() {
    startWith(
        "CREATE TABLE place (id TEXT PRIMARY KEY NOT NULL, list, position, UNIQUE (list, position));",
        "place",
        "position");
    write(a, 1, "INSERT INTO place VALUES ('x', 'food', 1), ('z', 'home', 1)");
    write(b, 2, "INSERT INTO place VALUES ('y', 'food', 1)");
    devices.syncAll();
    write(b, 3, "UPDATE place SET list = 'home' WHERE id = 'y'");
    bothAgreeOn(
        "SELECT * FROM place ORDER BY id",
        "['x', 'food', 1]",
        "['y', 'home', NULL]",
        "['z', 'home', 1]");
  }

  @Test
  void aRowThatLosesByARuleWithoutSuchAColumnIsParked() {
    startWith(
        "CREATE TABLE person (id TEXT PRIMARY KEY NOT NULL, mail UNIQUE, phone UNIQUE);",
        "person",
        "mail");
    write(a, 1, "INSERT INTO person VALUES ('x', 'm', 1)");
    write(b, 2, "INSERT INTO person VALUES ('y', 'm', 1)");
    bothAgreeOn(ALL, "['x', 'm', 1]");
    assertEquals("[parked|unique (\"mail\" BINARY)]", held(a));
    write(a, 3, "UPDATE person SET phone = 2 WHERE id = 'x'");
    bothAgreeOn(ALL, "['x', 'm', 2]", "['y', NULL, 1]");
    assertEquals("[nulled|unique (\"mail\" BINARY)]", held(a));
    write(a, 4, "UPDATE person SET mail = 'k' WHERE id = 'x'");
    bothAgreeOn(ALL, "['x', 'k', 2]", "['y', 'm', 1]");
  }

  @Test
  void aRowThatACheckWouldRefuseWithNullIsParked() {
    startWith(
        "CREATE TABLE person (id TEXT PRIMARY KEY NOT NULL, mail UNIQUE, phone,"
            + " CHECK (mail IS NOT NULL OR phone IS NOT NULL));",
        "person",
        "mail",
        "phone");
    write(a, 1, "INSERT INTO person VALUES ('x', 'm', 1)");
    write(b, 2, "INSERT INTO person VALUES ('y', 'm', NULL), ('z', 'k', NULL)");
    bothAgreeOn(ALL, "['x', 'm', 1]", "['z', 'k', NULL]");
    write(a, 3, "UPDATE person SET mail = NULL WHERE id = 'x'");
    bothAgreeOn(ALL, "['x', NULL, 1]", "['y', 'm', NULL]", "['z', 'k', NULL]");
  }

  @Test
  void aCheckThatOnlySqliteCanJudgeParksARow() {
    startWith(
        "CREATE TABLE person (id TEXT PRIMARY KEY NOT NULL, mail UNIQUE"
            + " CHECK (mail IS NOT NULL AND json_valid('1')));",
        "person",
        "mail");
    write(a, 1, "INSERT INTO person VALUES ('x', 'm')");
    write(b, 2, "INSERT INTO person VALUES ('y', 'm')");
    bothAgreeOn(ALL, "['x', 'm']");
    assertEquals("[parked|unique (\"mail\" BINARY)]", held(b));
  }

  @Test
  void aRowThatWouldComeToWantSomethingElseIsParked() {
    startWith(
        "CREATE TABLE person (id TEXT PRIMARY KEY NOT NULL, mail UNIQUE, phone);"
            + "CREATE UNIQUE INDEX phone_alone ON person (phone) WHERE mail IS NULL;",
        "person",
        "mail");
    write(a, 1, "INSERT INTO person VALUES ('x', 'm', 1)");
    write(b, 2, "INSERT INTO person VALUES ('y', 'm', 1), ('z', NULL, 2)");
    bothAgreeOn(ALL, "['x', 'm', 1]", "['z', NULL, 2]");
    write(b, 3, "UPDATE person SET mail = 'k' WHERE id = 'x'");
    bothAgreeOn(ALL, "['x', 'k', 1]", "['y', 'm', 1]", "['z', NULL, 2]");
  }

  @Test
  void anIndexOverAnExpressionParksARow() {
    startWith(
        "CREATE TABLE person (id TEXT PRIMARY KEY NOT NULL, mail);"
            + "CREATE UNIQUE INDEX one_mail ON person (lower(mail));",
        "person",
        "mail");
    write(a, 1, "INSERT INTO person VALUES ('x', 'm')");
    write(b, 2, "INSERT INTO person VALUES ('y', 'M')");
    bothAgreeOn(ALL, "['x', 'm']");
    assertEquals("[parked|one_mail]", held(a));
  }

  @Test
  void aPolicyThatComesWhileRowsAreParkedShowsThemEverywhere() {
    startWith(PEOPLE, "person");
    write(a, 1, "INSERT INTO person VALUES ('x', 'm', 'Ann')");
    write(b, 2, "INSERT INTO person VALUES ('y', 'm', 'Bob')");
    bothAgreeOn(ALL, "['x', 'm', 'Ann']");
    b.clock().at(4_000_000_005_000L);
    b.replica().policy("person.mail", NULL);
    bothAgreeOn(ALL, "['x', 'm', 'Ann']", "['y', NULL, 'Bob']");
    assertEquals("[nulled|unique (\"mail\" BINARY)]", held(a));
    a.clock().at(4_000_000_006_000L);
    a.replica().policy("person.mail", ColumnPolicy.lastWriterWins());
    bothAgreeOn(ALL, "['x', 'm', 'Ann']");
    assertEquals("[parked|unique (\"mail\" BINARY)]", held(b));
  }

  @Test
  void anIndexThatIsMadeLaterShowsNullInRowsThatShareAValue() {
    startWith("CREATE TABLE person (id TEXT PRIMARY KEY NOT NULL, mail, name);", "person", "mail");
    write(a, 1, "INSERT INTO person VALUES ('x', 'm', 'Ann')");
    write(b, 2, "INSERT INTO person VALUES ('y', 'm', 'Bob'), ('z', 'k', 'Cy')");
    bothAgreeOn(ALL, "['x', 'm', 'Ann']", "['y', 'm', 'Bob']", "['z', 'k', 'Cy']");
    a.sql("UPDATE person SET mail = 'n' WHERE id = 'x'");
    a.sql("CREATE UNIQUE INDEX one_mail ON person (mail)");
    write(b, 3, "UPDATE person SET mail = 'k' WHERE id = 'y'");
    bothAgreeOn(ALL, "['x', 'n', 'Ann']", "['y', 'k', 'Bob']", "['z', NULL, 'Cy']");
    write(b, 4, "DELETE FROM person WHERE id = 'y'");
    bothAgreeOn(ALL, "['x', 'n', 'Ann']", "['z', 'k', 'Cy']");
  }

  @Test
  void aWriteToAColumnOfItsGroupWritesTheNullThatIsShown() {
    startWith(PEOPLE, "person");
    for (String column : List.of("mail", "name")) {
      a.replica().policy("person." + column, NULL.inGroup("contact"));
    }
    devices.syncAll();
    write(a, 1, "INSERT INTO person VALUES ('x', 'm', 'Ann')");
    write(b, 2, "INSERT INTO person VALUES ('y', 'm', 'Bob')");
    bothAgreeOn(ALL, "['x', 'm', 'Ann']", "['y', NULL, 'Bob']");
    write(a, 3, "UPDATE person SET name = 'Bo' WHERE id = 'y'");
    bothAgreeOn(ALL, "['x', 'm', 'Ann']", "['y', NULL, 'Bo']");
    assertEquals("[]", held(a));
  }

  @Test
  void takingTheRowThatShowsNullGivesItTheValue() {
    startWithTwoOfOneMail();
    settle(new Settlement.Take(2));
    bothAgreeOn(ALL, "['x', NULL, 'Ann']", "['y', 'm', 'Bob']");
  }

  @Test
  void takingTheOtherRowMeansNull() {
    startWithTwoOfOneMail();
    settle(new Settlement.Take(1));
    bothAgreeOn(ALL, "['x', 'm', 'Ann']", "['y', NULL, 'Bob']");
    assertEquals("[]", held(a));
    write(a, 60, "DELETE FROM person WHERE id = 'x'");
    bothAgreeOn(ALL, "['y', NULL, 'Bob']");
  }

  @Test
  void anotherValueSettles() {
    startWithTwoOfOneMail();
    refused(new Settlement.Write(Value.of("m")), "another row has mail 'm' too");
    settle(new Settlement.Write(Value.of("k")));
    bothAgreeOn(ALL, "['x', 'm', 'Ann']", "['y', 'k', 'Bob']");
    assertEquals("[]", held(a));
  }

  @Test
  void oneValueIsNotForTwoRows() {
    startWithTwoOfOneMail();
    refused(new Settlement.KeepBoth(), "one value is not for two rows");
    refused(new Settlement.Restore(), "one value is not for two rows");
    bothAgreeOn(ALL, "['x', 'm', 'Ann']", "['y', NULL, 'Bob']");
  }

  @Test
  void columnsThatCannotShowNullAreRefused() {
    start(
        "CREATE TABLE p (id INTEGER PRIMARY KEY);"
            + "CREATE TABLE t (id INTEGER PRIMARY KEY, a NOT NULL, p INTEGER REFERENCES p, g AS (a));",
        "p",
        "t");
    refusedPolicy("t.id", NULL, "outside the key");
    refusedPolicy("t.a", NULL, "it is NOT NULL");
    refusedPolicy("t.p", NULL, "it has a FOREIGN KEY");
    refusedPolicy("t.g", NULL, "for a column of t");
    ColumnPolicy reference = ColumnPolicy.lastWriterWins().references("p", OnDelete.CASCADE);
    assertThrows(IllegalArgumentException.class, reference::nullWhereTaken);
    assertThrows(IllegalArgumentException.class, () -> NULL.references("p", OnDelete.CASCADE));
    assertThrows(IllegalArgumentException.class, NULL::asTree);
    assertThrows(
        IllegalArgumentException.class, ColumnPolicy.lastWriterWins().asTree()::nullWhereTaken);
    assertThrows(IllegalArgumentException.class, ColumnPolicy.counter()::nullWhereTaken);
  }

  private void refusedPolicy(String column, ColumnPolicy policy, String reason) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> a.replica().policy(column, policy));
    assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
  }

  @Test
  void theTextOfThePolicyIsReadAsItIsWritten() {
    for (ColumnPolicy policy :
        List.of(
            NULL,
            ColumnPolicy.max().nullWhereTaken(),
            ColumnPolicy.manual().inGroup("g").nullWhereTaken(),
            ColumnPolicy.replicaPriority("desk").nullWhereTaken())) {
      assertEquals(policy, ColumnPolicy.parse(policy.toString()));
      assertTrue(policy.toString().endsWith(" null where taken"), policy.toString());
    }
    assertEquals(NULL, ColumnPolicy.parse("null where taken"));
    assertEquals("last-writer-wins null where taken", NULL.toString());
    assertEquals(NULL.inGroup("g"), ColumnPolicy.lastWriterWins().inGroup("g").nullWhereTaken());
    for (String text : List.of("null where taken tree", "counter null where taken", "null")) {
      assertThrows(IllegalArgumentException.class, () -> ColumnPolicy.parse(text));
    }
  }
}
