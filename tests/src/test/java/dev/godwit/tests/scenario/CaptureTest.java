package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What any program writes to a tracked table reaches the other devices. */
class CaptureTest extends TwoDevices {
  @BeforeEach
  void twoDevices() {
    startWithT();
  }

  @Test
  void anInsertReachesTheOtherDevice() {
    a.sql("INSERT INTO t VALUES (1, 'a', 'b')");
    bothHaveT("[1, 'a', 'b']");
  }

  @Test
  void editsOfDifferentColumnsOfOneRowBothSurvive() {
    a.sql("INSERT INTO t VALUES (1, 'a', 'b')");
    devices.syncAll();
    a.sql("UPDATE t SET v = 'x' WHERE id = 1");
    b.sql("UPDATE t SET w = 'y' WHERE id = 1");
    bothHaveT("[1, 'x', 'y']");
  }

  @Test
  void anUpdateThatChangesNothingDoesNotStandAgainstARealOne() {
    a.sql("INSERT INTO t VALUES (1, 'a', 'b')");
    devices.syncAll();
    b.sql("UPDATE t SET v = 'real'");
    a.sql("UPDATE t SET v = v");
    bothHaveT("[1, 'real', 'b']");
  }

  @Test
  void aDeleteReachesTheOtherDevice() {
    a.sql("INSERT INTO t VALUES (1, 'a', 'b'), (2, 'c', 'd')");
    devices.syncAll();
    a.sql("DELETE FROM t WHERE id = 1");
    bothHaveT("[2, 'c', 'd']");
  }

  @Test
  void deleteAndInsertOfOneKeyInOneTransactionResetsTheRow() {
    a.sql("INSERT INTO t VALUES (1, 'a', 'b')");
    devices.syncAll();
    a.sql("BEGIN", "DELETE FROM t WHERE id = 1", "INSERT INTO t (id, v) VALUES (1, 'c')", "COMMIT");
    bothHaveT("[1, 'c', NULL]");
  }

  @Test
  void replaceKeepsNothingOfTheRowItReplaces() {
    a.sql("INSERT INTO t VALUES (1, 'a', 'b')");
    devices.syncAll();
    a.sql("REPLACE INTO t (id, v) VALUES (1, 'n')");
    bothHaveT("[1, 'n', NULL]");
  }

  @Test
  void aChangedKeyTakesTheOtherValuesAlong() {
    a.sql("INSERT INTO t VALUES (1, 'a', 'b')");
    devices.syncAll();
    a.sql("UPDATE t SET id = 2 WHERE id = 1");
    b.sql("UPDATE t SET v = 'edited elsewhere' WHERE id = 1");
    bothHaveT("[2, 'edited elsewhere', 'b']");
  }

  @Test
  void twoDevicesThatTakeTheSameNextKeyKeepBothRows() {
    a.sql("INSERT INTO t VALUES (101, 'mine', 1)");
    b.sql("INSERT INTO t VALUES (101, 'yours', 2)");
    devices.syncAll();
    assertEquals(2, a.rows("SELECT * FROM t").size());
    assertEquals(a.rows("SELECT * FROM t ORDER BY v"), b.rows("SELECT * FROM t ORDER BY v"));
  }

  @Test
  void anEditStandsAgainstAConcurrentDelete() {
    a.sql("INSERT INTO t VALUES (1, 'a', 'b')");
    devices.syncAll();
    a.sql("DELETE FROM t");
    b.sql("UPDATE t SET v = 'edited' WHERE id = 1");
    bothHaveT("[1, 'edited', 'b']");
  }
}
