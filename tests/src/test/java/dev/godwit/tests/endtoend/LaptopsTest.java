package dev.godwit.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Laptops with one calendar through a relay, everything as processes of their own. */
class LaptopsTest {
  private static final String EVENTS =
      "CREATE TABLE events (id TEXT PRIMARY KEY NOT NULL, title TEXT, notes TEXT)";
  private static final String ALL = "SELECT * FROM events ORDER BY id";

  @TempDir Path folder;
  private Machine home;
  private Machine work;
  private RelayOnAPort relay;
  private String invitation;

  @BeforeEach
  void shareAndJoin() {
    SqliteShell.require();
    Path bin = InstalledCommand.in(folder);
    relay = new RelayOnAPort(new Machine(folder.resolve("relay"), bin));
    home = new Machine(folder.resolve("home"), bin);
    work = new Machine(folder.resolve("work"), bin);
    home.sqlite("a.db", EVENTS + "; INSERT INTO events VALUES ('1', 'Dentist', NULL)");
    home.godwit("init a.db").done();
    invitation = home.godwit("share a.db " + relay.url()).done().out().trim();
    work.godwit("join b.db '" + invitation + "'").done();
  }

  @AfterEach
  void stop() {
    if (relay != null) {
      relay.close();
    }
  }

  @Test
  void whatBothWroteOfflineMeetsAlsoWhenTheRelayIsKilledInBetween() throws IOException {
    relay.kill();
    home.sqlite(
        "a.db",
        "UPDATE events SET title = 'Dentist, early'; INSERT INTO events VALUES ('h', 'Home', 'x')");
    work.sqlite(
        "b.db",
        "UPDATE events SET notes = 'bring X-rays'; INSERT INTO events VALUES ('w', 'Work', x'00ff')");
    Machine.Said offline = home.godwit("sync a.db --timeout 1");
    assertEquals(6, offline.exitCode(), offline.log());
    assertTrue(offline.log().contains("try: "), offline.log());
    relay.start();
    home.godwit("sync a.db").done();

    work.sqlite(
        "b.db",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
            + " INSERT INTO events SELECT 'bulk' || i, 'Event ' || i, hex(randomblob(200)) FROM n");
    Machine.Running pushing = work.begin("godwit sync b.db --timeout 5");
    Path stored = folder.resolve("relay/data");
    while (sizeOf(stored) < 1_500_000 && !Machine.endsWithin(pushing.process(), 1)) {
      // Until the relay has stored some of it.
    }
    relay.kill();
    int cut = Machine.end(pushing).exitCode();
    assertTrue(cut == 6 || cut == 0, "expected a cut or a finished sync but got exit code " + cut);
    relay.start();
    work.godwit("sync b.db").done();
    home.godwit("sync a.db").done();
    work.godwit("sync b.db").done();
    assertEquals("20003", home.sqlite("a.db", "SELECT count(*) FROM events"));
    assertEquals(
        "Dentist, early|bring X-rays",
        home.sqlite("a.db", "SELECT title, notes FROM events WHERE id = '1'"));
    assertEquals(work.rows("b.db", ALL), home.rows("a.db", ALL));
    Machine.Said stopped = relay.stop();
    assertTrue(stopped.out().contains("relay stopped"), stopped.out());
  }

  private static long sizeOf(Path data) throws IOException {
    long size = 0;
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        size += Files.isRegularFile(file) ? file.toFile().length() : 0;
      }
    }
    return size;
  }

  @Test
  void aCopiedFileGetsAnIdentityOfItsOwnAndTheUserReadsSo() throws IOException {
    String original = replica(home, "a.db");
    Files.copy(home.path("a.db"), home.path("copy.db"));
    home.sqlite("a.db", "INSERT INTO events VALUES ('o', 'original', NULL)");
    home.sqlite("copy.db", "INSERT INTO events VALUES ('c', 'copy', NULL)");
    home.godwit("sync a.db").done();
    Machine.Said said = home.godwit("sync copy.db").done();
    assertTrue(said.all().contains("continues as a new replica"), said.all());
    home.godwit("sync a.db").done();
    work.godwit("sync b.db").done();
    assertEquals(original, replica(home, "a.db"));
    assertNotEquals(original, replica(home, "copy.db"));
    List<String> rows = home.rows("a.db", ALL);
    assertEquals(3, rows.size(), rows.toString());
    assertEquals(rows, home.rows("copy.db", ALL));
    assertEquals(rows, work.rows("b.db", ALL));
    assertTrue(home.godwit("sync copy.db").done().all().contains("nothing new"));
  }

  private static String replica(Machine machine, String file) {
    String json = machine.godwit("status --json " + file).done().out();
    int at = json.indexOf("\"replica\":\"") + 11;
    return json.substring(at, at + 32);
  }

  @Test
  void processesOnOneFileWaitForEachOtherAndLoseNothing() {
    List<Machine.Running> running = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      running.add(home.begin("godwit sync a.db"));
      for (int i = 0; i < 5; i++) {
        home.sqlite("a.db", "INSERT INTO events VALUES ('" + round + "-" + i + "', 't', NULL)");
      }
    }
    for (Machine.Running each : running) {
      Machine.end(each).done();
    }
    home.godwit("sync a.db").done();
    work.godwit("sync b.db").done();
    assertEquals("16", work.sqlite("b.db", "SELECT count(*) FROM events"));
    assertEquals(home.rows("a.db", ALL), work.rows("b.db", ALL));
  }

  @Test
  void watchingSendsWhatIsWrittenAndCtrlCEndsIt() {
    Machine.Running watching = home.begin("exec godwit sync a.db --watch");
    home.sqlite("a.db", "INSERT INTO events VALUES ('w', 'watched', NULL)");
    watching.awaitOutput("sent 1");
    watching.process().destroy();
    Machine.Said said = Machine.end(watching);
    assertTrue(said.log().contains("stopped watching"), said.log());
    work.godwit("sync b.db").done();
    assertEquals("watched", work.sqlite("b.db", "SELECT title FROM events WHERE id = 'w'"));
  }
}
