package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.report.ConflictEntry;
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

  private static List<ConflictEntry> conflicts(Device device) {
    return device.replica().conflicts(Paging.first(100)).entries();
  }

  /** The one conflict, listed alike on both devices. */
  private ConflictEntry onlyConflict() {
    List<ConflictEntry> here = conflicts(a);
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
    ConflictEntry conflict = onlyConflict();
    assertEquals("edit/edit", conflict.kind());
    assertEquals("t", conflict.table());
    assertEquals("1", conflict.key());
    assertEquals("v", conflict.unit());
    assertEquals(Value.of("base"), conflict.base());
    String shown = a.rows("SELECT v FROM t").get(0);
    assertEquals("[" + conflict.winner().value() + "]", shown);
    assertEquals("last-writer-wins", conflict.resolution());
    assertFalse(conflict.open());
    assertEquals(
        List.of("a", "b"),
        List.of(conflict.winner().deviceName(), conflict.loser().deviceName()).stream()
            .sorted()
            .toList());
  }

  @Test
  void anEditAgainstADeleteIsListedAsAConflictOfTheWholeRow() {
    a.sql("INSERT INTO t VALUES (1, 'base', 'b')");
    devices.syncAll();
    a.sql("DELETE FROM t");
    b.sql("UPDATE t SET v = 'kept' WHERE id = 1");
    devices.syncAll();
    ConflictEntry conflict = onlyConflict();
    assertEquals("edit/delete", conflict.kind());
    assertEquals("", conflict.unit());
    assertEquals("b", conflict.winner().deviceName());
    assertEquals("a", conflict.loser().deviceName());
    assertNull(conflict.loser().value());
  }

  @Test
  void twoRowsUnderOneKeyAreListed() {
    a.sql("INSERT INTO t VALUES (101, 'mine', 1)");
    b.sql("INSERT INTO t VALUES (101, 'yours', 2)");
    devices.syncAll();
    ConflictEntry conflict = onlyConflict();
    assertEquals("key collision", conflict.kind());
    assertEquals("101", conflict.key());
    assertEquals("id", conflict.unit());
    assertEquals(Value.of(101), conflict.winner().value());
    assertEquals("renumbered", conflict.resolution());
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
    List<ConflictEntry> whole = conflicts(a);
    assertEquals(10, whole.size());
    for (int limit = 1; limit <= 10; limit++) {
      List<ConflictEntry> paged = new ArrayList<>();
      Paging paging = Paging.first(limit);
      Listing<ConflictEntry> page = a.replica().conflicts(paging);
      paged.addAll(page.entries());
      while (page.hasMore()) {
        paging = paging.behind(page);
        page = a.replica().conflicts(paging);
        paged.addAll(page.entries());
      }
      assertEquals(whole, paged, "with pages of " + limit);
    }
  }
}
