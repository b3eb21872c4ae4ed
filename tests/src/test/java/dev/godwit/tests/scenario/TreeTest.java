package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.OnDelete;
import dev.godwit.sync.policy.Settlement;
import dev.godwit.sync.report.ListedConflict;
import dev.godwit.sync.report.Paging;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows that hang on each other make no cycle, whatever two devices move. */
class TreeTest extends TwoDevices {
  private static final ColumnPolicy TREE = ColumnPolicy.lastWriterWins().asTree();
  private static final String FOLDERS =
      "CREATE TABLE folder (id TEXT PRIMARY KEY NOT NULL,"
          + " parent TEXT REFERENCES folder ON UPDATE CASCADE ON DELETE CASCADE, name);";
  private static final String PLACES = "SELECT id, parent FROM folder ORDER BY id";
  private static final String SIDES =
      "SELECT row_key, unit, kind, state, how, sibling, side_key, action, value, base, shown, device"
          + " FROM godwit_conflict ORDER BY row_key, sibling";

  /** Below the root are a, b and c, and below a is d. */
  private void startWithFolders() {
    startWithFolders(FOLDERS, TREE);
  }

  private void startWithFolders(String schema, ColumnPolicy policy) {
    start(schema, "folder");
    a.clock().at(4_000_000_000_000L);
    if (policy != null) {
      a.replica().policy("folder.parent", policy);
    }
    devices.syncAll();
    write(a, 1, "INSERT INTO folder VALUES ('a', NULL, 'A'), ('b', NULL, 'B'), ('c', NULL, 'C')");
    write(a, 2, "INSERT INTO folder VALUES ('d', 'a', 'D')");
    devices.syncAll();
  }

  private static void move(Device device, long second, String folder, String parent) {
    write(device, second, "UPDATE folder SET parent = " + parent + " WHERE id = '" + folder + "'");
  }

  @Test
  void ofTwoMovesThatMakeACycleTheLaterIsTakenBack() {
    startWithFolders();
    move(a, 10, "b", "'d'");
    move(b, 11, "d", "'b'");
    bothAgreeOn(PLACES, "['a', NULL]", "['b', 'd']", "['c', NULL]", "['d', 'a']");
    bothList(
        SIDES,
        "'d'|parent|cycle|resolved|returned|1|'b'|edit|d|null|1|a",
        "'d'|parent|cycle|resolved|returned|2|'d'|edit|b|a|0|b");
  }

  @Test
  void theLaterMoveIsTakenBackOnWhicheverDeviceItWasMade() {
    startWithFolders();
    move(a, 11, "b", "'d'");
    move(b, 10, "d", "'b'");
    bothAgreeOn(PLACES, "['a', NULL]", "['b', NULL]", "['c', NULL]", "['d', 'b']");
    assertEquals("[rooted|parent]", held(a));
  }

  @Test
  void aMoveThatWasTakenBackShowsWhenAnotherOneBreaksTheCycle() {
    startWithFolders();
    move(a, 10, "b", "'d'");
    move(b, 11, "d", "'b'");
    devices.syncAll();
    move(a, 12, "b", "'c'");
    bothAgreeOn(PLACES, "['a', NULL]", "['b', 'c']", "['c', NULL]", "['d', 'b']");
    assertEquals("[]", held(a));
    bothList(SIDES);
  }

  @Test
  void whatIsMovedAgainIsWhereItWasMovedTo() {
    startWithFolders();
    move(a, 10, "b", "'d'");
    move(b, 11, "d", "'b'");
    devices.syncAll();
    move(b, 12, "d", "'c'");
    bothAgreeOn(PLACES, "['a', NULL]", "['b', 'd']", "['c', NULL]", "['d', 'c']");
    assertEquals("[]", held(a));
  }

  @Test
  void anEditOfAnotherColumnLeavesTheMoveTakenBack() {
    startWithFolders();
    move(a, 10, "b", "'d'");
    move(b, 11, "d", "'b'");
    devices.syncAll();
    write(a, 12, "UPDATE folder SET name = 'other'");
    bothAgreeOn(PLACES, "['a', NULL]", "['b', 'd']", "['c', NULL]", "['d', 'a']");
    bothShow("SELECT DISTINCT name FROM folder", "['other']");
    assertEquals("[returned|parent]", held(a));
  }

  @Test
  void whereTheParentBeforeIsGoneTheRootIsShown() {
    startWithFolders();
    move(a, 10, "b", "'d'");
    move(b, 11, "d", "'b'");
    write(b, 12, "DELETE FROM folder WHERE id = 'a'");
    bothAgreeOn(PLACES, "['b', 'd']", "['c', NULL]", "['d', NULL]");
    assertEquals("[returned|parent, substituted|parent]", held(a));
    write(a, 13, "INSERT INTO folder VALUES ('a', NULL, 'again')");
    bothAgreeOn(PLACES, "['a', NULL]", "['b', 'd']", "['c', NULL]", "['d', 'a']");
  }

  @Test
  void aParentBeforeThatGetsAnotherKeyIsFollowed() {
    startWithFolders();
    move(a, 10, "b", "'d'");
    move(b, 11, "d", "'b'");
    devices.syncAll();
    write(a, 12, "UPDATE folder SET id = 'z' WHERE id = 'a'");
    bothAgreeOn(PLACES, "['b', 'd']", "['c', NULL]", "['d', 'z']", "['z', NULL]");
  }

  @Test
  void aParentThatGetsAnotherKeyMovesNoRow() {
    startWithFolders();
    move(a, 10, "b", "'d'");
    move(b, 11, "d", "'b'");
    write(b, 12, "UPDATE folder SET id = 'z' WHERE id = 'b'");
    bothAgreeOn(PLACES, "['a', NULL]", "['c', NULL]", "['d', 'a']", "['z', 'd']");
    assertEquals("[returned|parent]", held(a));
  }

  @Test
  void aCycleThatADeviceMakesByItselfIsUndoneThereToo() {
    startWithFolders();
    move(a, 10, "a", "'d'");
    devices.syncAll();
    bothAgreeOn(PLACES, "['a', NULL]", "['b', NULL]", "['c', NULL]", "['d', 'a']");
    assertEquals("[rooted|parent]", held(a));
  }

  @Test
  void aRowThatRefersToItselfIsAtTheRoot() {
    startWithFolders();
    move(a, 10, "a", "'a'");
    move(b, 11, "b", "'d'");
    bothAgreeOn(PLACES, "['a', 'a']", "['b', 'd']", "['c', NULL]", "['d', 'a']");
    assertEquals("[]", held(a));
  }

  @Test
  void aMoveThatWouldCloseAnotherCycleWhereItWasGoesNowhere() {
    startWithFolders();
    move(a, 10, "b", "'d'");
    move(a, 11, "a", "'c'");
    move(b, 12, "d", "'b'");
    move(b, 13, "c", "'d'");
    bothAgreeOn(PLACES, "['a', 'c']", "['b', 'd']", "['c', NULL]", "['d', 'a']");
    assertEquals("[rooted|parent, returned|parent]", heldByRow());
  }

  private String heldByRow() {
    return Sqlite.text(a.path(), "SELECT kind, unit FROM godwit_held ORDER BY kind DESC")
        .toString();
  }

  @Test
  void withoutAForeignKeyTheDeclarationSaysWhatTheColumnRefersTo() {
    startWithFolders(
        "CREATE TABLE folder (id TEXT PRIMARY KEY NOT NULL, parent, name);",
        ColumnPolicy.lastWriterWins().references("folder", OnDelete.CASCADE).asTree());
    move(a, 10, "b", "'d'");
    move(b, 11, "d", "'b'");
    bothAgreeOn(PLACES, "['a', NULL]", "['b', 'd']", "['c', NULL]", "['d', 'a']");
  }

  @Test
  void aCycleThatIsThereWhenTheTreeIsDeclaredIsBroken() {
    startWithFolders(FOLDERS, null);
    move(a, 10, "b", "'d'");
    move(b, 11, "d", "'b'");
    bothAgreeOn(PLACES, "['a', NULL]", "['b', 'd']", "['c', NULL]", "['d', 'b']");
    a.replica().policy("folder.parent", TREE);
    bothAgreeOn(PLACES, "['a', NULL]", "['b', 'd']", "['c', NULL]", "['d', NULL]");
    assertEquals("[rooted|parent]", held(b));
    b.replica().policy("folder.parent", ColumnPolicy.lastWriterWins());
    bothAgreeOn(PLACES, "['a', NULL]", "['b', 'd']", "['c', NULL]", "['d', 'b']");
    assertEquals("[]", held(a));
    bothList(SIDES);
  }

  @Test
  void aMoveStaysTakenBackWhileItsOriginIsParked() {
    startWithFolders(
        "CREATE TABLE folder (id TEXT PRIMARY KEY NOT NULL,"
            + " parent TEXT REFERENCES folder ON DELETE SET NULL, name UNIQUE);",
        TREE);
    Device c =
        devices.device(
            "c",
            "CREATE TABLE folder (id TEXT PRIMARY KEY NOT NULL,"
                + " parent TEXT REFERENCES folder ON DELETE SET NULL, name UNIQUE);",
            "folder");
    devices.syncAll();
    move(a, 10, "b", "'d'");
    move(b, 11, "d", "'b'");
    write(c, 5, "INSERT INTO folder VALUES ('q', NULL, 'X')");
    write(a, 20, "UPDATE folder SET name = 'X' WHERE id = 'a'");
    bothAgreeOn(PLACES, "['c', NULL]", "['q', NULL]");
    write(c, 30, "DELETE FROM folder WHERE id = 'q'");
    bothAgreeOn(PLACES, "['a', NULL]", "['b', 'd']", "['c', NULL]", "['d', 'a']");
    assertEquals("[returned|parent]", held(a));
    move(a, 31, "b", "NULL");
    bothAgreeOn(PLACES, "['a', NULL]", "['b', NULL]", "['c', NULL]", "['d', 'b']");
    assertEquals("[]", held(a));
  }

  @Test
  void aTreeThatIsDeclaredLateHoldsForRowsThatAreOutOfTheirTableToo() {
    String schema =
        "CREATE TABLE project (id TEXT PRIMARY KEY NOT NULL);"
            + "CREATE TABLE folder (id TEXT PRIMARY KEY NOT NULL, parent TEXT REFERENCES folder,"
            + " project REFERENCES project ON DELETE CASCADE);";
    start(schema, "project", "folder");
    Device c = devices.device("c", schema, "project", "folder");
    write(a, 1, "INSERT INTO project VALUES ('x')");
    write(a, 2, "INSERT INTO folder VALUES ('a', NULL, 'x'), ('b', NULL, 'x')");
    devices.syncAll();
    move(a, 10, "a", "'b'");
    move(b, 11, "b", "'a'");
    write(c, 12, "DELETE FROM project");
    bothAgreeOn(PLACES);
    a.replica().policy("folder.parent", TREE);
    devices.syncAll();
    write(c, 20, "INSERT INTO project VALUES ('x')");
    bothAgreeOn(PLACES, "['a', 'b']", "['b', NULL]");
    assertEquals("[rooted|parent]", held(a));
  }

  @Test
  void whatBreaksACheckAtTheRootIsParked() {
    String schema =
        "CREATE TABLE folder (id TEXT PRIMARY KEY NOT NULL, parent TEXT REFERENCES folder, top,"
            + " CHECK (parent IS NOT NULL OR top = 1));";
    for (String name : List.of("a", "b")) {
      Device device =
          devices.device(name, schema, "folder", set -> set.policy("folder.parent", TREE));
      a = a == null ? device : a;
      b = device;
    }
    write(a, 1, "INSERT INTO folder VALUES ('a', NULL, 1), ('b', NULL, 1)");
    devices.syncAll();
    write(a, 20, "UPDATE folder SET parent = 'b', top = 0 WHERE id = 'a'");
    write(b, 10, "UPDATE folder SET parent = 'a', top = 0 WHERE id = 'b'");
    devices.syncAll();
    bothAgreeOn(PLACES);
    assertEquals("[rooted|parent, check|, below|parent]", heldByRow());
  }

  @Test
  void theRootCanBeTakenWhereTheParentBeforeIsGone() {
    startWithFolders();
    move(a, 10, "b", "'d'");
    move(b, 11, "d", "'b'");
    write(b, 12, "DELETE FROM folder WHERE id = 'a'");
    devices.syncAll();
    String cycle =
        a.replica().listedConflicts(new Paging(100, "")).entries().stream()
            .filter(one -> one.stands() && one.kind().equals("cycle"))
            .map(ListedConflict::id)
            .findFirst()
            .orElseThrow();
    a.clock().at(4_000_000_020_000L);
    a.replica().settle(cycle, new Settlement.Take(1));
    bothAgreeOn(PLACES, "['b', 'd']", "['c', NULL]", "['d', NULL]");
    assertEquals("[]", held(a));
    write(b, 30, "INSERT INTO folder VALUES ('a', NULL, 'another')");
    bothAgreeOn(PLACES, "['a', NULL]", "['b', 'd']", "['c', NULL]", "['d', NULL]");
  }

  @Test
  void ofManyTransactionsThatWaitTheLastSaysWhereARowIs() {
    startWithFolders();
    move(a, 10, "d", "'b'");
    a.clock().at(4_000_000_020_000L);
    a.write(
        "UPDATE folder SET parent = 'c' WHERE id = 'd'",
        "UPDATE folder SET parent = 'd' WHERE id = 'b'",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)"
            + " INSERT INTO folder SELECT 'n' || i, 'b', i FROM n");
    devices.syncAll();
    assertEquals("c", b.value("SELECT parent FROM folder WHERE id = 'd'"));
    assertEquals("c", a.value("SELECT parent FROM folder WHERE id = 'd'"));
    assertEquals("[]", held(a));
  }

  @Test
  void whatIsShownInsteadOfTheMoveCanBeTaken() {
    startWithFolders();
    move(a, 10, "b", "'d'");
    move(b, 11, "d", "'b'");
    devices.syncAll();
    b.clock().at(4_000_000_020_000L);
    b.replica().settle(conflict(b), new Settlement.Take(1));
    bothAgreeOn(PLACES, "['a', NULL]", "['b', 'd']", "['c', NULL]", "['d', 'a']");
    bothList(SIDES);
    assertEquals("[]", held(a));
    // It is a move like any other: the one that it lost against makes no difference any more.
    move(a, 21, "b", "NULL");
    bothAgreeOn(PLACES, "['a', NULL]", "['b', NULL]", "['c', NULL]", "['d', 'a']");
  }

  @Test
  void anotherPlaceCanBeGivenButNotOneBelowTheRowItself() {
    startWithFolders();
    move(a, 10, "b", "'d'");
    move(b, 11, "d", "'b'");
    devices.syncAll();
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> a.replica().settle(conflict(a), new Settlement.Take(2)));
    assertTrue(refusal.getMessage().contains("below itself"), refusal.getMessage());
    a.clock().at(4_000_000_020_000L);
    a.replica().settle(conflict(a), new Settlement.Write(Value.of("c")));
    bothAgreeOn(PLACES, "['a', NULL]", "['b', 'd']", "['c', NULL]", "['d', 'c']");
    assertEquals("[]", held(a));
  }

  @Test
  void aRowThatWasMovedBackIsInTheStatus() {
    startWithFolders();
    move(a, 10, "b", "'d'");
    move(b, 11, "d", "'b'");
    devices.syncAll();
    assertEquals(
        "MOVED_BACK 'd' parent: moved below itself, as folder 'b' was moved, too",
        a.replica().status().heldBack().stream()
            .map(row -> row.kind() + " " + row.key() + " " + row.reason())
            .reduce("", (one, other) -> one + other));
  }

  @Test
  void aColumnThatCannotBeATreeIsRefusedWithTheReason() {
    start(
        FOLDERS
            + "CREATE TABLE note (id INTEGER PRIMARY KEY, folder REFERENCES folder,"
            + " above INTEGER NOT NULL REFERENCES note, body);",
        "folder",
        "note");
    refused("note.folder", TREE, "it does not refer to the primary key of its own table");
    refused("note.body", TREE, "it does not refer to the primary key of its own table");
    refused("note.above", TREE, "it is NOT NULL");
    assertThrows(IllegalArgumentException.class, () -> ColumnPolicy.parse("counter tree"));
    assertThrows(IllegalArgumentException.class, () -> ColumnPolicy.parse("max tree"));
    assertThrows(
        IllegalArgumentException.class,
        () -> ColumnPolicy.parse("last-writer-wins in group 'g' tree"));
    assertEquals("last-writer-wins tree", ColumnPolicy.parse("tree").toString());
    assertEquals(
        "manual references 'folder' on delete set null tree",
        ColumnPolicy.parse("manual references folder on delete set null tree").toString());
  }

  private void refused(String target, ColumnPolicy policy, String reason) {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> a.replica().policy(target, policy), target);
    assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
  }

  @Test
  void aDeleteHasNotSeenAMoveThatWasNotShown() {
    startWithFolders(FOLDERS.replace("ON DELETE CASCADE", "ON DELETE RESTRICT"), TREE);
    write(a, 3, "INSERT INTO folder VALUES ('e', 'd', 'E')");
    move(a, 4, "a", "'e'");
    bothAgreeOn(PLACES, "['a', NULL]", "['b', NULL]", "['c', NULL]", "['d', 'a']", "['e', 'd']");
    write(a, 5, "DELETE FROM folder WHERE id = 'e'");
    bothAgreeOn(PLACES, "['a', NULL]", "['b', NULL]", "['c', NULL]", "['d', 'a']");
    move(a, 6, "d", "NULL");
    bothAgreeOn(PLACES, "['a', 'e']", "['b', NULL]", "['c', NULL]", "['d', NULL]", "['e', 'd']");
    assertEquals(List.of(), Sqlite.text(a.path(), "PRAGMA foreign_key_check"));
  }

  @Test
  void aRowMovedTwiceInOneExchangeHoldsUpNobodyWhereItDoesNotStay() {
    String schema =
        "CREATE TABLE t (id INTEGER PRIMARY KEY, up INTEGER REFERENCES t ON DELETE SET NULL, name,"
            + " UNIQUE (up, name))";
    start(schema, "t");
    Device c = devices.device("c", schema, "t");
    a.replica().policy("t.up", ColumnPolicy.parse("tree"));
    write(a, 0, "INSERT INTO t VALUES (2, NULL, 'm'), (3, NULL, 'm')");
    devices.syncAll();
    write(a, 1, "UPDATE t SET up = 2 WHERE id = 3");
    write(b, 2, "UPDATE t SET up = 3 WHERE id = 3");
    write(c, 3, "UPDATE t SET up = 2 WHERE id = 2");
    Devices.meet(b, a);
    Devices.meet(c, a);
    assertEquals(List.of("[2, 2, 'm']", "[3, 3, 'm']"), c.rows("SELECT * FROM t ORDER BY id"));
    bothAgreeOn("SELECT * FROM t ORDER BY id", "[2, 2, 'm']", "[3, 3, 'm']");
    assertEquals("[]", held(c));
  }
}
