package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What any program writes to a tracked table reaches the other devices. */
class CaptureTest {
  private static final String SCHEMA = "CREATE TABLE t (id INTEGER PRIMARY KEY, v, w)";

  @TempDir Path folder;
  private Devices devices;
  private Device a;
  private Device b;

  @BeforeEach
  void twoDevices() {
    devices = new Devices(folder);
    a = devices.device("a", SCHEMA, "t");
    b = devices.device("b", SCHEMA, "t");
  }

  @AfterEach
  void close() {
    devices.close();
  }

  private void bothShow(String... rows) {
    devices.syncAll();
    assertEquals(List.of(rows), a.rows("SELECT * FROM t ORDER BY id"), "on the first device");
    assertEquals(List.of(rows), b.rows("SELECT * FROM t ORDER BY id"), "on the second device");
  }

  @Test
  void anInsertReachesTheOtherDevice() {
    a.sql("INSERT INTO t VALUES (1, 'a', 'b')");
    bothShow("[1, 'a', 'b']");
  }

  @Test
  void editsOfDifferentColumnsOfOneRowBothSurvive() {
    a.sql("INSERT INTO t VALUES (1, 'a', 'b')");
    devices.syncAll();
    a.sql("UPDATE t SET v = 'x' WHERE id = 1");
    b.sql("UPDATE t SET w = 'y' WHERE id = 1");
    bothShow("[1, 'x', 'y']");
  }

  @Test
  void anUpdateThatChangesNothingDoesNotStandAgainstARealOne() {
    a.sql("INSERT INTO t VALUES (1, 'a', 'b')");
    devices.syncAll();
    b.sql("UPDATE t SET v = 'real'");
    a.sql("UPDATE t SET v = v");
    bothShow("[1, 'real', 'b']");
  }

  @Test
  void aDeleteReachesTheOtherDevice() {
    a.sql("INSERT INTO t VALUES (1, 'a', 'b'), (2, 'c', 'd')");
    devices.syncAll();
    a.sql("DELETE FROM t WHERE id = 1");
    bothShow("[2, 'c', 'd']");
  }

  @Test
  void deleteAndInsertOfOneKeyInOneTransactionResetsTheRow() {
    a.sql("INSERT INTO t VALUES (1, 'a', 'b')");
    devices.syncAll();
    a.sql("BEGIN", "DELETE FROM t WHERE id = 1", "INSERT INTO t (id, v) VALUES (1, 'c')", "COMMIT");
    bothShow("[1, 'c', NULL]");
  }

  @Test
  void replaceKeepsNothingOfTheRowItReplaces() {
    a.sql("INSERT INTO t VALUES (1, 'a', 'b')");
    devices.syncAll();
    a.sql("REPLACE INTO t (id, v) VALUES (1, 'n')");
    bothShow("[1, 'n', NULL]");
  }

  @Test
  void aChangedKeyTakesTheOtherValuesAlong() {
    a.sql("INSERT INTO t VALUES (1, 'a', 'b')");
    devices.syncAll();
    a.sql("UPDATE t SET id = 2 WHERE id = 1");
    b.sql("UPDATE t SET v = 'edited elsewhere' WHERE id = 1");
    bothShow("[2, 'edited elsewhere', 'b']");
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
    bothShow("[1, 'edited', 'b']");
  }
}
