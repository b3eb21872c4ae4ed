package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.godwit.sync.policy.ColumnPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of references when one device deletes what another one refers to. */
class ForeignKeyTest extends TwoDevices {
  private static final String CALENDARS =
      "CREATE TABLE calendar (id TEXT PRIMARY KEY NOT NULL, name);";
  private static final String EVENTS = "SELECT id, calendar, title FROM event ORDER BY id";

  private void startWith(String onDelete) {
    startReferring("TEXT REFERENCES calendar " + onDelete);
  }

  /** Events of a deleted calendar go to the one for work. */
  private void startWithDefault() {
    startReferring("TEXT NOT NULL DEFAULT 'work' REFERENCES calendar ON DELETE SET DEFAULT");
  }

  /** Both devices have two calendars, and no events. */
  private void startReferring(String calendar) {
    start(
        CALENDARS
            + "CREATE TABLE event (id TEXT PRIMARY KEY NOT NULL, calendar "
            + calendar
            + ", title);",
        "calendar",
        "event");
    a.sql("INSERT INTO calendar VALUES ('home', 'Home'), ('work', 'Work')");
    devices.syncAll();
  }

  @Test
  void anEventAddedToADeletedCalendarIsHiddenAndListed() {
    startWith("ON DELETE CASCADE");
    a.sql("DELETE FROM calendar WHERE id = 'home'");
    b.sql("INSERT INTO event VALUES ('e', 'home', 'Dinner')");
    bothShow(EVENTS);
    bothShow("SELECT id FROM calendar ORDER BY id", "['work']");
    assertEquals("[hidden|calendar]", held(a));
    assertEquals("[hidden|calendar]", held(b));
  }

  @Test
  void aHiddenEventComesBackWithItsCalendar() {
    startWith("ON DELETE CASCADE");
    a.sql("DELETE FROM calendar WHERE id = 'home'");
    b.sql("INSERT INTO event VALUES ('e', 'home', 'Dinner')");
    bothShow(EVENTS);
    a.sql("INSERT INTO calendar VALUES ('home', 'Home again')");
    bothShow(EVENTS, "['e', 'home', 'Dinner']");
    assertEquals("[]", held(a));
    assertEquals("[]", held(b));
  }

  @Test
  void whatHangsBelowAHiddenRowIsHiddenWithIt() {
    start(
        CALENDARS
            + "CREATE TABLE event (id TEXT PRIMARY KEY NOT NULL,"
            + " calendar TEXT REFERENCES calendar ON DELETE CASCADE, title);"
            + "CREATE TABLE reminder (id INTEGER PRIMARY KEY,"
            + " event TEXT REFERENCES event ON DELETE CASCADE, minutes);"
            + "CREATE TABLE note (id INTEGER PRIMARY KEY,"
            + " event TEXT REFERENCES event ON DELETE SET NULL, body);",
        "calendar",
        "event",
        "reminder",
        "note");
    a.sql("INSERT INTO calendar VALUES ('home', 'Home')");
    devices.syncAll();
    a.sql("DELETE FROM calendar");
    b.sql(
        "INSERT INTO event VALUES ('e', 'home', 'Dinner'), ('f', NULL, 'Free')",
        "INSERT INTO reminder VALUES (1, 'e', 10), (2, 'f', 20)",
        "INSERT INTO note VALUES (1, 'e', 'bring wine')");
    bothShow(EVENTS, "['f', NULL, 'Free']");
    bothShow("SELECT * FROM reminder", "[2, 'f', 20]");
    bothShow("SELECT * FROM note", "[1, NULL, 'bring wine']");
    b.sql("INSERT INTO calendar VALUES ('home', 'Again')");
    bothShow(EVENTS, "['e', 'home', 'Dinner']", "['f', NULL, 'Free']");
    bothShow("SELECT * FROM reminder", "[1, 'e', 10]", "[2, 'f', 20]");
    bothShow("SELECT * FROM note", "[1, 'e', 'bring wine']");
    assertEquals("[]", held(a));
    assertEquals("[]", held(b));
  }

  @Test
  void aReferenceThatForbidsTheDeleteKeepsTheRow() {
    startWith("ON DELETE RESTRICT");
    a.sql("DELETE FROM calendar WHERE id = 'home'");
    b.sql("INSERT INTO event VALUES ('e', 'home', 'Dinner')");
    bothShow("SELECT * FROM calendar ORDER BY id", "['home', 'Home']", "['work', 'Work']");
    bothShow(EVENTS, "['e', 'home', 'Dinner']");
    assertEquals("[pinned|]", held(a));
    assertEquals("[pinned|]", held(b));
    b.sql("UPDATE event SET calendar = 'work'");
    bothShow("SELECT * FROM calendar ORDER BY id", "['work', 'Work']");
    bothShow(EVENTS, "['e', 'work', 'Dinner']");
    assertEquals("[]", held(a));
    assertEquals("[]", held(b));
  }

  @Test
  void aPinnedRowGoesWithTheLastThatRefersToIt() {
    startWith("");
    a.sql("DELETE FROM calendar WHERE id = 'home'");
    b.sql("INSERT INTO event VALUES ('e', 'home', 'Dinner'), ('f', 'home', 'Lunch')");
    bothShow("SELECT id FROM calendar ORDER BY id", "['home']", "['work']");
    a.sql("DELETE FROM event WHERE id = 'e'");
    bothShow("SELECT id FROM calendar ORDER BY id", "['home']", "['work']");
    a.sql("DELETE FROM event");
    bothShow("SELECT id FROM calendar ORDER BY id", "['work']");
  }

  @Test
  void aReferenceSetNullShowsNullAndTheRowItMeantWhenThatReturns() {
    startWith("ON DELETE SET NULL");
    a.sql("DELETE FROM calendar WHERE id = 'home'");
    b.sql("INSERT INTO event VALUES ('e', 'home', 'Dinner')");
    bothShow(EVENTS, "['e', NULL, 'Dinner']");
    assertEquals("[substituted|calendar]", held(a));
    a.sql("UPDATE event SET title = 'Supper'");
    bothShow(EVENTS, "['e', NULL, 'Supper']");
    b.sql("INSERT INTO calendar VALUES ('home', 'Again')");
    bothShow(EVENTS, "['e', 'home', 'Supper']");
    assertEquals("[]", held(a));
    assertEquals("[]", held(b));
  }

  @Test
  void aRowThatIsBackAndGoneBeforeTheReferenceShowsItDoesNotLetThatDangle() {
    startWith("ON DELETE SET NULL");
    a.sql("DELETE FROM calendar WHERE id = 'home'");
    b.sql("INSERT INTO event VALUES ('e', 'home', 'Dinner')");
    bothShow(EVENTS, "['e', NULL, 'Dinner']");
    b.sql("INSERT INTO calendar VALUES ('home', 'Home again')");
    b.write("DELETE FROM calendar WHERE id = 'home'");
    bothAgreeWithoutDangling(EVENTS, "['e', NULL, 'Dinner']");
    a.sql("INSERT INTO calendar VALUES ('home', 'At last')");
    bothAgreeWithoutDangling(EVENTS, "['e', 'home', 'Dinner']");
  }

  @Test
  void aReferenceSetDefaultShowsTheDefault() {
    startWithDefault();
    a.sql("DELETE FROM calendar WHERE id = 'home'");
    b.sql("INSERT INTO event VALUES ('e', 'home', 'Dinner')");
    bothShow(EVENTS, "['e', 'work', 'Dinner']");
  }

  @Test
  void aDefaultThatIsNotThereEitherHidesTheRow() {
    startWithDefault();
    a.sql("INSERT INTO event VALUES ('e', 'home', 'Dinner')");
    devices.syncAll();
    a.sql("PRAGMA foreign_keys = ON", "DELETE FROM calendar WHERE id = 'home'");
    b.sql("DELETE FROM calendar WHERE id = 'work'");
    bothShow(EVENTS);
    assertEquals("[hidden|calendar]", held(a));
    assertEquals(held(a), held(b));
    b.sql("INSERT INTO calendar VALUES ('work', 'Again')");
    bothShow(EVENTS, "['e', 'work', 'Dinner']");
    a.sql("DELETE FROM calendar WHERE id = 'work'");
    b.sql("UPDATE event SET calendar = 'home'");
    b.sql("INSERT INTO calendar VALUES ('home', 'Again')");
    bothShow(EVENTS, "['e', 'home', 'Dinner']");
  }

  @Test
  void aRowThatShowsItsDefaultGoesWithThatAndComesBack() {
    startWithDefault();
    a.sql("DELETE FROM calendar WHERE id = 'home'");
    b.sql("INSERT INTO event VALUES ('e', 'home', 'Dinner')");
    bothShow(EVENTS, "['e', 'work', 'Dinner']");
    a.sql("DELETE FROM calendar WHERE id = 'work'");
    bothShow(EVENTS);
    b.sql("INSERT INTO calendar VALUES ('work', 'Again')");
    bothShow(EVENTS, "['e', 'work', 'Dinner']");
    b.sql("INSERT INTO calendar VALUES ('home', 'Again')");
    bothShow(EVENTS, "['e', 'home', 'Dinner']");
    assertEquals("[]", held(a));
    assertEquals("[]", held(b));
  }

  @Test
  void anEventRevivedByAnEditStaysHiddenBelowItsDeletedCalendar() {
    startWith("ON DELETE CASCADE");
    a.sql("INSERT INTO event VALUES ('e', 'home', 'Dinner')");
    devices.syncAll();
    a.sql("DELETE FROM event", "DELETE FROM calendar WHERE id = 'home'");
    b.sql("UPDATE event SET title = 'Supper'");
    bothShow(EVENTS);
    assertEquals("[hidden|calendar]", held(a));
    assertEquals(held(a), held(b));
    b.sql("INSERT INTO calendar VALUES ('home', 'Again')");
    bothShow(EVENTS, "['e', 'home', 'Supper']");
  }

  @Test
  void anEventThatIsBackRefersToNoDeletedCalendarAlsoWhenItsDeleteIsSettled() {
    startWith("ON DELETE SET NULL");
    a.sql("INSERT INTO event VALUES ('e', 'home', 'Dinner')");
    devices.syncAll();
    b.sql("DELETE FROM event");
    b.sql("DELETE FROM calendar WHERE id = 'home'");
    a.sql("UPDATE event SET title = 'Supper'");
    bothAgreeWithoutDangling(EVENTS, "['e', NULL, 'Supper']");
    b.sql("UPDATE event SET title = 'Lunch'");
    bothAgreeWithoutDangling(EVENTS, "['e', NULL, 'Lunch']");
    a.sql("INSERT INTO calendar VALUES ('home', 'Home again')");
    bothAgreeWithoutDangling(EVENTS, "['e', 'home', 'Lunch']");
  }

  @Test
  void whatTheApplicationLeftDanglingStays() {
    startWith("ON DELETE CASCADE");
    a.sql("INSERT INTO event VALUES ('e', 'home', 'Dinner')");
    devices.syncAll();
    a.sql("DELETE FROM calendar WHERE id = 'home'");
    Devices.meet(a, b);
    assertEquals(List.of("['e', 'home', 'Dinner']"), a.rows(EVENTS));
    assertEquals(List.of("['e', 'home', 'Dinner']"), b.rows(EVENTS));
    assertEquals("[]", held(a));
    assertEquals("[]", held(b));
  }

  @Test
  void aRowThatWasGivenToAnotherParentMeanwhileDoesNotGoBackForACascade() {
    startWith("ON UPDATE CASCADE");
    write(a, 1, "INSERT INTO event VALUES ('e', 'home', 'Dinner'), ('f', 'home', 'Sleep')");
    devices.syncAll();
    write(b, 2, "UPDATE event SET calendar = 'work' WHERE id = 'e'");
    write(a, 3, "UPDATE calendar SET id = 'house' WHERE id = 'home'");
    bothAgreeWithoutDangling(EVENTS, "['e', 'work', 'Dinner']", "['f', 'house', 'Sleep']");
    noConflicts();
    write(b, 4, "UPDATE calendar SET id = 'flat' WHERE id = 'house'");
    bothAgreeWithoutDangling(EVENTS, "['e', 'work', 'Dinner']", "['f', 'flat', 'Sleep']");
  }

  @Test
  void whatIsWrittenToARowWhileACascadeChangesItIsAllThatIsWritten() {
    startWith("ON UPDATE CASCADE");
    write(a, 1, "INSERT INTO event VALUES ('e', 'home', 'Dinner')");
    devices.syncAll();
    write(b, 2, "UPDATE event SET calendar = 'work'");
    write(
        a,
        3,
        "UPDATE calendar SET id = 'house' WHERE id = 'home'",
        "UPDATE event SET title = 'Late dinner'");
    bothAgreeWithoutDangling(EVENTS, "['e', 'work', 'Late dinner']");
    noConflicts();
  }

  @Test
  void aRowThatIsGivenToAnotherParentAfterACascadeIsGivenToIt() {
    startWith("ON UPDATE CASCADE");
    write(a, 1, "INSERT INTO event VALUES ('e', 'home', 'Dinner')");
    devices.syncAll();
    write(b, 2, "UPDATE calendar SET id = 'office' WHERE id = 'work'");
    write(
        a,
        3,
        "UPDATE calendar SET id = 'house' WHERE id = 'home'",
        "UPDATE event SET calendar = 'work'");
    bothAgreeWithoutDangling(EVENTS, "['e', 'office', 'Dinner']");
    noConflicts();
  }

  @Test
  void aRowInsertedOverAHiddenOneKeepsBothVersions() {
    startWith("ON DELETE CASCADE");
    a.sql("DELETE FROM calendar WHERE id = 'home'");
    b.sql("INSERT INTO event VALUES ('e', 'home', 'Dinner')");
    bothShow(EVENTS);
    a.sql("INSERT INTO event VALUES ('e', 'work', 'Lunch')");
    bothShow(EVENTS, "['e', 'work', 'Lunch']");
    assertEquals(2, a.conflicts().size(), "the hidden calendar and title are listed");
    assertEquals(a.conflicts(), b.conflicts());
  }

  @Test
  void whatRefersToARowWithoutItsKeyShowsTheKeyThatItWaitsFor() {
    start(
        "CREATE TABLE p (k TEXT PRIMARY KEY NOT NULL, v);"
            + "CREATE TABLE t (id INTEGER PRIMARY KEY, p TEXT REFERENCES p)",
        "p",
        "t");
    a.clock().at(4_000_000_001_000L);
    b.clock().at(4_000_000_000_000L);
    a.sql("INSERT INTO p VALUES ('x', 1)");
    devices.syncAll();
    b.write("INSERT INTO p VALUES ('z', 2)");
    a.write("UPDATE p SET k = 'y'", "INSERT INTO p VALUES ('x', 3)");
    a.write("INSERT INTO t VALUES (1, 'y')");
    a.sql("UPDATE p SET k = 'z', v = 4 WHERE k = 'y'");
    bothShow("SELECT * FROM p ORDER BY k", "['x', 3]", "['z', 2]");
    bothShow("SELECT * FROM t", "[1, 'z']");
    b.sql("UPDATE p SET k = 'w' WHERE k = 'z'");
    bothShow("SELECT * FROM p ORDER BY k", "['w', 2]", "['x', 3]", "['z', 4]");
    bothShow("SELECT * FROM t", "[1, 'z']");
  }

  @Test
  void whatAnotherPolicyShowsIsTheRowThatWasMeantWhateverItsNumberIsNow() {
    start(
        "CREATE TABLE cal (id INTEGER PRIMARY KEY, name);"
            + "CREATE TABLE event (id TEXT PRIMARY KEY NOT NULL, cal INTEGER REFERENCES cal);",
        "cal",
        "event");
    a.sql("INSERT INTO cal VALUES (1, 'one'), (2, 'two')", "INSERT INTO event VALUES ('e', NULL)");
    devices.syncAll();
    write(b, 10, "UPDATE event SET cal = 1");
    write(a, 11, "UPDATE event SET cal = 2");
    a.sql(
        "BEGIN",
        "UPDATE cal SET id = 9 WHERE id = 1",
        "UPDATE cal SET id = 1 WHERE id = 2",
        "UPDATE event SET cal = 1",
        "COMMIT");
    bothAgreeOn("SELECT cal FROM event", "[1]");
    a.replica().policy("event.cal", ColumnPolicy.replicaPriority("b", "a"));
    bothAgreeWithoutDangling("SELECT cal FROM event", "[9]");
  }

  @Test
  void whatFollowsShowsWhatWasWrittenWhereThatIsTheKeyAgain() {
    start(
        "CREATE TABLE person (name TEXT COLLATE NOCASE PRIMARY KEY NOT NULL, born);"
            + "CREATE TABLE post (id TEXT PRIMARY KEY NOT NULL,"
            + " author TEXT REFERENCES person ON UPDATE CASCADE);",
        "person",
        "post");
    write(a, 1, "INSERT INTO person VALUES ('Ann', 1970)", "INSERT INTO post VALUES ('p', 'ann')");
    devices.syncAll();
    write(a, 2, "UPDATE person SET name = 'Beth'");
    bothAgreeWithoutDangling("SELECT * FROM post", "['p', 'Beth']");
    write(b, 3, "UPDATE person SET name = 'ANN'");
    bothAgreeWithoutDangling("SELECT * FROM post", "['p', 'ann']");
    noConflicts();
  }
}
