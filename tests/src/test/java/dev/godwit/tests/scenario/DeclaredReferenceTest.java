package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.OnDelete;
import java.util.List;
import org.junit.jupiter.api.Test;

/** References that the policy of the space declares, in schemas without FOREIGN KEY. */
class DeclaredReferenceTest extends TwoDevices {
  private static final String SCHEMA =
      "CREATE TABLE calendar (id INTEGER PRIMARY KEY, name);"
          + "CREATE TABLE event (id TEXT PRIMARY KEY NOT NULL, calendar DEFAULT 9, title);";
  private static final String EVENTS = "SELECT id, calendar, title FROM event ORDER BY id";
  private static final ColumnPolicy PLAIN = ColumnPolicy.lastWriterWins();

  private static ColumnPolicy calendar(OnDelete action) {
    return PLAIN.references("calendar", action);
  }

  private void startWith(OnDelete action) {
    start(SCHEMA, "calendar", "event");
    a.replica().policy("event.calendar", calendar(action));
    devices.syncAll();
    a.sql("INSERT INTO calendar VALUES (1, 'Home'), (2, 'Work')");
    devices.syncAll();
  }

  @Test
  void anEventAddedToADeletedCalendarIsHiddenUntilTheCalendarIsBack() {
    startWith(OnDelete.CASCADE);
    a.sql("DELETE FROM calendar WHERE id = 1");
    b.sql("INSERT INTO event VALUES ('e', 1, 'Dinner')");
    bothAgreeOn(EVENTS);
    assertEquals("[hidden|calendar]", held(a));
    b.sql("UPDATE event SET title = 'unseen'", "INSERT INTO event VALUES ('f', 2, 'Meeting')");
    bothAgreeOn(EVENTS, "['f', 2, 'Meeting']");
  }

  @Test
  void aDeletedCalendarStaysWhileAnEventRefersToIt() {
    startWith(OnDelete.RESTRICT);
    a.sql("DELETE FROM calendar WHERE id = 1");
    b.sql("INSERT INTO event VALUES ('e', 1, 'Dinner')");
    bothAgreeOn(
        "SELECT name, title FROM event JOIN calendar c ON c.id = calendar", "['Home', 'Dinner']");
    assertEquals("[pinned|]", held(b));
    b.sql("DELETE FROM event");
    bothAgreeOn("SELECT name FROM calendar", "['Work']");
    assertEquals("[]", held(a));
  }

  @Test
  void anEventShowsNoCalendarOrItsDefaultWhereItsCalendarIsAway() {
    startWith(OnDelete.SET_NULL);
    a.sql("DELETE FROM calendar WHERE id = 1");
    b.sql("INSERT INTO event VALUES ('e', 1, 'Dinner')");
    bothAgreeOn(EVENTS, "['e', NULL, 'Dinner']");
    a.replica().policy("event.calendar", calendar(OnDelete.SET_DEFAULT));
    bothAgreeOn(EVENTS, "['e', 9, 'Dinner']");
    a.replica().policy("event.calendar", calendar(OnDelete.CASCADE));
    bothAgreeOn(EVENTS);
    a.replica().policy("event.calendar", PLAIN);
    bothAgreeOn(EVENTS, "['e', 1, 'Dinner']");
    assertEquals("[]", held(a));
  }

  @Test
  void eventsFollowACalendarThatGetsAnotherNumber() {
    startWith(OnDelete.CASCADE);
    a.write("INSERT INTO calendar VALUES (3, 'Sport')", "INSERT INTO event VALUES ('a', 3, 'Run')");
    b.write(
        "INSERT INTO calendar VALUES (3, 'Music')", "INSERT INTO event VALUES ('b', 3, 'Sing')");
    bothAgreeOn(
        "SELECT title, name FROM event JOIN calendar c ON c.id = calendar ORDER BY title",
        "['Run', 'Sport']",
        "['Sing', 'Music']");
    a.sql("UPDATE calendar SET id = 70 WHERE name = 'Sport'");
    bothAgreeOn("SELECT calendar FROM event WHERE title = 'Run'", "[70]");
  }

  @Test
  void anEventThatTheApplicationLeavesBehindStays() {
    startWith(OnDelete.CASCADE);
    b.sql("INSERT INTO event VALUES ('e', 1, 'Dinner'), ('f', 4, 'of none')");
    devices.syncAll();
    a.sql("DELETE FROM calendar WHERE id = 1");
    bothAgreeOn(EVENTS, "['e', 1, 'Dinner']", "['f', 4, 'of none']");
  }

  @Test
  void rowsThatWereThereReferWhenTheReferenceIsDeclaredAsTrackingBegins() {
    String rows =
        "INSERT INTO calendar VALUES (1, 'Home'); INSERT INTO event VALUES ('e', 1, 'Dinner');";
    a =
        devices.device(
            "a",
            SCHEMA + rows,
            "calendar",
            set ->
                set.track("calendar", "event")
                    .policy("event.calendar", calendar(OnDelete.CASCADE)));
    b = devices.device("b", SCHEMA, "calendar", "event");
    devices.syncAll();
    a.sql("UPDATE calendar SET id = 5");
    bothAgreeOn(EVENTS, "['e', 5, 'Dinner']");
  }

  @Test
  void valuesWrittenBeforeTheDeclarationReferToNothingUntilTheyAreWrittenAgain() {
    start(SCHEMA, "calendar", "event");
    a.sql("INSERT INTO calendar VALUES (1, 'Home')", "INSERT INTO event VALUES ('e', 1, 'Dinner')");
    devices.syncAll();
    a.replica().policy("event.calendar", calendar(OnDelete.CASCADE));
    devices.syncAll();
    a.sql("UPDATE calendar SET id = 5");
    bothAgreeOn(EVENTS, "['e', 1, 'Dinner']");
    b.sql("UPDATE event SET calendar = 5");
    a.sql("UPDATE calendar SET id = 6");
    bothAgreeOn(EVENTS, "['e', 6, 'Dinner']");
  }

  @Test
  void whatWasWrittenByADeviceThatHadNotHeardIsReadTheSameEverywhere() {
    start(SCHEMA, "calendar", "event");
    Device c = devices.device("c", SCHEMA, "calendar", "event");
    a.sql("INSERT INTO calendar VALUES (1, 'Home')");
    devices.syncAll();
    a.replica().policy("event.calendar", calendar(OnDelete.CASCADE));
    Devices.meet(a, b);
    a.sql("INSERT INTO event VALUES ('a', 1, 'knows')");
    c.sql("INSERT INTO event VALUES ('c', 1, 'does not know')");
    Devices.meet(b, a);
    b.sql("UPDATE event SET title = 'knew' WHERE id = 'a'");
    Devices.meet(c, b);
    b.sql("DELETE FROM calendar");
    a.sql("INSERT INTO event VALUES ('d', 1, 'hidden')");
    bothAgreeOn(EVENTS, "['a', 1, 'knew']", "['c', 1, 'does not know']");
    assertEquals(held(a), held(c));
    a.sql("UPDATE calendar SET name = 'never found'", "INSERT INTO calendar VALUES (1, 'Other')");
    bothAgreeOn(EVENTS, "['a', 1, 'knew']", "['c', 1, 'does not know']");
  }

  @Test
  void whatAValueRefersToIsKeptWhileTheDeclarationIsTakenBack() {
    startWith(OnDelete.CASCADE);
    a.sql("INSERT INTO event VALUES ('e', 1, 'Dinner')");
    devices.syncAll();
    b.replica().policy("event.calendar", PLAIN);
    devices.syncAll();
    a.sql("UPDATE calendar SET id = 5 WHERE id = 1");
    bothAgreeOn(EVENTS, "['e', 1, 'Dinner']");
    a.sql("INSERT INTO event VALUES ('f', 5, 'Lunch')");
    b.replica().policy("event.calendar", calendar(OnDelete.RESTRICT));
    bothAgreeOn(EVENTS, "['e', 5, 'Dinner']", "['f', 5, 'Lunch']");
    b.sql("UPDATE calendar SET id = 6 WHERE id = 5");
    bothAgreeOn(EVENTS, "['e', 6, 'Dinner']", "['f', 5, 'Lunch']");
  }

  @Test
  void aDeviceThatDoesNotTrackTheTableReferredToShowsWhatWasWritten() {
    startWith(OnDelete.CASCADE);
    a.sql("INSERT INTO event VALUES ('e', 1, 'Dinner'), ('g', 2, 'Meeting')");
    b.sql("DELETE FROM calendar WHERE id = 2");
    bothAgreeOn(EVENTS, "['e', 1, 'Dinner']");
    b.replica().untrack("calendar");
    assertEquals(List.of("['e', 1, 'Dinner']", "['g', 2, 'Meeting']"), b.rows(EVENTS));
    a.sql("UPDATE calendar SET id = 5 WHERE id = 1");
    devices.exchangeAll();
    assertEquals(List.of("['e', 1, 'Dinner']", "['g', 2, 'Meeting']"), b.rows(EVENTS));
    b.replica().track("calendar");
    bothAgreeOn(EVENTS, "['e', 5, 'Dinner']");
  }

  @Test
  void aDeviceThatJoinsKnowsTheReferences() {
    startWith(OnDelete.CASCADE);
    a.sql("INSERT INTO event VALUES ('e', 1, 'Dinner')");
    Sqlite.run(folder.resolve("c.db"), "CREATE TABLE own (x)");
    Device c = devices.open("c", folder.resolve("c.db"));
    devices.exchangeAll();
    c.replica().accept(c.replica().schemaProposal());
    c.sql("UPDATE calendar SET id = 5 WHERE id = 1");
    bothAgreeOn(EVENTS, "['e', 5, 'Dinner']");
    assertEquals(List.of("['e', 5, 'Dinner']"), c.rows(EVENTS));
  }

  @Test
  void whatCannotBeAReferenceIsRefused() {
    start(
        "CREATE TABLE p (id INTEGER PRIMARY KEY, a);"
            + "CREATE TABLE pair (x NOT NULL, y NOT NULL, PRIMARY KEY (x, y));"
            + "CREATE TABLE part (id INTEGER PRIMARY KEY REFERENCES p);"
            + "CREATE TABLE t (id INTEGER PRIMARY KEY, p REFERENCES p(a), q, n)",
        "p",
        "pair",
        "part",
        "t");
    refused("t.q", PLAIN.references("nobody", OnDelete.CASCADE), "there is no table 'nobody'");
    refused("t.none", PLAIN.references("p", OnDelete.CASCADE), "none");
    refused("t.id", PLAIN.references("p", OnDelete.CASCADE), "key");
    refused(
        "t.p",
        PLAIN.references("pair", OnDelete.CASCADE),
        "its FOREIGN KEY says that it refers to p");
    refused("t.q", PLAIN.references("pair", OnDelete.CASCADE), "the key of pair has 2 columns");
    refused(
        "t.q", PLAIN.references("part", OnDelete.CASCADE), "the key of part is a reference itself");
    assertThrows(
        IllegalArgumentException.class,
        () -> ColumnPolicy.counter().references("p", OnDelete.CASCADE));
    a.replica().policy("t.q", ColumnPolicy.manual().references("P", OnDelete.SET_NULL));
    assertEquals("manual references 'p' on delete set null", a.replica().policies().get("t.q"));
  }

  private void refused(String column, ColumnPolicy policy, String reason) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> a.replica().policy(column, policy))
            .getMessage();
    assertTrue(message.contains(reason), message);
  }

  @Test
  void aPolicyIsWrittenAsSqlHasIt() {
    assertEquals(
        calendar(OnDelete.CASCADE), ColumnPolicy.parse("references calendar on delete cascade"));
    assertEquals(
        PLAIN.inGroup("g").references("my table", OnDelete.RESTRICT),
        ColumnPolicy.parse(
            "last-writer-wins in group 'g' references 'my table' on delete no action"));
    assertEquals(
        ColumnPolicy.manual().references("t", OnDelete.RESTRICT),
        ColumnPolicy.parse("manual references t"));
    for (OnDelete action : OnDelete.values()) {
      assertEquals(calendar(action), ColumnPolicy.parse(calendar(action).toString()));
    }
    assertThrows(IllegalArgumentException.class, () -> ColumnPolicy.parse("references "));
    assertThrows(
        IllegalArgumentException.class, () -> ColumnPolicy.parse("references t on delete maybe"));
    assertThrows(IllegalArgumentException.class, () -> ColumnPolicy.parse("max references t x"));
  }
}
