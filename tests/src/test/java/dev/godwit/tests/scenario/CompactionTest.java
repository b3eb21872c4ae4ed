package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.Replica;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.report.CompactionReport;
import dev.godwit.sync.report.Comparison;
import dev.godwit.sync.report.DoctorOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts forget how they came about, and nobody notices. */
class CompactionTest {
  private static final String SCHEMA =
      "CREATE TABLE note (id TEXT PRIMARY KEY NOT NULL, title TEXT, body TEXT)";

  /** The edits of the text before a test begins. */
  private static final int EDITS = 24;

  @TempDir Path folder;
  private Devices devices;
  private Device a;
  private Device b;

  @BeforeEach
  void twoDevicesThatEditedOneNote() {
    devices = new Devices(folder);
    a = devices.device("a", SCHEMA, "note", set -> set.policy("note.body", ColumnPolicy.text()));
    b = devices.device("b", SCHEMA, "note");
    a.sql("INSERT INTO note VALUES ('n', 'first', 'the cat')");
    devices.syncAll();
    both("the black cat", "the cat sat");
    devices.syncAll();
    for (int i = 0; i < 20; i++) {
      a.write("UPDATE note SET body = 'the black cat sat" + "!".repeat(i % 7) + "'");
    }
    a.write("UPDATE note SET body = 'the black cat sat'");
    devices.syncAll();
    both("The black cat sat", "the black cat sat down");
    devices.syncAll();
  }

  @AfterEach
  void close() {
    devices.close();
  }

  private void both(String onA, String onB) {
    edit(a, onA);
    edit(b, onB);
  }

  private static void edit(Device device, String text) {
    device.sql("UPDATE note SET body = '" + text + "'");
  }

  /** Everybody writes something, so that everybody knows what everybody has seen. */
  private void acknowledge() {
    devices.syncAll();
    a.sql("UPDATE note SET title = title || 'a'");
    b.sql("UPDATE note SET title = title || 'b'");
    devices.syncAll();
  }

  /** As {@link #acknowledge()}, without the others. */
  private static void acknowledge(Device one, Device other) {
    Devices.meet(one, other);
    one.sql("UPDATE note SET title = title || 'a'");
    other.sql("UPDATE note SET title = title || 'b'");
    Devices.meet(one, other);
  }

  private void allShow(String text) {
    devices.syncAll();
    for (Device device : List.of(a, b)) {
      assertEquals(text, device.value("SELECT body FROM note"), device.name());
      assertTrue(device.replica().doctor().isHealthy(), () -> device.replica().doctor().toString());
    }
  }

  private static String states(Device device) {
    return String.join(
        "\n",
        Sqlite.text(device.path(), "SELECT hex(life), hex(state) FROM godwit_row ORDER BY 1"));
  }

  private static String conflicts(Device device) {
    return String.join("\n", ConflictViews.all(device));
  }

  @Test
  void forgettingChangesNothingThatIsSeen() {
    acknowledge();
    String rows = a.exactRows("note").toString();
    String conflicts = conflicts(a);
    String digest = a.replica().doctor().stateDigest();
    String version = a.value("SELECT * FROM godwit_version");
    CompactionReport report = a.replica().compact();
    assertEquals(1, report.textsCompacted());
    assertEquals(EDITS, report.editsForgotten());
    assertEquals(0, report.textsKept());
    assertTrue(report.bytesAfter() < report.bytesBefore(), report.toString());
    assertEquals(rows, a.exactRows("note").toString());
    assertEquals(conflicts, conflicts(a));
    assertEquals(digest, a.replica().doctor().stateDigest());
    assertEquals(version, a.value("SELECT * FROM godwit_version"));
    Comparison comparison = a.replica().compare(b.replica(), DoctorOptions.ofDefaults());
    assertTrue(comparison.isSame(), comparison.toString());
    both("The black cat sat down there", "Oh, the black cat sat down");
    allShow("Oh, the black cat sat down there");
  }

  @Test
  void forgettingAgainWritesNothing() {
    acknowledge();
    a.replica().compact();
    String states = states(a);
    String changes = a.value("PRAGMA data_version");
    CompactionReport report = a.replica().compact();
    assertEquals(0, report.textsCompacted());
    assertEquals(0, report.bytesBefore());
    assertEquals(1, report.texts());
    assertEquals(states, states(a));
    assertEquals(changes, a.value("PRAGMA data_version"));
  }

  @Test
  void whatSomebodyKnownMayNotHaveSeenIsRemembered() {
    acknowledge();
    edit(a, "The black cat sat down here");
    edit(a, "The white cat sat down here");
    CompactionReport report = a.replica().compact();
    String states = states(a);
    assertEquals(EDITS, report.editsForgotten());
    b.sql("UPDATE note SET body = 'A black cat sat down'");
    Devices.meet(a, b);
    assertEquals("A white cat sat down here", a.value("SELECT body FROM note"));
    assertNotEquals(states, states(a));
    allShow("A white cat sat down here");
  }

  /** A device that has joined, and has nothing of its own. */
  private Device reader() {
    Path path = folder.resolve("reader.db");
    Sqlite.run(path, SCHEMA);
    Device reader = devices.open("reader", path);
    Devices.meet(reader, a);
    reader.replica().accept(reader.replica().schemaProposal());
    assertEquals(0, reader.sequence());
    return reader;
  }

  @Test
  void aReaderThatWritesAtLastEditsWhatOthersHaveForgotten() {
    Device reader = reader();
    edit(a, "The black cat sat down here");
    acknowledge(a, b);
    assertEquals(EDITS + 1, a.replica().compact().editsForgotten());
    edit(a, "The black cat sat down here, now");
    edit(reader, "A big black cat sat down");
    devices.syncAll();
    assertEquals("A big black cat sat down here, now", reader.value("SELECT body FROM note"));
    allShow("A big black cat sat down here, now");
    // What had to be remembered is forgotten again as far as the reader is known to have seen it.
    assertEquals(EDITS, a.replica().compact().editsForgotten());
    reader.sql("UPDATE note SET title = 'read'");
    acknowledge();
    assertEquals(3, a.replica().compact().editsForgotten());
    allShow("A big black cat sat down here, now");
  }

  @Test
  void aDeviceThatJoinsLaterGetsTheWholeHistory() {
    acknowledge();
    a.replica().compact();
    b.replica().compact();
    Device c = devices.device("c", SCHEMA, "note");
    Devices.meet(c, a);
    edit(c, "The black cat sat down, sleepy");
    edit(a, "The tall black cat sat down");
    devices.syncAll();
    assertEquals("The tall black cat sat down, sleepy", c.value("SELECT body FROM note"));
  }

  @Test
  void aTextThatIsSetAnewOrWhoseRowComesBackGoesOnAfterForgetting() {
    acknowledge();
    a.replica().compact();
    Device c = devices.device("c", SCHEMA, "note");
    Devices.meet(c, b);
    a.sql("DELETE FROM note");
    edit(c, "The red cat sat down");
    devices.syncAll();
    assertEquals("The red cat sat down", a.value("SELECT body FROM note"));
    a.sql("UPDATE note SET body = NULL");
    devices.syncAll();
    a.sql("UPDATE note SET body = 'new'");
    devices.syncAll();
    both("new a", "b new");
    devices.syncAll();
    acknowledge();
    a.replica().compact();
    both("b new a.", "B new a");
    allShow("B new a.");
    b.sql("REPLACE INTO note VALUES ('n', 'x', 'whole')");
    a.sql("DELETE FROM note");
    devices.syncAll();
    assertEquals(a.exactRows("note"), b.exactRows("note"));
  }

  @Test
  void underAnotherPolicyAndBackNothingIsLostByForgetting() {
    acknowledge();
    a.replica().compact();
    both("The black cat sat down!", "O the black cat sat down");
    allShow("O the black cat sat down!");
    a.replica().policy("note.body", ColumnPolicy.lastWriterWins());
    devices.syncAll();
    assertEquals(a.exactRows("note"), b.exactRows("note"));
    a.replica().compact();
    b.replica().policy("note.body", ColumnPolicy.text());
    allShow("O the black cat sat down!");
  }

  @Test
  void aFormSavedAfterASyncIsBasedOnTheSameAsBefore() {
    acknowledge();
    String token = a.replica().version();
    a.replica().compact();
    edit(b, "the black cat sat down again");
    devices.syncAll();
    a.replica()
        .write(
            transaction -> {
              transaction.basedOn(token, "note", "n");
              transaction.execute("UPDATE note SET title = 'form'");
            });
    devices.syncAll();
    assertEquals("the black cat sat down again", a.value("SELECT body FROM note"));
    assertEquals(a.exactRows("note"), b.exactRows("note"));
  }

  @Test
  void aFileThatTakesANewIdentityStillKnowsWhatItForgot() throws Exception {
    acknowledge();
    a.replica().compact();
    Path copy = folder.resolve("copy.db");
    a.sql("VACUUM INTO '" + copy + "'");
    Device c = devices.open("c", copy);
    edit(c, "The black cat sat down, c");
    edit(a, "a The black cat sat down");
    Devices.meet(a, b);
    Devices.meet(c, b);
    devices.syncAll();
    assertEquals("a The black cat sat down, c", b.value("SELECT body FROM note"));
    acknowledge();
    c.sql("UPDATE note SET title = 'c'");
    devices.syncAll();
    c.replica().compact();
    both("a The black cat sat down, c.", "b The black cat sat down, c");
    devices.syncAll();
    assertEquals(a.exactRows("note"), c.exactRows("note"));
  }

  @Test
  void aDamagedLogIsAReasonToForgetNothing() {
    acknowledge();
    String states = states(a);
    a.sql(
        "DELETE FROM godwit_log WHERE sequence = 2 AND replica = (SELECT number FROM godwit_replica r"
            + " WHERE r.id <> (SELECT value FROM godwit_meta WHERE name = 'replica') AND r.sequence > 0)");
    CompactionReport report = a.replica().compact();
    assertEquals(0, report.textsCompacted());
    assertEquals(1, report.textsKept());
    assertEquals(states, states(a));
  }

  @Test
  void theEndOfTheProcessLeavesSomeTextsDoneAndNothingElseChanged() throws Exception {
    a.write(
        "WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 100)"
            + " INSERT INTO note SELECT 'n' || n, 'many', 'text ' || n FROM i");
    for (int edit = 0; edit < 25; edit++) {
      a.write("UPDATE note SET body = 'text ' || id || hex(randomblob(8)) WHERE title = 'many'");
    }
    acknowledge();
    List<String> rows = a.exactRows("note");
    long all = statementsOfCompaction(copy("whole"), Long.MAX_VALUE);
    boolean half = false;
    for (int moment = 1; moment <= 6; moment++) {
      Path file = copy("moment" + moment);
      long before = stateBytes(file);
      statementsOfCompaction(file, all * moment / 7);
      assertEquals(rows, Sqlite.exact(file, "SELECT * FROM note"), "moment " + moment);
      long ended = stateBytes(file);
      statementsOfCompaction(file, Long.MAX_VALUE);
      half |= ended < before && stateBytes(file) < ended;
      assertEquals(rows, Sqlite.exact(file, "SELECT * FROM note"), "moment " + moment);
      try (Replica replica = Replica.open(new FastSqlite(file))) {
        assertTrue(replica.doctor().isHealthy());
        assertEquals(0, replica.compact().textsCompacted());
      }
    }
    assertTrue(half, "expected a moment at which some texts were done and others not");
  }

  private Path copy(String name) {
    Path copy = folder.resolve(name + ".db");
    a.sql("VACUUM INTO '" + copy + "'");
    return copy;
  }

  private static long stateBytes(Path file) {
    return Long.parseLong(Sqlite.text(file, "SELECT sum(length(state)) FROM godwit_row").get(0));
  }

  private static long statementsOfCompaction(Path file, long endAfter) {
    WatchedSqlite source = new WatchedSqlite(file);
    try (Replica replica = Replica.open(source)) {
      long before = source.statements();
      if (endAfter < Long.MAX_VALUE) {
        source.endAfter(endAfter);
      }
      try {
        replica.compact();
      } catch (WatchedSqlite.Ended ended) {
        source.end();
      }
      return source.statements() - before;
    }
  }

  @Test
  void aColumnThatCameLaterIsForgottenToo() {
    List<Device> all = new ArrayList<>(List.of(a, b));
    for (Device device : all) {
      device.sql("ALTER TABLE note ADD COLUMN more TEXT DEFAULT 'some text'");
    }
    a.replica().policy("note.more", ColumnPolicy.text());
    devices.syncAll();
    a.sql("UPDATE note SET more = 'some longer text'");
    devices.syncAll();
    acknowledge();
    String rows = a.exactRows("note").toString();
    a.replica().compact();
    assertEquals(rows, a.exactRows("note").toString());
    a.sql("UPDATE note SET more = 'some longer text, a'");
    b.sql("UPDATE note SET more = 'b some longer text'");
    devices.syncAll();
    assertEquals(a.exactRows("note"), b.exactRows("note"));
  }
}
