package dev.godwit.tests.simulation;

import dev.godwit.sync.Replica;
import dev.godwit.sync.ReplicaBuilder;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.ExistencePolicy;
import dev.godwit.tests.oracle.TableModel;
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
import java.util.TreeMap;

/**
 * Files of devices that have begun to track a schema, made once for each schema and device, and
 * copied for each scenario. For one thread.
 */
final class Templates {
  private static final SpaceId SPACE = SpaceId.parse("0123456789abcdef0123456789abcdef");

  /** Those of all schemas that are not drawn; drawn ones are not met again. */
  private static final int CONTENTS_MAX = 500;

  private final Path folder;
  private final Map<String, byte[]> contents = new HashMap<>();
  private final Map<Integer, SimulatedFile> files = new HashMap<>();
  private String current;

  Templates(Path folder) {
    this.folder = folder;
  }

  /**
   * The file of this device as it is at the beginning. It is the one that was handed out before for
   * the device, with the connections to it when that was of the same schema.
   */
  SimulatedFile file(Family family, int device) throws IOException, SQLException {
    if (!family.name().equals(current)) {
      forget();
      current = family.name();
      if (contents.size() > CONTENTS_MAX) {
        contents.clear();
      }
    }
    String name = family.name() + " " + Scenario.name(device);
    byte[] content = contents.get(name);
    if (content == null) {
      content = make(family, device);
      contents.put(name, content);
    }
    SimulatedFile file =
        files.computeIfAbsent(
            device, number -> new SimulatedFile(folder.resolve(Scenario.name(number) + ".db")));
    file.begin(content);
    return file;
  }

  /** Closes all connections: what was done with them may have left something behind. */
  void forget() {
    for (SimulatedFile file : files.values()) {
      file.close();
    }
    files.clear();
  }

  private byte[] make(Family family, int device) throws IOException, SQLException {
    Path path = folder.resolve("template.db");
    Files.deleteIfExists(path);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA page_size = 1024");
      statement.execute(Statements.FORM);
      for (String sql : family.schema()) {
        statement.execute(sql);
      }
      for (String sql : IndexedFamilies.schema(family, device)) {
        statement.execute(sql);
      }
    }
    try (SimulatedFile file = new SimulatedFile(path)) {
      ReplicaBuilder builder =
          declared(Replica.builder(file), family)
              .deviceName(Scenario.name(device))
              .space(SPACE)
              .random(new Random(31L * family.name().hashCode() + device))
              .clock(new SimulatedClock(1_000))
              .track(family.tables().stream().map(TableModel::name).toArray(String[]::new));
      family.tables().forEach(table -> declare(builder, table));
      try (Replica replica = builder.open()) {
        if (DeclaredFamilies.time(family) == DeclaredFamilies.Time.LATE && device == 1) {
          references(family).forEach(replica::policy);
        }
      }
    }
    return Files.readAllBytes(path);
  }

  /** Declares references before there are rows. */
  private static ReplicaBuilder declared(ReplicaBuilder builder, Family family) {
    if (DeclaredFamilies.time(family) == DeclaredFamilies.Time.FIRST) {
      references(family).forEach(builder::policy);
    }
    return builder;
  }

  private static Map<String, ColumnPolicy> references(Family family) {
    Map<String, ColumnPolicy> references = new TreeMap<>();
    for (TableModel table : family.tables()) {
      table
          .references()
          .forEach(
              (column, one) ->
                  references.put(table.name() + "." + column, DeclaredFamilies.policy(one)));
    }
    return references;
  }

  private static void declare(ReplicaBuilder builder, TableModel table) {
    if (table.policies().deleteWins()) {
      builder.policy(table.name(), ExistencePolicy.DELETE_WINS);
    }
    table
        .policies()
        .columns()
        .forEach((column, policy) -> builder.policy(table.name() + "." + column, policy));
  }
}
