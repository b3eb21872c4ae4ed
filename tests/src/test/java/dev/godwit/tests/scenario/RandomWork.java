package dev.godwit.tests.scenario;

import dev.godwit.sync.sqlite.SqliteException;
import dev.godwit.sync.transport.InProcessRemote;
import java.util.List;
import java.util.Random;

/**
 * Devices that insert, edit, move and delete a few rows at random, and meet at random: the same for
 * the same seed.
 */
final class RandomWork {
  static final String SCHEMA =
      "CREATE TABLE s (id INTEGER PRIMARY KEY, v, w);"
          + "CREATE TABLE n (k TEXT PRIMARY KEY NOT NULL, v, w);"
          + "CREATE TABLE c (a INTEGER, b TEXT, v, PRIMARY KEY (a, b));"
          + "CREATE TABLE d (id INTEGER PRIMARY KEY, s INTEGER REFERENCES s (id), v)";
  static final String[] TABLES = {"s", "n", "c", "d"};

  private final Random random;
  private final List<Device> devices;
  private final boolean keysCollide;
  private int written;

  /**
   * Work of these devices.
   *
   * @param keysCollide whether devices take keys that others take too, and change keys
   */
  RandomWork(long seed, List<Device> devices, boolean keysCollide) {
    this.random = new Random(seed);
    this.keysCollide = keysCollide;
    this.devices = devices;
  }

  /** Does so many things, one after the other. */
  void run(int steps) {
    for (int i = 0; i < steps; i++) {
      Device device = devices.get(random.nextInt(devices.size()));
      if (random.nextInt(4) == 0) {
        meet(device);
      } else {
        write(device);
      }
    }
  }

  private void meet(Device device) {
    Device other = devices.get(random.nextInt(devices.size()));
    if (other != device) {
      device.replica().sync(InProcessRemote.of(other.replica().exchangeStore()));
    }
  }

  private void write(Device device) {
    try {
      device
          .replica()
          .write(
              transaction -> {
                for (int left = 1 + random.nextInt(3); left > 0; left--) {
                  transaction.execute(statement(devices.indexOf(device)));
                }
              });
    } catch (SqliteException e) {
      // A reference stands in the way: the transaction is rolled back and the work goes on.
      if (e.reason() != SqliteException.Reason.CONSTRAINT) {
        throw e;
      }
    }
  }

  private String statement(int device) {
    int n = random.nextInt(5);
    int born = keysCollide ? n : n + 10 * device;
    String value = "'value " + written++ + "'";
    int other = random.nextInt(5);
    n = random.nextBoolean() ? n : born;
    switch (random.nextInt(keysCollide ? 14 : 12)) {
      case 0:
      case 1:
        return "INSERT OR IGNORE INTO s VALUES (" + born + ", " + value + ", 0)";
      case 2:
      case 3:
        return "UPDATE s SET v = " + value + " WHERE id = " + n;
      case 4:
        return "UPDATE s SET v = " + value + ", w = " + other + " WHERE id = " + n;
      case 5:
        return "DELETE FROM s WHERE id = " + n;
      case 6:
        return "INSERT OR IGNORE INTO n VALUES ('k" + n + "', " + value + ", 0)";
      case 7:
        return "UPDATE n SET w = " + value + " WHERE k = 'k" + n + "'";
      case 8:
        return "DELETE FROM n WHERE k = 'k" + n + "'";
      case 9:
        return "INSERT OR REPLACE INTO c VALUES (" + n + ", 'b', " + value + ")";
      case 10:
        return "DELETE FROM c WHERE a = " + n;
      case 11:
        return "INSERT OR IGNORE INTO d SELECT " + born + ", id, " + value + " FROM s LIMIT 1";
      case 12:
        return "UPDATE OR IGNORE n SET k = 'k" + other + "' WHERE k = 'k" + n + "'";
      default:
        return "UPDATE OR IGNORE s SET id = " + other + " WHERE id = " + n;
    }
  }
}
