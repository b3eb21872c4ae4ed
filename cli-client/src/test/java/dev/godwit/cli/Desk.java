package dev.godwit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.session.Environment;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One machine: a folder of files, a configuration of its own, and the command, in this process. */
final class Desk {
  private final Path folder;

  /** What a command did. */
  record Said(int exitCode, String out, String log) {
    /** It succeeded. */
    Said done() {
      assertEquals(0, exitCode, () -> "expected success but got: " + out + log);
      return this;
    }

    /** It failed so, with one line on what and one on what to try. */
    Said failed(ExitCode expected, String about) {
      assertEquals(expected.number(), exitCode, () -> "from: " + out + log);
      List<String> lines =
          log.lines().filter(line -> !line.startsWith("what has arrived")).toList();
      List<String> last = lines.subList(Math.max(0, lines.size() - 2), lines.size());
      assertTrue(
          last.size() == 2 && last.get(0).startsWith("godwit: ") && last.get(1).startsWith("try: "),
          () -> "expected one line and what to try but got: " + log);
      assertTrue(last.get(0).contains(about), () -> "expected '" + about + "' in: " + log);
      assertFalse(log.contains("\tat "), () -> "expected no stack trace in: " + log);
      return this;
    }
  }

  Desk(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  Path path(String file) {
    return folder.resolve(file);
  }

  /** Runs a command line; words that name files of the folder are meant so. */
  Said godwit(String... arguments) {
    return answering("", arguments);
  }

  /** The same with these lines on standard input. */
  Said answering(String input, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter log = new StringWriter();
    Environment environment =
        Environment.of(
                new PrintWriter(out, true),
                new PrintWriter(log, true),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                Map.of("GODWIT_HOME", folder.resolve("config").toString(), "HOSTNAME", "desk"))
            .at(folder);
    int exitCode = Godwit.run(environment, arguments);
    return new Said(exitCode, out.toString(), log.toString());
  }

  /** Runs SQL as any other program would. */
  void sql(String file, String... statements) {
    try (Connection connection = connect(file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  Connection connect(String file) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + path(file));
  }

  /** The values of a query's first column. */
  List<String> column(String file, String query) {
    List<String> values = new ArrayList<>();
    try (Connection connection = connect(file);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return values;
  }

  /** Every file of the folder with its length and a sum, to see that nothing has changed. */
  Map<String, String> everything() throws IOException {
    Map<String, String> found = new TreeMap<>();
    for (Path file : files()) {
      java.util.zip.CRC32 sum = new java.util.zip.CRC32();
      sum.update(Files.readAllBytes(file));
      found.put(
          folder.relativize(file).toString(), Files.size(file) + " bytes, sum " + sum.getValue());
    }
    return found;
  }

  /** The names of files that hold this text. */
  List<String> filesThatHold(String text) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : files()) {
      if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
        found.add(folder.relativize(file).toString());
      }
    }
    return found;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().collect(Collectors.toList());
    }
  }
}
