package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What refers to a row that one device alone refuses does not dangle there. */
class MaskedReferenceTest extends TwoDevices {
  private static final String CHILDREN =
      "CREATE TABLE event (id TEXT PRIMARY KEY NOT NULL, calendar TEXT %s REFERENCES calendar %s, title);"
          + "CREATE TABLE alarm (id TEXT PRIMARY KEY NOT NULL, event TEXT REFERENCES event, minutes)";
  private static final String ALL =
      "SELECT id FROM calendar UNION ALL SELECT id FROM event UNION ALL SELECT id FROM alarm ORDER BY 1";

  /** The second device refuses calendars of more than ten. */
  private void startWith(String notNull, String clause) {
    String children = String.format(CHILDREN, notNull, clause);
    String calendar = "CREATE TABLE calendar (id TEXT PRIMARY KEY NOT NULL, size %s);";
    a = devices.device("a", String.format(calendar, "") + children, "calendar", "event", "alarm");
    b =
        devices.device(
            "b",
            String.format(calendar, "CHECK (size < 10)") + children,
            "calendar",
            "event",
            "alarm");
    write(
        a,
        1,
        "INSERT INTO calendar VALUES ('home', 1), ('work', 2)",
        "INSERT INTO event VALUES ('dinner', 'home', 'Dinner')",
        "INSERT INTO alarm VALUES ('ring', 'dinner', 5)");
    devices.exchangeAll();
  }

  private void show(Device device, String... ids) {
    assertEquals(List.of(ids), Sqlite.text(device.path(), ALL), device.name());
    assertEquals(
        List.of(),
        Sqlite.text(device.path(), "SELECT * FROM pragma_foreign_key_check"),
        "dangling");
    isNotDamaged(device);
  }

  @Test
  void whatComesWithARefusedRowComesWhenThatIsShown() {
    startWith("", "ON DELETE CASCADE");
    write(
        a,
        2,
        "INSERT INTO calendar VALUES ('big', 11)",
        "INSERT INTO event VALUES ('lunch', 'big', 'Lunch')",
        "INSERT INTO alarm VALUES ('bell', 'lunch', 5)");
    devices.exchangeAll();
    show(a, "bell", "big", "dinner", "home", "lunch", "ring", "work");
    show(b, "dinner", "home", "ring", "work");
    assertEquals(
        List.of("'bell'", "'big'", "'lunch'"),
        Sqlite.text(
            b.path(),
            "SELECT row_key FROM godwit_conflict WHERE kind = 'refused' AND here_only ORDER BY 1"));
    write(a, 3, "INSERT INTO event VALUES ('tea', 'big', 'Tea')", "UPDATE alarm SET minutes = 1");
    devices.exchangeAll();
    show(b, "dinner", "home", "ring", "work");
    write(b, 4, "UPDATE event SET title = 'Late dinner'");
    write(a, 5, "UPDATE calendar SET size = 9 WHERE id = 'big'");
    devices.exchangeAll();
    for (Device device : List.of(a, b)) {
      show(device, "bell", "big", "dinner", "home", "lunch", "ring", "tea", "work");
      assertEquals("1", device.value("SELECT minutes FROM alarm WHERE id = 'bell'"));
      assertEquals("Lunch", device.value("SELECT title FROM event WHERE id = 'lunch'"));
    }
  }

  @Test
  void aRowThatIsGivenToARefusedOneGoesUntilItIsGivenToAnother() {
    startWith("NOT NULL", "");
    write(
        a,
        2,
        "INSERT INTO calendar VALUES ('big', 11)",
        "UPDATE event SET calendar = 'big', title = 'Moved'");
    devices.exchangeAll();
    show(b, "home", "work");
    write(a, 3, "UPDATE event SET calendar = 'work'");
    devices.exchangeAll();
    show(b, "dinner", "home", "ring", "work");
    assertEquals("Moved", b.value("SELECT title FROM event"));
    assertEquals(
        List.of("'big'"),
        Sqlite.text(b.path(), "SELECT row_key FROM godwit_conflict WHERE kind = 'refused'"));
  }

  @Test
  void aRowOfWhichOnlyAnUpdateIsRefusedKeepsWhatRefersToIt() {
    startWith("", "ON DELETE SET NULL");
    write(a, 2, "UPDATE calendar SET size = 11 WHERE id = 'home'");
    devices.exchangeAll();
    show(b, "dinner", "home", "ring", "work");
    assertEquals("home", b.value("SELECT calendar FROM event"));
  }

  @Test
  void nothingOfItIsWrittenForTheOthers() {
    startWith("", "ON DELETE SET NULL");
    write(
        a,
        2,
        "INSERT INTO calendar VALUES ('big', 11)",
        "UPDATE event SET calendar = 'big', title = 'Moved'");
    devices.exchangeAll();
    long before = b.replica().status().vector().sequence(b.replica().id());
    write(b, 3, "UPDATE calendar SET size = 3 WHERE id = 'work'");
    devices.exchangeAll();
    assertEquals(before + 1, b.replica().status().vector().sequence(b.replica().id()));
    show(a, "big", "dinner", "home", "ring", "work");
    assertEquals("big|Moved", a.value("SELECT calendar || '|' || title FROM event"));
  }
}
