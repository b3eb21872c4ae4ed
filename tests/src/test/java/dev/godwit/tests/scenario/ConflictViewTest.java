package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.engine.Relisting;
import dev.godwit.sync.internal.engine.ReplicaFile;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.ExistencePolicy;
import dev.godwit.sync.report.ConflictCounts;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The view godwit_conflict says what conflicts, and says the same everywhere. */
class ConflictViewTest extends TwoDevices {
  private static final String SIDES =
      "SELECT table_name, row_key, unit, kind, state, how, sibling, action, value, base, shown, device"
          + " FROM godwit_conflict ORDER BY table_name, row_key, unit, kind, conflict, sibling";

  /** Writes at a time of its own, so that it is known who wrote last. */
  @Test
  void whereNothingConflictsNothingIsListed() {
    startWithT("(1, 'v', 'w')");
    write(a, 1, "UPDATE t SET v = 1");
    devices.syncAll();
    write(b, 2, "UPDATE t SET v = 2", "INSERT INTO t VALUES (2, 1, 1)");
    bothList(SIDES);
    assertEquals("0", a.value("SELECT count(*) FROM godwit_said"));
  }

  @Test
  void editsOfOneColumnAreListedWithBaseAndWhoIsShown() {
    startWithT("(1, 'v', 'w')");
    write(a, 1, "UPDATE t SET v = 'from a'");
    write(b, 2, "UPDATE t SET v = 'from b'");
    bothList(
        SIDES,
        "t|1|v|edit/edit|resolved|last-writer-wins|1|edit|from a|v|0|a",
        "t|1|v|edit/edit|resolved|last-writer-wins|2|edit|from b|v|1|b");
    List<String> said =
        Sqlite.text(
            a.path(),
            "SELECT replica, written, millis, by_replica, here_only FROM godwit_conflict ORDER BY sibling");
    assertEquals(a.replica().id() + "|2096-10-02T07:06:41.000Z|4000000001000|null|0", said.get(0));
  }

  @Test
  void aManualConflictIsOpenUntilSomebodySettlesItAndThenHistory() {
    startWithT("(1, 'v', 'w')");
    a.replica().policy("t.v", ColumnPolicy.manual());
    devices.syncAll();
    write(a, 1, "UPDATE t SET v = 'from a'");
    write(b, 2, "UPDATE t SET v = 'from b'");
    bothList(
        SIDES,
        "t|1|v|edit/edit|open|manual|1|edit|from a|v|0|a",
        "t|1|v|edit/edit|open|manual|2|edit|from b|v|1|b");
    String name = a.value("SELECT conflict FROM godwit_conflict");
    a.clock().at(4_000_000_003_000L);
    a.replica().resolve("t", RowKey.of(Value.of(1)), Map.of("v", Value.of("both")));
    bothList(
        SIDES,
        "t|1|v|edit/edit|resolved|resolution|1|edit|from a|v|0|a",
        "t|1|v|edit/edit|resolved|resolution|2|edit|from b|v|0|b");
    assertEquals(name, b.value("SELECT conflict FROM godwit_conflict"));
    assertEquals("a", b.value("SELECT by_device FROM godwit_conflict"));
    assertEquals(a.replica().id().toString(), b.value("SELECT by_replica FROM godwit_conflict"));
  }

  @Test
  void concurrentSettlementsCloseItAndAreListedThemselves() {
    startWithT("(1, 'v', 'w')");
    a.replica().policy("t.v", ColumnPolicy.manual());
    devices.syncAll();
    write(a, 1, "UPDATE t SET v = 'from a'");
    write(b, 2, "UPDATE t SET v = 'from b'");
    devices.syncAll();
    b.clock().at(4_000_000_004_000L);
    b.replica().resolve("t", RowKey.of(Value.of(1)), Map.of("v", Value.of("b says")));
    a.clock().at(4_000_000_003_000L);
    a.replica().resolve("t", RowKey.of(Value.of(1)), Map.of("v", Value.of("a says")));
    devices.syncAll();
    assertEquals(ConflictViews.all(a), ConflictViews.all(b));
    assertEquals("0", a.value("SELECT count(*) FROM godwit_conflict WHERE state = 'open'"));
    assertEquals(
        List.of("a says|0|b", "b says|1|b"),
        Sqlite.text(
            a.path(),
            "SELECT value, shown, by_device FROM godwit_conflict WHERE action = 'resolution' ORDER BY sibling"));
    assertEquals(
        List.of("from a|a", "from b|a"),
        Sqlite.text(
            b.path(),
            "SELECT value, by_device FROM godwit_conflict WHERE action = 'edit' ORDER BY sibling"));
  }

  @Test
  void deleteAndEditAreListedUnderBothPolicies() {
    startWithT("(1, 'v', 'w')");
    write(a, 1, "DELETE FROM t");
    write(b, 2, "UPDATE t SET v = 'kept'");
    bothList(
        SIDES,
        "t|1||edit/delete|resolved|update-wins|1|delete|null|null|0|a",
        "t|1||edit/delete|resolved|update-wins|2|edit|null|null|1|b");
    a.replica().policy("t", ExistencePolicy.DELETE_WINS);
    bothList(
        SIDES,
        "t|1||edit/delete|resolved|delete-wins|1|delete|null|null|1|a",
        "t|1||edit/delete|resolved|delete-wins|2|edit|null|null|0|b");
  }

  @Test
  void ofManyEditsBesideADeleteOnlyTheLastIsListed() {
    startWithT("(1, 'v', 'w')");
    write(a, 9, "DELETE FROM t");
    write(b, 1, "UPDATE t SET v = 1");
    write(b, 2, "UPDATE t SET w = 2");
    write(b, 3, "UPDATE t SET v = 3");
    bothList(
        SIDES,
        "t|1||edit/delete|resolved|update-wins|1|edit|null|null|1|b",
        "t|1||edit/delete|resolved|update-wins|2|delete|null|null|0|a");
  }

  @Test
  void rowsWithOneKeyAreListedWhileTheyWantIt() {
    startWithT();
    devices.syncAll();
    write(a, 1, "INSERT INTO t VALUES (5, 'a', 0)");
    write(b, 2, "INSERT INTO t VALUES (5, 'b', 0)");
    devices.syncAll();
    String derived = a.value("SELECT id FROM t WHERE v = 'b'");
    bothList(
        SIDES,
        "t|5|id|key collision|resolved|renumbered|1|row|5|5|1|a",
        "t|5|id|key collision|resolved|renumbered|2|row|" + derived + "|5|0|b");
    write(a, 3, "UPDATE t SET id = 6 WHERE v = 'b'");
    bothList(SIDES);
  }

  @Test
  void aCollisionIsCountedOnceHoweverManyKeysARowWouldTake() {
    start("CREATE TABLE n (name TEXT PRIMARY KEY NOT NULL, v)", "n");
    write(a, 1, "INSERT INTO n VALUES ('p', 1)", "INSERT INTO n VALUES ('r', 2)");
    devices.syncAll();
    write(a, 2, "UPDATE n SET name = 'x' WHERE name = 'p'");
    write(b, 3, "UPDATE n SET name = 'x' WHERE name = 'r'");
    write(b, 4, "INSERT INTO n VALUES ('r', 3)");
    devices.syncAll();
    assertEquals("2", a.value("SELECT count(*) FROM godwit_waiting"));
    assertEquals("1", a.value("SELECT count(DISTINCT conflict) FROM godwit_conflict"));
    for (Device device : List.of(a, b)) {
      assertEquals(new ConflictCounts(0, 1), device.replica().status().conflicts());
    }
    assertEquals(ConflictViews.all(a), ConflictViews.all(b));
  }

  @Test
  void openConflictsAreCounted() {
    startWithT("(1, 'v', 'w')");
    a.replica().policy("t.v", ColumnPolicy.manual());
    devices.syncAll();
    write(a, 1, "UPDATE t SET v = 1, w = 1");
    write(b, 2, "UPDATE t SET v = 2, w = 2");
    devices.syncAll();
    assertEquals(new ConflictCounts(1, 1), a.replica().status().conflicts());
    write(b, 3, "UPDATE t SET v = 3");
    devices.syncAll();
    assertEquals(new ConflictCounts(0, 2), a.replica().status().conflicts());
  }

  @Test
  void whatThisDeviceRefusesIsMarkedAsItsOwn() {
    a = devices.device("a", "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v)", "t");
    b = devices.device("b", "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v CHECK (v < 10))", "t");
    write(a, 1, "INSERT INTO t VALUES ('x', 11)");
    devices.exchangeAll();
    assertEquals(List.of(), Sqlite.text(a.path(), SIDES));
    String row =
        Sqlite.text(b.path(), "SELECT row_key, kind, shown, here_only, device FROM godwit_conflict")
            .get(0);
    assertEquals("'x'|refused|0|1|a", row);
    write(a, 2, "UPDATE t SET v = 1");
    devices.exchangeAll();
    assertEquals(List.of(), Sqlite.text(b.path(), SIDES));
  }

  @Test
  void renamedConcurrentlyIsListedByKeyColumn() {
    start("CREATE TABLE n (name TEXT PRIMARY KEY NOT NULL, v)", "n");
    write(a, 1, "INSERT INTO n VALUES ('old', 1)");
    devices.syncAll();
    write(a, 2, "UPDATE n SET name = 'left'");
    write(b, 3, "UPDATE n SET name = 'right'");
    bothList(
        SIDES,
        "n|'right'|name|edit/edit|resolved|last-writer-wins|1|edit|left|old|0|a",
        "n|'right'|name|edit/edit|resolved|last-writer-wins|2|edit|right|old|1|b");
  }

  @Test
  void aWriteThatSawBothIsNamedAsWhatSettledIt() {
    startWithT("(1, 'v', 'w')");
    write(a, 1, "UPDATE t SET v = 'from a'");
    write(b, 2, "UPDATE t SET v = 'from b'");
    devices.syncAll();
    write(b, 3, "UPDATE t SET v = 'after'");
    bothList(
        SIDES,
        "t|1|v|edit/edit|resolved|write|1|edit|from a|v|0|a",
        "t|1|v|edit/edit|resolved|write|2|edit|from b|v|0|b");
    assertEquals("b", a.value("SELECT by_device FROM godwit_conflict"));
    write(a, 4, "DELETE FROM t");
    bothList(
        SIDES,
        "t|1|v|edit/edit|resolved|write|1|edit|from a|v|0|a",
        "t|1|v|edit/edit|resolved|write|2|edit|from b|v|0|b");
  }

  @Test
  void theListCanBeMadeAnewFromWhatTheFileHolds() {
    startWithT("(1, 'v', 'w')", "(2, 'v', 'w')", "(3, 'v', 'w')");
    write(a, 1, "UPDATE t SET v = 'from a'", "DELETE FROM t WHERE id = 2");
    write(b, 2, "UPDATE t SET v = 'from b'", "INSERT INTO t VALUES (9, 1, 1)");
    write(a, 3, "INSERT INTO t VALUES (9, 2, 2)");
    devices.syncAll();
    write(a, 5, "UPDATE t SET v = 'settled' WHERE id = 3");
    devices.syncAll();
    List<String> before = ConflictViews.all(a);
    assertTrue(before.size() >= 8, before.toString());
    a.sql("UPDATE godwit_sibling SET value = NULL", "UPDATE godwit_said SET value = NULL");
    assertFalse(before.equals(ConflictViews.all(a)));
    try (ReplicaFile file = ReplicaFile.open(new FastSqlite(a.path()))) {
      file.write(
          workspace -> {
            new Relisting(workspace).run();
            return null;
          });
    }
    assertEquals(before, ConflictViews.all(a));
  }

  @Test
  void leavingTheSpaceTakesTheViewAway() throws Exception {
    startWithT("(1, 'v', 'w')");
    a.replica().leaveSpace();
    assertEquals(
        List.of(),
        Sqlite.text(a.path(), "SELECT name FROM sqlite_master WHERE name LIKE 'godwit%'"));
    assertTrue(Files.exists(a.path()));
  }
}
