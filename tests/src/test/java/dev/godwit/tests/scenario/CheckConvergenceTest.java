package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.sqlite.SqliteException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random writes to rows with rules, in random order of meetings, come to the same everywhere. */
class CheckConvergenceTest {
  private static final int SCHEDULES = Integer.getInteger("godwit.schedules", 6);
  private static final String SCHEMA =
      "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, n INTEGER NOT NULL CHECK (n >= 0),"
          + " low INTEGER, high INTEGER, b INTEGER, e INTEGER, cap INTEGER, body TEXT,"
          + " CHECK (low <= high), CHECK (b <= e), CHECK (n <= cap), CHECK (length(body) < 8));"
          + "CREATE TABLE child (id TEXT PRIMARY KEY NOT NULL, t TEXT REFERENCES t(id) ON DELETE CASCADE)";
  private static final String HELD =
      "SELECT table_number, hex(life), unit, kind FROM godwit_held ORDER BY 1, 2, 3";

  private final long seed = Long.getLong("godwit.seed", System.nanoTime());

  @TempDir Path folder;

  @Test
  void randomWritesComeToTheSameRowsAndTheSameLists() {
    for (int i = 0; i < SCHEDULES; i++) {
      try (Devices devices = new Devices(folder(i))) {
        schedule(devices, new Random(seed + i));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("schedule of seed " + (seed + i), e);
      }
    }
  }

  private Path folder(int number) {
    try {
      return Files.createDirectory(folder.resolve("" + number));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void schedule(Devices devices, Random random) {
    List<Device> all = new ArrayList<>();
    for (String name : new String[] {"a", "b", "c"}) {
      all.add(devices.device(name, SCHEMA, "t", "child"));
    }
    Device first = all.get(0);
    first.replica().policy("t.n", ColumnPolicy.counter());
    first.replica().policy("t.low", ColumnPolicy.max());
    first.replica().policy("t.high", ColumnPolicy.lastWriterWins());
    first.replica().policy("t.cap", ColumnPolicy.lastWriterWins());
    first.replica().policy("t.body", ColumnPolicy.text());
    first.sql("INSERT INTO t VALUES ('x', 5, 1, 9, 1, 9, 20, 'ab'), ('y', 5, 1, 9, 1, 9, 20, '')");
    devices.syncAll();
    for (int step = 0; step < 40; step++) {
      Device device = all.get(random.nextInt(3));
      if (random.nextInt(4) == 0) {
        Device other = all.get(random.nextInt(3));
        if (other != device) {
          Devices.meet(device, other);
        }
      } else {
        tryOut(device, statement(random));
      }
    }
    devices.syncAll();
    for (Device device : all) {
      assertEquals(
          Sqlite.text(first.path(), HELD), Sqlite.text(device.path(), HELD), device.name());
      assertEquals(List.of(), device.masked(), device.name());
      assertTrue(device.replica().doctor().isHealthy(), () -> device.replica().doctor().toString());
    }
  }

  private static void tryOut(Device device, String sql) {
    try {
      device.write(sql);
    } catch (SqliteException refused) {
      assertEquals(SqliteException.Reason.CONSTRAINT, refused.reason(), sql);
    }
  }

  private static String statement(Random random) {
    String where = " WHERE id = '" + (random.nextBoolean() ? "x" : "y") + "'";
    int number = random.nextInt(10);
    return switch (random.nextInt(12)) {
      case 0, 1 -> "UPDATE t SET n = n - " + number + where;
      case 2 -> "UPDATE t SET n = n + " + number + where;
      case 3 -> "UPDATE t SET cap = " + number + where;
      case 4 -> "UPDATE t SET low = " + number + where;
      case 5 -> "UPDATE t SET high = " + number + where;
      case 6 -> "UPDATE t SET b = " + number + where;
      case 7 -> "UPDATE t SET e = " + number + where;
      case 8 -> "UPDATE t SET body = body || '" + number + "'" + where;
      case 9 -> "UPDATE t SET body = substr(body, 2)" + where;
      case 10 -> "INSERT INTO child SELECT 'c" + number + "', id FROM t" + where;
      default ->
          random.nextInt(3) == 0
              ? "DELETE FROM t" + where
              : "INSERT OR IGNORE INTO t VALUES ('x', 1, 1, 2, 1, 2, 9, 'new')";
    };
  }
}
