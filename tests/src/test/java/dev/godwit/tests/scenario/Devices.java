package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.godwit.sync.Replica;
import dev.godwit.sync.ReplicaBuilder;
import dev.godwit.sync.SyncReport;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.transport.InProcessRemote;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Some devices of one space, each with a file of its own, that meet in the same process. Who meets
 * whom first is random; the seed is in the message of every failed comparison and can be given back
 * with {@code -Dgodwit.seed}.
 */
final class Devices implements AutoCloseable {
  static final SpaceId SPACE = SpaceId.parse("0123456789abcdef0123456789abcdef");

  /** Rounds after which devices that still have something to tell each other are a failure. */
  private static final int ROUNDS_MAX = 10;

  private final Path folder;
  private final List<Device> devices = new ArrayList<>();
  private final long seed = Long.getLong("godwit.seed", System.nanoTime());
  private final Random order = new Random(seed);

  /** The time on one device: the real one, until it is set. */
  static final class DeviceClock extends Clock {
    private Instant fixed;

    void at(long millis) {
      fixed = Instant.ofEpochMilli(millis);
    }

    boolean isSet() {
      return fixed != null;
    }

    /**
     * Lets the real time go on: of equal times the replica's id would decide. What SQLite makes of
     * a millisecond may be the one before.
     */
    static void tick() {
      long now = System.currentTimeMillis();
      while (System.currentTimeMillis() <= now + 1) {
        Thread.onSpinWait();
      }
    }

    @Override
    public Instant instant() {
      return fixed == null ? Instant.now() : fixed;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private boolean mergesAtTimes;

  Devices(Path folder) {
    this.folder = folder;
  }

  /** A device whose file has this schema, with these tables tracked. */
  Device device(String name, String schema, String... tables) {
    Path path = folder.resolve(name + ".db");
    Sqlite.run(path, schema);
    Device device = open(name, path);
    device.replica().track(tables);
    return device;
  }

  /** A device whose file has this schema, with one table tracked and settings of the replica. */
  Device device(String name, String schema, String table, UnaryOperator<ReplicaBuilder> settings) {
    Path path = folder.resolve(name + ".db");
    Sqlite.run(path, schema);
    return open(name, path, builder -> settings.apply(builder.track(table)));
  }

  /**
   * A device with the file at this path, which may be a replica already; nothing more is tracked.
   */
  Device open(String name, Path path) {
    return open(name, path, builder -> builder);
  }

  /** As {@link #open(String, Path)}, with settings of the replica. */
  Device open(String name, Path path, UnaryOperator<ReplicaBuilder> settings) {
    DeviceClock clock = new DeviceClock();
    ReplicaBuilder builder =
        Replica.builder(new FastSqlite(path))
            .deviceName(name)
            .space(SPACE)
            .random(new Random(devices.size() + 1))
            .clock(clock);
    Replica replica = settings.apply(builder).open();
    Device device = new Device(name, path, replica, clock);
    devices.add(device);
    return device;
  }

  /** Closes a device's file, lets another program write to it, and opens it again. */
  Device reopen(Device device, String... meanwhile) {
    device.replica().close();
    devices.remove(device);
    device.sql(meanwhile);
    return open(device.name(), device.path());
  }

  /** The two exchange what they have, once, and can apply all of it. */
  static SyncReport meet(Device one, Device other) {
    SyncReport report = meetWithProblems(one, other);
    assertEquals(List.of(), report.problems());
    return report;
  }

  /** The two exchange what they have, once. */
  static SyncReport meetWithProblems(Device one, Device other) {
    return one.replica().sync(InProcessRemote.of(other.replica().exchangeStore()));
  }

  /**
   * Everybody meets everybody, in any order, until nobody has anything left to give or take; then
   * all show the same.
   */
  void syncAll() {
    exchangeAll();
    converged();
  }

  /** Everybody meets everybody until nobody has anything left to give or take. */
  void exchangeAll() {
    List<Device[]> pairs = new ArrayList<>();
    for (Device one : devices) {
      for (Device other : devices) {
        if (one != other) {
          pairs.add(new Device[] {one, other});
        }
      }
    }
    long moved = 1;
    for (int round = 0; moved > 0; round++) {
      assertEquals(true, round < ROUNDS_MAX, "still something to exchange after so many rounds");
      Collections.shuffle(pairs, order);
      moved = 0;
      for (Device[] pair : pairs) {
        SyncReport report = meet(pair[0], pair[1]);
        moved += report.exchange().envelopesSent() + report.exchange().envelopesReceived();
      }
    }
  }

  /**
   * Tells that columns are merged at times and at times not: which of their conflicts history has
   * depends on who had heard of it when.
   */
  void mergesAtTimes() {
    mergesAtTimes = true;
  }

  /**
   * Every tracked table has the same rows everywhere, with the same storage classes and bytes; the
   * files are sound.
   */
  void converged() {
    TreeSet<String> tables = new TreeSet<>();
    devices.forEach(device -> tables.addAll(device.tracked()));
    ConflictViews.agree(devices, mergesAtTimes ? ConflictViews::standing : ConflictViews::all);
    for (Device device : devices) {
      assertEquals(
          List.of("ok"), Sqlite.text(device.path(), "PRAGMA integrity_check"), device.name());
      assertEquals(
          List.of(), Sqlite.text(device.path(), "PRAGMA foreign_key_check"), device.name());
      assertEquals(
          List.of(),
          Sqlite.text(device.path(), "SELECT name FROM godwit_replica WHERE held > sequence"),
          "replicas of which not all could be applied on " + device.name());
      for (String table : tables) {
        Device first = devices.get(0);
        if (first.tracked().contains(table) && device.tracked().contains(table)) {
          assertEquals(
              String.join("\n", first.exactRows(table)),
              String.join("\n", device.exactRows(table)),
              table + " on " + first.name() + " and on " + device.name() + ", seed " + seed);
        }
      }
    }
  }

  @Override
  public void close() {
    devices.forEach(device -> device.replica().close());
  }
}
