package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.policy.ColumnPolicy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What CHECK and NOT NULL make of rows that nobody has written so. */
class CheckConstraintTest extends TwoDevices {
  private static final String STOCK =
      "CREATE TABLE stock (id TEXT PRIMARY KEY NOT NULL, n INTEGER CHECK (n >= 0), name TEXT)";
  private static final String EVENT =
      "CREATE TABLE event (id TEXT PRIMARY KEY NOT NULL, title, begins INTEGER, ends INTEGER,"
          + " CHECK (begins <= ends))";
  private static final String HELD = "SELECT kind || ' ' || unit FROM godwit_held ORDER BY 1";

  private void startWithStock(int n) {
    start(STOCK, "stock");
    a.replica().policy("stock.n", ColumnPolicy.counter());
    a.sql("INSERT INTO stock VALUES ('apples', " + n + ", 'Apples')");
    devices.syncAll();
  }

  private void write(Device device, long millis, String sql) {
    device.clock().at(4_000_000_000_000L + millis);
    device.write(sql);
  }

  /** All are in step: the same rows, what is held back the same, nothing amiss in any file. */
  private void allShow(List<Device> all, String query, String... rows) {
    devices.syncAll();
    for (Device device : all) {
      assertEquals(List.of(rows), device.rows(query), device.name());
      assertTrue(device.replica().doctor().isHealthy(), () -> device.replica().doctor().toString());
      assertEquals(List.of(), device.masked(), device.name());
    }
  }

  private void bothShowSoundly(String query, String... rows) {
    allShow(List.of(a, b), query, rows);
  }

  private void bothHold(String... lines) {
    assertEquals(List.of(lines), Sqlite.text(a.path(), HELD), "on the first device");
    assertEquals(List.of(lines), Sqlite.text(b.path(), HELD), "on the second device");
  }

  @Test
  void aSumThatACheckForbidsShowsTheLastWritersOwnResult() {
    startWithStock(10);
    write(a, 1, "UPDATE stock SET n = n - 7");
    write(b, 2, "UPDATE stock SET n = n - 6");
    bothShowSoundly("SELECT n FROM stock", "[4]");
    bothHold("check n");
  }

  @Test
  void stepsMadeElsewhereGoOnCountingOnTheSum() {
    startWithStock(10);
    Device c = devices.device("c", STOCK, "stock");
    devices.syncAll();
    write(a, 1, "UPDATE stock SET n = n - 7");
    write(b, 2, "UPDATE stock SET n = n - 6");
    Devices.meet(a, b);
    assertEquals(List.of("[4]"), a.rows("SELECT n FROM stock"));
    write(c, 0, "UPDATE stock SET n = n + 5");
    allShow(List.of(a, b, c), "SELECT n FROM stock", "[2]");
    for (Device device : List.of(a, b, c)) {
      assertEquals(List.of(), Sqlite.text(device.path(), HELD), device.name());
    }
  }

  @Test
  void aWriteOntoWhatIsShownInsteadSetsTheCounterAnew() {
    startWithStock(10);
    write(a, 1, "UPDATE stock SET n = n - 7");
    write(b, 2, "UPDATE stock SET n = n - 6");
    devices.syncAll();
    write(a, 3, "UPDATE stock SET n = n - 1");
    bothShowSoundly("SELECT n FROM stock", "[3]");
    bothHold();
    write(a, 4, "UPDATE stock SET n = n - 1");
    write(b, 4, "UPDATE stock SET n = n - 1");
    bothShowSoundly("SELECT n FROM stock", "[1]");
  }

  @Test
  void anotherColumnOfSuchARowIsWrittenAsEver() {
    startWithStock(10);
    write(a, 1, "UPDATE stock SET n = n - 7");
    write(b, 2, "UPDATE stock SET n = n - 6");
    devices.syncAll();
    write(b, 3, "UPDATE stock SET name = 'Pears'");
    bothShowSoundly("SELECT n, name FROM stock", "[4, 'Pears']");
    bothHold("check n");
    write(a, 4, "DELETE FROM stock");
    bothShowSoundly("SELECT n, name FROM stock");
    bothHold();
    write(a, 5, "INSERT INTO stock VALUES ('apples', 1, 'Apples')");
    bothShowSoundly("SELECT n, name FROM stock", "[1, 'Apples']");
  }

  @Test
  void everyOrderOfArrivalShowsTheSame() {
    String[] orders = {"abc", "acb", "bac", "bca", "cab", "cba"};
    startWithStock(10);
    Device c = devices.device("c", STOCK, "stock");
    devices.syncAll();
    write(a, 1, "UPDATE stock SET n = n - 5");
    write(a, 2, "UPDATE stock SET n = n - 4");
    write(b, 3, "UPDATE stock SET n = n - 7");
    write(c, 2, "UPDATE stock SET n = n + 2");
    Map<String, Device> writers = Map.of("a", a, "b", b, "c", c);
    for (String order : orders) {
      Device reader = devices.device(order, STOCK, "stock");
      for (String name : order.split("")) {
        // Twice, so that all comes as a duplicate too.
        Devices.meet(reader, writers.get(name));
        Devices.meet(reader, writers.get(name));
      }
      assertEquals(List.of("[3]"), reader.rows("SELECT n FROM stock"), order);
      assertEquals(List.of("check n"), Sqlite.text(reader.path(), HELD), order);
      assertTrue(reader.replica().doctor().isHealthy(), order);
    }
    bothShowSoundly("SELECT n FROM stock", "[3]");
  }

  @Test
  void columnsOfOneCheckAreAGroupFromTheBeginning() {
    start(EVENT, "event");
    assertEquals(
        Map.of(
            "event.begins", "last-writer-wins in group 'check of begins'",
            "event.ends", "last-writer-wins in group 'check of begins'"),
        a.replica().policies());
    a.sql("INSERT INTO event VALUES ('e', 'Dinner', 8, 9)");
    devices.syncAll();
    assertEquals(a.replica().policies(), b.replica().policies());
    write(a, 1, "UPDATE event SET begins = 9");
    write(b, 2, "UPDATE event SET ends = 8, title = 'Lunch'");
    bothShowSoundly("SELECT title, begins, ends FROM event", "['Lunch', 8, 8]");
    for (Device device : List.of(a, b)) {
      List<String> conflicts = device.conflicts().stream().sorted().toList();
      assertEquals(List.of("edit/edit 'e' begins", "edit/edit 'e' ends"), conflicts);
      assertEquals(List.of("9", "9"), device.losers());
    }
    bothHold();
  }

  @Test
  void columnsOfSeveralChecksThatShareOneAreOneGroup() {
    start(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, c, d CHECK (d > 0), e, f, n,"
            + " CHECK (a < b AND id > 0), CHECK (json_valid(c) OR b), CONSTRAINT last CHECK (e <> f))",
        "t");
    assertEquals(
        Map.of(
            "t.a", "last-writer-wins in group 'check of a'",
            "t.b", "last-writer-wins in group 'check of a'",
            "t.c", "last-writer-wins in group 'check of a'",
            "t.e", "last-writer-wins in group 'check of e'",
            "t.f", "last-writer-wins in group 'check of e'"),
        a.replica().policies());
  }

  @Test
  void whatIsDeclaredOtherwiseIsNoGroup() {
    a =
        devices.device(
            "a",
            EVENT,
            "event",
            settings -> settings.policy("event.ends", ColumnPolicy.lastWriterWins()));
    assertEquals(Map.of("event.ends", "last-writer-wins"), a.replica().policies());
    assertEquals(List.of(), a.replica().policyDifferences());
  }

  /** Two devices whose space says that the columns of the event's CHECK are no group. */
  private void startWithoutGroup() {
    for (String name : new String[] {"a", "b"}) {
      Device device =
          devices.device(
              name,
              EVENT,
              "event",
              settings ->
                  settings
                      .policy("event.begins", ColumnPolicy.lastWriterWins())
                      .policy("event.ends", ColumnPolicy.lastWriterWins()));
      b = a == null ? b : device;
      a = a == null ? device : a;
    }
    a.sql("INSERT INTO event VALUES ('e', 'Dinner', 8, 9), ('f', 'Lunch', 12, 13)");
    devices.syncAll();
  }

  @Test
  void valuesOfTwoWritersThatACheckForbidsKeepTheRowOutUntilOneIsChanged() {
    startWithoutGroup();
    write(a, 1, "UPDATE event SET begins = 9 WHERE id = 'e'");
    write(b, 2, "UPDATE event SET ends = 8 WHERE id = 'e'");
    bothShowSoundly("SELECT id FROM event", "['f']");
    bothHold("check ");
    write(a, 4, "INSERT INTO event VALUES ('e', 'Supper', 1, 2)");
    bothShowSoundly("SELECT * FROM event WHERE id = 'e'", "['e', 'Supper', 1, 2]");
    bothHold();
  }

  @Test
  void aRowKeptOutComesBackWhenAWriteMadeMeanwhileHealsIt() {
    startWithoutGroup();
    Device c = devices.device("c", EVENT, "event");
    devices.syncAll();
    write(a, 1, "UPDATE event SET begins = 9 WHERE id = 'e'");
    write(b, 2, "UPDATE event SET ends = 8 WHERE id = 'e'");
    write(c, 3, "UPDATE event SET ends = 20 WHERE id = 'e'");
    Devices.meet(a, b);
    assertEquals(List.of("['f']"), a.rows("SELECT id FROM event"));
    allShow(List.of(a, b, c), "SELECT begins, ends FROM event WHERE id = 'e'", "[9, 20]");
  }

  @Test
  void whatRefersToARowKeptOutIsKeptOutWithIt() {
    start(
        "CREATE TABLE r (id TEXT PRIMARY KEY NOT NULL, low, high, CHECK (low <= high));"
            + "CREATE TABLE child (id TEXT PRIMARY KEY NOT NULL, r REFERENCES r(id))",
        "r",
        "child");
    a.replica().policy("r.low", ColumnPolicy.lastWriterWins());
    a.replica().policy("r.high", ColumnPolicy.lastWriterWins());
    a.sql("INSERT INTO r VALUES ('r', 8, 9)", "INSERT INTO child VALUES ('one', 'r')");
    devices.syncAll();
    write(a, 1, "UPDATE r SET low = 9");
    write(b, 2, "UPDATE r SET high = 8");
    write(b, 3, "INSERT INTO child VALUES ('two', 'r')");
    bothShowSoundly("SELECT 'r', id FROM r UNION ALL SELECT 'child', id FROM child");
    bothHold("below r", "below r", "check ");
    write(a, 4, "INSERT INTO r VALUES ('r', 1, 2)");
    bothShowSoundly(
        "SELECT 'r', id FROM r UNION ALL SELECT 'child', id FROM child",
        "['r', 'r']",
        "['child', 'one']",
        "['child', 'two']");
    bothHold();
  }

  @Test
  void aTextThatGrewTooLongShowsTheLastWritersOwn() {
    start(
        "CREATE TABLE note (id TEXT PRIMARY KEY NOT NULL, body TEXT CHECK (length(body) <= 12))",
        "note");
    a.replica().policy("note.body", ColumnPolicy.text());
    a.sql("INSERT INTO note VALUES ('n', 'the cat')");
    devices.syncAll();
    write(a, 1, "UPDATE note SET body = 'the old cat'");
    write(b, 2, "UPDATE note SET body = 'the cat sat'");
    bothShowSoundly("SELECT body FROM note", "['the cat sat']");
    bothHold("check body");
    write(b, 3, "UPDATE note SET body = 'cat'");
    bothShowSoundly("SELECT body FROM note", "['cat']");
    bothHold();
  }

  @Test
  void anotherCheckedValueOfAMaximumFallsBackToTheLastWriters() {
    start("CREATE TABLE r (id TEXT PRIMARY KEY NOT NULL, low, high, CHECK (low <= high))", "r");
    a.replica().policy("r.low", ColumnPolicy.max());
    a.replica().policy("r.high", ColumnPolicy.lastWriterWins());
    a.sql("INSERT INTO r VALUES ('r', 1, 10)");
    devices.syncAll();
    write(a, 1, "UPDATE r SET low = 9");
    write(b, 2, "UPDATE r SET low = 2, high = 5");
    bothShowSoundly("SELECT low, high FROM r", "[2, 5]");
    bothHold("check low");
    write(a, 3, "UPDATE r SET high = 20");
    bothShowSoundly("SELECT low, high FROM r", "[9, 20]");
    bothHold();
  }

  @Test
  void nullInAColumnThatForbidsItFallsBackToTheLastWriters() {
    start("CREATE TABLE r (id TEXT PRIMARY KEY NOT NULL, v)", "r");
    a.replica().policy("r.v", ColumnPolicy.min());
    a.sql("INSERT INTO r VALUES ('r', 5)");
    devices.syncAll();
    b.sql(
        "CREATE TABLE later (id TEXT PRIMARY KEY NOT NULL, v NOT NULL)",
        "INSERT INTO later SELECT * FROM r",
        "DROP TABLE r",
        "ALTER TABLE later RENAME TO r");
    devices.syncAll();
    a.sql("UPDATE r SET v = NULL");
    a.replica().seal();
    b.sql("UPDATE r SET v = 7");
    bothShowSoundly("SELECT v FROM r", "[7]");
    bothHold("check v");
  }

  @Test
  void aMergedValueThatOnlySqliteCanJudgeIsMaskedWhereItIsRefused() {
    start(
        "CREATE TABLE p (id TEXT PRIMARY KEY NOT NULL, tags TEXT CHECK (json_array_length(tags) <= 3))",
        "p");
    a.replica().policy("p.tags", ColumnPolicy.set());
    a.sql("INSERT INTO p VALUES ('p', '[\"x\"]')");
    devices.syncAll();
    write(a, 1, "UPDATE p SET tags = '[\"x\", \"a\", \"b\"]'");
    write(b, 2, "UPDATE p SET tags = '[\"x\", \"c\", \"d\"]'");
    devices.exchangeAll();
    assertEquals(1, a.masked().size());
    assertEquals(1, b.masked().size());
    bothHold();
  }
}
