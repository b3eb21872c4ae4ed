package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.report.DoctorOptions;
import dev.godwit.sync.report.DoctorReport;
import dev.godwit.sync.report.Finding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor finds what is broken, says what it is, and finds nothing in a healthy file. */
class DoctorTest {
  private static final String SCHEMA =
      "CREATE TABLE t (id INTEGER PRIMARY KEY, v, w);"
          + "CREATE TABLE n (k TEXT PRIMARY KEY NOT NULL, v, t INTEGER REFERENCES t (id))";

  @TempDir Path folder;
  private Devices devices;
  private Device a;
  private Device b;

  @BeforeEach
  void twoDevicesWithConflicts() {
    devices = new Devices(folder);
    a = devices.device("a", SCHEMA, "t", "n");
    b = devices.device("b", SCHEMA, "t", "n");
    a.sql("INSERT INTO t VALUES (1, 'one', 1), (2, 'two', 2), (3, 'three', 3)");
    a.sql("INSERT INTO n VALUES ('x', 'ex', 1), ('y', 'why', 1)");
    devices.syncAll();
    a.sql("UPDATE t SET v = 'of a' WHERE id = 1", "UPDATE t SET id = 20 WHERE id = 2");
    b.sql("UPDATE t SET v = 'of b' WHERE id = 1", "DELETE FROM n WHERE k = 'x'");
    b.sql("INSERT INTO t VALUES (4, 'four', 4)");
    a.sql(
        "INSERT INTO t VALUES (5, 'five', x'0102'), (6, NULL, 1.5)", "DELETE FROM t WHERE id = 3");
    devices.syncAll();
  }

  @AfterEach
  void close() {
    devices.close();
  }

  private static List<Finding> damage(DoctorReport report) {
    List<Finding> damage = new ArrayList<>(report.findings());
    damage.removeIf(finding -> finding.severity() != Finding.Severity.DAMAGE);
    return damage;
  }

  /** What is found in the first device's file: exactly one thing damaged. */
  private Finding only() {
    List<Finding> damage = damage(a.replica().doctor());
    assertEquals(1, damage.size(), damage.toString());
    return damage.get(0);
  }

  private void aboutRow(Finding finding, Finding.Check check, String key, String table) {
    assertEquals(check, finding.check(), finding.toString());
    assertEquals("row " + key + " of table " + table, finding.where());
  }

  private void withoutCapture(String sql) {
    a.sql("DELETE FROM godwit_capture", sql, "INSERT INTO godwit_capture VALUES (1)");
  }

  @Test
  void aHealthyFileHasNoFindings() {
    for (Device device : List.of(a, b)) {
      DoctorReport report = device.replica().doctor();
      assertEquals(List.of(), report.findings());
      assertTrue(report.isHealthy());
      assertEquals(0, report.findingsTotal());
      assertTrue(report.rows() > 6);
      assertTrue(report.lives() > report.rows(), "deleted rows are known too");
    }
  }

  @Test
  void replicasThatHoldTheSameHaveTheSameDigests() {
    DoctorReport here = a.replica().doctor();
    DoctorReport there = b.replica().doctor();
    assertEquals(here.vector(), there.vector());
    assertEquals(here.stateDigest(), there.stateDigest());
    assertEquals(here.tablesDigest(), there.tablesDigest());
    b.sql("UPDATE t SET v = 'new' WHERE id = 4");
    assertNotEquals(here.stateDigest(), b.replica().doctor().stateDigest());
  }

  @Test
  void aValueEditedPastCaptureIsFound() {
    withoutCapture("UPDATE t SET w = 99 WHERE id = 4");
    Finding finding = only();
    aboutRow(finding, Finding.Check.ROWS, "4", "t");
    assertTrue(finding.problem().startsWith("column w"), finding.problem());
  }

  @Test
  void aValueEditedPastCaptureInARowWithConflictsIsFound() {
    withoutCapture("UPDATE t SET v = 'forged' WHERE id = 1");
    aboutRow(only(), Finding.Check.ROWS, "1", "t");
  }

  @Test
  void aRowInsertedPastCaptureIsFound() {
    withoutCapture("INSERT INTO t VALUES (77, 'nobody knows', 0)");
    aboutRow(only(), Finding.Check.ROWS, "77", "t");
  }

  @Test
  void aRowDeletedPastCaptureIsFound() {
    withoutCapture("DELETE FROM n WHERE k = 'y'");
    aboutRow(only(), Finding.Check.ROWS, "'y'", "n");
  }

  @Test
  void aKeyChangedPastCaptureIsFound() {
    withoutCapture("UPDATE n SET k = 'z' WHERE k = 'y'");
    List<Finding> damage = damage(a.replica().doctor());
    assertEquals(2, damage.size(), damage.toString());
  }

  @Test
  void aLostStateIsFound() {
    a.sql(
        "DELETE FROM godwit_row WHERE key = (SELECT key FROM godwit_row WHERE key IS NOT NULL LIMIT 1)");
    List<Finding> damage = damage(a.replica().doctor());
    assertTrue(
        damage.stream().anyMatch(finding -> finding.check() == Finding.Check.STATE),
        damage.toString());
  }

  @Test
  void aStateThatNobodyMadeIsFound() {
    a.sql(
        "INSERT INTO godwit_row SELECT table_number, zeroblob(16), replica, sequence, time, key, units, state"
            + " FROM godwit_row WHERE state IS NOT NULL LIMIT 1");
    List<Finding> damage = damage(a.replica().doctor());
    assertTrue(damage.get(0).problem().contains("transaction in the log"), damage.toString());
  }

  @Test
  void aVersionWithAnotherOriginIsFound() {
    a.sql("UPDATE godwit_row SET sequence = sequence + 1 WHERE key IS NOT NULL AND state IS NULL");
    List<Finding> damage = damage(a.replica().doctor());
    assertTrue(
        damage.stream().allMatch(finding -> finding.check() == Finding.Check.STATE),
        damage.toString());
    assertTrue(!damage.isEmpty());
  }

  @Test
  void aStateThatCannotBeReadIsFound() {
    a.sql(
        "UPDATE godwit_row SET state = x'01ff' WHERE life ="
            + " (SELECT life FROM godwit_row WHERE state IS NOT NULL LIMIT 1)");
    List<Finding> damage = damage(a.replica().doctor());
    assertTrue(damage.get(0).problem().contains("readable state"), damage.toString());
  }

  @Test
  void aFlippedByteOfAnEnvelopeIsFoundAndNamed() {
    a.sql(
        "UPDATE godwit_log SET bytes = substr(bytes, 1, 200) || x'5a' || substr(bytes, 202)"
            + " WHERE replica = 1 AND sequence = 2");
    List<Finding> damage = damage(a.replica().doctor());
    assertEquals(Finding.Check.LOG, damage.get(0).check());
    assertTrue(damage.get(0).where().contains(":2 of a"), damage.toString());
    assertEquals(1, damage.size(), damage.toString());
  }

  @Test
  void aFlippedByteOfTheLastEnvelopeIsFound() {
    a.sql(
        "UPDATE godwit_log SET bytes = substr(bytes, 1, 120) || x'5a' || substr(bytes, 122)"
            + " WHERE replica = 1 AND sequence = (SELECT max(sequence) FROM godwit_log WHERE replica = 1)");
    assertTrue(
        damage(a.replica().doctor()).stream()
            .anyMatch(finding -> finding.check() == Finding.Check.LOG));
  }

  @Test
  void aMissingEnvelopeIsFoundAndNamed() {
    a.sql("DELETE FROM godwit_log WHERE replica = 1 AND sequence = 2");
    Finding finding = only();
    assertEquals(Finding.Check.LOG, finding.check());
    assertTrue(finding.where().contains(":2 of a"), finding.where());
  }

  @Test
  void aMissingTailOfTheLogIsFound() {
    a.sql(
        "DELETE FROM godwit_log WHERE replica = 2"
            + " AND sequence = (SELECT max(sequence) FROM godwit_log WHERE replica = 2)");
    List<Finding> damage = damage(a.replica().doctor());
    assertEquals(Finding.Check.LOG, damage.get(0).check());
    assertTrue(damage.get(0).where().endsWith("of b"), damage.toString());
  }

  @Test
  void aVectorThatWasSetBackIsFound() {
    a.sql("UPDATE godwit_replica SET sequence = sequence - 1 WHERE number = 2");
    Finding finding = only();
    assertEquals(Finding.Check.VECTOR, finding.check());
    assertEquals("vector entry of b", finding.where());
  }

  @Test
  void aVectorThatWasSetAheadIsFound() {
    a.sql("UPDATE godwit_replica SET sequence = sequence + 5 WHERE number = 2");
    assertEquals(Finding.Check.VECTOR, only().check());
  }

  @Test
  void aDroppedTriggerIsFoundAndNamed() {
    String trigger =
        a.rows("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 't' LIMIT 1")
            .get(0)
            .replaceAll("[\\[\\]']", "");
    a.sql("DROP TRIGGER " + trigger);
    Finding finding = only();
    assertEquals(Finding.Check.CAPTURE, finding.check());
    assertEquals("trigger " + trigger + " of table t", finding.where());
  }

  @Test
  void captureThatIsOffIsFound() {
    a.sql("DELETE FROM godwit_capture");
    Finding finding = only();
    assertEquals(Finding.Check.CAPTURE, finding.check());
    assertTrue(finding.where().contains("godwit_capture"));
  }

  @Test
  void aConflictThatIsMissingFromTheJournalIsFound() {
    b.sql("UPDATE t SET v = 'settled' WHERE id = 1");
    devices.syncAll();
    a.sql("DELETE FROM godwit_journal WHERE unit = 'v'");
    aboutRow(only(), Finding.Check.JOURNAL, "1", "t");
  }

  @Test
  void aReferenceWithoutItsRowIsAWarning() {
    a.sql("INSERT INTO n VALUES ('dangling', 0, 12345)");
    DoctorReport report = a.replica().doctor();
    assertTrue(report.isHealthy(), report.findings().toString());
    assertEquals(1, report.findings().size());
    assertEquals(Finding.Check.REFERENCES, report.findings().get(0).check());
    assertEquals(Finding.Severity.WARNING, report.findings().get(0).severity());
  }

  @Test
  void moreFindingsThanAskedForAreCounted() {
    withoutCapture("UPDATE t SET w = 99");
    DoctorReport report = a.replica().doctor(DoctorOptions.builder().findingsMax(2).build());
    assertEquals(2, report.findings().size());
    assertTrue(report.findingsTotal() > 2);
  }

  @Test
  void aCheckTellsItsStepsAndCanBeCancelled() {
    Set<DoctorOptions.Step> steps = EnumSet.noneOf(DoctorOptions.Step.class);
    a.replica()
        .doctor(DoctorOptions.builder().progress((step, done, total) -> steps.add(step)).build());
    assertEquals(EnumSet.allOf(DoctorOptions.Step.class), steps);
    assertThrows(
        CancellationException.class,
        () -> a.replica().doctor(DoctorOptions.builder().cancelled(() -> true).build()));
    assertEquals(List.of(), a.replica().doctor().findings());
  }
}
