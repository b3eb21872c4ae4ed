package dev.godwit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.godwit.cli.failure.ExitCode;
import dev.godwit.relay.Relay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** COMMAND.md says what the command does. */
class CommandPageTest {
  private static final Path PAGE = Path.of("COMMAND.md");

  /** Objects whose fields are ids: they are named as vectors, not listed. */
  private static final Set<String> KEYED_BY_ID =
      Set.of("vector", "acknowledged", "changes", "stable");

  @TempDir Path folder;

  @Test
  void everyExitCodeIsListedWithItsMeaning() throws IOException {
    String page = Files.readString(PAGE);
    for (ExitCode code : ExitCode.values()) {
      String row = "| " + code.number() + " | " + code.meaning() + " |";
      assertTrue(page.contains(row), "expected in COMMAND.md: " + row);
    }
    assertEquals(
        ExitCode.values().length,
        page.lines().filter(line -> line.matches("\\| \\d+ \\| .*")).count());
  }

  @Test
  void everyCommandExplainsItselfWithAnExampleInEightyColumns() throws IOException {
    Desk desk = new Desk(folder);
    String all = desk.godwit("--help").done().out();
    List<String> verbs = new ArrayList<>();
    Matcher listed = Pattern.compile("(?m)^  ([a-z]+)  +[A-Z]").matcher(all);
    while (listed.find()) {
      verbs.add(listed.group(1));
    }
    assertTrue(verbs.size() >= 12, verbs.toString());
    for (String verb : verbs) {
      String help = desk.godwit(verb, "--help").done().out();
      assertTrue(help.contains("Example:"), verb);
      for (String line : help.lines().toList()) {
        assertTrue(line.length() <= 80, verb + ": " + line);
      }
    }
  }

  @Test
  void everyFieldOfTheJsonIsListed() throws IOException {
    Desk one = new Desk(folder.resolve("one"));
    Desk two = new Desk(folder.resolve("two"));
    try (Relay relay = Relay.builder().port(0).data(folder.resolve("relay")).build().start()) {
      one.sql(
          "a.db",
          "CREATE TABLE events (id TEXT PRIMARY KEY NOT NULL, title TEXT, picture BLOB)",
          "CREATE TABLE loose (x)",
          "INSERT INTO events VALUES ('x', 'one', x'00'), ('y', NULL, 1.5)");
      one.godwit("init", "a.db", "--policy", "events.picture=manual").done();
      String invitation = one.godwit("share", "a.db", relay.url()).done().out().trim();
      two.godwit("join", "b.db", invitation).done();
      one.sql("a.db", "UPDATE events SET title = 'home', picture = 1 WHERE id = 'x'");
      two.sql("b.db", "UPDATE events SET title = 'work', picture = 2 WHERE id = 'x'");
      one.godwit("sync", "a.db").done();
      check("sync", two.godwit("sync", "b.db", "--json").done().out());
      check("status", two.godwit("status", "b.db", "--json").done().out());
      check("log", two.godwit("log", "b.db", "--json", "--changes", "--limit", "3").done().out());
      check("conflicts", two.godwit("conflicts", "b.db", "--json").done().out());
      check("doctor", two.godwit("doctor", "b.db", "--json").done().out());
      check("compact", two.godwit("compact", "b.db", "--json").done().out());
      String other = one.path("a.db").toString();
      check("doctor OTHER", two.godwit("doctor", "b.db", other, "--json").out());
    }
  }

  private static void check(String command, String json) throws IOException {
    assertEquals(1, json.lines().count(), json);
    Map<String, Set<String>> documented = documented(command);
    for (Map.Entry<String, Set<String>> object : objects(json).entrySet()) {
      Set<String> listed = documented.get(object.getKey());
      if (listed == null && command.equals("doctor OTHER")) {
        String asReport = object.getKey().replaceFirst("comparison\\.(here|there)", "report");
        listed = documented("doctor").get(asReport);
      }
      assertTrue(listed != null, "no line for object '" + object.getKey() + "' of " + command);
      Set<String> unlisted = new TreeSet<>(object.getValue());
      unlisted.removeAll(listed);
      assertEquals(Set.of(), unlisted, command + " " + object.getKey());
    }
  }

  /** The objects that the page lists for a command, each with its fields. */
  private static Map<String, Set<String>> documented(String command) throws IOException {
    Map<String, Set<String>> found = new TreeMap<>();
    boolean mine = false;
    for (String line : Files.readAllLines(PAGE)) {
      Matcher row = Pattern.compile("\\| ([a-zA-Z ]*?) ?\\| ?(\\S*) \\| (`.*) \\|").matcher(line);
      if (row.matches()) {
        mine = row.group(1).isEmpty() ? mine : row.group(1).equals(command);
        if (mine) {
          Set<String> fields = new TreeSet<>();
          Matcher field = Pattern.compile("`(\\w+)`").matcher(row.group(3));
          while (field.find()) {
            fields.add(field.group(1));
          }
          found.put(row.group(2), fields);
        }
      }
    }
    return found;
  }

  /** The objects of a text, each by its path, with the names of its fields. */
  private static Map<String, Set<String>> objects(String text) throws IOException {
    Map<String, Set<String>> found = new TreeMap<>();
    try (JsonParser json = new JsonFactory().createParser(text)) {
      json.nextToken();
      read(json, "", found);
    }
    return found;
  }

  private static void read(JsonParser json, String path, Map<String, Set<String>> found)
      throws IOException {
    if (json.currentToken() == JsonToken.START_ARRAY) {
      while (json.nextToken() != JsonToken.END_ARRAY) {
        read(json, path + "[]", found);
      }
    } else if (json.currentToken() == JsonToken.START_OBJECT) {
      String last = path.substring(path.lastIndexOf('.') + 1);
      boolean ids = KEYED_BY_ID.contains(last);
      Set<String> fields = new TreeSet<>();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = ids ? "*" : json.currentName();
        fields.add(name);
        json.nextToken();
        read(json, path.isEmpty() ? name : path + "." + name, found);
      }
      if (!ids && !fields.equals(Set.of("blob"))) {
        found.computeIfAbsent(path, none -> new TreeSet<>()).addAll(fields);
      }
    }
  }
}
