package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.godwit.sync.policy.ColumnPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All that anybody did to merged columns is in what they come to: worked out of what each device's
 * table showed when it was written to, whatever the library made of that.
 */
class MergedWorkTest {
  private static final String SCHEMA =
      "CREATE TABLE t (id INTEGER PRIMARY KEY, who TEXT, n, tags TEXT, settings TEXT, body TEXT, w)";
  private static final int RUNS = Integer.getInteger("godwit.work.runs", 10);
  private static final int STEPS = 50;
  private static final List<String> WHO = List.of("one", "two");

  @TempDir Path folder;

  /** What a row shows. Each tag, member and letter is given only once. */
  private record Shown(long n, Set<String> tags, Set<String> members, String body) {}

  /** A form that is open on a device. */
  private record Form(String token, String who, Shown shown) {}

  /** What a row must come to. */
  private static final class Row {
    private long n = 100;
    private final Set<String> parts = new TreeSet<>();
    private final Set<String> taken = new TreeSet<>();
  }

  /** One run: what was done, and what must come of it. */
  private static final class Run {
    private final Random random;
    private final List<Device> devices = new ArrayList<>();
    private final Map<Device, List<Form>> forms = new HashMap<>();
    private final Map<String, Row> rows = new HashMap<>();
    private final List<String> log = new ArrayList<>();
    private final Set<Device> unsealed = new HashSet<>();
    private int given;

    private Run(Random random) {
      this.random = random;
    }

    private void step() {
      Device device = devices.get(random.nextInt(devices.size()));
      device.clock().at(4_000_000_000_000L + random.nextInt(100));
      String who = WHO.get(random.nextInt(WHO.size()));
      Shown now = shown(device, who);
      List<Form> open = forms.get(device);
      switch (random.nextInt(9)) {
        case 0, 1 -> meet(device, devices.get(random.nextInt(devices.size())));
        case 2 -> open(device, who);
        case 3, 4 -> {
          if (!open.isEmpty()) {
            Form form = open.remove(random.nextInt(open.size()));
            String basedOn =
                "INSERT INTO godwit_based_on (token, table_name, key1) SELECT '%s', 't', id FROM t WHERE who = '%s'"
                    .formatted(form.token(), form.who());
            run(
                device,
                List.of(basedOn, update(form.who(), form.shown(), shown(device, form.who()))));
          }
        }
        case 5 -> run(device, List.of(update(who, now, now), "UPDATE t SET w = " + given));
        case 6 ->
            run(device, List.of("UPDATE OR IGNORE t SET id = " + random.nextInt(5) + where(who)));
        default -> run(device, List.of(update(who, now, now)));
      }
    }

    private void open(Device device, String who) {
      Form form = new Form(device.replica().version(), who, shown(device, who));
      log.add(device.name() + " opens " + form);
      forms.get(device).add(form);
    }

    private void meet(Device device, Device other) {
      if (device != other) {
        log.add(device.name() + " meets " + other.name());
        Devices.meet(device, other);
      }
    }

    private void run(Device device, List<String> statements) {
      log.add(device.name() + ": " + String.join("; ", statements));
      // What another program writes after a form counts as the form's, until the library looks.
      boolean saves = statements.get(0).contains("godwit_based_on");
      if (random.nextBoolean() || unsealed.remove(device) && !saves) {
        unsealed.remove(device);
        device.write(statements.toArray(new String[0]));
      } else {
        if (saves) {
          unsealed.add(device);
        }
        List<String> all = new ArrayList<>(statements);
        all.add(0, "BEGIN");
        all.add("COMMIT");
        device.sql(all.toArray(new String[0]));
      }
    }

    private static String where(String who) {
      return " WHERE who = '" + who + "'";
    }

    private static Shown shown(Device device, String who) {
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

    /**
     * What somebody makes of what he is shown.
     *
     * @param now what the table shows: to write that is no write
     */
    private String update(String who, Shown shown, Shown now) {
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
      if (sets.isEmpty() || random.nextInt(3) == 0) {
        String body = edited(shown.body());
        sets.put("body", "'" + body + "'");
        note(who, "letter ", letters(shown.body()), letters(body), letters(now.body()));
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
        after.add("" + ++given);
      } else {
        after.remove(List.copyOf(before).get(random.nextInt(before.size())));
      }
      return after;
    }

    private String edited(String body) {
      int from = random.nextInt(body.length() + 1);
      int to = Math.min(body.length(), from + random.nextInt(3));
      StringBuilder edited = new StringBuilder(body).delete(from, to);
      for (int i = random.nextInt(3); i > 0; i--) {
        edited.insert(from, (char) (0x4e00 + ++given));
      }
      return edited.toString();
    }

    private void check() {
      for (String who : WHO) {
        Row row = rows.get(who);
        row.parts.removeAll(row.taken);
        Shown shown = shown(devices.get(0), who);
        Set<String> parts = new TreeSet<>();
        shown.tags().forEach(name -> parts.add("tag " + name));
        shown.members().forEach(name -> parts.add("member " + name));
        letters(shown.body()).forEach(name -> parts.add("letter " + name));
        assertEquals(row.parts, parts, who);
        assertEquals(row.n, shown.n(), who);
      }
    }
  }

  @Test
  void nothingThatAnybodyDidToMergedColumnsIsLost() throws Exception {
    long base = Long.getLong("godwit.seed", System.nanoTime());
    for (int number = 0; number < RUNS; number++) {
      Path place = Files.createDirectory(folder.resolve("run" + number));
      Run run = new Run(new Random(base + number));
      try (Devices devices = new Devices(place)) {
        run(run, devices);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "-Dgodwit.seed=%d -Dgodwit.work.runs=1: %s%n%s"
                .formatted(base + number, e, String.join("\n", run.log)),
            e);
      }
    }
  }

  private static void run(Run run, Devices devices) {
    for (String name : List.of("a", "b", "c")) {
      Device device =
          devices.device(
              name,
              SCHEMA,
              "t",
              set ->
                  set.policy("t.n", ColumnPolicy.counter())
                      .policy("t.tags", ColumnPolicy.set())
                      .policy("t.settings", ColumnPolicy.map())
                      .policy("t.body", ColumnPolicy.text()));
      run.devices.add(device);
      run.forms.put(device, new ArrayList<>());
    }
    for (String who : WHO) {
      run.rows.put(who, new Row());
      run.devices
          .get(0)
          .write(
              "INSERT INTO t (who, n, tags, settings, body) VALUES ('"
                  + who
                  + "', 100, '[]', '{}', '')");
    }
    devices.syncAll();
    for (int step = 0; step < STEPS; step++) {
      run.step();
    }
    devices.syncAll();
    run.check();
  }
}
