package dev.godwit.tests.scenario;

import dev.godwit.sync.Replica;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.sqlite.JdbcSqlite;
import dev.godwit.sync.transport.InProcessRemote;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Some devices of one space, each with a file of its own, that meet in the same process. */
final class Devices implements AutoCloseable {
  private static final SpaceId SPACE = SpaceId.parse("0123456789abcdef0123456789abcdef");

  private final Path folder;
  private final List<Device> devices = new ArrayList<>();

  /** One device: its file, and what is installed on it. */
  static final class Device {
    private final Path path;
    private final Replica replica;

    private Device(Path path, Replica replica) {
      this.path = path;
      this.replica = replica;
    }

    Replica replica() {
      return replica;
    }

    Path path() {
      return path;
    }

    /** Runs SQL on a connection of its own, as any other program would. */
    void sql(String... statements) {
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
          Statement statement = connection.createStatement()) {
        for (String sql : statements) {
          statement.execute(sql);
        }
      } catch (SQLException e) {
        throw new IllegalStateException(e.getMessage() + " in " + String.join("; ", statements), e);
      }
    }

    /** The rows of a query, as SQL writes their values. */
    List<String> rows(String query) {
      List<String> rows = new ArrayList<>();
      for (Map<String, Value> row : replica.call(transaction -> transaction.query(query))) {
        rows.add(row.values().toString());
      }
      return rows;
    }
  }

  Devices(Path folder) {
    this.folder = folder;
  }

  /** A device whose file has this schema, with these tables tracked. */
  Device device(String name, String schema, String... tables) {
    Path path = folder.resolve(name + ".db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(schema);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    Replica replica =
        Replica.builder(JdbcSqlite.at(path.toString()))
            .deviceName(name)
            .space(SPACE)
            .random(new Random(devices.size() + 1))
            .clock(Clock.fixed(Instant.ofEpochMilli(1_000_000L + devices.size()), ZoneOffset.UTC))
            .open();
    replica.track(tables);
    Device device = new Device(path, replica);
    devices.add(device);
    return device;
  }

  /** Everybody meets everybody until nobody has anything left to give. */
  void syncAll() {
    for (int round = 0; round < 2; round++) {
      for (Device one : devices) {
        for (Device other : devices) {
          if (one != other) {
            one.replica.sync(InProcessRemote.of(other.replica.exchangeStore()));
          }
        }
      }
    }
  }

  @Override
  public void close() {
    devices.forEach(device -> device.replica.close());
  }
}
