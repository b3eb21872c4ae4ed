package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.report.DoctorReport;
import dev.godwit.sync.report.Finding;
import dev.godwit.sync.report.ListedConflict;
import dev.godwit.sync.report.Paging;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
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

  /** Writes through the library, so many seconds after the beginning. */
  static void write(Device device, long second, String... statements) {
    device.clock().at(4_000_000_000_000L + second * 1000);
    device.write(statements);
  }

  /** The name of the only conflict that stands. */
  static String conflict(Device device) {
    return conflict(device, one -> true);
  }

  /** The name of the only conflict of this row that stands. */
  static String conflict(Device device, String key) {
    return conflict(device, one -> one.key().equals(key));
  }

  private static String conflict(Device device, Predicate<ListedConflict> which) {
    List<String> names =
        device.replica().listedConflicts(new Paging(100, "")).entries().stream()
            .filter(one -> one.stands() && which.test(one))
            .map(ListedConflict::id)
            .toList();
    assertEquals(1, names.size(), names.toString());
    return names.get(0);
  }

  /** Exchanges until all is said; then both show these rows to this query. */
  void bothShow(String query, String... rows) {
    devices.syncAll();
    assertEquals(List.of(rows), a.rows(query), "on the first device");
    assertEquals(List.of(rows), b.rows(query), "on the second device");
  }

  /**
   * As {@link #bothShow}; and on both the same is held back, the same conflicts stand, and nothing
   * is wrong with the files.
   */
  void bothAgreeOn(String query, String... rows) {
    bothShow(query, rows);
    assertEquals(held(a), held(b));
    ConflictViews.agree(List.of(a, b), ConflictViews::standing);
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

  /** The doctor finds nothing in the file but what this device cannot show. */
  static void isNotDamaged(Device device) {
    DoctorReport report = device.replica().doctor();
    assertTrue(
        report.findings().stream().allMatch(one -> one.severity() == Finding.Severity.WARNING),
        report::toString);
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

  /**
   * Exchanges until all is said; then both list these rows, which may have quotes, as conflicts.
   */
  void bothList(String query, String... rows) {
    devices.syncAll();
    for (Device device : List.of(a, b)) {
      assertEquals(String.join("\n", rows), String.join("\n", Sqlite.text(device.path(), query)));
    }
    ConflictViews.agree(List.of(a, b), ConflictViews::all);
  }

  void noConflicts() {
    assertEquals(List.of(), a.conflicts(), "conflicts on the first device");
    assertEquals(List.of(), b.conflicts(), "conflicts on the second device");
  }
}
