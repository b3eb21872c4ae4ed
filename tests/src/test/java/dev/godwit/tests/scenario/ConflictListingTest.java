package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.report.ListedConflict;
import dev.godwit.sync.report.Listing;
import dev.godwit.sync.report.Paging;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever lost can be read: what it was, whose, when, and what it was based on. */
class ConflictListingTest extends TwoDevices {
  private static final String SCHEMA =
      "CREATE TABLE t (id INTEGER PRIMARY KEY, v, w); CREATE TABLE n (k TEXT PRIMARY KEY, v)";

  @BeforeEach
  void twoDevices() {
    start(SCHEMA, "t", "n");
  }

  private static List<ListedConflict> conflicts(Device device) {
    return device.replica().listedConflicts(Paging.first(100)).entries();
  }

  /** The one conflict, listed alike on both devices. */
  private ListedConflict onlyConflict() {
    List<ListedConflict> here = conflicts(a);
    assertEquals(here, conflicts(b), "both devices list the same");
    assertEquals(1, here.size(), here.toString());
    return here.get(0);
  }

  @Test
  void aLostEditIsListedWithBothValuesAndTheirBase() {
    a.sql("INSERT INTO t VALUES (1, 'base', 'b')");
    devices.syncAll();
    a.sql("UPDATE t SET v = 'earlier' WHERE id = 1");
    a.replica().seal();
    b.sql("UPDATE t SET v = 'later' WHERE id = 1");
    devices.syncAll();
    ListedConflict conflict = onlyConflict();
    assertEquals("edit/edit", conflict.kind());
    assertEquals("t", conflict.table());
    assertEquals("1", conflict.key());
    assertEquals("v", conflict.unit());
    assertEquals("last-writer-wins", conflict.how());
    assertFalse(conflict.open());
    for (ListedConflict.Side side : conflict.siblings()) {
      assertEquals(Value.of("base"), side.base());
      assertEquals(side.shown(), a.rows("SELECT v FROM t").contains("[" + side.value() + "]"));
    }
    assertEquals(List.of("a", "b"), devices(conflict));
  }

  private static List<String> devices(ListedConflict conflict) {
    return conflict.siblings().stream().map(ListedConflict.Side::device).sorted().toList();
  }

  @Test
  void anEditAgainstADeleteIsListedAsAConflictOfTheWholeRow() {
    a.sql("INSERT INTO t VALUES (1, 'base', 'b')");
    devices.syncAll();
    a.sql("DELETE FROM t");
    b.sql("UPDATE t SET v = 'kept' WHERE id = 1");
    devices.syncAll();
    ListedConflict conflict = onlyConflict();
    assertEquals("edit/delete", conflict.kind());
    assertEquals("", conflict.unit());
    for (ListedConflict.Side side : conflict.siblings()) {
      assertEquals(side.shown() ? "b" : "a", side.device());
      assertEquals(side.shown() ? "edit" : "delete", side.action());
      assertEquals(Value.NULL, side.value());
    }
  }

  @Test
  void twoRowsUnderOneKeyAreListed() {
    a.sql("INSERT INTO t VALUES (101, 'mine', 1)");
    b.sql("INSERT INTO t VALUES (101, 'yours', 2)");
    devices.syncAll();
    ListedConflict conflict = onlyConflict();
    assertEquals("key collision", conflict.kind());
    assertEquals("101", conflict.key());
    assertEquals("id", conflict.unit());
    assertEquals("renumbered", conflict.how());
    for (ListedConflict.Side side : conflict.siblings()) {
      assertEquals(side.shown(), side.value().equals(Value.of(101)));
    }
  }

  @Test
  void equalEditsAndEditsOfDifferentColumnsAreNoConflict() {
    a.sql("INSERT INTO t VALUES (1, 'base', 'b'), (2, 'base', 'b')");
    devices.syncAll();
    a.sql("UPDATE t SET v = 'same' WHERE id = 1", "UPDATE t SET v = 'mine' WHERE id = 2");
    b.sql("UPDATE t SET v = 'same' WHERE id = 1", "UPDATE t SET w = 'yours' WHERE id = 2");
    devices.syncAll();
    assertEquals(List.of(), conflicts(a));
    assertEquals(List.of(), conflicts(b));
  }

  @Test
  void sequentialEditsAreNoConflict() {
    a.sql("INSERT INTO t VALUES (1, 'base', 'b')");
    devices.syncAll();
    a.sql("UPDATE t SET v = 'one'");
    devices.syncAll();
    b.sql("UPDATE t SET v = 'two'");
    devices.syncAll();
    assertEquals(List.of(), conflicts(a));
    assertEquals(List.of(), conflicts(b));
  }

  @Test
  void pagesTogetherListEveryConflictOnce() {
    a.sql("INSERT INTO t VALUES (1, 0, 0), (2, 0, 0), (3, 0, 0), (4, 0, 0)");
    devices.syncAll();
    a.sql("UPDATE t SET v = 'a', w = 'a'", "INSERT INTO t VALUES (11, 1, 1), (12, 1, 1)");
    b.sql("UPDATE t SET v = 'b', w = 'b'", "INSERT INTO t VALUES (11, 2, 2), (12, 2, 2)");
    devices.syncAll();
    List<ListedConflict> whole = conflicts(a);
    assertEquals(10, whole.size());
    for (int limit = 1; limit <= 10; limit++) {
      List<ListedConflict> paged = new ArrayList<>();
      Paging paging = Paging.first(limit);
      Listing<ListedConflict> page = a.replica().listedConflicts(paging);
      paged.addAll(page.entries());
      while (page.hasMore()) {
        paging = paging.behind(page);
        page = a.replica().listedConflicts(paging);
        paged.addAll(page.entries());
      }
      assertEquals(whole, paged, "with pages of " + limit);
    }
  }
}
