package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.godwit.sync.Replica;
import dev.godwit.sync.sqlite.JdbcSqlite;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever writes to the file, with whatever settings: the write succeeds and is captured. */
class WriterTest extends TwoDevices {
  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(
        process.waitFor(60, TimeUnit.SECONDS), "still running: " + String.join(" ", command));
    assertEquals(0, process.exitValue(), output);
    return output;
  }

  private static String shell(Path path, String... sql) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("sqlite3", "-bail", path.toString()));
    command.addAll(List.of(sql));
    return run(command.toArray(new String[0]));
  }

  private static void assumeShell() {
    boolean there = false;
    for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
      there |= new File(folder, "sqlite3").canExecute();
    }
    assumeTrue(there, "there is no sqlite3 command on this machine");
  }

  @Test
  void theStockShellWritesAndIsCaptured() throws IOException, InterruptedException {
    assumeShell();
    startWithT("(1, 'a', 'b')");
    String printed =
        shell(
            a.path(),
            "INSERT INTO t (v, w) VALUES ('from the shell', x'00ff')",
            "UPDATE t SET v = 'edited' WHERE id = 1",
            "REPLACE INTO t VALUES (3, 1.5, NULL)",
            "SELECT last_insert_rowid(), changes()");
    assertEquals("3|1", printed.trim());
    bothHaveT("[1, 'edited', 'b']", "[2, 'from the shell', x'00ff']", "[3, 1.5, NULL]");
    shell(
        b.path(),
        "PRAGMA foreign_keys = ON; BEGIN; DELETE FROM t WHERE id = 3; SAVEPOINT s; DELETE FROM t; ROLLBACK TO s; COMMIT;");
    bothHaveT("[1, 'edited', 'b']", "[2, 'from the shell', x'00ff']");
  }

  /** What a second process does: a hundred transactions through the library. */
  public static final class OtherProcess {
    private OtherProcess() {}

    public static void main(String[] arguments) {
      try (Replica replica = Replica.open(JdbcSqlite.at(arguments[0]))) {
        for (int i = 0; i < 100; i++) {
          String value = arguments[1] + i;
          replica.write(transaction -> transaction.execute("INSERT INTO t (v) VALUES (?)", value));
        }
      }
    }
  }

  @Test
  void twoProcessesWriteAHundredTransactionsEachAndNoSequenceIsUsedTwice() throws Exception {
    startWithT();
    List<Process> processes = new ArrayList<>();
    for (String name : List.of("one", "two")) {
      processes.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  OtherProcess.class.getName(),
                  a.path().toString(),
                  name)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve(name + ".txt").toFile())
              .start());
    }
    for (Process process : processes) {
      assertTrue(process.waitFor(120, TimeUnit.SECONDS));
      assertEquals(
          0,
          process.exitValue(),
          java.nio.file.Files.readString(folder.resolve("one.txt"))
              + java.nio.file.Files.readString(folder.resolve("two.txt")));
    }
    Set<Long> sequences = new HashSet<>();
    List<Device.Sealed> sealed = a.sealed();
    sealed.forEach(one -> assertTrue(sequences.add(one.header().dot().sequence())));
    assertEquals(200, sealed.size());
    devices.syncAll();
    assertEquals("200|200", b.value("SELECT count(*), count(DISTINCT v) FROM t"));
    assertEquals("200", b.value("SELECT count(*) FROM t WHERE typeof(v) = 'text' AND id > 0"));
  }

  @Test
  void twoProgramsThatWriteInTurnAreBothCaptured() throws SQLException {
    startWithT();
    try (Connection one = Sqlite.connect(a.path());
        Connection two = Sqlite.connect(a.path());
        Statement first = one.createStatement();
        Statement second = two.createStatement()) {
      for (int i = 0; i < 30; i++) {
        first.executeUpdate("INSERT INTO t (v) VALUES ('first')");
        second.executeUpdate("UPDATE t SET w = 'second' WHERE id = " + (i + 1));
        if (i % 10 == 5) {
          a.write("UPDATE t SET v = 'library' WHERE id = " + i);
          a.replica().seal();
        }
      }
    }
    devices.syncAll();
    assertEquals(
        "30|30|3", b.value("SELECT count(*), sum(w = 'second'), sum(v = 'library') FROM t"));
    noConflicts();
  }

  @ParameterizedTest
  @ValueSource(strings = {"delete", "wal", "truncate", "persist", "memory"})
  void everyJournalModeStaysTheUsersAndIsCaptured(String mode) {
    startWithT("(1, 'a', 'b')");
    String set = a.value("PRAGMA journal_mode = " + mode);
    assertEquals(mode, set);
    a.sql(
        "PRAGMA journal_mode = " + mode,
        "INSERT INTO t VALUES (2, 'c', 'd')",
        "UPDATE t SET v = 'x' WHERE id = 1");
    b.sql("UPDATE t SET w = 'y' WHERE id = 1");
    bothHaveT("[1, 'x', 'y']", "[2, 'c', 'd']");
    if (mode.equals("wal")) {
      assertEquals("wal", a.value("PRAGMA journal_mode"));
    }
    noConflicts();
  }

  @Test
  void settingsOfTheWriterDoNotMatter() {
    startWithT("(1, 'a', 'b')", "(2, 'a', 'b')");
    int id = 10;
    for (String setting :
        List.of(
            "foreign_keys = ON",
            "recursive_triggers = ON",
            "case_sensitive_like = ON",
            "reverse_unordered_selects = ON",
            "trusted_schema = OFF",
            "defer_foreign_keys = ON",
            "ignore_check_constraints = ON",
            "count_changes = OFF",
            "cell_size_check = ON",
            "automatic_index = OFF",
            "temp_store = FILE",
            "cache_size = 5",
            "legacy_alter_table = ON")) {
      a.sql(
          "PRAGMA " + setting,
          "INSERT INTO t VALUES (" + id++ + ", 'new', 0)",
          "UPDATE t SET w = w + 1 WHERE id > 9",
          "REPLACE INTO t VALUES (1, 'a', " + id + ")");
    }
    List<String> rows = a.rows("SELECT * FROM t ORDER BY id");
    bothHaveT(rows.toArray(new String[0]));
    assertEquals(15, rows.size());
    noConflicts();
  }

  @Test
  void aTableOfTheSameNameInAnAttachedFileIsAnotherTable() {
    startWithT("(1, 'a', 'b')");
    Path other = folder.resolve("other.db");
    Sqlite.run(other, T + "; INSERT INTO t VALUES (1, 'other', NULL)");
    long sequence = a.sequence();
    a.sql(
        "ATTACH '" + other + "' AS other",
        "UPDATE other.t SET v = 'x'",
        "INSERT INTO other.t VALUES (2, 'y', NULL)",
        "DELETE FROM other.t WHERE id = 1");
    assertEquals("0", a.value("SELECT count(*) FROM godwit_pending"));
    assertEquals(sequence, a.sequence());
    Sqlite.run(
        other,
        "ATTACH '" + a.path() + "' AS tracked",
        "INSERT INTO tracked.t VALUES (5, 'through attach', NULL)",
        "INSERT INTO t SELECT id + 100, v, w FROM tracked.t");
    bothHaveT("[1, 'a', 'b']", "[5, 'through attach', NULL]");
  }

  @Test
  void aTemporaryTableAndTemporaryTriggersDoNotConfuseCapture() {
    startWithT("(1, 'a', 'b')");
    a.sql(
        "CREATE TEMP TABLE t (id INTEGER PRIMARY KEY, v, w)",
        "INSERT INTO temp.t VALUES (1, 'temporary', NULL)",
        "UPDATE t SET v = 'temporary too'",
        "CREATE TEMP TRIGGER also AFTER UPDATE ON main.t BEGIN UPDATE main.t SET w = 'by a temporary trigger' WHERE id = NEW.id; END",
        "UPDATE main.t SET v = 'real'",
        "INSERT INTO main.t VALUES (2, 'c', 'd')");
    bothHaveT("[1, 'real', 'by a temporary trigger']", "[2, 'c', 'd']");
    noConflicts();
  }

  @Test
  void aTransactionThatStaysOpenForLongIsNeitherSealedEarlyNorLost() throws SQLException {
    startWithT("(1, 'a', 'b')");
    a.sql("PRAGMA journal_mode = WAL");
    try (Connection connection = Sqlite.connect(a.path());
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      statement.executeUpdate("UPDATE t SET v = 'open'");
      assertEquals(0, a.replica().seal(), "what is not committed is not there");
      statement.execute("COMMIT");
    }
    assertEquals(1, a.replica().seal());
    bothHaveT("[1, 'open', 'b']");
    assertFalse(a.sealed().isEmpty());
  }

  @Test
  void aCrashOfTheWriterLeavesWholeTransactions() throws Exception {
    assumeShell();
    startWithT("(1, 'a', 'b')");
    Process process =
        new ProcessBuilder("sqlite3", a.path().toString()).redirectErrorStream(true).start();
    process
        .getOutputStream()
        .write(
            "INSERT INTO t VALUES (2, 'whole', NULL);\nBEGIN;\nUPDATE t SET v = 'half';\nSELECT 'done';\n"
                .getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    byte[] done = new byte[4];
    process.getInputStream().readNBytes(done, 0, 4);
    process.destroyForcibly().waitFor();
    bothHaveT("[1, 'a', 'b']", "[2, 'whole', NULL]");
  }
}
