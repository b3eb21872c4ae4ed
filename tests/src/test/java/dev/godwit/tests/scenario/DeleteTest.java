package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows go, stay gone, and come back only when somebody wants them. */
class DeleteTest extends TwoDevices {
  private static final String NATURAL = "CREATE TABLE t (id TEXT PRIMARY KEY, v, w)";

  @Test
  void aDeletedRowStaysGone() {
    startWithT("(1, 'a', 'b')");
    a.sql("DELETE FROM t");
    for (int i = 0; i < 10; i++) {
      bothHaveT();
    }
    noConflicts();
  }

  @Test
  void aRowDeletedOnBothIsGoneWithoutConflict() {
    startWithT("(1, 'a', 'b')");
    a.sql("DELETE FROM t");
    b.sql("DELETE FROM t");
    bothHaveT();
    noConflicts();
  }

  @Test
  void anEditStandsAgainstAConcurrentDeleteAndTheDeleteIsListed() {
    startWithT("(1, 'a', 'b')", "(2, 'c', 'd')");
    a.sql("DELETE FROM t");
    b.sql("UPDATE t SET v = 'edited' WHERE id = 1");
    bothHaveT("[1, 'edited', 'b']");
    assertEquals(1, a.conflicts().size());
    assertEquals(a.conflicts(), b.conflicts());
    a.sql("DELETE FROM t");
    bothHaveT();
    assertEquals(1, b.conflicts().size(), "a delete by somebody who saw the edit is no conflict");
  }

  @ParameterizedTest
  @ValueSource(strings = {T, NATURAL})
  void aKeyDeletedAndTakenAgainShowsOnlyTheNewValues(String schema) {
    start(schema, "t");
    final Device c = devices.device("c", schema, "t");
    a.sql("INSERT INTO t VALUES (1, 'a', 'b')");
    devices.syncAll();
    a.sql("DELETE FROM t");
    a.replica().seal();
    a.sql("INSERT INTO t (id, v) VALUES (1, 'new')");
    Devices.meet(c, a);
    Devices.meet(b, c);
    assertEquals(List.of("1|new|null"), Sqlite.text(b.path(), "SELECT * FROM t"));
    devices.syncAll();
    noConflicts();
  }

  @ParameterizedTest
  @ValueSource(strings = {T, NATURAL})
  void insertAndDeleteOfOneKeyOverAndOverEndsGone(String schema) {
    for (boolean syncEachTime : new boolean[] {true, false}) {
      if (a == null) {
        start(schema, "t");
      }
      for (int i = 0; i < 2; i++) {
        a.sql("INSERT INTO t VALUES (1, 'a', 'b')");
        a.replica().seal();
        meetIf(syncEachTime);
        a.sql("DELETE FROM t");
        a.replica().seal();
        meetIf(syncEachTime);
      }
      bothHaveT();
    }
    noConflicts();
  }

  private void meetIf(boolean wanted) {
    if (wanted) {
      devices.syncAll();
    }
  }

  @Test
  void theDeleteOfARowThatSomebodyNeverHadIsNoError() {
    startWithT();
    a.sql("INSERT INTO t VALUES (1, 'a', 'b'), (2, 'c', 'd')");
    a.replica().seal();
    a.sql("DELETE FROM t WHERE id = 1");
    b.sql("DELETE FROM t WHERE id = 1");
    bothHaveT("[2, 'c', 'd']");
    noConflicts();
  }

  @Test
  void aDeleteBySomebodyWhoSawTheEditIsNoConflict() {
    startWithT("(1, 'a', 'b')");
    a.sql("UPDATE t SET v = 'edited'");
    devices.syncAll();
    b.sql("DELETE FROM t");
    bothHaveT();
    noConflicts();
  }

  @ParameterizedTest
  @ValueSource(strings = {T, NATURAL})
  void aRowInsertedWhileAllOthersWereDeletedStays(String schema) {
    start(schema, "t");
    a.sql("INSERT INTO t VALUES (1, 'a', 'b'), (2, 'a', 'b'), (3, 'a', 'b')");
    devices.syncAll();
    a.sql("DELETE FROM t");
    b.sql("INSERT INTO t VALUES (4, 'new', 'row')");
    devices.syncAll();
    assertEquals(List.of("4|new|row"), Sqlite.text(a.path(), "SELECT * FROM t"));
    noConflicts();
  }

  @Test
  void aYearOldDeleteReachesWhoWasAway() {
    startWithT("(1, 'a', 'b')", "(2, 'c', 'd')");
    long begin = 1_600_000_000_000L;
    a.clock().at(begin);
    a.write("DELETE FROM t WHERE id = 1");
    a.replica().seal();
    for (int day = 1; day <= 365; day += 30) {
      a.clock().at(begin + day * 86_400_000L);
      a.write("UPDATE t SET v = " + day + " WHERE id = 2");
      a.replica().seal();
    }
    b.clock().at(begin + 366 * 86_400_000L);
    bothHaveT("[2, 361, 'd']");
    assertTrue(b.conflicts().isEmpty());
  }

  @Test
  void aRowDeletedHereAndInsertedAnewElsewhereIsOneRow() {
    start(NATURAL, "t");
    a.sql("INSERT INTO t VALUES ('k', 'a', 'b')");
    devices.syncAll();
    a.sql("DELETE FROM t");
    b.sql("DELETE FROM t");
    b.replica().seal();
    b.sql("INSERT INTO t (id, v) VALUES ('k', 'again')");
    bothShow("SELECT * FROM t", "['k', 'again', NULL]");
  }

  @Test
  void aRowInsertedWhereOneWasDeletedIsAnotherRowThanTheOneEditedElsewhere() {
    startWithT("(1, 'old', 'w')");
    a.sql("BEGIN", "DELETE FROM t", "INSERT INTO t (id, v) VALUES (1, 'new')", "COMMIT");
    b.sql("UPDATE t SET w = 'edited'");
    bothShow("SELECT v, w FROM t ORDER BY v", "['new', NULL]", "['old', 'edited']");
    assertEquals("new", a.value("SELECT v FROM t WHERE id = 1"));
  }
}
