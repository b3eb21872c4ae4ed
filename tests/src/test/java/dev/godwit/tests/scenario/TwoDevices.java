package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Two devices with the same schema that have met, and helpers for what they are to show. */
abstract class TwoDevices {
  static final String T = "CREATE TABLE t (id INTEGER PRIMARY KEY, v, w)";

  @TempDir Path folder;
  Devices devices;
  Device a;
  Device b;

  @BeforeEach
  void beginWithoutDevices() {
    devices = new Devices(folder);
  }

  @AfterEach
  void closeDevices() {
    devices.close();
  }

  /** Two devices whose files have this schema, with these tables tracked. */
  void start(String schema, String... tables) {
    a = devices.device("a", schema, tables);
    b = devices.device("b", schema, tables);
  }

  /** Two devices with table t, tracked. */
  void startWithT() {
    start(T, "t");
  }

  /** Two devices with table t, on which both show these rows. */
  void startWithT(String... values) {
    startWithT();
    a.sql("INSERT INTO t VALUES " + String.join(", ", values));
    devices.syncAll();
  }

  /** Exchanges until all is said; then both show these rows to this query. */
  void bothShow(String query, String... rows) {
    devices.syncAll();
    assertEquals(List.of(rows), a.rows(query), "on the first device");
    assertEquals(List.of(rows), b.rows(query), "on the second device");
  }

  /**
   * As {@link #bothShow}; and the same is held back on both, and nothing is wrong with the files.
   */
  void bothAgreeOn(String query, String... rows) {
    bothShow(query, rows);
    assertEquals(held(a), held(b));
    for (Device device : List.of(a, b)) {
      assertTrue(device.replica().doctor().isHealthy(), () -> "" + device.replica().doctor());
    }
    assertEquals(a.replica().doctor().stateDigest(), b.replica().doctor().stateDigest());
  }

  /** As {@link #bothAgreeOn}; and SQLite finds no reference that dangles. */
  void bothAgreeWithoutDangling(String query, String... rows) {
    bothAgreeOn(query, rows);
    for (Device device : List.of(a, b)) {
      assertEquals(
          List.of(),
          Sqlite.text(device.path(), "SELECT \"table\" || rowid FROM pragma_foreign_key_check"));
    }
  }

  /** What {@code godwit_held} says, as texts. */
  static String held(Device device) {
    return Sqlite.text(
            device.path(),
            "SELECT kind, unit FROM godwit_held ORDER BY table_number, life, unit, kind")
        .toString();
  }

  /** Exchanges until all is said; then both have these rows in table t. */
  void bothHaveT(String... rows) {
    bothShow("SELECT * FROM t ORDER BY id", rows);
  }

  void noConflicts() {
    assertEquals(List.of(), a.conflicts(), "conflicts on the first device");
    assertEquals(List.of(), b.conflicts(), "conflicts on the second device");
  }
}
