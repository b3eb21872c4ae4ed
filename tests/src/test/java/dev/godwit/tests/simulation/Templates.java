package dev.godwit.tests.simulation;

import dev.godwit.sync.Replica;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.ExistencePolicy;
import dev.godwit.tests.oracle.TableModel;
import dev.godwit.tests.oracle.TablePolicies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Files of devices that have begun to track a schema, made once for each schema and device, and
 * copied for each scenario. For one thread.
 */
final class Templates {
  private static final SpaceId SPACE = SpaceId.parse("0123456789abcdef0123456789abcdef");

  private final Path folder;
  private final Map<String, byte[]> files = new HashMap<>();

  Templates(Path folder) {
    this.folder = folder;
  }

  /** A fresh file of this device; the one handed out before for it is overwritten. */
  Path file(Family family, int device) throws IOException, SQLException {
    String name = family.name() + " " + Scenario.name(device);
    byte[] known = files.get(name);
    if (known == null) {
      known = make(family, device);
      files.put(name, known);
    }
    Path path = folder.resolve(Scenario.name(device) + ".db");
    Files.write(path, known);
    return path;
  }

  private byte[] make(Family family, int device) throws IOException, SQLException {
    Path path = folder.resolve("template.db");
    Files.deleteIfExists(path);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA page_size = 1024");
      for (String sql : family.schema()) {
        statement.execute(sql);
      }
    }
    try (Replica replica =
        Replica.builder(new QuickSqlite(path))
            .deviceName(Scenario.name(device))
            .space(SPACE)
            .random(new Random(31L * family.name().hashCode() + device))
            .clock(new SimulatedClock(1_000))
            .open()) {
      replica.track(family.tables().stream().map(TableModel::name).toArray(String[]::new));
      family.tables().forEach(table -> declare(replica, table));
    }
    return Files.readAllBytes(path);
  }

  private static void declare(Replica replica, TableModel table) {
    if (table.policies().deleteWins()) {
      replica.policy(table.name(), ExistencePolicy.DELETE_WINS);
    }
    table
        .policies()
        .picks()
        .forEach(
            (column, pick) ->
                replica.policy(
                    table.name() + "." + column,
                    pick == TablePolicies.Pick.MAX ? ColumnPolicy.max() : ColumnPolicy.min()));
  }
}
