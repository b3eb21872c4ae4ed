package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.report.CompactionReport;
import dev.godwit.sync.report.DoctorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Devices that forget the beginning of texts at any time are compared, after every step, with twins
 * that have done the same and never forget. Some only read for long, and edit old texts then; some
 * join late.
 */
class CompactionTwinTest {
  private static final String SCHEMA =
      "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, title TEXT, body TEXT)";
  private static final int RUNS = Integer.getInteger("godwit.compaction.runs", 1);
  private static final int STEPS = Integer.getInteger("godwit.compaction.steps", 70);
  private static final long TIME = 4_000_000_000_000L;

  @TempDir Path folder;

  /** The devices of one of the two worlds. */
  private static final class World implements AutoCloseable {
    private final Path folder;
    private final Devices devices;
    private final List<Device> all = new ArrayList<>();

    World(Path folder) throws IOException {
      this.folder = Files.createDirectories(folder);
      devices = new Devices(folder);
      devices.mergesAtTimes();
      for (String name : new String[] {"a", "b", "c"}) {
        all.add(devices.device(name, SCHEMA, "t"));
        last().clock().at(TIME);
      }
      all.get(0).replica().policy("t.body", ColumnPolicy.text());
      all.get(0).write("INSERT INTO t VALUES ('r0', '', 'a text to begin with')");
      Devices.meet(all.get(0), all.get(1));
      Devices.meet(all.get(1), all.get(2));
      join("reader", 0);
    }

    Device last() {
      return all.get(all.size() - 1);
    }

    /** One more device, with nothing of its own. */
    void join(String name, int host) {
      Path path = folder.resolve(name + ".db");
      Sqlite.run(path, SCHEMA);
      all.add(devices.open(name, path));
      last().clock().at(TIME);
      Devices.meet(last(), all.get(host));
      last().replica().accept(last().replica().schemaProposal());
    }

    /** Those who write hear of each other, and say so. */
    void gather() {
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 6; i++) {
          Devices.meet(all.get(i % 3), all.get((i + 1) % 3));
        }
        for (int i = 0; round == 0 && i < all.size(); i++) {
          if (!all.get(i).name().equals("reader")) {
            all.get(i).write("UPDATE t SET title = 'seen by " + i + "' WHERE id = 'r0'");
            Devices.meet(all.get(i), all.get(0));
          }
        }
      }
    }

    @Override
    public void close() {
      devices.close();
    }
  }

  @Test
  void devicesThatForgetShowWhatTheirTwinsShow() throws Exception {
    long base = Long.getLong("godwit.seed", System.nanoTime());
    for (int run = 0; run < RUNS; run++) {
      Path place = folder.resolve("run" + run);
      try (World forgetting = new World(place.resolve("forgetting"));
          World plain = new World(place.resolve("plain"))) {
        run(new Random(base + run), forgetting, plain);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("-Dgodwit.seed=" + (base + run) + " with one run: " + e, e);
      }
    }
  }

  /** Edits that everybody but the reader has seen, and that all who know them forget. */
  private static void begin(World forgetting, World plain) {
    for (int edit = 0; edit < 20; edit++) {
      String sql = "UPDATE t SET body = 'begun with " + edit * 7_919_777L % 1_000_003 + "'";
      both(forgetting, plain, world -> world.all.get(0).write(sql));
    }
    both(forgetting, plain, World::gather);
    for (int i = 0; i < 3; i++) {
      long forgotten = forgetting.all.get(i).replica().compact().editsForgotten();
      assertTrue(forgotten > 0, "expected edits that " + i + " can forget");
    }
    // The reader knows the text before all that.
    both(
        forgetting,
        plain,
        world -> {
          world.all.get(3).write("UPDATE t SET body = 'read: ' || body");
          Devices.meet(world.all.get(3), world.all.get(0));
        });
    same(forgetting.all.get(0), plain.all.get(0));
  }

  private static void run(Random random, World forgetting, World plain) {
    begin(forgetting, plain);
    for (int step = 0; step < STEPS; step++) {
      int index = random.nextInt(plain.all.size());
      int other = random.nextInt(plain.all.size());
      long at = TIME + random.nextInt(50);
      boolean writes = !plain.all.get(index).name().equals("reader") || random.nextInt(8) == 0;
      if (step == STEPS / 2) {
        both(forgetting, plain, world -> world.join("late", other));
      }
      both(forgetting, plain, world -> world.all.get(index).clock().at(at));
      switch (random.nextInt(12)) {
        case 0, 1:
          if (other != index) {
            both(
                forgetting,
                plain,
                world -> Devices.meet(world.all.get(index), world.all.get(other)));
          }
          break;
        case 2, 3:
          CompactionReport report = forgetting.all.get(index).replica().compact();
          assertEquals(0, report.textsKept());
          break;
        case 4:
          both(forgetting, plain, World::gather);
          break;
        default:
          for (int left = writes ? 1 + random.nextInt(6) : 0; left > 0; left--) {
            String sql = write(random);
            both(forgetting, plain, world -> world.all.get(index).write(sql));
          }
      }
      both(forgetting, plain, world -> world.all.get(index).replica().seal());
      same(forgetting.all.get(index), plain.all.get(index));
    }
    end(forgetting, plain);
  }

  private static void both(World one, World other, Consumer<World> step) {
    step.accept(one);
    step.accept(other);
  }

  private static void same(Device one, Device twin) {
    assertEquals(twin.exactRows("t"), one.exactRows("t"), "rows of " + one.name());
    assertTrue(
        ConflictViews.all(twin).equals(ConflictViews.all(one)),
        "conflicts listed by " + one.name());
  }

  private static void end(World forgetting, World plain) {
    both(forgetting, plain, world -> world.devices.syncAll());
    for (int i = 0; i < plain.all.size(); i++) {
      Device one = forgetting.all.get(i);
      assertEquals(plain.all.get(i).exactRows("t"), one.exactRows("t"), "rows of " + one.name());
      assertTrue(one.replica().doctor().isHealthy(), () -> one.replica().doctor().toString());
    }
    Device first = forgetting.all.get(0);
    first.replica().compact();
    assertTrue(
        first.replica().compare(forgetting.last().replica(), DoctorOptions.ofDefaults()).isSame());
  }

  private static String write(Random random) {
    String where = " WHERE id = 'r" + random.nextInt(5) / 4 + "'";
    int number = random.nextInt(9);
    String[] writes = {
      "UPDATE t SET body = body || ' word" + number + "'" + where,
      "UPDATE t SET body = '" + number + " ' || body" + where,
      "UPDATE t SET body = substr(body, 1, 4) || substr(body, 7)" + where,
      "UPDATE t SET body = substr(body, 1, 9) || '" + number + "' || substr(body, 10)" + where,
      "UPDATE t SET body = replace(body, 'word" + number + "', 'w')" + where,
      "UPDATE t SET title = title || '" + number + "'" + where,
      "UPDATE t SET title = '', body = body || '.'" + where,
    };
    String[] rare = {
      "UPDATE t SET body = NULL" + where,
      "UPDATE t SET body = 'anew " + number + "'" + where,
      "DELETE FROM t" + where,
      "INSERT OR REPLACE INTO t VALUES ('r1', 'x', 'another text')",
      "INSERT OR REPLACE INTO t VALUES ('r0', 'x', 'whole " + number + "')",
    };
    return random.nextInt(16) == 0
        ? rare[random.nextInt(rare.length)]
        : writes[random.nextInt(writes.length)];
  }
}
