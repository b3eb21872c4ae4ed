package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.policy.ColumnPolicy;
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
}
