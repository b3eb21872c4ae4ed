package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.ExistencePolicy;
import dev.godwit.sync.policy.OpenConflict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the order in which things arrive, equal knowledge shows equal tables. */
class PolicyConvergenceTest {
  private static final String SCHEMA =
      "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, lww, first, open, most, least, own, g1, g2)";
  private static final String[] COLUMNS = {
    "lww", "first", "open", "most", "least", "own", "g1", "g2"
  };
  private static final int RUNS = Integer.getInteger("godwit.policy.runs", 12);
  private static final int STEPS = 60;

  @TempDir Path folder;

  private static Device device(Devices devices, String name) {
    return devices.device(
        name,
        SCHEMA,
        "t",
        set ->
            set.policy("t.first", ColumnPolicy.replicaPriority("b", "c", "a"))
                .policy("t.open", ColumnPolicy.manual())
                .policy("t.most", ColumnPolicy.max())
                .policy("t.least", ColumnPolicy.min())
                .policy("t.own", ColumnPolicy.custom("sum"))
                .policy("t.g1", ColumnPolicy.replicaPriority("c", "b", "a").inGroup("g"))
                .policy("t.g2", ColumnPolicy.replicaPriority("c", "b", "a").inGroup("g"))
                .policy("t", ExistencePolicy.DELETE_WINS)
                .resolver(
                    name.equals("a") ? "sum" : "another",
                    (base, siblings) -> siblings.get(0).value()));
  }

  @Test
  void threeWritersOfOneRowAreShownAlikeInEveryOrderOfMeeting() throws Exception {
    int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    List<String> shown = new ArrayList<>();
    for (int[] order : orders) {
      Path place = folder.resolve("order" + shown.size());
      java.nio.file.Files.createDirectory(place);
      try (Devices devices = new Devices(place)) {
        Device[] all = {device(devices, "a"), device(devices, "b"), device(devices, "c")};
        all[0].sql("INSERT INTO t VALUES ('r', 0, 0, 0, 0, 0, 0, 0, 0)");
        devices.syncAll();
        for (int i = 0; i < all.length; i++) {
          all[i].clock().at(4_000_000_000_000L + (i * 7) % 3);
          all[i].write(
              "UPDATE t SET lww = 1"
                  + i
                  + ", first = 1"
                  + i
                  + ", open = 1"
                  + i
                  + ", most = 1"
                  + i
                  + ", least = 1"
                  + i
                  + ", g1 = 1"
                  + i);
        }
        Device hub = all[order[0]];
        Devices.meet(hub, all[order[1]]);
        Devices.meet(hub, all[order[2]]);
        devices.syncAll();
        shown.add(hub.rows("SELECT * FROM t").toString() + hub.replica().openConflicts().size());
      }
    }
    for (String one : shown) {
      assertEquals(shown.get(0), one);
    }
    assertEquals("[['r', 12, 11, 12, 12, 10, 0, 12, 0]]1", shown.get(0));
  }

  @Test
  void randomWorkUnderChangingPoliciesConverges() throws Exception {
    long base = Long.getLong("godwit.seed", System.nanoTime());
    for (int run = 0; run < RUNS; run++) {
      Path place = folder.resolve("run" + run);
      java.nio.file.Files.createDirectory(place);
      try {
        run(new Random(base + run), place);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("-Dgodwit.seed=" + (base + run) + " with one run: " + e, e);
      }
    }
  }

  private void run(Random random, Path place) {
    try (Devices devices = new Devices(place)) {
      List<Device> all = new ArrayList<>();
      for (String name : new String[] {"a", "b", "c"}) {
        Device device = device(devices, name);
        device.clock().at(4_000_000_000_000L);
        all.add(device);
      }
      for (int step = 0; step < STEPS; step++) {
        Device device = all.get(random.nextInt(all.size()));
        device.clock().at(4_000_000_000_000L + random.nextInt(50));
        act(random, device, all);
      }
      devices.syncAll();
      for (Device device : all) {
        assertTrue(
            device.replica().doctor().isHealthy(), () -> device.replica().doctor().toString());
        assertEquals(all.get(0).replica().openConflicts(), device.replica().openConflicts());
        assertEquals(all.get(0).replica().policies(), device.replica().policies());
      }
    }
  }

  private static void act(Random random, Device device, List<Device> all) {
    String id = "'r" + random.nextInt(3) + "'";
    String column = COLUMNS[random.nextInt(COLUMNS.length)];
    int kind = random.nextInt(20);
    if (kind < 8) {
      device.write("UPDATE t SET " + column + " = " + random.nextInt(9) + " WHERE id = " + id);
    } else if (kind < 11) {
      device.write(
          "INSERT OR REPLACE INTO t (id, "
              + column
              + ") VALUES ("
              + id
              + ", "
              + random.nextInt(9)
              + ")");
    } else if (kind < 12) {
      device.write("DELETE FROM t WHERE id = " + id);
    } else if (kind < 13) {
      List<OpenConflict> open = device.replica().openConflicts();
      if (!open.isEmpty()) {
        OpenConflict one = open.get(random.nextInt(open.size()));
        RowKey key = one.key();
        device.replica().resolve("t", key, Map.of(one.column(), Value.of(random.nextInt(9))));
      }
    } else if (kind < 14) {
      changePolicy(random, device, column);
    } else {
      Device other = all.get(random.nextInt(all.size()));
      if (other != device) {
        Devices.meet(device, other);
      }
    }
  }

  private static void changePolicy(Random random, Device device, String column) {
    if (random.nextInt(4) == 0) {
      ExistencePolicy[] policies = ExistencePolicy.values();
      device.replica().policy("t", policies[random.nextInt(policies.length)]);
      return;
    }
    ColumnPolicy[] policies = {
      ColumnPolicy.lastWriterWins(),
      ColumnPolicy.manual(),
      ColumnPolicy.max(),
      ColumnPolicy.min(),
      ColumnPolicy.replicaPriority("c"),
      ColumnPolicy.custom("sum"),
      ColumnPolicy.manual().inGroup("g")
    };
    device.replica().policy("t." + column, policies[random.nextInt(policies.length)]);
  }
}
