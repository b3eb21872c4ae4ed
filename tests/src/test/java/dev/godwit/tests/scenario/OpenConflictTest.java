package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.OpenConflict;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a conflict that waits for somebody says of itself. */
class OpenConflictTest extends TwoDevices {
  @Test
  void itsKeyIsSpelledAsTheTableSpellsIt() {
    start("CREATE TABLE t (k TEXT COLLATE NOCASE PRIMARY KEY NOT NULL, v)", "t");
    a.replica().policy("t.v", ColumnPolicy.manual());
    a.sql("INSERT INTO t VALUES ('Anna', 0)");
    devices.syncAll();
    a.sql("UPDATE t SET v = 1");
    b.sql("UPDATE t SET v = 2");
    devices.syncAll();
    for (Device device : new Device[] {a, b}) {
      assertEquals(
          RowKey.of(Value.of("Anna")),
          device.replica().openConflicts().get(0).key(),
          device.name());
    }
  }

  @Test
  void aListedReferenceToARowThatIsGoneCanBeChosenAndComesBackWithIt() {
    start(
        "CREATE TABLE p (k TEXT PRIMARY KEY NOT NULL);"
            + "CREATE TABLE t (id INTEGER PRIMARY KEY, p REFERENCES p ON DELETE SET NULL)",
        "p",
        "t");
    a.replica().policy("t.p", ColumnPolicy.manual());
    a.sql("INSERT INTO p VALUES ('x'), ('y')", "INSERT INTO t VALUES (1, NULL)");
    devices.syncAll();
    b.clock().at(4_000_000_000_000L);
    b.write("UPDATE t SET p = 'y'");
    a.clock().at(4_000_000_001_000L);
    a.write("UPDATE t SET p = 'x'");
    devices.syncAll();
    a.write("DELETE FROM p WHERE k = 'y'");
    OpenConflict open = a.replica().openConflicts().get(0);
    assertEquals(Value.of("y"), open.siblings().get(0).value());
    a.replica().resolve("t", open.key(), Map.of("p", open.siblings().get(0).value()));
    bothAgreeWithoutDangling("SELECT * FROM t", "[1, NULL]");
    b.sql("INSERT INTO p VALUES ('y')");
    bothAgreeWithoutDangling("SELECT * FROM t", "[1, 'y']");
  }
}
