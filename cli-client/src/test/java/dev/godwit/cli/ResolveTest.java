package dev.godwit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.relay.Relay;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conflicts are settled on the command line, and policies changed. */
class ResolveTest {
  @TempDir Path folder;
  private Desk one;
  private Desk two;
  private Relay relay;

  @BeforeEach
  void shareAFile() throws IOException {
    relay = Relay.builder().port(0).data(folder.resolve("relay")).build().start();
    one = new Desk(folder.resolve("one"));
    two = new Desk(folder.resolve("two"));
    one.sql(
        "a.db",
        "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v TEXT, price)",
        "CREATE TABLE bill (id INTEGER PRIMARY KEY, v TEXT)",
        "CREATE TABLE line (id TEXT PRIMARY KEY NOT NULL, bill INTEGER REFERENCES bill ON DELETE CASCADE,"
            + " place UNIQUE)",
        "CREATE TABLE room (house TEXT NOT NULL, no INTEGER NOT NULL, PRIMARY KEY (house, no))",
        "CREATE TABLE lamp (house TEXT NOT NULL, id INTEGER NOT NULL, room INTEGER, PRIMARY KEY (house, id),"
            + " FOREIGN KEY (house, room) REFERENCES room ON UPDATE CASCADE ON DELETE CASCADE)",
        "INSERT INTO bill VALUES (1, 'old')",
        "INSERT INTO t VALUES ('x', 'first', 1), ('y', 'first', 1)");
    one.godwit("init", "a.db", "--name", "one", "--policy", "t.price=manual").done();
    String invitation = one.godwit("share", "a.db", relay.url()).done().out().trim();
    two.godwit("join", "b.db", invitation, "--name", "two").done();
  }

  @AfterEach
  void stop() {
    relay.close();
  }

  private void sync() {
    one.godwit("sync", "a.db").done();
    two.godwit("sync", "b.db").done();
    one.godwit("sync", "a.db").done();
  }

  private void both(String atOne, String atTwo) {
    one.sql("a.db", atOne);
    two.sql("b.db", atTwo);
    sync();
  }

  private String id(String where) {
    List<String> ids =
        two.column("b.db", "SELECT DISTINCT conflict FROM godwit_conflict WHERE " + where);
    assertEquals(1, ids.size(), ids.toString());
    return ids.get(0);
  }

  private void bothHave(String query, String... values) {
    sync();
    assertEquals(List.of(values), one.column("a.db", query));
    assertEquals(List.of(values), two.column("b.db", query));
  }

  @Test
  void bothVersionsStandSideBySideWithTheDifferenceMarked() {
    both(
        "UPDATE t SET v = 'lunch at one o''clock' WHERE id = 'x'",
        "UPDATE t SET v = 'lunch at two o''clock' WHERE id = 'x'");
    String out = one.godwit("conflicts", "a.db").done().out();
    List<String> lines = out.lines().toList();
    assertTrue(lines.get(0).endsWith("  t 'x'.v"), out);
    assertEquals("  edit/edit, last-writer-wins", lines.get(1));
    assertEquals("  before 'first'", lines.get(2));
    assertTrue(lines.get(3).matches("  1 one, .*\\| 2\\*two, .*"), out);
    assertEquals(
        "    'lunch at one o''clock'            |   'lunch at two o''clock'", lines.get(4));
    assertEquals("              ^^^                      |             ^^^", lines.get(5));
  }

  @Test
  void aVersionIsTakenEverywhere() {
    both("UPDATE t SET v = 'a' WHERE id = 'x'", "UPDATE t SET v = 'b' WHERE id = 'x'");
    String said = two.godwit("resolve", "b.db", id("unit = 'v'"), "--take", "1").done().out();
    assertTrue(said.startsWith("settled "), said);
    bothHave("SELECT v FROM t WHERE id = 'x'", "a");
    assertTrue(
        one.godwit("conflicts", "a.db").done().out().contains("settled by a resolution of two"));
  }

  @Test
  void anyLiteralIsWritten() {
    both("UPDATE t SET price = 2 WHERE id = 'x'", "UPDATE t SET price = 3 WHERE id = 'x'");
    String id = id("unit = 'price'");
    two.godwit("resolve", "b.db", id, "--value", "it's").failed(ExitCode.USAGE, "as SQL writes it");
    two.godwit("resolve", "b.db", id.substring(0, 5), "--value", "'it''s'").done();
    bothHave("SELECT price FROM t WHERE id = 'x'", "it's");
  }

  @Test
  void whatDoesNotFitIsRefusedWithTheReason() {
    both("UPDATE t SET v = 'a' WHERE id = 'x'", "UPDATE t SET v = 'b' WHERE id = 'x'");
    String id = id("unit = 'v'");
    two.godwit("resolve", "b.db", id, "--keep-both").failed(ExitCode.USAGE, "holds one value");
    two.godwit("resolve", "b.db", id, "--take", "9").failed(ExitCode.USAGE, "1 … 2");
    two.godwit("resolve", "b.db", id).failed(ExitCode.USAGE, "expected --take");
    two.godwit("resolve", "b.db", "--take", "1").failed(ExitCode.USAGE, "expected the ID");
    two.godwit("resolve", "b.db", "zzzz", "--take", "1").failed(ExitCode.USAGE, "no conflict zzzz");
    assertEquals(
        ExitCode.USAGE.number(),
        two.godwit("resolve", "b.db", id, "--take", "1", "--restore").exitCode());
  }

  @Test
  void deletedRowsAreRestoredAndCollidingOnesBothKept() {
    one.godwit("policy", "a.db", "t", "delete-wins").done();
    sync();
    both("DELETE FROM t WHERE id = 'x'", "UPDATE t SET v = 'kept' WHERE id = 'x'");
    bothHave("SELECT id FROM t", "y");
    two.godwit("resolve", "b.db", id("kind = 'edit/delete'"), "--restore").done();
    bothHave("SELECT v FROM t WHERE id = 'x'", "kept");
    both("INSERT INTO bill VALUES (7, 'one')", "INSERT INTO bill VALUES (7, 'two')");
    one.godwit("resolve", "a.db", id("kind = 'key collision'"), "--keep-both").done();
    bothHave("SELECT id || v FROM bill WHERE id > 1 ORDER BY 1", "7one", "8two");
  }

  @Test
  void whatAConstraintHoldsBackIsToldWithItsCauseAndSettled() {
    both("DELETE FROM bill", "INSERT INTO line VALUES ('l', 1, 'p')");
    String out = one.godwit("conflicts", "a.db").done().out();
    assertTrue(
        out.contains("  line 'l'.bill\n  foreign key, TO BE SETTLED by somebody (hidden)"), out);
    assertTrue(out.contains("    deleted bill 1 "), out);
    assertTrue(out.contains("|   line 'l' refers to 1\n"), out);
    String status = one.godwit("status", "a.db").done().out();
    assertTrue(status.contains("  line   'l'  hidden  bill 1 was deleted\n"), status);
    Desk.Said said = one.answering("v 5\nr\n", "resolve", "a.db").done();
    assertTrue(said.log().contains("there is no row with the key 5 to refer to"), said.log());
    bothHave("SELECT v FROM bill JOIN line ON bill = bill.id", "old");
    both("INSERT INTO line VALUES ('m', 1, 'q')", "INSERT INTO line VALUES ('n', 1, 'q')");
    two.godwit("resolve", "b.db", id("kind = 'unique'"), "--value", "'r'").done();
    bothHave("SELECT place FROM line ORDER BY place", "p", "q", "r");
    assertTrue(one.godwit("conflicts", "a.db").done().out().startsWith("no conflicts"));
  }

  @Test
  void oneConflictAfterAnotherIsAskedAbout() {
    both("UPDATE t SET price = id || 1, v = 'a'", "UPDATE t SET price = id || 2, v = 'b'");
    Desk.Said said = two.answering("nonsense\n9\nk\n1\nv 'other'\n", "resolve", "b.db").done();
    assertTrue(
        said.out().endsWith("settled 2, left 0; the others get it with godwit sync b.db\n"),
        said.out());
    assertTrue(said.log().contains("no: expected one of those but got nonsense"), said.log());
    assertTrue(said.log().contains("a column holds one value"), said.log());
    sync();
    List<String> prices = one.column("a.db", "SELECT price FROM t ORDER BY price");
    assertEquals(List.of("other"), prices.stream().filter(price -> price.equals("other")).toList());
    assertEquals(
        1, prices.stream().filter(price -> price.endsWith("1")).count(), prices.toString());
    String none = two.answering("", "resolve", "b.db").done().out();
    assertTrue(none.startsWith("nothing waits to be settled"), none);
    String all = two.answering("\n2\nq\n", "resolve", "b.db", "--all").done().out();
    assertTrue(all.contains("settled 1, left 1"), all);
  }

  @Test
  void theEndOfTheInputChangesNothing() {
    both("UPDATE t SET price = 5", "UPDATE t SET price = 6");
    String said = two.answering("", "resolve", "b.db").done().out();
    assertTrue(said.endsWith("settled 0, left 2\n"), said);
    bothHave("SELECT DISTINCT price FROM t", "6");
  }

  @Test
  void policiesAreListedAndChangedForEverybody() {
    assertTrue(two.godwit("policy", "b.db").done().out().contains("t.price  manual"));
    two.godwit("policy", "b.db", "t.v", "replica-priority('one',", "'two')", "in", "group", "'g'")
        .done();
    two.godwit("policy", "b.db", "t.price", "manual in group 'h'").done();
    two.godwit("policy", "b.db", "bill", "delete-wins").done();
    sync();
    String listed = one.godwit("policy", "a.db").done().out();
    assertTrue(listed.contains("t.v      replica-priority('one', 'two') in group 'g'"), listed);
    assertTrue(listed.contains("bill     delete-wins"), listed);
    String some = one.godwit("policy", "a.db", "t").done().out();
    assertTrue(some.contains("t.v") && !some.contains("bill"), some);
    both("UPDATE t SET v = 'from one'", "UPDATE t SET v = 'from two'");
    bothHave("SELECT DISTINCT v FROM t", "from one");
    two.godwit("policy", "b.db", "t.v", "mine").failed(ExitCode.USAGE, "mine");
    two.godwit("policy", "b.db", "t.none", "max").failed(ExitCode.SCHEMA, "none");
    two.godwit("policy", "b.db", "nobody", "delete-wins").failed(ExitCode.SCHEMA, "nobody");
  }

  @Test
  void referencesAreDeclaredBeforeRowsComeIn() {
    one.sql(
        "d.db",
        "CREATE TABLE calendar (id INTEGER PRIMARY KEY, name)",
        "CREATE TABLE event (id INTEGER PRIMARY KEY, calendar, title)",
        "INSERT INTO calendar VALUES (1, 'Home')",
        "INSERT INTO event VALUES (1, 1, 'Dinner')");
    String policy = "event.calendar=references calendar on delete cascade";
    one.godwit("init", "d.db", "--policy", policy).done();
    one.sql("d.db", "UPDATE calendar SET id = 5");
    String listed = one.godwit("policy", "d.db").done().out();
    assertTrue(listed.contains("last-writer-wins references 'calendar' on delete cascade"), listed);
    assertEquals("5", one.column("d.db", "SELECT calendar FROM event").get(0));
    one.godwit("policy", "d.db", "event.title", "references", "nobody")
        .failed(ExitCode.SCHEMA, "nobody");
    one.godwit("policy", "d.db", "event.calendar", "last-writer-wins").done();
    one.sql("d.db", "UPDATE calendar SET id = 6");
    one.godwit("policy", "d.db").done();
    assertEquals("1", one.column("d.db", "SELECT calendar FROM event").get(0));
  }

  @Test
  void initTakesTheExistencePolicyOfATable() {
    one.sql("c.db", "CREATE TABLE s (id TEXT PRIMARY KEY NOT NULL, n)");
    one.godwit("init", "c.db", "--policy", "s=delete-wins", "--policy", "s.n=counter").done();
    String listed = one.godwit("policy", "c.db").done().out();
    assertTrue(listed.contains("s    delete-wins") && listed.contains("s.n  counter"), listed);
    assertFalse(listed.contains("manual"), listed);
  }

  @Test
  void aRowThatRefersToOneOfAnotherHouseIsListedAndSettled() {
    one.sql("a.db", "INSERT INTO room VALUES ('red', 1)");
    sync();
    both("UPDATE room SET house = 'blue'", "INSERT INTO lamp VALUES ('red', 7, 1)");
    bothHave("SELECT * FROM lamp");
    String out = one.godwit("conflicts", "a.db").done().out();
    assertTrue(out.contains("room 'blue', 1 has this key"), out);
    assertTrue(out.contains("lamp 'red', 7 refers to 1"), out);
    String status = two.godwit("status", "b.db").done().out();
    assertTrue(status.contains("room 'blue', 1 has a key that it cannot refer to"), status);
    String id = id("kind = 'foreign key'");
    one.godwit("resolve", "a.db", id, "--restore")
        .failed(ExitCode.USAGE, "under a key that its columns cannot show");
    two.godwit("resolve", "b.db", id, "--value", "2").failed(ExitCode.USAGE, "2");
    one.godwit("resolve", "a.db", id, "--value", "NULL").done();
    bothHave("SELECT house || id || coalesce(room, '-') FROM lamp", "red7-");
    assertEquals("0", one.column("a.db", "SELECT count(*) FROM godwit_held").get(0));
  }

  @Test
  void aRowThatShowsNullForATakenValueIsListedAndSettled() {
    two.godwit("policy", "b.db", "line.place", "null", "where", "taken").done();
    sync();
    both("INSERT INTO line VALUES ('a', NULL, 1)", "INSERT INTO line VALUES ('b', NULL, 1)");
    bothHave("SELECT id || coalesce(place, '-') FROM line ORDER BY id", "a1", "b-");
    String out = one.godwit("conflicts", "a.db").done().out();
    assertTrue(out.contains("line 'b' wants place 1"), out);
    assertTrue(out.contains("Shows NULL while another row has that"), out);
    String id = id("kind = 'unique'");
    two.godwit("resolve", "b.db", id, "--keep-both").failed(ExitCode.USAGE, "not for two rows");
    two.godwit("resolve", "b.db", id, "--value", "2").done();
    bothHave("SELECT id || coalesce(place, '-') FROM line ORDER BY id", "a1", "b2");
    one.godwit("policy", "a.db", "line.id", "null", "where", "taken")
        .failed(ExitCode.SCHEMA, "outside the key");
  }
}
