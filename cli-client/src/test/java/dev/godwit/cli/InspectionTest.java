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

/** What status, log, conflicts and doctor show of two desks that wrote at the same time. */
class InspectionTest {
  @TempDir Path folder;
  private Desk one;
  private Desk two;
  private Relay relay;

  @BeforeEach
  void writeOnBoth() throws IOException {
    relay = Relay.builder().port(0).data(folder.resolve("relay")).build().start();
    one = new Desk(folder.resolve("one"));
    two = new Desk(folder.resolve("two"));
    one.sql(
        "a.db",
        "CREATE TABLE \"a table with quite a long name for a table, one must say so\""
            + " (\"the key of it\" TEXT PRIMARY KEY NOT NULL, \"text of any length\" TEXT)",
        "CREATE TABLE keyless (x)",
        "INSERT INTO \"a table with quite a long name for a table, one must say so\""
            + " VALUES ('k"
            + "e".repeat(90)
            + "y', 'first')");
    one.godwit("init", "a.db", "--name", "o" + "n".repeat(60) + "e").done();
    String invitation = one.godwit("share", "a.db", relay.url()).done().out().trim();
    two.godwit("join", "b.db", invitation, "--name", "two").done();
    String update = "UPDATE \"a table with quite a long name for a table, one must say so\"";
    one.sql("a.db", update + " SET \"text of any length\" = 'one " + "1".repeat(100) + "'");
    two.sql("b.db", update + " SET \"text of any length\" = 'two\u001b[31m' || char(10) || 'red'");
    one.godwit("sync", "a.db").done();
    two.godwit("sync", "b.db").done();
  }

  @AfterEach
  void stop() {
    relay.close();
  }

  @Test
  void everythingFitsEightyColumnsAndHoldsNoControlCharacters() {
    for (List<String> verb :
        List.of(
            List.of("status", "b.db"),
            List.of("log", "b.db"),
            List.of("log", "b.db", "--changes"),
            List.of("conflicts", "b.db"),
            List.of("doctor", "b.db"))) {
      String out = two.godwit(verb.toArray(new String[0])).done().out();
      for (String line : out.lines().toList()) {
        boolean path = line.startsWith("credentials");
        assertTrue(path || line.codePointCount(0, line.length()) <= 80, verb + ": " + line);
        assertFalse(line.contains("\u001b"), verb + ": " + line);
      }
    }
  }

  @Test
  void aConflictShowsBothValuesAndWhatWasBefore() {
    String out = two.godwit("conflicts", "b.db").done().out();
    assertTrue(out.contains("'one 1111"), out);
    assertTrue(out.contains("'two\\u{1b}[31m red'"), out);
    assertTrue(out.contains("'first'"), out);
  }

  @Test
  void longListingsGoOnWhereThePageBeforeEnded() {
    String first = two.godwit("log", "b.db", "--limit", "1").done().out();
    assertTrue(first.contains("more: --after "), first);
    String place = first.substring(first.indexOf("--after ") + 8).trim();
    String second = two.godwit("log", "b.db", "--limit", "1", "--after", place).done().out();
    assertFalse(second.lines().toList().get(1).equals(first.lines().toList().get(1)), second);
    two.godwit("log", "b.db", "--limit", "0").failed(ExitCode.USAGE, "limit");
    two.godwit("log", "b.db", "--after", "nonsense").failed(ExitCode.USAGE, "");
  }

  @Test
  void doctorTellsHealthyDamagedAndDifferentFilesApart() {
    String other = one.path("a.db").toString();
    two.godwit("doctor", "b.db").done();
    Desk.Said apart = two.godwit("doctor", "b.db", other);
    assertEquals(ExitCode.DIFFERENCE.number(), apart.exitCode(), apart.out() + apart.log());
    assertTrue(apart.out().contains("not synced"), apart.out());
    one.godwit("sync", "a.db").done();
    assertTrue(two.godwit("doctor", "b.db", other).done().out().contains("same: both hold"));
    two.sql("b.db", "DELETE FROM godwit_row WHERE table_number > 3");
    Desk.Said damaged = two.godwit("doctor", "b.db");
    assertEquals(ExitCode.DIFFERENCE.number(), damaged.exitCode(), damaged.out());
    assertTrue(damaged.out().contains("DAMAGED"), damaged.out());
    assertTrue(damaged.out().contains("try: "), damaged.out());
    for (String line : damaged.out().lines().toList()) {
      assertTrue(line.length() <= 80 || !line.trim().contains(" "), line);
    }
  }

  @Test
  void statusTellsWhatTheRelayDoesNotHoldYet() {
    String before = two.godwit("status", "b.db").done().out();
    assertTrue(before.contains("holds all that was written here"), before);
    two.sql("b.db", "DELETE FROM \"a table with quite a long name for a table, one must say so\"");
    String after = two.godwit("status", "b.db").done().out();
    assertTrue(after.contains("does not hold yet 1 transaction"), after);
    assertTrue(after.contains("keyless"), after);
  }

  @Test
  void aPolicyGivenAtInitDecidesOnEveryDevice() {
    one.sql(
        "p.db",
        "CREATE TABLE scores (name TEXT PRIMARY KEY NOT NULL, best INTEGER)",
        "INSERT INTO scores VALUES ('x', 1)");
    one.godwit("init", "p.db", "--policy", "scores.best=most").failed(ExitCode.USAGE, "most");
    one.godwit("init", "p.db", "--policy", "scores.none=max").failed(ExitCode.SCHEMA, "none");
    one.godwit("init", "p.db", "--policy", "scores.best=max").done();
    String invitation = one.godwit("share", "p.db", relay.url()).done().out().trim();
    two.godwit("join", "q.db", invitation).done();
    one.sql("p.db", "UPDATE scores SET best = 9");
    two.sql("q.db", "UPDATE scores SET best = 5");
    one.godwit("sync", "p.db").done();
    two.godwit("sync", "q.db").done();
    one.godwit("sync", "p.db").done();
    assertEquals(List.of("9"), one.column("p.db", "SELECT best FROM scores"));
    assertEquals(List.of("9"), two.column("q.db", "SELECT best FROM scores"));
  }

  @Test
  void compactTellsWhatItForgotAndChangesNoRow() {
    one.sql(
        "c.db",
        "CREATE TABLE note (id TEXT PRIMARY KEY NOT NULL, body TEXT)",
        "INSERT INTO note VALUES ('x', 'begun')");
    one.godwit("init", "c.db", "--policy", "note.body=text").done();
    assertEquals("nothing to forget in 0 texts\n", one.godwit("compact", "c.db").done().out());
    for (int i = 0; i < 30; i++) {
      one.sql("c.db", "UPDATE note SET body = 'begun ' || hex(randomblob(10))");
      one.godwit("status", "c.db").done();
    }
    List<String> rows = one.column("c.db", "SELECT body FROM note");
    String said = one.godwit("compact", "c.db").done().out();
    assertTrue(
        said.matches("forgot \\d+ edits? in 1 of 1 text: \\d+ bytes of state are \\d+\n"), said);
    assertEquals(rows, one.column("c.db", "SELECT body FROM note"));
    assertEquals("nothing to forget in 1 text\n", one.godwit("compact", "c.db").done().out());
    one.godwit("doctor", "c.db").done();
    one.godwit("compact", "none.db").failed(ExitCode.FILE, "none.db");
  }

  @Test
  void anOpenConflictIsShownUntilSomebodyWritesTheValue() {
    one.sql(
        "m.db",
        "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v TEXT)",
        "INSERT INTO t VALUES ('x', '0')");
    one.godwit("init", "m.db", "--policy", "t.v=manual").done();
    String invitation = one.godwit("share", "m.db", relay.url()).done().out().trim();
    two.godwit("join", "n.db", invitation).done();
    one.sql("m.db", "UPDATE t SET v = 'a'");
    two.sql("n.db", "UPDATE t SET v = 'b'");
    one.godwit("sync", "m.db").done();
    String said = two.godwit("sync", "n.db").done().out();
    assertTrue(said.contains("1 open conflict, somebody should decide"), said);
    String listed = two.godwit("conflicts", "n.db").done().out();
    assertTrue(listed.contains("t 'x'.v"), listed);
    assertTrue(listed.contains("TO BE SETTLED"), listed);
    assertTrue(two.godwit("status", "n.db").done().out().contains("1 to be settled"));
    two.sql("n.db", "UPDATE t SET v = 'both'");
    assertFalse(two.godwit("sync", "n.db").done().out().contains("open conflict"));
    assertFalse(two.godwit("conflicts", "n.db").done().out().contains("TO BE SETTLED"));
  }
}
