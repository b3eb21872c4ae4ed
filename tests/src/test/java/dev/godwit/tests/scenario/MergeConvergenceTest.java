package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.policy.ColumnPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Merge columns come to the same on every device, whatever arrives when. */
class MergeConvergenceTest {
  private static final String SCHEMA =
      "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, n, r, tags TEXT, settings TEXT, body TEXT)";
  private static final int RUNS = Integer.getInteger("godwit.policy.runs", 8);
  private static final int STEPS = 60;

  @TempDir Path folder;

  private static Device device(Devices devices, String name) {
    return devices.device(
        name,
        SCHEMA,
        "t",
        set ->
            set.policy("t.n", ColumnPolicy.counter())
                .policy("t.r", ColumnPolicy.counter())
                .policy("t.tags", ColumnPolicy.set())
                .policy("t.settings", ColumnPolicy.map())
                .policy("t.body", ColumnPolicy.text()));
  }

  @Test
  void threeWritersOfOneRowComeToTheSameInEveryOrderOfMeeting() throws Exception {
    int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    String[][] writes = {
      {"n = n + 1", "n = n + 2", "tags = '[\"x\",\"a\"]'", "body = 'to be is to do'"},
      {"n = 0", "n = n + 10", "tags = '[\"b\"]'", "body = 'to do is to be'"},
      {"n = n + 100", "n = NULL", "tags = '[\"x\",\"b\"]'", "body = 'do be do'", "n = 1000"}
    };
    List<String> shown = new ArrayList<>();
    for (int[] order : orders) {
      Path place = Files.createDirectory(folder.resolve("order" + shown.size()));
      try (Devices devices = new Devices(place)) {
        Device[] all = {device(devices, "a"), device(devices, "b"), device(devices, "c")};
        all[0].sql("INSERT INTO t VALUES ('r', 5, 0, '[\"x\"]', '{}', '')");
        devices.syncAll();
        for (int i = 0; i < all.length; i++) {
          all[i].clock().at(4_000_000_000_000L + i);
          for (String write : writes[i]) {
            all[i].write("UPDATE t SET " + write);
          }
        }
        Devices.meet(all[order[0]], all[order[1]]);
        Devices.meet(all[order[0]], all[order[2]]);
        devices.syncAll();
        shown.add(all[0].rows("SELECT * FROM t").toString());
      }
    }
    for (String one : shown) {
      assertEquals(shown.get(0), one);
    }
    // c's 1000 came last of the settings, and had seen the 5: what a added to that counts on it,
    // what
    // b added to its own 0 does not.
    assertTrue(shown.get(0).contains("1003"), shown.get(0));
  }

  @Test
  void randomEditsOfMergeColumnsConverge() throws Exception {
    long base = Long.getLong("godwit.seed", System.nanoTime());
    for (int run = 0; run < RUNS; run++) {
      Path place = Files.createDirectory(folder.resolve("run" + run));
      try {
        run(new Random(base + run), place);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("-Dgodwit.seed=" + (base + run) + " with one run: " + e, e);
      }
    }
  }

  private static void run(Random random, Path place) {
    try (Devices devices = new Devices(place)) {
      devices.mergesAtTimes();
      List<Device> all = new ArrayList<>();
      for (String name : new String[] {"a", "b", "c"}) {
        Device device = device(devices, name);
        device.clock().at(4_000_000_000_000L);
        all.add(device);
      }
      for (int step = 0; step < STEPS; step++) {
        Device device = all.get(random.nextInt(all.size()));
        device.clock().at(4_000_000_000_000L + random.nextInt(50));
        if (random.nextInt(4) == 0) {
          Device other = all.get(random.nextInt(all.size()));
          if (other != device) {
            Devices.meet(device, other);
          }
        } else {
          act(random, device);
        }
      }
      devices.syncAll();
      for (Device device : all) {
        assertTrue(
            device.replica().doctor().isHealthy(), () -> device.replica().doctor().toString());
      }
    }
  }

  private static void act(Random random, Device device) {
    String where = " WHERE id = 'r" + random.nextInt(2) + "'";
    switch (random.nextInt(16)) {
      case 0:
        device.write(
            "INSERT OR REPLACE INTO t VALUES ('r"
                + random.nextInt(2)
                + "', 1, 0.5, '[1]', '{}', 'text')");
        break;
      case 1:
        device.write("DELETE FROM t" + where);
        break;
      case 2:
        String[] policies = {"n", "tags", "settings", "body"};
        String column = policies[random.nextInt(policies.length)];
        ColumnPolicy[] others = {
          ColumnPolicy.lastWriterWins(),
          ColumnPolicy.counter(),
          ColumnPolicy.set(),
          ColumnPolicy.text()
        };
        device.replica().policy("t." + column, others[random.nextInt(others.length)]);
        break;
      default:
        device.write("UPDATE t SET " + edit(random) + where);
    }
  }

  private static String edit(Random random) {
    int number = random.nextInt(5);
    String[] edits = {
      "n = n + " + number,
      "n = n - 1",
      "n = 0",
      "n = NULL",
      "r = r + 0." + number,
      "r = " + number,
      "tags = json_insert(tags, '$[#]', " + number + ")",
      "tags = json_remove(tags, '$[0]')",
      "tags = '[" + number + ", " + number + "]'",
      "tags = 'no json " + number + "'",
      "settings = json_set(settings, '$.k" + number + "', " + random.nextInt(9) + ")",
      "settings = json_remove(settings, '$.k" + number + "')",
      "settings = '{\"k1\":[" + number + "]}'",
      "body = body || 'word" + number + " '",
      "body = '" + number + " ' || body",
      "body = substr(body, 1, 3) || substr(body, 6)",
      "body = NULL",
      "body = 'anew " + number + "', n = n + 1",
    };
    String edit = edits[random.nextInt(edits.length)];
    // json functions refuse what is no JSON: then the value is set anew.
    return edit.startsWith("tags = json")
        ? edit.replace("tags = json", "tags = CASE WHEN json_valid(tags) THEN json")
            + " ELSE '[]' END"
        : edit.startsWith("settings = json")
            ? edit.replace("settings = json", "settings = CASE WHEN json_valid(settings) THEN json")
                + " ELSE '{}' END"
            : edit;
  }
}
