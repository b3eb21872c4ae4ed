package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.Settlement;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What constraints hold back is listed on both devices, with the row that is the cause, and settled
 * on both by what one of them decides.
 */
class HeldBackConflictTest extends TwoDevices {
  private static final String SIDES =
      "SELECT table_name, row_key, unit, kind, state, how, sibling, side_table, side_key, action, value, shown, device"
          + " FROM godwit_conflict ORDER BY table_name, row_key, unit, kind, conflict, sibling";
  private static final String EVENTS = "SELECT id, calendar, title FROM event ORDER BY id";
  private static final String CALENDARS = "SELECT id, name FROM calendar ORDER BY id";

  /** Writes at a time of its own, so that it is known who wrote last. */
  private void later() {
    a.clock().at(4_000_000_100_000L);
    b.clock().at(4_000_000_100_000L);
  }

  private void bothHoldBack(String... rows) {
    for (Device device : List.of(a, b)) {
      assertEquals(
          String.join("\n", rows),
          device.replica().status().heldBack().stream()
              .map(row -> row.kind() + "|" + row.table() + "|" + row.key() + "|" + row.reason())
              .collect(Collectors.joining("\n")));
    }
  }

  private void settle(Device device, String key, Settlement settlement) {
    later();
    device.replica().settle(conflict(device, key), settlement);
  }

  private void refused(Device device, String key, Settlement settlement, String reason) {
    String name = conflict(device, key);
    long before = device.sequence();
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> device.replica().settle(name, settlement));
    assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
    assertEquals(before, device.sequence(), "nothing is written");
  }

  /** Nothing stands any more on either device, and both files are sound. */
  private void settled() {
    devices.syncAll();
    for (Device device : List.of(a, b)) {
      assertEquals(List.of(), ConflictViews.standing(device), device.name());
      assertEquals(List.of(), device.replica().status().heldBack(), device.name());
      assertEquals(
          List.of(), Sqlite.text(device.path(), "SELECT * FROM godwit_held"), device.name());
      assertTrue(device.replica().doctor().isHealthy(), () -> device.replica().doctor().toString());
    }
  }

  private void startWithCalendars(String reference) {
    start(
        "CREATE TABLE calendar (id TEXT PRIMARY KEY NOT NULL, name UNIQUE);"
            + "CREATE TABLE event (id TEXT PRIMARY KEY NOT NULL, calendar TEXT REFERENCES calendar "
            + reference
            + ", title);"
            + "CREATE TABLE reminder (id TEXT PRIMARY KEY NOT NULL,"
            + " event TEXT REFERENCES event ON DELETE CASCADE)",
        "calendar",
        "event",
        "reminder");
    write(a, 1, "INSERT INTO calendar VALUES ('home', 'Home'), ('work', 'Work')");
    devices.syncAll();
  }

  private void addToADeletedCalendar(String reference) {
    startWithCalendars(reference);
    write(a, 2, "DELETE FROM calendar WHERE id = 'home'");
    write(b, 3, "INSERT INTO event VALUES ('e', 'home', 'Dinner')");
    devices.syncAll();
  }

  @Test
  void anEventBelowADeletedCalendarIsListedWithTheDelete() {
    addToADeletedCalendar("ON DELETE CASCADE");
    bothList(
        SIDES,
        "event|'e'|calendar|foreign key|open|hidden|1|calendar|'home'|delete|null|1|a",
        "event|'e'|calendar|foreign key|open|hidden|2|event|'e'|row|home|0|b");
    bothHoldBack("HIDDEN|event|'e'|calendar 'home' was deleted");
  }

  @Test
  void restoringBringsTheCalendarBackWithItsLastValues() {
    addToADeletedCalendar("ON DELETE CASCADE");
    settle(b, "'e'", new Settlement.Restore());
    settled();
    bothShow(CALENDARS, "['home', 'Home']", "['work', 'Work']");
    bothShow(EVENTS, "['e', 'home', 'Dinner']");
  }

  @Test
  void takingTheRowThatRefersRestoresToo() {
    addToADeletedCalendar("ON DELETE CASCADE");
    settle(a, "'e'", new Settlement.Take(2));
    settled();
    bothShow(EVENTS, "['e', 'home', 'Dinner']");
  }

  @Test
  void takingTheDeleteDeletesTheEvent() {
    addToADeletedCalendar("ON DELETE CASCADE");
    settle(a, "'e'", new Settlement.Take(1));
    settled();
    bothShow(CALENDARS, "['work', 'Work']");
    bothShow(EVENTS);
  }

  @Test
  void aHiddenEventIsGivenAnotherCalendar() {
    addToADeletedCalendar("ON DELETE CASCADE");
    settle(a, "'e'", new Settlement.Write(Value.of("work")));
    settled();
    bothShow(CALENDARS, "['work', 'Work']");
    bothShow(EVENTS, "['e', 'work', 'Dinner']");
  }

  @Test
  void aValueThatSettlesNothingIsRefusedAndNothingIsWritten() {
    addToADeletedCalendar("ON DELETE CASCADE NOT NULL");
    refused(
        a, "'e'", new Settlement.Write(Value.of("home")), "there is no row with the key 'home'");
    refused(a, "'e'", new Settlement.Write(Value.NULL), "SQLite does not take that");
    bothHoldBack("HIDDEN|event|'e'|calendar 'home' was deleted");
    assertTrue(a.replica().doctor().isHealthy());
  }

  @Test
  void whatHangsBelowAHiddenRowComesBackWithTheRowThatWasDeleted() {
    startWithCalendars("ON DELETE CASCADE");
    write(a, 2, "DELETE FROM calendar WHERE id = 'home'");
    write(
        b,
        3,
        "INSERT INTO event VALUES ('e', 'home', 'Dinner')",
        "INSERT INTO reminder VALUES ('r', 'e')");
    devices.syncAll();
    bothHoldBack(
        "HIDDEN|event|'e'|calendar 'home' was deleted",
        "HIDDEN|reminder|'r'|event 'e' is not shown itself");
    assertEquals(
        "1", a.value("SELECT count(DISTINCT conflict) FROM godwit_conflict WHERE state = 'open'"));
    settle(a, "'r'", new Settlement.Restore());
    settled();
    bothShow(EVENTS, "['e', 'home', 'Dinner']");
    bothShow("SELECT * FROM reminder", "['r', 'e']");
  }

  @Test
  void aRestorationStandsBesideADeleteThatDidNotSeeIt() {
    startWithCalendars("ON DELETE CASCADE");
    Device c =
        devices.device(
            "c",
            String.join(
                ";",
                Sqlite.text(
                    a.path(),
                    "SELECT sql FROM sqlite_master WHERE type = 'table'"
                        + " AND name IN ('calendar', 'event', 'reminder') ORDER BY rowid")),
            "calendar",
            "event",
            "reminder");
    devices.syncAll();
    write(a, 2, "DELETE FROM calendar WHERE id = 'home'");
    write(b, 3, "INSERT INTO event VALUES ('e', 'home', 'Dinner')");
    Devices.meet(a, b);
    settle(a, "'e'", new Settlement.Restore());
    write(c, 4, "DELETE FROM calendar WHERE id = 'home'");
    bothShow(EVENTS, "['e', 'home', 'Dinner']");
    for (Device device : List.of(a, b, c)) {
      assertTrue(device.replica().doctor().isHealthy(), device.name());
    }
  }

  @Test
  void bothRestoreAtTheSameTime() {
    addToADeletedCalendar("ON DELETE CASCADE");
    settle(a, "'e'", new Settlement.Restore());
    settle(b, "'e'", new Settlement.Restore());
    settled();
    bothShow(EVENTS, "['e', 'home', 'Dinner']");
  }

  @Test
  void oneRestoresWhileTheOtherTakesTheDelete() {
    addToADeletedCalendar("ON DELETE CASCADE");
    settle(a, "'e'", new Settlement.Restore());
    settle(b, "'e'", new Settlement.Take(1));
    settled();
    bothShow(CALENDARS, "['home', 'Home']", "['work', 'Work']");
    bothShow(EVENTS);
  }

  @Test
  void aCalendarKeptForItsEventIsListedWithTheDelete() {
    addToADeletedCalendar("ON DELETE RESTRICT");
    bothList(
        SIDES,
        "calendar|'home'||foreign key|resolved|pinned|1|calendar|'home'|delete|null|0|a",
        "calendar|'home'||foreign key|resolved|pinned|2|event|'e'|row|home|1|b");
    bothHoldBack("PINNED|calendar|'home'|was deleted, but event 'e' refers to it");
    refused(a, "'home'", new Settlement.Take(1), "rows refer to it");
    refused(a, "'home'", new Settlement.Write(Value.NULL), "rows refer to it");
    settle(a, "'home'", new Settlement.Restore());
    settled();
    bothShow(CALENDARS, "['home', 'Home']", "['work', 'Work']");
    write(b, 200, "DELETE FROM event");
    bothShow(CALENDARS, "['home', 'Home']", "['work', 'Work']");
  }

  @Test
  void aReferenceThatShowsNullIsListedAndTakenGivenOrRestored() {
    addToADeletedCalendar("ON DELETE SET NULL");
    bothList(
        SIDES,
        "event|'e'|calendar|foreign key|resolved|substituted|1|calendar|'home'|delete|null|1|a",
        "event|'e'|calendar|foreign key|resolved|substituted|2|event|'e'|row|home|0|b");
    bothHoldBack("SUBSTITUTED|event|'e'|calendar: calendar 'home' was deleted");
    settle(b, "'e'", new Settlement.Restore());
    settled();
    bothShow(EVENTS, "['e', 'home', 'Dinner']");
    bothShow(CALENDARS, "['home', 'Home']", "['work', 'Work']");
  }

  @Test
  void theNullThatAReferenceShowsIsTaken() {
    addToADeletedCalendar("ON DELETE SET NULL");
    settle(b, "'e'", new Settlement.Take(1));
    settled();
    write(a, 200, "INSERT INTO calendar VALUES ('home', 'Again')");
    bothShow(EVENTS, "['e', NULL, 'Dinner']");
  }

  @Test
  void aReferenceThatShowsNullIsGivenAnotherValue() {
    addToADeletedCalendar("ON DELETE SET NULL");
    settle(b, "'e'", new Settlement.Write(Value.of("work")));
    settled();
    bothShow(EVENTS, "['e', 'work', 'Dinner']");
  }

  private void twoOfOneName() {
    startWithCalendars("ON DELETE CASCADE");
    write(a, 2, "INSERT INTO calendar VALUES ('x', 'New')");
    write(
        b,
        3,
        "INSERT INTO calendar VALUES ('y', 'New')",
        "INSERT INTO event VALUES ('e', 'y', 'Dinner')");
    devices.syncAll();
  }

  @Test
  void rowsOfOneNameAreListedWithTheNameAndWhatHangsBelow() {
    twoOfOneName();
    bothList(
        SIDES,
        "calendar|'y'|name|unique|open|parked|1|calendar|'x'|row|New|1|a",
        "calendar|'y'|name|unique|open|parked|2|calendar|'y'|row|New|0|b",
        "event|'e'|calendar|foreign key|resolved|below|1|event|'e'|row|y|0|b",
        "event|'e'|calendar|foreign key|resolved|below|2|calendar|'y'|row|null|0|b");
    bothHoldBack(
        "PARKED|calendar|'y'|calendar 'x' has its name",
        "HIDDEN|event|'e'|calendar 'y' is not shown itself");
    refused(a, "'e'", new Settlement.Restore(), "settle conflict " + conflict(a, "'y'") + " first");
    refused(a, "'y'", new Settlement.KeepBoth(), "one value is not for two rows");
    refused(a, "'y'", new Settlement.Restore(), "one value is not for two rows");
    refused(a, "'y'", new Settlement.Take(1), "has the value already");
    refused(a, "'y'", new Settlement.Write(Value.of("Work")), "another row has name 'Work' too");
  }

  @Test
  void theRowThatIsOutGetsAnotherName() {
    twoOfOneName();
    settle(a, "'y'", new Settlement.Write(Value.of("Newer")));
    settled();
    bothShow(EVENTS, "['e', 'y', 'Dinner']");
    bothShow(CALENDARS, "['home', 'Home']", "['work', 'Work']", "['x', 'New']", "['y', 'Newer']");
  }

  @Test
  void theRowThatIsOutIsTakenAndTheOtherOneGetsAnotherName() {
    twoOfOneName();
    settle(a, "'y'", new Settlement.Take(2));
    bothShow(CALENDARS, "['home', 'Home']", "['work', 'Work']", "['y', 'New']");
    bothShow(EVENTS, "['e', 'y', 'Dinner']");
    bothHoldBack("PARKED|calendar|'x'|calendar 'y' has its name");
    b.clock().at(4_000_000_200_000L);
    b.replica().settle(conflict(b, "'x'"), new Settlement.Write(Value.of("Old")));
    settled();
    bothShow(CALENDARS, "['home', 'Home']", "['work', 'Work']", "['x', 'Old']", "['y', 'New']");
  }

  @Test
  void writingAnotherNameToTheRowThatIsShownSettlesToo() {
    twoOfOneName();
    write(b, 100, "UPDATE calendar SET name = 'First' WHERE id = 'x'");
    settled();
    bothShow(EVENTS, "['e', 'y', 'Dinner']");
  }

  @Test
  void aValueGivenToAParkedRowSaysNothingOfWhatItsOtherColumnsReferTo() {
    start(
        "CREATE TABLE list (id INTEGER PRIMARY KEY, v);"
            + "CREATE TABLE item (id TEXT PRIMARY KEY NOT NULL, list INTEGER REFERENCES list, name UNIQUE)",
        "list",
        "item");
    write(a, 1, "INSERT INTO list VALUES (1, 'food')");
    devices.syncAll();
    write(a, 2, "INSERT INTO item VALUES ('milk', 1, 'white')");
    write(b, 3, "INSERT INTO item VALUES ('bread', 1, 'white')");
    devices.syncAll();
    settle(a, "'bread'", new Settlement.Write(Value.of("brown")));
    assertEquals(Map.of(), a.lastChanges().get(0).extras().references());
    bothShow("SELECT * FROM item ORDER BY id", "['bread', 1, 'brown']", "['milk', 1, 'white']");
  }

  @Test
  void aTupleOfSeveralColumnsIsTakenButNotGivenAsOneValue() {
    start(
        "CREATE TABLE item (id TEXT PRIMARY KEY NOT NULL, list TEXT, place INTEGER, UNIQUE (list, place))",
        "item");
    devices.syncAll();
    write(a, 2, "INSERT INTO item VALUES ('milk', 'food', 1)");
    write(b, 3, "INSERT INTO item VALUES ('bread', 'food', 1)");
    bothList(
        SIDES,
        "item|'bread'|list, place|unique|open|parked|1|item|'milk'|row|list = 'food', place = 1|1|a",
        "item|'bread'|list, place|unique|open|parked|2|item|'bread'|row|list = 'food', place = 1|0|b");
    refused(a, "'bread'", new Settlement.Write(Value.of(2)), "one value is not enough");
    settle(a, "'bread'", new Settlement.Take(2));
    bothShow("SELECT * FROM item", "['bread', 'food', 1]");
    write(b, 200, "UPDATE item SET place = 2 WHERE id = 'bread'");
    settled();
    bothShow("SELECT * FROM item ORDER BY place", "['milk', 'food', 1]", "['bread', 'food', 2]");
  }

  private void overdraw() {
    start("CREATE TABLE stock (id TEXT PRIMARY KEY NOT NULL, n INTEGER CHECK (n >= 0))", "stock");
    a.replica().policy("stock.n", ColumnPolicy.counter());
    write(a, 1, "INSERT INTO stock VALUES ('s', 10)");
    devices.syncAll();
    write(a, 2, "UPDATE stock SET n = n - 7");
    write(b, 3, "UPDATE stock SET n = n - 6");
    devices.syncAll();
  }

  @Test
  void aSumThatACheckForbidsIsListedWithTheResultsOfItsWriters() {
    overdraw();
    bothList(
        SIDES,
        "stock|'s'|n|check|resolved|last writer|1|stock|'s'|edit|3|0|a",
        "stock|'s'|n|check|resolved|last writer|2|stock|'s'|edit|4|1|b");
    bothHoldBack("CHECK|stock|'s'|n: merged, it would break a CHECK");
    refused(a, "'s'", new Settlement.Restore(), "a column holds one value");
    refused(a, "'s'", new Settlement.Write(Value.of(-1)), "SQLite does not take that");
    settle(a, "'s'", new Settlement.Take(1));
    settled();
    bothShow("SELECT n FROM stock", "[3]");
  }

  @Test
  void aSumThatACheckForbidsIsSetAnew() {
    overdraw();
    settle(a, "'s'", new Settlement.Write(Value.of(0)));
    settled();
    bothShow("SELECT n FROM stock", "[0]");
  }

  @Test
  void aRowWhoseValuesDoNotGoTogetherIsListedWithItsWritersAndWrittenAnew() {
    start(
        "CREATE TABLE shift (id TEXT PRIMARY KEY NOT NULL, begins INTEGER, ends INTEGER,"
            + " CHECK (begins <= ends))",
        "shift");
    a.replica().policy("shift.begins", ColumnPolicy.lastWriterWins());
    a.replica().policy("shift.ends", ColumnPolicy.lastWriterWins());
    write(a, 1, "INSERT INTO shift VALUES ('m', 8, 12)");
    devices.syncAll();
    write(a, 2, "UPDATE shift SET begins = 11");
    write(b, 3, "UPDATE shift SET ends = 10");
    bothList(
        SIDES,
        "shift|'m'||check|open|parked|1|shift|'m'|edit|begins = 11|0|a",
        "shift|'m'||check|open|parked|2|shift|'m'|edit|ends = 10|0|b");
    bothHoldBack("PARKED|shift|'m'|its values together break a CHECK");
    for (Settlement one : List.of(new Settlement.Take(1), new Settlement.Restore())) {
      refused(a, "'m'", one, "INSERT the row anew");
    }
    later();
    a.write("INSERT INTO shift VALUES ('m', 9, 10)");
    devices.syncAll();
    bothShow("SELECT * FROM shift", "['m', 9, 10]");
    bothHoldBack();
    assertEquals("0", a.value("SELECT count(*) FROM godwit_conflict WHERE kind = 'check'"));
  }
}
