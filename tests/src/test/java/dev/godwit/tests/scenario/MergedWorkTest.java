package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.godwit.sync.policy.ColumnPolicy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All that anybody did to merged columns is in what they come to. */
class MergedWorkTest {
  @TempDir Path folder;

  /** What a row shows. Each tag, member and letter is given only once. */
  private record Shown(long n, Set<String> tags, Set<String> members, String body) {}

  /** What a row must come to. */
  private static final class Row {
    private long n = 100;
    private final Set<String> parts = new TreeSet<>();
    private final Set<String> taken = new TreeSet<>();
  }

  private static final class Work extends FormWork<Shown> {
    private static final List<String> WHO = List.of("one", "two");

    private final Map<String, Row> rows = new HashMap<>();

    private Work(Random random) {
      super(random);
    }

    @Override
    Device open(Devices all, String name) {
      return all.device(
          name,
          "CREATE TABLE t (id INTEGER PRIMARY KEY, who TEXT, n, tags TEXT, settings TEXT, body TEXT, w)",
          "t",
          set ->
              set.policy("t.n", ColumnPolicy.counter())
                  .policy("t.tags", ColumnPolicy.set())
                  .policy("t.settings", ColumnPolicy.map())
                  .policy("t.body", ColumnPolicy.text()));
    }

    @Override
    void begin(Device device) {
      for (String who : WHO) {
        rows.put(who, new Row());
        device.write(
            "INSERT INTO t (who, n, tags, settings, body) VALUES ('%s', 100, '[]', '{}', '')"
                .formatted(who));
      }
    }

    @Override
    Shown shown(Device device, String who) {
      String json = "SELECT %s FROM t, json_each(%s)" + where(who);
      return new Shown(
          Long.parseLong(device.value("SELECT n FROM t" + where(who))),
          new TreeSet<>(Sqlite.text(device.path(), json.formatted("value", "tags"))),
          new TreeSet<>(Sqlite.text(device.path(), json.formatted("key", "settings"))),
          device.value("SELECT body FROM t" + where(who)));
    }

    private static Set<String> letters(String body) {
      return body.chars().mapToObj(Character::toString).collect(Collectors.toSet());
    }

    @Override
    String write(Device device, String who, Shown shown, Shown now) {
      Map<String, String> sets = new TreeMap<>();
      if (random.nextInt(3) > 0) {
        int step = random.nextInt(7) - 2;
        sets.put("n", "" + (shown.n() + step));
        rows.get(who).n += shown.n() + step == now.n() ? 0 : step;
      }
      if (random.nextInt(3) == 0) {
        Set<String> tags = changed(shown.tags());
        sets.put("tags", "'[" + String.join(",", tags) + "]'");
        note(who, "tag ", shown.tags(), tags, now.tags());
      }
      if (random.nextInt(3) == 0) {
        Set<String> members = changed(shown.members());
        sets.put(
            "settings",
            members.stream()
                .map(name -> '"' + name + "\":1")
                .collect(Collectors.joining(",", "'{", "}'")));
        note(who, "member ", shown.members(), members, now.members());
      }
      if (random.nextInt(3) == 0) {
        String body = edited(shown.body());
        sets.put("body", "'" + body + "'");
        note(who, "letter ", letters(shown.body()), letters(body), letters(now.body()));
      }
      if (sets.isEmpty() || random.nextInt(4) == 0) {
        sets.put("w", "" + next());
      }
      return sets.entrySet().stream()
          .map(set -> set.getKey() + " = " + set.getValue())
          .collect(Collectors.joining(", ", "UPDATE t SET ", where(who)));
    }

    private void note(
        String who, String kind, Set<String> before, Set<String> after, Set<String> now) {
      if (after.equals(now)) {
        return;
      }
      Row row = rows.get(who);
      after.forEach(name -> row.parts.add(kind + name));
      before.stream()
          .filter(name -> !after.contains(name))
          .forEach(name -> row.taken.add(kind + name));
    }

    private Set<String> changed(Set<String> before) {
      Set<String> after = new TreeSet<>(before);
      if (random.nextInt(3) > 0 || before.isEmpty()) {
        after.add("" + next());
      } else {
        after.remove(oneOf(List.copyOf(before)));
      }
      return after;
    }

    private String edited(String body) {
      int from = random.nextInt(body.length() + 1);
      int to = Math.min(body.length(), from + random.nextInt(3));
      StringBuilder edited = new StringBuilder(body).delete(from, to);
      for (int i = random.nextInt(3); i > 0; i--) {
        edited.insert(from, (char) (0x4e00 + next()));
      }
      return edited.toString();
    }

    @Override
    List<String> others(Device device) {
      return List.of("UPDATE OR IGNORE t SET id = " + random.nextInt(5) + where(oneOf(WHO)));
    }

    @Override
    void check() {
      rows.forEach(
          (who, row) -> {
            row.parts.removeAll(row.taken);
            Shown shown = shown(devices.get(0), who);
            Set<String> parts = new TreeSet<>();
            shown.tags().forEach(name -> parts.add("tag " + name));
            shown.members().forEach(name -> parts.add("member " + name));
            letters(shown.body()).forEach(name -> parts.add("letter " + name));
            assertEquals(row.parts, parts, who);
            assertEquals(row.n, shown.n(), who);
          });
    }
  }

  @Test
  void nothingThatAnybodyDidToMergedColumnsIsLost() {
    FormWork.run(folder, Work::new);
  }
}
