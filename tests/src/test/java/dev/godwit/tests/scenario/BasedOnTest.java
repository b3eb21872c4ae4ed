package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.sqlite.SqliteException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A form that was opened before a sync and saved after it overwrites nothing that it never showed.
 */
class BasedOnTest extends TwoDevices {
  private static final String SIDES =
      "SELECT unit, kind, state, sibling, action, value, base, shown, device FROM godwit_conflict"
          + " ORDER BY unit, kind, conflict, sibling";

  private static String token(Device device) {
    return device.value("SELECT token FROM godwit_version");
  }

  private static String basedOn(String token, String key) {
    return "INSERT INTO godwit_based_on (token, table_name, key1) VALUES ('"
        + token
        + "', 't', "
        + key
        + ")";
  }

  @Test
  void aFormSavedWithPlainSqlStandsBesideWhatCameMeanwhile() {
    startWithT("(1, 'v', 'w')");
    a.replica().policy("t.v", ColumnPolicy.manual());
    devices.syncAll();
    String opened = token(a);
    write(b, 1, "UPDATE t SET v = 'from b'");
    devices.syncAll();
    a.sql("BEGIN", basedOn(opened, "1"), "UPDATE t SET v = 'from the form' WHERE id = 1", "COMMIT");
    devices.syncAll();
    assertEquals(
        List.of("from b|v|b", "from the form|from b|a"),
        sorted(
            Sqlite.text(
                b.path(), "SELECT value, base, device FROM godwit_conflict WHERE state = 'open'")));
    assertEquals(1, a.replica().openConflicts().size());
    assertEquals(ConflictViews.all(a), ConflictViews.all(b));
  }

  private static List<String> sorted(List<String> rows) {
    return rows.stream().sorted().toList();
  }

  @Test
  void theSameThroughTheLibrary() {
    startWithT("(1, 'v', 'w')");
    String opened = a.replica().version();
    write(b, 1, "UPDATE t SET v = 'from b'");
    devices.syncAll();
    a.clock().at(4_000_000_002_000L);
    a.replica()
        .write(
            transaction -> {
              transaction.basedOn(opened, "t", 1);
              transaction.execute("UPDATE t SET v = ? WHERE id = 1", "from the form");
            });
    bothList(
        SIDES,
        "v|edit/edit|resolved|1|edit|from b|v|0|b",
        "v|edit/edit|resolved|2|edit|from the form|from b|1|a");
    bothShow("SELECT v FROM t", "['from the form']");
  }

  @Test
  void withoutTheTokenTheFormOverwrites() {
    startWithT("(1, 'v', 'w')");
    write(b, 1, "UPDATE t SET v = 'from b'");
    devices.syncAll();
    write(a, 2, "UPDATE t SET v = 'from the form' WHERE id = 1");
    bothList(SIDES);
  }

  @Test
  void whatTheFormShowedIsNoConflict() {
    startWithT("(1, 'v', 'w')");
    write(b, 1, "UPDATE t SET v = 'from b'");
    devices.syncAll();
    String opened = token(a);
    write(b, 2, "UPDATE t SET w = 'elsewhere'", "INSERT INTO t VALUES (2, 'v', 'w')");
    devices.syncAll();
    write(a, 3, basedOn(opened, "1"), "UPDATE t SET v = 'from the form' WHERE id = 1");
    bothList(SIDES);
    bothShow("SELECT v, w FROM t WHERE id = 1", "['from the form', 'elsewhere']");
  }

  @Test
  void whatThisDeviceWroteBeforeTheFormWasOpenedWasShown() {
    startWithT("(1, 'v', 'w')");
    a.sql("UPDATE t SET v = 'before'");
    write(a, 1, "UPDATE t SET w = 'before'");
    String opened = token(a);
    write(b, 1, "UPDATE t SET w = 'from b'");
    devices.syncAll();
    write(a, 3, basedOn(opened, "1"), "UPDATE t SET v = 'after' WHERE id = 1");
    devices.syncAll();
    assertEquals(
        List.of(), Sqlite.text(a.path(), "SELECT * FROM godwit_conflict WHERE unit = 'v'"));
  }

  @Test
  void whatAnotherWindowOfThisDeviceWroteIsNotOverwrittenEither() {
    startWithT("(1, 'v', 'w')");
    String opened = token(a);
    write(a, 1, "UPDATE t SET v = 'another window'");
    write(a, 2, basedOn(opened, "1"), "UPDATE t SET v = 'from the form' WHERE id = 1");
    bothList(
        SIDES,
        "v|edit/edit|resolved|1|edit|another window|v|0|a",
        "v|edit/edit|resolved|2|edit|from the form|another window|1|a");
  }

  @Test
  void otherRowsOfTheTransactionAreWrittenAsEver() {
    startWithT("(1, 'v', 'w')", "(2, 'v', 'w')");
    String opened = token(a);
    write(b, 1, "UPDATE t SET v = 'from b'");
    devices.syncAll();
    write(a, 2, basedOn(opened, "1"), "UPDATE t SET v = 'from the form'");
    devices.syncAll();
    assertEquals(
        List.of("1"), Sqlite.text(b.path(), "SELECT DISTINCT row_key FROM godwit_conflict"));
  }

  @Test
  void aFormThatMovesItsRowAndLosesLeavesWhatItNeverShowed() {
    start(
        "CREATE TABLE p (k TEXT PRIMARY KEY NOT NULL); CREATE TABLE t (id INTEGER PRIMARY KEY, p REFERENCES p)",
        "p",
        "t");
    a.sql("INSERT INTO p VALUES ('a'), ('b'), ('c')", "INSERT INTO t VALUES (1, 'a')");
    devices.syncAll();
    String opened = token(a);
    // So far ahead that nobody's clock follows.
    b.clock().at(9_000_000_000_000L);
    b.write("UPDATE t SET p = 'b'");
    devices.syncAll();
    write(a, 1, basedOn(opened, "1"), "UPDATE t SET p = 'c', id = 99 WHERE id = 1");
    bothAgreeOn("SELECT * FROM t", "[99, 'b']");
  }

  @Test
  void aDeleteOfWhatWasChangedMeanwhileDoesNotTakeItAway() {
    startWithT("(1, 'v', 'w')");
    String opened = token(a);
    write(b, 1, "UPDATE t SET v = 'from b'");
    devices.syncAll();
    write(a, 2, basedOn(opened, "1"), "DELETE FROM t WHERE id = 1");
    bothList(
        SIDES,
        "|edit/delete|resolved|1|edit|null|null|1|b",
        "|edit/delete|resolved|2|delete|null|null|0|a");
    bothShow("SELECT v FROM t", "['from b']");
  }

  @Test
  void wrongTokensAndTablesAreRefusedAtOnce() {
    startWithT("(1, 'v', 'w')");
    String opened = token(a);
    for (String wrong :
        List.of(
            basedOn("", "1"),
            basedOn("nonsense", "1"),
            basedOn(opened, "NULL"),
            basedOn(opened, "1").replace("'t'", "'none'"),
            basedOn(opened, "1").replace("'t'", "'godwit_space_column'"))) {
      assertThrows(SqliteException.class, () -> write(a, 1, wrong), wrong);
    }
    assertEquals("0", a.value("SELECT count(*) FROM godwit_pending"));
  }

  private void startWithMerged(String policy, String value) {
    startWithT();
    a.replica().policy("t.v", ColumnPolicy.parse(policy));
    write(a, 0, "INSERT INTO t VALUES (1, " + value + ", 'w')");
    devices.syncAll();
  }

  /** The token of a form that shows the value, and does not show what is written elsewhere. */
  private String openedBefore(String policy, String value, String elsewhere) {
    startWithMerged(policy, value);
    String opened = token(a);
    write(b, 1, "UPDATE t SET v = " + elsewhere);
    devices.syncAll();
    return opened;
  }

  private void afterAForm(String policy, String value, String elsewhere, String form, String both) {
    String opened = openedBefore(policy, value, elsewhere);
    write(a, 2, basedOn(opened, "1"), "UPDATE t SET v = " + form + " WHERE id = 1");
    devices.syncAll();
    bothAgreeOn("SELECT v FROM t", both);
  }

  @Test
  void aFormAddsToACounterWhatItAdded() {
    afterAForm("counter", "10", "v + 5", "12", "[17]");
  }

  @Test
  void aFormThatSetsACounterAnewTakesNoUnseenStepAway() {
    afterAForm("counter", "10", "v + 5", "0", "[5]");
  }

  @Test
  void aFormAddsToACounterThatWasSetAnewMeanwhile() {
    afterAForm("counter", "10", "0", "12", "[2]");
  }

  @Test
  void aFormTakesFromASetWhatItTook() {
    afterAForm("set", "'[1,2]'", "'[1,2,3]'", "'[2,4]'", "['[2,4,3]']");
  }

  @Test
  void aFormThatEmptiesASetLeavesAllThatItWasNotShown() {
    String opened = openedBefore("set", "'[1,2]'", "'[1,2,3]'");
    write(b, 2, "UPDATE t SET v = '[1,2,3,4]'");
    devices.syncAll();
    write(a, 3, basedOn(opened, "1"), "UPDATE t SET v = NULL WHERE id = 1");
    bothAgreeOn("SELECT v FROM t", "['[3,4]']");
  }

  @Test
  void aCounterThatWasSetAnewAndRaisedStandsBesideAFormThatSetsIt() {
    String opened = openedBefore("counter", "10", "0");
    write(b, 2, "UPDATE t SET v = v + 1");
    devices.syncAll();
    write(a, 3, basedOn(opened, "1"), "UPDATE t SET v = 0 WHERE id = 1");
    bothAgreeOn("SELECT v FROM t", "[0]");
    bothList(SIDES, "v|edit/edit|resolved|1|edit|1|0|0|b", "v|edit/edit|resolved|2|edit|0|1|1|a");
  }

  @Test
  void aFormLeavesWhatWasTakenFromASetMeanwhile() {
    afterAForm("set", "'[1,2]'", "'[2]'", "'[1,2,4]'", "['[2,4]']");
  }

  @Test
  void aFormWritesTheMembersOfAMapThatItChanged() {
    afterAForm(
        "map",
        "'{\"a\":1,\"b\":1}'",
        "'{\"a\":2,\"c\":3}'",
        "'{\"a\":1,\"b\":5}'",
        "['{\"a\":2,\"b\":5,\"c\":3}']");
  }

  @Test
  void aFormEditsATextWhereItShowedIt() {
    afterAForm(
        "text",
        "'milk and bread'",
        "'much milk and bread'",
        "'milk or bread'",
        "['much milk or bread']");
  }

  @Test
  void whoEditsATextThatAFormHasSavedEditsWhatBothSaid() {
    String opened = openedBefore("text", "'milk and bread'", "'much milk and bread'");
    write(a, 2, basedOn(opened, "1"), "UPDATE t SET v = 'milk or bread' WHERE id = 1");
    write(a, 3, "UPDATE t SET v = v || ', soon'");
    write(a, 4, "UPDATE t SET v = replace(v, 'bread', 'rolls')");
    write(b, 5, "UPDATE t SET v = 'so ' || v");
    bothAgreeOn("SELECT v FROM t", "['so much milk or rolls, soon']");
    noConflicts();
  }

  @Test
  void whoCountsOnFromWhatAFormHasSavedTakesNoUnseenStepAway() {
    String opened = openedBefore("counter", "10", "v + 5");
    write(a, 2, basedOn(opened, "1"), "UPDATE t SET v = 12 WHERE id = 1");
    write(a, 3, "UPDATE t SET v = v + 1");
    write(a, 4, "UPDATE t SET v = v + 1");
    bothAgreeOn("SELECT v FROM t", "[19]");
    noConflicts();
  }

  @Test
  void whoWritesOnAfterAFormTakesNothingOfAnotherWindowAway() {
    startWithMerged("map", "'{}'");
    String opened = token(a);
    write(a, 1, "UPDATE t SET v = '{\"other\":1}'");
    devices.syncAll();
    write(a, 2, basedOn(opened, "1"), "UPDATE t SET v = '{\"form\":1}' WHERE id = 1");
    write(a, 3, "UPDATE t SET v = json_set(v, '$.more', 1)");
    bothAgreeOn("SELECT v FROM t", "['{\"form\":1,\"more\":1,\"other\":1}']");
    noConflicts();
  }

  @Test
  void whatAnotherProgramWroteBeforeAFormWasSavedIsNoPartOfThat() {
    startWithMerged("map", "'{}'");
    String opened = token(a);
    a.sql("UPDATE t SET v = '{\"other\":1}'");
    String form = "UPDATE t SET v = '{\"form\":1}' WHERE id = 1";
    a.sql("BEGIN", basedOn(opened, "1"), form, "COMMIT");
    bothAgreeOn("SELECT v FROM t", "['{\"form\":1,\"other\":1}']");
    noConflicts();
  }

  @Test
  void aTransactionOfTheLibraryStaysOneWhereverItSaysOnWhatItIsBased() {
    startWithT("(1, 'v', 'w')");
    String opened = token(a);
    long before = a.sequence();
    write(a, 1, "INSERT INTO t VALUES (2, 'v', 'w')", basedOn(opened, "1"), "UPDATE t SET v = 'x'");
    assertEquals(before + 1, a.sequence());
  }

  @Test
  void aWriteThatChangesNothingIsNotCountedAsOneThatAFormHasSeen() {
    startWithMerged("counter", "10");
    write(a, 1, "INSERT INTO t VALUES (2, 0, 'w')");
    write(a, 1, "UPDATE OR IGNORE t SET id = 1 WHERE id = 2");
    String opened = a.replica().version();
    write(a, 1, "UPDATE t SET v = v + 2 WHERE id = 1");
    write(a, 2, basedOn(opened, "1"), "UPDATE t SET v = 11 WHERE id = 1");
    bothAgreeOn("SELECT v FROM t WHERE id = 1", "[13]");
  }

  @Test
  void ofSeveralEditsBesideADeleteTheLastIsListedAlsoWhereAFormDidNotShowTheOthers() {
    startWithT("(1, 'v', 'w')");
    Device c = devices.device("c", "CREATE TABLE t (id INTEGER PRIMARY KEY, v, w)", "t");
    devices.syncAll();
    String opened = a.replica().version();
    write(a, 1, "UPDATE t SET v = 'another window'");
    write(b, 2, "DELETE FROM t");
    Devices.meet(c, a);
    Devices.meet(c, b);
    write(a, 3, basedOn(opened, "1"), "UPDATE t SET v = 'from the form' WHERE id = 1");
    bothList(
        SIDES,
        "|edit/delete|resolved|1|delete|null|null|0|b",
        "|edit/delete|resolved|2|edit|null|null|1|a",
        "v|edit/edit|resolved|1|edit|another window|v|0|a",
        "v|edit/edit|resolved|2|edit|from the form|another window|1|a");
  }

  @Test
  void aFormThatIsOpenedAfterAnotherWasSavedShowsWhatThatCameTo() {
    startWithMerged("counter", "10");
    String opened = a.replica().version();
    write(b, 1, "UPDATE t SET v = v + 5");
    devices.syncAll();
    write(a, 2, basedOn(opened, "1"), "UPDATE t SET v = 12 WHERE id = 1");
    assertEquals("12", a.value("SELECT v FROM t"));
    String again = a.replica().version();
    assertEquals("17", a.value("SELECT v FROM t"));
    write(b, 3, "UPDATE t SET v = v + 100");
    write(a, 4, basedOn(again, "1"), "UPDATE t SET v = 18 WHERE id = 1");
    bothAgreeOn("SELECT v FROM t", "[118]");
    noConflicts();
  }

  @Test
  void aFormThatWritesATextBackUnchangedTakesNothingAway() {
    afterAForm("text", "'milk'", "'milk, bread'", "'milk'", "['milk, bread']");
  }

  @Test
  void aTextThatWasReplacedMeanwhileStandsBesideTheForms() {
    startWithMerged("text", "'old'");
    String opened = token(a);
    write(b, 1, "UPDATE t SET v = NULL");
    write(b, 1, "UPDATE t SET v = 'new'");
    devices.syncAll();
    write(a, 2, basedOn(opened, "1"), "UPDATE t SET v = 'older' WHERE id = 1");
    devices.syncAll();
    bothShow("SELECT v FROM t", "['older']");
    assertEquals(
        List.of("older", "new"),
        Sqlite.text(b.path(), "SELECT value FROM godwit_conflict ORDER BY shown DESC"));
  }

  @Test
  void whatIsWrittenUponAFormBeforeItIsPackedIsMadeUponThatForm() {
    String opened = openedBefore("counter", "10", "v + 5");
    a.sql("BEGIN", basedOn(opened, "1"), "UPDATE t SET v = 12 WHERE id = 1", "COMMIT");
    a.sql("UPDATE t SET v = v + 1");
    devices.syncAll();
    bothShow("SELECT v FROM t", "[18]");
  }

  @Test
  void onlyWhatIsWrittenOfAMergedColumnIsUponTheForm() {
    String opened = openedBefore("counter", "10", "v + 5");
    write(a, 2, basedOn(opened, "1"), "UPDATE t SET w = 'form' WHERE id = 1");
    write(a, 3, "UPDATE t SET v = v + 1");
    devices.syncAll();
    bothShow("SELECT v, w FROM t", "[16, 'form']");
  }
}
