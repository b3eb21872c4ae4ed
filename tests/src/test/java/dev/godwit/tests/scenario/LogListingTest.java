package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.report.ChangeEntry;
import dev.godwit.sync.report.Listing;
import dev.godwit.sync.report.LogEntry;
import dev.godwit.sync.report.Paging;
import dev.godwit.sync.report.TableChanges;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The log can be read: transactions, and every row change in them. */
class LogListingTest extends TwoDevices {
  @BeforeEach
  void twoDevices() {
    startWithT();
  }

  private LogEntry last(Device device) {
    return device.replica().log(Paging.first(1)).entries().get(0);
  }

  @Test
  void theLatestTransactionComesFirstWithCountsByKindOfChange() {
    a.sql("INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3)");
    a.replica().seal();
    a.sql("BEGIN", "UPDATE t SET v = 'x' WHERE id < 3", "DELETE FROM t WHERE id = 3", "COMMIT");
    a.replica().seal();
    LogEntry last = last(a);
    assertEquals(List.of(new TableChanges("t", 0, 2, 1, 0, 0)), last.tables());
    assertTrue(last.self());
    assertTrue(last.applied());
    assertTrue(last.complete());
    assertTrue(last.sizeBytes() > 0);
    assertNull(last.problem());
    LogEntry before = a.replica().log(Paging.first(2)).entries().get(1);
    assertEquals(List.of(new TableChanges("t", 3, 0, 0, 0, 0)), before.tables());
    assertEquals(last.dot().sequence() - 1, before.dot().sequence());
  }

  @Test
  void transactionsOfOthersTellTheirDevice() {
    b.sql("INSERT INTO t VALUES (1, 'a', 1)");
    devices.syncAll();
    LogEntry last = last(a);
    assertEquals("b", last.deviceName());
    assertFalse(last.self());
  }

  @Test
  void pagesTogetherListEveryTransactionOnce() {
    for (int i = 0; i < 7; i++) {
      a.sql("INSERT INTO t VALUES (" + i + ", 'a', 1)");
      a.replica().seal();
    }
    List<LogEntry> whole = a.replica().log(Paging.first(100)).entries();
    List<LogEntry> paged = new ArrayList<>();
    Paging paging = Paging.first(3);
    Listing<LogEntry> page = a.replica().log(paging);
    while (true) {
      paged.addAll(page.entries());
      if (!page.hasMore()) {
        break;
      }
      paging = paging.behind(page);
      page = a.replica().log(paging);
    }
    assertEquals(whole, paged);
  }

  @Test
  void everyRowChangeOfATransactionIsReadable() {
    a.sql("INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2)");
    a.replica().seal();
    a.sql(
        "BEGIN",
        "UPDATE t SET v = 'x' WHERE id = 1",
        "UPDATE t SET id = 9 WHERE id = 2",
        "INSERT INTO t VALUES (3, x'00ff', 1.5)",
        "COMMIT");
    a.replica().seal();
    Dot dot = last(a).dot();
    List<ChangeEntry> changes = a.replica().changes(dot, Paging.first(10)).entries();
    assertEquals(3, changes.size());
    ChangeEntry update = only(changes, "1");
    assertEquals(RowChange.Kind.UPDATE, update.kind());
    assertEquals(
        List.of(new ChangeEntry.Column("v", Value.of("a"), Value.of("x"))), update.columns());
    ChangeEntry moved = only(changes, "9");
    assertEquals("2", moved.keyBefore());
    ChangeEntry insert = only(changes, "3");
    assertEquals(RowChange.Kind.INSERT, insert.kind());
    assertEquals(Value.of(new byte[] {0, -1}), insert.columns().get(0).after());
    assertEquals(Value.of(1.5), insert.columns().get(1).after());
    assertNull(insert.keyBefore());
  }

  private static ChangeEntry only(List<ChangeEntry> changes, String key) {
    return changes.stream().filter(change -> change.key().equals(key)).findFirst().orElseThrow();
  }

  @Test
  void changesArePagedToo() {
    StringBuilder values = new StringBuilder("(0, 0, 0)");
    for (int i = 1; i < 25; i++) {
      values.append(", (").append(i).append(", 0, 0)");
    }
    a.sql("INSERT INTO t VALUES " + values);
    a.replica().seal();
    Dot dot = last(a).dot();
    Listing<ChangeEntry> first = a.replica().changes(dot, Paging.first(20));
    assertEquals(20, first.entries().size());
    Listing<ChangeEntry> second = a.replica().changes(dot, Paging.first(20).behind(first));
    assertEquals(5, second.entries().size());
    assertFalse(second.hasMore());
  }

  @Test
  void aTransactionThatIsNotHeldIsRefused() {
    Dot none = new Dot(a.replica().id(), 999);
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> a.replica().changes(none, Paging.first(1)));
    assertTrue(refusal.getMessage().contains(":999"), refusal.getMessage());
  }

  @Test
  void aPlaceOfAnotherListingIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> a.replica().log(new Paging(1, "nonsense")));
    assertThrows(
        IllegalArgumentException.class, () -> a.replica().log(new Paging(1, "log.nonsense")));
    assertThrows(
        IllegalArgumentException.class, () -> a.replica().listedConflicts(new Paging(1, "log.1")));
  }
}
