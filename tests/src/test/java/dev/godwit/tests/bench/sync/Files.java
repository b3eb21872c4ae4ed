package dev.godwit.tests.bench.sync;

import dev.godwit.sync.Replica;
import dev.godwit.sync.ReplicaBuilder;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.sqlite.JdbcSqlite;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * The files of the benchmark: WAL, synchronous=NORMAL, temp_store=MEMORY, through the same driver.
 */
final class Files {
  private Files() {}

  /** What is done in a folder that goes when it is done. */
  interface Work {
    void in(Path folder) throws Exception;
  }

  static void inFolder(Work work) throws Exception {
    Path folder = java.nio.file.Files.createTempDirectory("godwit-bench");
    try {
      work.in(folder);
    } finally {
      try (var paths = java.nio.file.Files.walk(folder)) {
        paths.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
      }
    }
  }

  static Connection connect(Path path) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("PRAGMA synchronous=NORMAL");
      statement.execute("PRAGMA temp_store=MEMORY");
    }
    return connection;
  }

  /** An empty file with the table. */
  static Path create(Path path) throws SQLException {
    try (Connection connection = connect(path);
        Statement statement = connection.createStatement()) {
      statement.execute(Events.SCHEMA);
    }
    return path;
  }

  static Replica replica(Path path, SpaceId space) {
    ReplicaBuilder builder =
        Replica.builder(JdbcSqlite.at(path.toString()).withSynchronousNormal()).deviceName("bench");
    Replica replica = (space == null ? builder : builder.space(space)).open();
    replica.track("events");
    return replica;
  }

  /** The plain file as a target: prepared statements, one executeUpdate a row. */
  static Workload.Target plain(Connection connection) {
    Map<String, PreparedStatement> prepared = new HashMap<>();
    return statements -> {
      try (Statement begin = connection.createStatement()) {
        begin.execute("BEGIN IMMEDIATE");
        statements.run((sql, parameters) -> execute(connection, prepared, sql, parameters));
        begin.execute("COMMIT");
      }
    };
  }

  private static void execute(
      Connection connection,
      Map<String, PreparedStatement> prepared,
      String sql,
      Object[] parameters)
      throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    statement.executeUpdate();
  }

  /** The tracked file as a target: through the library, sealed in the same commit. */
  static Workload.Target tracked(Replica replica) {
    return statements ->
        replica.write(
            transaction -> {
              try {
                statements.run(transaction::execute);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
  }

  /** The size of the file with everything in it. */
  static long sizeBytes(Path path) throws SQLException, IOException {
    try (Connection connection = connect(path);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    return java.nio.file.Files.size(path);
  }
}
