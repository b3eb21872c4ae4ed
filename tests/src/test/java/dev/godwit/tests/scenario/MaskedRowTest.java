package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.godwit.sync.report.HeldBackRow;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A row that one device alone refuses has its key and its unique values there as elsewhere: all say
 * the same of them.
 */
class MaskedRowTest extends TwoDevices {
  private static final String CHECK = "CHECK (size < 10)";
  private static final String REFUSED =
      "SELECT row_key FROM godwit_conflict WHERE kind = 'refused' AND here_only ORDER BY 1";

  /** The second device has a constraint in place of the sign. */
  private void startWith(String schema, String constraint, String... tables) {
    a = devices.device("a", schema.replace("%", ""), tables);
    b = devices.device("b", schema.replace("%", constraint), tables);
  }

  private void show(Device device, String sql, String... rows) {
    assertEquals(List.of(rows), device.rows(sql), device.name());
    isNotDamaged(device);
  }

  private void listTheSame() {
    devices.exchangeAll();
    assertEquals(held(a), held(b));
    ConflictViews.agree(List.of(a, b), ConflictViews::standing);
  }

  @Test
  void aUniqueValueIsTakenThoughItIsOutOfSight() {
    String all = "SELECT * FROM t ORDER BY id";
    startWith("CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, name UNIQUE, size %)", CHECK, "t");
    write(a, 1, "INSERT INTO t VALUES ('x', 'same', 11)");
    write(b, 2, "INSERT INTO t VALUES ('y', 'same', 1)");
    listTheSame();
    show(a, all, "['x', 'same', 11]");
    show(b, all);
    assertEquals("[parked|unique (\"name\" BINARY)]", held(b));
    write(b, 3, "INSERT INTO t VALUES ('z', 'other', 2)");
    listTheSame();
    write(a, 4, "UPDATE t SET name = 'new' WHERE id = 'x'");
    listTheSame();
    show(b, all, "['y', 'same', 1]", "['z', 'other', 2]");
    write(a, 5, "UPDATE t SET size = 9 WHERE id = 'x'");
    bothAgreeOn(all, "['x', 'new', 9]", "['y', 'same', 1]", "['z', 'other', 2]");
  }

  @Test
  void aNumberIsTakenThoughItsRowIsOutOfSight() {
    String all = "SELECT name FROM t ORDER BY name";
    startWith("CREATE TABLE t (id INTEGER PRIMARY KEY, name, size %)", CHECK, "t");
    write(a, 1, "INSERT INTO t VALUES (1, 'refused', 11)");
    write(b, 2, "INSERT INTO t VALUES (1, 'mine', 1)");
    listTheSame();
    show(a, all, "['mine']", "['refused']");
    show(b, all, "['mine']");
    write(a, 3, "UPDATE t SET id = 7 WHERE name = 'refused'");
    listTheSame();
    for (Device device : List.of(a, b)) {
      show(device, "SELECT id FROM t WHERE name = 'mine'", "[1]");
    }
    write(a, 4, "UPDATE t SET size = 9 WHERE id = 7");
    bothAgreeOn("SELECT id, name FROM t ORDER BY id", "[1, 'mine']", "[7, 'refused']");
  }

  @Test
  void aRowThatMayNotMoveLeavesItsNumberToWhomItBelongs() {
    String all = "SELECT * FROM t";
    startWith("CREATE TABLE t (id INTEGER PRIMARY KEY CHECK (id > 0), name)", "", "t");
    write(a, 1, "INSERT INTO t VALUES (1, 'first')");
    write(b, 2, "INSERT INTO t VALUES (1, 'second')");
    listTheSame();
    for (Device device : List.of(a, b)) {
      show(device, all, "[1, 'first']");
      assertEquals(1, Sqlite.text(device.path(), REFUSED).size());
      assertEquals(
          List.of(HeldBackRow.Kind.MASKED),
          device.replica().status().heldBack().stream().map(HeldBackRow::kind).toList());
    }
    write(a, 3, "UPDATE t SET id = 5");
    bothAgreeOn("SELECT * FROM t ORDER BY id", "[1, 'second']", "[5, 'first']");
  }

  @Test
  void rowsThatReferToEachOtherComeBackTogether() {
    String all = "SELECT id, up, size FROM t ORDER BY id";
    startWith("CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, up REFERENCES t, size %)", CHECK, "t");
    write(
        a,
        1,
        "INSERT INTO t VALUES ('x', NULL, 11), ('y', 'x', 1), ('z', 'y', 12)",
        "UPDATE t SET up = 'z' WHERE id = 'x'");
    devices.exchangeAll();
    show(b, all);
    assertEquals(List.of("'x'", "'y'", "'z'"), Sqlite.text(b.path(), REFUSED));
    write(a, 2, "UPDATE t SET size = 2 WHERE id = 'x'");
    devices.exchangeAll();
    show(b, all);
    write(a, 3, "UPDATE t SET size = 3 WHERE id = 'z'");
    bothAgreeWithoutDangling(all, "['x', 'z', 2]", "['y', 'x', 1]", "['z', 'y', 3]");
  }

  @Test
  void aKeyKeepsItsSpelling() {
    String all = "SELECT * FROM t";
    startWith("CREATE TABLE t (k TEXT COLLATE NOCASE PRIMARY KEY NOT NULL, size %)", CHECK, "t");
    write(a, 1, "INSERT INTO t VALUES ('Key', 1)");
    devices.exchangeAll();
    write(a, 2, "UPDATE t SET size = 11");
    devices.exchangeAll();
    show(b, all, "['Key', 1]");
    write(a, 3, "UPDATE t SET size = 2");
    bothAgreeOn(all, "['Key', 2]");
  }

  @Test
  void aReferenceThatMayNotChangeGoesWithItsRow() {
    String all = "SELECT id, list, size FROM item ORDER BY id";
    startWith(
        "CREATE TABLE list (id TEXT PRIMARY KEY NOT NULL);"
            + "CREATE TABLE item (id TEXT PRIMARY KEY NOT NULL,"
            + " list REFERENCES list ON DELETE SET NULL, size %)",
        "CHECK (size < 10 OR list IS NOT NULL)", "list", "item");
    write(a, 1, "INSERT INTO list VALUES ('l')", "INSERT INTO item VALUES ('i', 'l', 11)");
    devices.exchangeAll();
    show(b, all, "['i', 'l', 11]");
    write(a, 2, "UPDATE item SET size = 12");
    write(a, 3, "DELETE FROM list");
    devices.exchangeAll();
    show(a, all, "['i', NULL, 12]");
    show(b, all);
    write(a, 4, "UPDATE item SET size = 9");
    bothAgreeWithoutDangling(all, "['i', NULL, 9]");
  }

  @Test
  void aRowOfWhichAnotherColumnMayNotChangeStays() {
    String all = "SELECT * FROM item";
    startWith(
        "CREATE TABLE list (id TEXT PRIMARY KEY NOT NULL);"
            + "CREATE TABLE item (id TEXT PRIMARY KEY NOT NULL, list REFERENCES list, size %)",
        CHECK, "list", "item");
    write(a, 1, "INSERT INTO list VALUES ('l')", "INSERT INTO item VALUES ('i', 'l', 1)");
    devices.exchangeAll();
    write(a, 2, "UPDATE item SET size = 12");
    devices.exchangeAll();
    show(b, all, "['i', 'l', 1]");
    write(b, 3, "INSERT INTO list VALUES ('m')");
    show(b, all, "['i', 'l', 1]");
    write(a, 4, "UPDATE item SET size = 9");
    bothAgreeWithoutDangling(all, "['i', 'l', 9]");
  }

  @Test
  void whatIsNamedAfterARowGoesAndComesBackWithIt() {
    String all = "SELECT p, n FROM part";
    startWith(
        "CREATE TABLE p (id TEXT PRIMARY KEY NOT NULL, up REFERENCES p ON UPDATE CASCADE, size %);"
            + "CREATE TABLE part (p TEXT NOT NULL REFERENCES p ON UPDATE CASCADE, n INTEGER NOT NULL,"
            + " PRIMARY KEY (p, n))",
        CHECK, "p", "part");
    write(a, 1, "INSERT INTO p VALUES ('x', NULL, 1)", "INSERT INTO part VALUES ('x', 1)");
    devices.exchangeAll();
    write(a, 2, "INSERT INTO p VALUES ('u', NULL, 1)");
    write(a, 3, "UPDATE p SET up = 'u', size = 11 WHERE id = 'x'");
    devices.exchangeAll();
    show(b, all);
    write(a, 4, "UPDATE p SET id = 'y' WHERE id = 'x'");
    devices.exchangeAll();
    show(b, all);
    write(a, 5, "UPDATE p SET size = 2 WHERE id = 'y'");
    bothAgreeWithoutDangling(all, "['y', 1]");
  }
}
