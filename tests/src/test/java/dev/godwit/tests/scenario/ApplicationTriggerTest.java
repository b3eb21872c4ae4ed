package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What the application's own triggers and foreign keys do comes with the change that caused it:
 * once, and everywhere the same.
 */
class ApplicationTriggerTest extends TwoDevices {
  private static final String CALENDAR =
      "CREATE TABLE calendar (_id INTEGER PRIMARY KEY, name TEXT, color INTEGER, color_index TEXT);"
          + "CREATE TABLE event (_id INTEGER PRIMARY KEY AUTOINCREMENT, _sync_id TEXT, calendar_id INTEGER NOT NULL,"
          + " title TEXT, original_id INTEGER, original_sync_id TEXT);"
          + "CREATE TABLE attendee (_id INTEGER PRIMARY KEY, event_id INTEGER, name TEXT);"
          + "CREATE TABLE reminder (_id INTEGER PRIMARY KEY, event_id INTEGER, minutes INTEGER);"
          + "CREATE TRIGGER calendar_cleanup DELETE ON calendar BEGIN DELETE FROM event WHERE calendar_id = old._id; END;"
          + "CREATE TRIGGER event_cleanup DELETE ON event BEGIN"
          + " DELETE FROM attendee WHERE event_id = old._id; DELETE FROM reminder WHERE event_id = old._id; END;"
          + "CREATE TRIGGER original_sync_update UPDATE OF _sync_id ON event BEGIN"
          + " UPDATE event SET original_sync_id = new._sync_id WHERE original_id = old._id; END;"
          + "CREATE TRIGGER color_update UPDATE OF color_index ON calendar WHEN new.color_index NOT NULL BEGIN"
          + " UPDATE calendar SET color = length(new.color_index) WHERE _id = old._id; END";
  private static final String[] CALENDAR_TABLES = {"calendar", "event", "attendee", "reminder"};

  @Test
  void aTriggerThatWritesToAnotherTableIsNotRepeated() {
    start(
        "CREATE TABLE item (id TEXT PRIMARY KEY, v); CREATE TABLE history (id INTEGER PRIMARY KEY, item, v);"
            + "CREATE TRIGGER item_i AFTER INSERT ON item BEGIN INSERT INTO history (item, v) VALUES (NEW.id, NEW.v); END;"
            + "CREATE TRIGGER item_u BEFORE UPDATE ON item BEGIN INSERT INTO history (item, v) VALUES (NEW.id, NEW.v); END;"
            + "CREATE TRIGGER item_d AFTER DELETE ON item BEGIN INSERT INTO history (item, v) VALUES (OLD.id, 'gone'); END",
        "item",
        "history");
    a.sql(
        "INSERT INTO item VALUES ('x', 1), ('y', 1)",
        "UPDATE item SET v = 2 WHERE id = 'x'",
        "DELETE FROM item WHERE id = 'y'");
    bothShow(
        "SELECT item, v FROM history ORDER BY id",
        "['x', 1]",
        "['y', 1]",
        "['x', 2]",
        "['y', 'gone']");
    b.sql("REPLACE INTO item VALUES ('x', 3)", "INSERT INTO item VALUES ('z', 1)");
    devices.syncAll();
    assertEquals("6", a.value("SELECT count(*) FROM history"));
    noConflicts();
  }

  @Test
  void aTriggerThatCountsCountsOnce() {
    start(
        "CREATE TABLE item (id TEXT PRIMARY KEY); CREATE TABLE total (id TEXT PRIMARY KEY, n);"
            + "INSERT INTO total VALUES ('all', 0);"
            + "CREATE TRIGGER item_i AFTER INSERT ON item BEGIN UPDATE total SET n = n + 1; END",
        "item",
        "total");
    devices.syncAll();
    a.sql("INSERT INTO item VALUES ('x'), ('y'), ('z')");
    bothShow("SELECT n FROM total", "[3]");
    noConflicts();
  }

  @Test
  void aStampThatATriggerPutsOnItsOwnRowIsTheOriginsStamp() {
    for (String when : List.of("BEFORE", "AFTER")) {
      String name = "stamped_" + when;
      if (a == null) {
        start(stamped("BEFORE") + stamped("AFTER"), "stamped_BEFORE", "stamped_AFTER");
      }
      a.sql("INSERT INTO " + name + " (id, v) VALUES ('x', 1)", "UPDATE " + name + " SET v = 2");
      List<String> stamped = a.exactRows(name);
      devices.syncAll();
      assertEquals(stamped, b.exactRows(name), when);
      b.sql("UPDATE " + name + " SET v = 3");
      stamped = b.exactRows(name);
      devices.syncAll();
      assertEquals(stamped, a.exactRows(name), when);
    }
    noConflicts();
  }

  private static String stamped(String when) {
    String name = "stamped_" + when;
    return "CREATE TABLE "
        + name
        + " (id TEXT PRIMARY KEY, v, updated_at);"
        + "CREATE TRIGGER "
        + name
        + "_i AFTER INSERT ON "
        + name
        + " BEGIN UPDATE "
        + name
        + " SET updated_at = hex(randomblob(8)) WHERE id = NEW.id; END;"
        + "CREATE TRIGGER "
        + name
        + "_u "
        + when
        + " UPDATE OF v ON "
        + name
        + " BEGIN UPDATE "
        + name
        + " SET updated_at = hex(randomblob(8)) WHERE id = NEW.id; END;";
  }

  @Test
  void aCalendarDeletedByTriggersIsGoneWithAllThatHangsOnIt() {
    start(CALENDAR, CALENDAR_TABLES);
    fillCalendar("");
    devices.syncAll();
    assertEquals(6, b.count("reminder"));
    a.sql("DELETE FROM calendar WHERE _id = 1");
    devices.syncAll();
    for (String table : List.of("event", "attendee", "reminder")) {
      assertEquals(0, b.count(table), table);
    }
    noConflicts();
  }

  private void fillCalendar(String more) {
    a.sql("INSERT INTO calendar (_id, name) VALUES (1, 'Work')");
    for (int event = 1; event <= 3; event++) {
      a.sql(
          "INSERT INTO event (_id, calendar_id, title) VALUES (" + event + ", 1, 'e')",
          "INSERT INTO attendee (event_id, name) VALUES (" + event + ", 'x'), (" + event + ", 'y')",
          "INSERT INTO reminder (event_id, minutes) VALUES ("
              + event
              + ", 5), ("
              + event
              + ", 10)");
    }
    if (!more.isEmpty()) {
      a.sql(more);
    }
  }

  @Test
  void aTriggerThatChangesOtherRowsOfItsTableIsRightEverywhere() {
    start(CALENDAR, CALENDAR_TABLES);
    fillCalendar("UPDATE event SET original_id = 1 WHERE _id > 1");
    devices.syncAll();
    a.sql("UPDATE event SET _sync_id = 'server-7' WHERE _id = 1");
    bothShow(
        "SELECT original_sync_id FROM event ORDER BY _id",
        "[NULL]",
        "['server-7']",
        "['server-7']");
    b.sql("UPDATE calendar SET color_index = 'four'");
    bothShow("SELECT color, color_index FROM calendar", "[4, 'four']");
    noConflicts();
  }

  @Test
  void foreignKeyActionsReachEveryDevice() {
    start(
        "CREATE TABLE parent (id INTEGER PRIMARY KEY, v);"
            + "CREATE TABLE named (name TEXT PRIMARY KEY, v);"
            + "CREATE TABLE cascaded (id TEXT PRIMARY KEY, p REFERENCES parent(id) ON DELETE CASCADE ON UPDATE CASCADE);"
            + "CREATE TABLE nulled (id TEXT PRIMARY KEY, p REFERENCES parent(id) ON DELETE SET NULL ON UPDATE CASCADE);"
            + "CREATE TABLE keyed (n INTEGER, p REFERENCES parent(id) ON DELETE CASCADE ON UPDATE CASCADE, v, PRIMARY KEY (p, n)) WITHOUT ROWID;"
            + "CREATE TABLE keyed_by_name (n INTEGER, p REFERENCES named(name) ON DELETE CASCADE ON UPDATE CASCADE, v, PRIMARY KEY (p, n))",
        "parent",
        "named",
        "cascaded",
        "nulled",
        "keyed",
        "keyed_by_name");
    a.sql(
        "INSERT INTO parent VALUES (1, 'a'), (2, 'b')",
        "INSERT INTO named VALUES ('x', 'a'), ('y', 'b')",
        "INSERT INTO cascaded VALUES ('c1', 1), ('c2', 2)",
        "INSERT INTO nulled VALUES ('n1', 1), ('n2', 2)",
        "INSERT INTO keyed VALUES (7, 1, 'k1'), (7, 2, 'k2'), (8, 2, 'k3')",
        "INSERT INTO keyed_by_name VALUES (7, 'x', 'k1'), (7, 'y', 'k2')");
    devices.syncAll();
    a.sql(
        "PRAGMA foreign_keys = ON",
        "UPDATE parent SET id = 20 WHERE id = 2",
        "UPDATE named SET name = 'why' WHERE name = 'y'");
    b.sql(
        "UPDATE keyed SET v = 'edited' WHERE p = 2 AND n = 8",
        "UPDATE keyed_by_name SET v = 'edited' WHERE p = 'y'");
    bothShow("SELECT * FROM cascaded ORDER BY id", "['c1', 1]", "['c2', 20]");
    bothShow("SELECT * FROM nulled ORDER BY id", "['n1', 1]", "['n2', 20]");
    bothShow(
        "SELECT p, n, v FROM keyed ORDER BY p, n",
        "[1, 7, 'k1']",
        "[20, 7, 'k2']",
        "[20, 8, 'edited']");
    bothShow(
        "SELECT p, n, v FROM keyed_by_name ORDER BY p, n",
        "['why', 7, 'edited']",
        "['x', 7, 'k1']");
    b.sql(
        "PRAGMA foreign_keys = ON",
        "DELETE FROM parent WHERE id = 20",
        "DELETE FROM named WHERE name = 'why'");
    bothShow("SELECT * FROM cascaded", "['c1', 1]");
    bothShow("SELECT * FROM nulled ORDER BY id", "['n1', 1]", "['n2', NULL]");
    bothShow("SELECT p, n, v FROM keyed", "[1, 7, 'k1']");
    bothShow("SELECT p, n, v FROM keyed_by_name", "['x', 7, 'k1']");
    noConflicts();
  }

  @Test
  void rowsMayPointAtLaterRowsAndAtTheirOwnTable() {
    start(
        "CREATE TABLE employee (id INTEGER PRIMARY KEY, name, boss INTEGER REFERENCES employee(id) DEFERRABLE INITIALLY DEFERRED)",
        "employee");
    a.sql(
        "PRAGMA foreign_keys = ON",
        "BEGIN",
        "INSERT INTO employee VALUES (1, 'Ann', 3), (2, 'Bob', 3), (3, 'Cem', 3)",
        "COMMIT");
    b.sql("INSERT INTO employee VALUES (1, 'Dan', NULL), (9, 'Eve', 1)");
    bothShow(
        "SELECT e.name, b.name AS boss FROM employee e JOIN employee b ON b.id = e.boss ORDER BY 1",
        "['Ann', 'Cem']",
        "['Bob', 'Cem']",
        "['Cem', 'Cem']",
        "['Eve', 'Dan']");
  }

  @Test
  void aChildThatComesBeforeItsParentIsInPlaceInTheEnd() {
    start(
        "CREATE TABLE z_parent (id TEXT PRIMARY KEY); CREATE TABLE a_child (id TEXT PRIMARY KEY, p TEXT REFERENCES z_parent(id))",
        "a_child",
        "z_parent");
    a.sql("INSERT INTO a_child VALUES ('c', 'p')");
    a.replica().seal();
    a.sql("INSERT INTO z_parent VALUES ('p')");
    devices.syncAll();
    b.write("INSERT INTO a_child VALUES ('d', 'p')");
    bothShow("SELECT * FROM a_child ORDER BY id", "['c', 'p']", "['d', 'p']");
  }

  @Test
  void aFullTextIndexOnTheOtherDeviceFollows() {
    start(
        "CREATE TABLE note (id INTEGER PRIMARY KEY, title, body);"
            + "CREATE VIRTUAL TABLE note_fts USING fts5(title, body, content='note', content_rowid='id');"
            + "CREATE TRIGGER note_i AFTER INSERT ON note BEGIN INSERT INTO note_fts(rowid, title, body) VALUES (new.id, new.title, new.body); END;"
            + "CREATE TRIGGER note_d AFTER DELETE ON note BEGIN INSERT INTO note_fts(note_fts, rowid, title, body) VALUES ('delete', old.id, old.title, old.body); END;"
            + "CREATE TRIGGER note_u AFTER UPDATE OF title, body ON note BEGIN"
            + " INSERT INTO note_fts(note_fts, rowid, title, body) VALUES ('delete', old.id, old.title, old.body);"
            + " INSERT INTO note_fts(rowid, title, body) VALUES (new.id, new.title, new.body); END",
        "note");
    a.sql("INSERT INTO note VALUES (1, 'milk', 'two litres'), (2, 'bread', 'rye')");
    devices.syncAll();
    a.sql(
        "UPDATE note SET title = 'cheese' WHERE id = 1",
        "DELETE FROM note WHERE id = 2",
        "REPLACE INTO note VALUES (3, 'salt', NULL)");
    b.sql("INSERT INTO note VALUES (3, 'pepper', NULL)");
    devices.syncAll();
    for (Device device : List.of(a, b)) {
      assertEquals(
          List.of("1"),
          Sqlite.text(device.path(), "SELECT rowid FROM note_fts WHERE note_fts MATCH 'cheese'"));
      assertEquals(
          List.of(),
          Sqlite.text(
              device.path(), "SELECT rowid FROM note_fts WHERE note_fts MATCH 'milk OR bread'"));
      assertEquals(
          2,
          Sqlite.text(
                  device.path(), "SELECT rowid FROM note_fts WHERE note_fts MATCH 'salt OR pepper'")
              .size());
      device.sql("INSERT INTO note_fts(note_fts) VALUES ('integrity-check')");
    }
  }

  @Test
  void aTriggerThatRefusesARowKeepsThatRowOutAndNothingElse() {
    String schema = "CREATE TABLE t (id INTEGER PRIMARY KEY, v, w)";
    a = devices.device("a", schema, "t");
    b =
        devices.device(
            "b",
            schema
                + "; CREATE TRIGGER no BEFORE INSERT ON t WHEN NEW.v = 'bad' BEGIN SELECT RAISE(ABORT, 'not here'); END",
            "t");
    a.sql(
        "INSERT INTO t VALUES (1, 'good', 1), (2, 'bad', 2), (3, 'good', 3)",
        "INSERT INTO t VALUES (4, 'good', 4)");
    Devices.meet(b, a);
    assertEquals(
        List.of("1|good|1", "3|good|3", "4|good|4"),
        Sqlite.text(b.path(), "SELECT * FROM t ORDER BY id"));
    List<String> masked = b.masked();
    assertEquals(1, masked.size());
    assertFalse(!masked.get(0).contains("not here"), masked.get(0));
    assertEquals(0, Devices.meet(b, a).exchange().envelopesReceived());
    a.sql("UPDATE t SET v = 'better' WHERE id = 2");
    bothShow("SELECT id, v FROM t WHERE id = 2", "[2, 'better']");
    assertEquals(List.of(), b.masked());
  }

  @Test
  void whatTriggersDoDuringAnApplyIsNoEditOfThisDevice() {
    start(CALENDAR, CALENDAR_TABLES);
    fillCalendar("");
    Devices.meet(b, a);
    long sequence = b.sequence();
    a.sql("UPDATE event SET _sync_id = 's', original_id = 1", "DELETE FROM event WHERE _id = 2");
    Devices.meet(b, a);
    assertEquals(sequence, b.sequence());
    assertEquals("0", b.value("SELECT count(*) FROM godwit_pending"));
    b.sql("INSERT INTO reminder VALUES (70, 1, 1)");
    assertEquals(sequence + 1, b.sequence());
    devices.syncAll();
  }
}
