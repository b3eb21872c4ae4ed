package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A row is reached by its key, whatever the key is made of and whatever happens to it. */
class KeyTest extends TwoDevices {
  private static final String[][] KINDS = {
    {"integers", "id INTEGER PRIMARY KEY, v", "1", "2", "3"},
    {"counted", "id INTEGER PRIMARY KEY AUTOINCREMENT, v", "1", "2", "3"},
    {"texts", "v, id TEXT PRIMARY KEY NOT NULL", "'a'", "'b'", "'A'"},
    {"nocase", "id TEXT PRIMARY KEY NOT NULL COLLATE NOCASE, v", "'a'", "'b'", "'c'"},
    {
      "blobs",
      "id BLOB PRIMARY KEY NOT NULL, v",
      "zeroblob(16)",
      "x'000102030405060708090a0b0c0d0e0f'",
      "x'ff'"
    },
    {"ints", "id INT PRIMARY KEY NOT NULL, v", "1", "2", "3"},
    {"reals", "id REAL PRIMARY KEY NOT NULL, v", "1", "0.1", "1e300"},
    {"anything", "id PRIMARY KEY NOT NULL, v", "1", "'1'", "x'31'"},
    {
      "two",
      "v, k1 TEXT NOT NULL, k2 INTEGER NOT NULL, PRIMARY KEY (k2, k1)",
      "'a', 1",
      "'a', 2",
      "'b', 1"
    },
    {
      "three",
      "k1 INTEGER NOT NULL, v, k2 TEXT NOT NULL, k3 BLOB NOT NULL, PRIMARY KEY (k3, k1, k2)",
      "1, 'a', x'01'",
      "1, 'a', x'02'",
      "2, 'a', x'01'"
    },
  };

  @Test
  void insertUpdateAndDeleteReachExactlyTheirRowWhateverTheKindOfKey() {
    StringBuilder schema = new StringBuilder();
    List<String> tables = new ArrayList<>();
    for (String[] kind : KINDS) {
      tables.add(kind[0]);
      schema.append("CREATE TABLE ").append(kind[0]).append(" (").append(kind[1]).append(");");
      if (!kind[0].equals("counted")) {
        tables.add(kind[0] + "_w");
        schema
            .append("CREATE TABLE ")
            .append(kind[0])
            .append("_w (")
            .append(kind[1])
            .append(") WITHOUT ROWID;");
      }
    }
    start(schema.toString(), tables.toArray(new String[0]));
    for (String table : tables) {
      String[] kind = kind(table);
      String columns = "(" + columns(kind) + ", v)";
      for (int i = 2; i < 5; i++) {
        a.sql("INSERT INTO " + table + columns + " VALUES (" + kind[i] + ", 'v" + i + "')");
      }
    }
    devices.syncAll();
    for (String table : tables) {
      String[] kind = kind(table);
      b.sql(
          "UPDATE "
              + table
              + " SET v = 'edited' WHERE ("
              + columns(kind)
              + ") = ("
              + kind[2]
              + ")");
      a.sql("DELETE FROM " + table + " WHERE (" + columns(kind) + ") = (" + kind[3] + ")");
    }
    devices.syncAll();
    for (String table : tables) {
      assertEquals(
          "edited,v4",
          String.join(",", Sqlite.text(b.path(), "SELECT v FROM " + table + " ORDER BY v")),
          table);
    }
    noConflicts();
  }

  private static String[] kind(String table) {
    for (String[] kind : KINDS) {
      if (table.equals(kind[0]) || table.equals(kind[0] + "_w")) {
        return kind;
      }
    }
    throw new IllegalArgumentException(table);
  }

  private static String columns(String[] kind) {
    return kind[0].equals("three") ? "k1, k2, k3" : kind[0].equals("two") ? "k1, k2" : "id";
  }

  @Test
  void everyTextIsItsOwnKey() {
    start("CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v)", "t");
    String[] keys = {
      "''",
      "'a/b'",
      "'50%'",
      "'it''s'",
      "'\"q\"'",
      "'a b'",
      "'🗓'",
      "'é'",
      "'e' || char(769)",
      "'a' || char(0) || 'b'",
      "'a'",
      "'A'",
      "'a '",
      "CAST(x'ff' AS TEXT)",
      "substr(hex(zeroblob(501)), 1, 1000)"
    };
    for (int i = 0; i < keys.length; i++) {
      a.sql("INSERT INTO t VALUES (" + keys[i] + ", " + i + ")");
    }
    devices.syncAll();
    assertEquals(keys.length, b.count("t"));
    for (int i = 0; i < keys.length; i++) {
      b.sql("UPDATE t SET v = 'edited ' || v WHERE id = " + keys[i]);
    }
    devices.syncAll();
    for (int i = 0; i < keys.length; i++) {
      assertEquals("edited " + i, a.value("SELECT v FROM t WHERE id = " + keys[i]));
    }
    noConflicts();
  }

  @Test
  void aNumberAndItsTextAreTwoKeys() {
    start("CREATE TABLE t (id PRIMARY KEY NOT NULL, v)", "t");
    a.sql("INSERT INTO t VALUES (1, 'number'), ('1', 'text')");
    devices.syncAll();
    b.sql("UPDATE t SET v = v || '!' WHERE id = '1'");
    bothShow("SELECT id, v FROM t ORDER BY v", "[1, 'number']", "['1', 'text!']");
  }

  @Test
  void oneNumberIsOneKeyHoweverItIsWritten() {
    start("CREATE TABLE t (id PRIMARY KEY NOT NULL, v, w)", "t");
    a.sql("INSERT INTO t VALUES (1, 'a', 'a')");
    b.sql("INSERT INTO t VALUES (1.0, 'b', 'b')");
    devices.syncAll();
    assertEquals(1, a.count("t"));
    a.sql("UPDATE t SET v = 'edited' WHERE id = 1");
    bothShow("SELECT v FROM t", "['edited']");
  }

  @Test
  void aChangedKeyTakesAllValuesAlong() {
    startWithT("(1, 'a', 'b')", "(3, 'c', 'd')");
    a.sql("UPDATE t SET id = 2 WHERE id = 1", "UPDATE t SET id = 4, v = 'n' WHERE id = 3");
    bothHaveT("[2, 'a', 'b']", "[4, 'n', 'd']");
    b.sql("UPDATE t SET v = 'edited' WHERE id = 2", "DELETE FROM t WHERE id = 4");
    bothHaveT("[2, 'edited', 'b']");
    noConflicts();
  }

  @Test
  void anEditOfTheOldKeyFollowsTheRow() {
    startWithT("(1, 'a', 'b')");
    a.sql("UPDATE t SET id = 2, v = 'n' WHERE id = 1");
    b.sql("UPDATE t SET w = 'elsewhere' WHERE id = 1");
    bothHaveT("[2, 'n', 'elsewhere']");
    noConflicts();
  }

  @Test
  void aKeyThatWasDeletedMayBeTakenByAnotherRow() {
    for (String schema : List.of(T, "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v, w)")) {
      if (a != null) {
        devices.close();
        devices = new Devices(folder.resolve("..").resolve(folder.getFileName()));
        folder.resolve("a.db").toFile().delete();
        folder.resolve("b.db").toFile().delete();
      }
      start(schema, "t");
      a.sql("INSERT INTO t VALUES (1, 'a', 'b'), (2, 'c', 'd')");
      devices.syncAll();
      a.sql("BEGIN", "DELETE FROM t WHERE id = 2", "UPDATE t SET id = 2 WHERE id = 1", "COMMIT");
      devices.syncAll();
      assertEquals("2|a|b", String.join(",", Sqlite.text(b.path(), "SELECT * FROM t")), schema);
      a.sql("INSERT INTO t VALUES (1, 'new', 'row')");
      b.sql("UPDATE t SET w = 'edited' WHERE id = 2");
      devices.syncAll();
      assertEquals(
          "1|new|row,2|a|edited",
          String.join(",", Sqlite.text(a.path(), "SELECT * FROM t ORDER BY id")),
          schema);
      noConflicts();
    }
  }

  @Test
  void partOfACompositeKeyCanChange() {
    start("CREATE TABLE t (x TEXT, v, y INTEGER, PRIMARY KEY (y, x))", "t");
    a.sql("INSERT INTO t VALUES ('a', 'v', 1), ('b', 'w', 1)");
    devices.syncAll();
    a.sql("UPDATE t SET y = 2 WHERE x = 'a'");
    b.sql("UPDATE t SET v = 'edited' WHERE x = 'a'");
    bothShow("SELECT * FROM t ORDER BY x", "['a', 'edited', 2]", "['b', 'w', 1]");
    noConflicts();
  }

  @Test
  void manyKeysCanBeShiftedAtOnce() {
    startWithT();
    a.sql(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) INSERT INTO t SELECT i, i, i FROM n");
    devices.syncAll();
    a.sql("UPDATE t SET id = id + 1000");
    devices.syncAll();
    assertEquals(
        "300|1001|1300|0",
        String.join(
            "",
            Sqlite.text(
                b.path(), "SELECT count(*), min(id), max(id), sum(id <> v + 1000) FROM t")));
    b.sql("UPDATE t SET id = id - 999 WHERE id < 1200", "UPDATE t SET id = -id");
    devices.syncAll();
    assertEquals(300, a.count("t"));
    noConflicts();
  }

  @Test
  void keysCanMoveUpByOneInALongTable() {
    start(T + "; CREATE TABLE s (k TEXT PRIMARY KEY, v)", "t", "s");
    String numbers =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) ";
    a.sql(
        numbers + "INSERT INTO t SELECT i, i, i FROM n",
        numbers + "INSERT INTO s SELECT i, i FROM n");
    devices.syncAll();
    a.sql(
        "BEGIN",
        "UPDATE t SET id = -id",
        "UPDATE t SET id = 1 - id",
        "UPDATE s SET k = 'x' || k",
        "UPDATE s SET k = substr(k, 2) + 1",
        "COMMIT");
    b.sql("UPDATE t SET w = 'edited'", "UPDATE s SET v = 'edited' WHERE k = '700'");
    devices.syncAll();
    for (Device device : List.of(a, b)) {
      assertEquals(
          "1500|0|1500",
          device.value("SELECT count(*), sum(id <> v + 1), sum(w = 'edited') FROM t"));
      assertEquals("1500|1", device.value("SELECT count(*), sum(k <> v + 1) FROM s"));
      assertEquals("edited", device.value("SELECT v FROM s WHERE k = '701'"));
    }
    noConflicts();
  }

  @Test
  void rowsCanTradeTheirKeys() {
    for (String type : List.of("INTEGER", "TEXT")) {
      String name = "t" + type;
      if (a == null) {
        start(
            "CREATE TABLE tINTEGER (id INTEGER PRIMARY KEY, v, w); CREATE TABLE tTEXT (id TEXT PRIMARY KEY, v, w)",
            "tINTEGER",
            "tTEXT");
      }
      a.sql("INSERT INTO " + name + " VALUES (1, 'a', 'b'), (2, 'c', 'd')");
      devices.syncAll();
      a.sql(
          "BEGIN",
          "UPDATE " + name + " SET id = 99 WHERE id = 1",
          "UPDATE " + name + " SET id = 1 WHERE id = 2",
          "UPDATE " + name + " SET id = 2 WHERE id = 99",
          "COMMIT");
      b.sql("UPDATE " + name + " SET w = 'edited' WHERE id = 1");
      devices.syncAll();
      assertEquals(
          "1|c|d,2|a|edited",
          String.join(",", Sqlite.text(b.path(), "SELECT * FROM " + name + " ORDER BY id")),
          type);
    }
    noConflicts();
  }

  @Test
  void twoNewRowsWithOneHandedOutKeyStayTwoRowsAndTheClashIsListed() {
    start(
        "CREATE TABLE event (_id INTEGER PRIMARY KEY AUTOINCREMENT, title, place); INSERT INTO event VALUES (100, 'old', 'old')",
        "event");
    devices.syncAll();
    a.sql("INSERT INTO event (title, place) VALUES ('mine', 'here')");
    b.sql("INSERT INTO event (title, place) VALUES ('yours', 'there')");
    assertEquals("101", a.value("SELECT max(_id) FROM event"));
    assertEquals("101", b.value("SELECT max(_id) FROM event"));
    devices.syncAll();
    assertEquals(
        "mine|here,old|old,yours|there",
        String.join(",", Sqlite.text(a.path(), "SELECT title, place FROM event ORDER BY title")));
    assertEquals(1, a.conflicts().size(), "the clash is listed");
    assertEquals(1, b.conflicts().size(), "the clash is listed");
    a.sql("INSERT INTO event (title) VALUES ('next')");
    assertEquals("102", a.value("SELECT _id FROM event WHERE title = 'next'"));
  }

  @Test
  void childrenFollowARowThatGotAnotherKey() {
    start(
        "CREATE TABLE event (id INTEGER PRIMARY KEY, title);"
            + "CREATE TABLE reminder (id TEXT PRIMARY KEY, event INTEGER REFERENCES event(id))",
        "event",
        "reminder");
    a.sql(
        "BEGIN",
        "INSERT INTO event VALUES (1, 'mine')",
        "INSERT INTO reminder VALUES ('m', 1)",
        "COMMIT");
    b.sql(
        "BEGIN",
        "INSERT INTO event VALUES (1, 'yours')",
        "INSERT INTO reminder VALUES ('y', 1)",
        "COMMIT");
    bothShow(
        "SELECT title, reminder.id FROM reminder JOIN event ON event.id = event ORDER BY title",
        "['mine', 'm']",
        "['yours', 'y']");
  }

  @Test
  void aParentTakesItsChildrenAlongToItsNewKeyAlsoWhereNothingCascades() {
    start(
        "CREATE TABLE event (id INTEGER PRIMARY KEY, title);"
            + "CREATE TABLE reminder (id TEXT PRIMARY KEY, event INTEGER REFERENCES event(id));"
            + "CREATE TABLE seat (event INTEGER REFERENCES event(id), n INTEGER, v, PRIMARY KEY (event, n))",
        "event",
        "reminder",
        "seat");
    a.sql(
        "INSERT INTO event VALUES (1, 'one')",
        "INSERT INTO reminder VALUES ('r', 1)",
        "INSERT INTO seat VALUES (1, 5, 'x')");
    devices.syncAll();
    a.sql("UPDATE event SET id = 2");
    b.sql("INSERT INTO reminder VALUES ('s', 1)", "INSERT INTO seat VALUES (1, 6, 'y')");
    bothShow("SELECT * FROM reminder ORDER BY id", "['r', 2]", "['s', 2]");
    bothShow("SELECT * FROM seat ORDER BY n", "[2, 5, 'x']", "[2, 6, 'y']");
  }

  @Test
  void aRowThatIsWrittenBeforeTheChildrenOfAMovedParentHaveFollowedIsTheOneThatWasThere() {
    start(
        "CREATE TABLE event (id INTEGER PRIMARY KEY, title); CREATE TABLE seat (event INTEGER REFERENCES event(id),"
            + " n INTEGER, v, PRIMARY KEY (event, n))",
        "event",
        "seat");
    a.sql(
        "INSERT INTO event VALUES (1, 'one')",
        "INSERT INTO seat VALUES (1, 5, 'of one'), (2, 5, 'of nobody')");
    devices.exchangeAll();
    a.sql("UPDATE event SET id = 2");
    a.write("UPDATE seat SET n = 6 WHERE event = 2");
    bothShow("SELECT * FROM seat ORDER BY n", "[2, 5, 'of one']", "[2, 6, 'of nobody']");
  }

  @Test
  void anIdThatWasUsedIsNotHandedOutAgain() {
    start("CREATE TABLE event (_id INTEGER PRIMARY KEY AUTOINCREMENT, title)", "event");
    a.sql("INSERT INTO event (title) VALUES ('one'), ('two'), ('three')");
    devices.syncAll();
    a.sql("DELETE FROM event WHERE _id = 3");
    devices.syncAll();
    a.sql("INSERT INTO event (title) VALUES ('next')");
    assertEquals("4", a.value("SELECT _id FROM event WHERE title = 'next'"));
    devices.syncAll();
    b.sql("INSERT INTO event (title) VALUES ('after')");
    assertEquals("5", b.value("SELECT _id FROM event WHERE title = 'after'"));
    devices.syncAll();
    noConflicts();
  }

  @Test
  void aRowWithoutAKeyIsSyncedAsSoonAsItHasOne() {
    start(
        "CREATE TABLE t (id TEXT PRIMARY KEY, v); CREATE TABLE p (x TEXT, y INTEGER, v, PRIMARY KEY (x, y))",
        "t",
        "p");
    a.sql(
        "INSERT INTO t VALUES (NULL, 'none'), ('k', 'some')",
        "INSERT INTO p VALUES ('x', NULL, 'none'), ('x', 1, 'some')");
    a.sql(
        "UPDATE t SET v = 'still none' WHERE id IS NULL",
        "UPDATE p SET v = 'still none' WHERE y IS NULL");
    a.replica().seal();
    for (Device device : List.of(a, b)) {
      Devices.meet(device, device == a ? b : a);
    }
    assertEquals(List.of("k|some"), Sqlite.text(b.path(), "SELECT * FROM t"));
    assertEquals(List.of("x|1|some"), Sqlite.text(b.path(), "SELECT * FROM p"));
    assertEquals(2, a.count("t"));
    a.sql("UPDATE t SET id = 'now' WHERE id IS NULL", "UPDATE p SET y = 2 WHERE y IS NULL");
    bothShow("SELECT * FROM t ORDER BY id", "['k', 'some']", "['now', 'still none']");
    bothShow("SELECT * FROM p ORDER BY y", "['x', 1, 'some']", "['x', 2, 'still none']");
    b.sql("UPDATE t SET id = NULL WHERE id = 'k'", "UPDATE p SET y = NULL WHERE y = 1");
    Devices.meet(a, b);
    assertEquals(List.of("now|still none"), Sqlite.text(a.path(), "SELECT * FROM t"));
    assertEquals(List.of("x|2|still none"), Sqlite.text(a.path(), "SELECT * FROM p"));
    assertTrue(b.count("t") == 2, "the row stays where its key was taken away");
  }

  @Test
  void aKeySpelledByALaterClockIsShownThoughTheRowWasOutOfSight() {
    start(
        "CREATE TABLE t (k TEXT COLLATE NOCASE PRIMARY KEY NOT NULL,"
            + " up TEXT REFERENCES t ON DELETE CASCADE, v)",
        "t");
    write(a, 1, "INSERT INTO t VALUES ('b', NULL, 1), ('c', NULL, 2)");
    write(b, 8_000, "INSERT INTO t VALUES ('A', NULL, 3)");
    devices.syncAll();
    write(a, 2, "DELETE FROM t WHERE k = 'c'");
    write(b, 8_001, "UPDATE t SET up = 'c' WHERE k = 'A'");
    devices.syncAll();
    write(a, 3, "INSERT INTO t VALUES ('a', NULL, 4)");
    write(a, 4, "UPDATE t SET up = 'b' WHERE k = 'a'");
    bothAgreeWithoutDangling("SELECT * FROM t", "['b', NULL, 1]", "['A', 'b', 3]");
  }
}
