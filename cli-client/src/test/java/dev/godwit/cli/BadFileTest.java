package dev.godwit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.godwit.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that cannot be used: one clear error, nothing changed, and the next attempt works. */
class BadFileTest {
  private static final String EVENTS =
      "CREATE TABLE events (id TEXT PRIMARY KEY NOT NULL, title TEXT)";
  private static final List<List<String>> ALL_VERBS =
      List.of(
          List.of("init"),
          List.of("untrack"),
          List.of("share", "http://127.0.0.1:9"),
          List.of("invite"),
          List.of("sync"),
          List.of("status"),
          List.of("log"),
          List.of("conflicts"));

  @TempDir Path folder;
  private Desk desk;

  @BeforeEach
  void sitDown() throws IOException {
    desk = new Desk(folder);
  }

  @Test
  void aMissingFileIsNamedAndNotMade() throws IOException {
    for (List<String> verb : ALL_VERBS) {
      run(verb, "none.db").failed(ExitCode.FILE, "there is no file none.db");
    }
    assertEquals(Map.of(), desk.everything());
  }

  @Test
  void aFolderIsNoFile() throws IOException {
    Files.createDirectory(desk.path("folder"));
    for (List<String> verb : ALL_VERBS) {
      run(verb, "folder").failed(ExitCode.FILE, "folder is a folder");
    }
  }

  @Test
  void aFileThatIsNoDatabaseStaysAsItIs() throws IOException {
    Files.write(
        desk.path("letter.db"), "Dear Sir or Madam, ".repeat(400).getBytes(StandardCharsets.UTF_8));
    Map<String, String> before = desk.everything();
    for (List<String> verb : ALL_VERBS) {
      run(verb, "letter.db").failed(ExitCode.FILE, "no SQLite database");
    }
    assertEquals(before, desk.everything());
  }

  @Test
  void aDamagedFileStaysAsItIs() throws IOException {
    desk.sql("torn.db", EVENTS, "INSERT INTO events VALUES ('a', 'b')");
    byte[] bytes = Files.readAllBytes(desk.path("torn.db"));
    for (int i = 100; i < 4_096; i++) {
      bytes[i] = (byte) (i * 31);
    }
    Files.write(desk.path("torn.db"), bytes);
    Map<String, String> before = desk.everything();
    for (List<String> verb : ALL_VERBS) {
      run(verb, "torn.db").failed(ExitCode.FILE, "damaged");
    }
    assertEquals(before, desk.everything());
  }

  @Test
  void aReadOnlyFileIsRefusedAndWorksOnceItCanBeWritten() throws IOException {
    assumeFalse("root".equals(System.getProperty("user.name")), "root may write everything");
    desk.sql("fixed.db", EVENTS);
    assertTrue(desk.path("fixed.db").toFile().setReadOnly());
    desk.godwit("init", "fixed.db").failed(ExitCode.FILE, "cannot be written");
    assertTrue(desk.path("fixed.db").toFile().setWritable(true));
    desk.godwit("init", "fixed.db").done();
  }

  @Test
  void aLockedFileIsWaitedForThenRefusedAndWorksOnceItIsFree() throws IOException, SQLException {
    desk.sql("busy.db", EVENTS);
    Map<String, String> before = desk.everything();
    try (Connection other = desk.connect("busy.db");
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      desk.godwit("init", "busy.db").failed(ExitCode.LOCKED, "locked by another program");
      statement.execute("ROLLBACK");
    }
    assertEquals(before, desk.everything());
    desk.godwit("init", "busy.db").done();
  }

  @Test
  void anEmptyFileHasNothingToTrack() throws IOException {
    Files.createFile(desk.path("empty.db"));
    desk.godwit("init", "empty.db").failed(ExitCode.SCHEMA, "no tables");
    assertEquals(0, Files.size(desk.path("empty.db")));
  }

  @Test
  void aTableWithoutKeyIsRefusedWithTheWayOutAndTheFileStays() throws IOException {
    desk.sql("notes.db", EVENTS, "CREATE TABLE notes (text)");
    Map<String, String> before = desk.everything();
    desk.godwit("init", "notes.db", "--table", "events", "--table", "notes")
        .failed(ExitCode.SCHEMA, "notes has no primary key: rebuild it with one");
    assertEquals(before, desk.everything());
  }

  @Test
  void withoutNamesTablesThatCannotBeTrackedAreLeftOutWithAWarning() {
    desk.sql("notes.db", EVENTS, "CREATE TABLE notes (text)");
    Desk.Said said = desk.godwit("init", "notes.db").done();
    assertTrue(said.out().contains("tracking events, 0 rows"), said.out());
    assertTrue(
        said.log().contains("warning: not tracked: table notes has no primary key"), said.log());
  }

  @Test
  void whenNoTableCanBeTrackedTheFileStays() throws IOException {
    desk.sql("notes.db", "CREATE TABLE notes (text)");
    Map<String, String> before = desk.everything();
    desk.godwit("init", "notes.db").failed(ExitCode.SCHEMA, "no table of notes.db can be tracked");
    assertEquals(before, desk.everything());
  }

  @Test
  void anUnknownTableIsNamedTogetherWithThoseThatAreThere() throws IOException {
    desk.sql("a.db", EVENTS);
    Map<String, String> before = desk.everything();
    desk.godwit("init", "a.db", "--table", "event").failed(ExitCode.SCHEMA, "the file has events");
    assertEquals(before, desk.everything());
    desk.godwit("init", "a.db").done();
    desk.godwit("untrack", "a.db", "event").failed(ExitCode.SCHEMA, "'event'");
  }

  @Test
  void aFileThatIsNotTrackedSaysHowToBegin() throws IOException {
    desk.sql("plain.db", EVENTS);
    Map<String, String> before = desk.everything();
    for (List<String> verb : ALL_VERBS.subList(1, ALL_VERBS.size())) {
      run(verb, "plain.db").failed(ExitCode.SCHEMA, "plain.db is not tracked");
    }
    assertEquals(before, desk.everything());
  }

  @Test
  void aFileWithoutRelaySaysHowToGetOne() {
    desk.sql("a.db", EVENTS);
    desk.godwit("init", "a.db").done();
    desk.godwit("sync", "a.db").failed(ExitCode.NO_ACCESS, "a.db has no relay on this machine");
    desk.godwit("invite", "a.db").failed(ExitCode.NO_ACCESS, "a.db has no relay on this machine");
  }

  @Test
  void untrackingTheWholeFileLeavesTheRowsAndNothingOfGodwit() {
    desk.sql("a.db", EVENTS, "INSERT INTO events VALUES ('a', 'b')");
    desk.godwit("init", "a.db").done();
    desk.godwit("untrack", "a.db").done();
    assertEquals(
        List.of("events"),
        desk.column("a.db", "SELECT name FROM sqlite_master WHERE sql IS NOT NULL"));
    assertEquals(List.of("b"), desk.column("a.db", "SELECT title FROM events"));
  }

  @Test
  void aWronglyWrittenCommandSaysWhereTheHelpIs() {
    desk.godwit("init").failed(ExitCode.USAGE, "FILE");
    desk.godwit("sink", "a.db").failed(ExitCode.USAGE, "sink");
    desk.godwit("sync", "a.db", "--timeout", "soon").failed(ExitCode.USAGE, "soon");
  }

  private Desk.Said run(List<String> verb, String file) {
    List<String> arguments = new java.util.ArrayList<>(verb);
    arguments.add(1, file);
    return desk.godwit(arguments.toArray(new String[0]));
  }
}
