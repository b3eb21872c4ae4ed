package dev.godwit.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.relay.Relay;
import dev.godwit.sync.Replica;
import dev.godwit.sync.SyncReport;
import dev.godwit.sync.sqlite.JdbcSqlite;
import dev.godwit.sync.transport.HttpRemote;
import dev.godwit.sync.transport.Invitation;
import dev.godwit.sync.transport.RelaySpaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the README shows is what happens: its commands are run, its Java is this file's. */
class ReadmeTest {
  private static final Path ROOT = Path.of(System.getProperty("godwit.root"));
  private static final Pattern PROMPT = Pattern.compile("(home|office|relay)\\$ (.*)");
  private static final Pattern INVITATION = Pattern.compile("godwit\\+http\\S+#[\\w-]+");

  @TempDir Path folder;

  /** One command of the README, and the lines below it. */
  private record Step(String machine, String command, List<String> output) {}

  @Test
  void everyCommandPrintsWhatTheReadmeShows() throws IOException {
    SqliteShell.require();
    Path bin = InstalledCommand.in(folder);
    Map<String, Machine> machines = new HashMap<>();
    for (String name : List.of("home", "office", "relay")) {
      machines.put(name, new Machine(folder.resolve(name), bin));
    }
    List<Step> steps = steps();
    assertTrue(steps.size() > 10, "found only " + steps);
    int port = freePort();
    String invitation = null;
    Machine.Running relay = null;
    try {
      for (Step step : steps) {
        String command = step.command().replace("7117", "" + port);
        if (invitation != null) {
          command = INVITATION.matcher(command).replaceAll(Matcher.quoteReplacement(invitation));
        }
        String shown;
        if (step.machine().equals("relay")) {
          relay = machines.get("relay").begin("exec " + command + " 2>&1");
          relay.awaitOutput(step.output().get(step.output().size() - 1));
          shown = Files.readString(relay.out());
        } else {
          shown = machines.get(step.machine()).sh("{ " + command + "; } 2>&1").done().out();
        }
        Matcher found = INVITATION.matcher(shown);
        invitation = found.find() ? found.group() : invitation;
        String expected = String.join("\n", step.output());
        assertEquals(masked(expected), masked(shown).stripTrailing(), step.command());
      }
    } finally {
      if (relay != null) {
        relay.process().destroyForcibly();
      }
    }
  }

  @Test
  void theDemoSucceedsFitsATerminalAndLeavesNothingBehind() throws IOException {
    Machine machine = new Machine(folder.resolve("machine"), InstalledCommand.in(folder));
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    String said =
        machine
            .sh("GODWIT_JAVA_OPTS=-Djava.io.tmpdir=" + temporary + " godwit demo 2>&1")
            .done()
            .out();
    assertTrue(said.contains("both laptops show the same 3 rows"), said);
    for (String line : said.lines().toList()) {
      assertTrue(line.length() <= 80 || line.contains("godwit+http"), "too wide: " + line);
    }
    try (java.util.stream.Stream<Path> left = Files.list(temporary)) {
      assertFalse(left.anyMatch(path -> path.getFileName().toString().startsWith("godwit")));
    }
  }

  private static String masked(String text) {
    return INVITATION
        .matcher(text)
        .replaceAll("(invitation)")
        .replaceAll("127\\.0\\.0\\.1:\\d+", "(relay)")
        .replaceAll("\\b[0-9a-f]{16}\\b", "(digest)")
        .replaceAll("\\b[0-9a-f]{8}\\b", "(id)")
        .replaceAll("(?m)^[0-9a-z]{8}(?=  events )", "(id)")
        .replaceAll("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d", "(time)");
  }

  private static List<Step> steps() throws IOException {
    List<Step> steps = new ArrayList<>();
    for (String block : blocks("console")) {
      for (String line : block.lines().toList()) {
        Matcher prompt = PROMPT.matcher(line);
        if (prompt.matches()) {
          steps.add(new Step(prompt.group(1), prompt.group(2), new ArrayList<>()));
        } else {
          steps.get(steps.size() - 1).output().add(line);
        }
      }
    }
    return steps;
  }

  private static List<String> blocks(String language) throws IOException {
    Matcher matcher =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(ROOT.resolve("README.md")));
    List<String> blocks = new ArrayList<>();
    while (matcher.find()) {
      blocks.add(matcher.group(1));
    }
    return blocks;
  }

  private static int freePort() throws IOException {
    try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** What the snippet calls the screen. */
  private interface Screen {
    void reload(Set<String> tables);
  }

  @Test
  void theLibraryInTenLinesWorks() throws IOException {
    Path file = folder.resolve("app.db");
    try (java.sql.Connection connection =
            java.sql.DriverManager.getConnection("jdbc:sqlite:" + file);
        java.sql.Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE events (id TEXT PRIMARY KEY NOT NULL, title TEXT)");
      statement.execute("INSERT INTO events VALUES ('dentist', 'unknown')");
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
    try (Relay relay = Relay.builder().port(0).data(folder.resolve("data")).build().start()) {
      try (Replica replica = Replica.open(JdbcSqlite.at(file.toString()))) {
        Invitation invitation =
            RelaySpaces.open(relay.url(), replica.space(), Optional.empty(), new SecureRandom());
        assertEquals(2, asInTheReadme(file.toString(), invitation.uri(), tables -> {}));
      }
    }
  }

  private static long asInTheReadme(String path, String invitation, Screen screen) {
    Logger log = LoggerFactory.getLogger(ReadmeTest.class);
    // README begins
    try (Replica replica = Replica.open(JdbcSqlite.at(path))) {
      replica.track("events");
      replica.onChange(tables -> screen.reload(tables));
      replica.write(
          transaction ->
              transaction.execute(
                  "UPDATE events SET title = ? WHERE id = ?", "Dentist", "dentist"));
      SyncReport report = replica.sync(HttpRemote.of(Invitation.parse(invitation)));
      log.info("{} transactions received", report.transactionsApplied());
    }
    // README ends
    try (Replica replica = Replica.open(JdbcSqlite.at(path))) {
      return replica.log(dev.godwit.sync.report.Paging.first(10)).entries().size() - 1;
    }
  }

  @Test
  void theLibrarySnippetIsTheOneThatIsRunHere() throws IOException {
    String source =
        Files.readString(
            ROOT.resolve("tests/src/test/java/dev/godwit/tests/endtoend/ReadmeTest.java"));
    String region = source.split("// README (begins|ends)\n")[1];
    assertEquals(squeezed(blocks("java").get(0)), squeezed(region));
  }

  /** Formatters may break lines where they like. */
  private static String squeezed(String code) {
    return code.replaceAll("\\s+", "");
  }
}
