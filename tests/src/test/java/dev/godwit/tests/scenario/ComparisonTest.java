package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.report.Comparison;
import dev.godwit.sync.report.Difference;
import dev.godwit.sync.report.DoctorOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two files side by side: equal, or the first difference by table, key and column. */
class ComparisonTest {
  private static final String SCHEMA =
      "CREATE TABLE other (k TEXT PRIMARY KEY NOT NULL, v);"
          + "CREATE TABLE t (id INTEGER PRIMARY KEY, v, w)";

  @TempDir Path folder;
  private Devices devices;
  private Device a;
  private Device b;

  @BeforeEach
  void twoDevicesThatHaveMet() {
    devices = new Devices(folder);
    a = devices.device("a", SCHEMA, "t", "other");
    b = devices.device("b", SCHEMA, "t", "other");
    a.sql("INSERT INTO t VALUES (1, 'one', 1), (2, 'two', 2), (3, 'three', 3)");
    b.sql("INSERT INTO other VALUES ('x', 1), ('y', 2)");
    devices.syncAll();
  }

  @AfterEach
  void close() {
    devices.close();
  }

  private Comparison compare() {
    return a.replica().compare(b.replica(), DoctorOptions.ofDefaults());
  }

  @Test
  void replicasThatHaveMetAreTheSame() {
    Comparison comparison = compare();
    assertTrue(comparison.isSame());
    assertTrue(comparison.sameVectors());
    assertNull(comparison.difference());
    assertEquals(comparison.here().stateDigest(), comparison.there().stateDigest());
    assertEquals(a.replica().id(), comparison.here().replica());
    assertEquals(b.replica().id(), comparison.there().replica());
  }

  @Test
  void aDifferentValueIsNamedByTableKeyAndColumn() {
    b.sql("DELETE FROM godwit_capture", "UPDATE t SET w = 99 WHERE id = 2");
    Comparison comparison = compare();
    assertTrue(comparison.sameVectors());
    assertFalse(comparison.isSame());
    Difference difference = comparison.difference();
    assertEquals("t", difference.table());
    assertEquals("2", difference.key());
    assertEquals("w", difference.column());
    assertEquals(Value.of(2), difference.here());
    assertEquals(Value.of(99), difference.there());
    assertEquals("row 2 of table t, column w: the values differ", difference.text());
  }

  @Test
  void aRowThatOnlyOneShowsIsNamed() {
    b.sql("DELETE FROM godwit_capture", "DELETE FROM other WHERE k = 'y'");
    Difference difference = compare().difference();
    assertEquals("other", difference.table());
    assertEquals("'y'", difference.key());
    assertNull(difference.column());
    assertEquals(Value.of("y"), difference.here());
    assertNull(difference.there());
  }

  @Test
  void workThatHasNotMetYetIsADifferenceOfVectors() {
    a.sql("INSERT INTO t VALUES (9, 'new', 0)");
    Comparison comparison = compare();
    assertFalse(comparison.sameVectors());
    assertEquals("9", comparison.difference().key());
    assertTrue(comparison.here().isHealthy());
    assertTrue(comparison.there().isHealthy());
  }

  @Test
  void aTableThatOnlyOneTracksIsNamed() {
    b.replica().untrack("other");
    Difference difference = compare().difference();
    assertEquals("other", difference.table());
    assertEquals("table other is tracked only here", difference.text());
  }
}
