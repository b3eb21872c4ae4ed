package dev.godwit.tests.simulation;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/**
 * A program that knows nothing of Godwit, and its connection to the file. Queries stay compiled.
 */
final class OtherProgram implements AutoCloseable {
  private final Connection connection;
  private final Map<String, PreparedStatement> queries = new HashMap<>();
  private final Settings settings = new Settings();

  /** Reads the rows of a query. */
  interface Reading<T> {
    T read(ResultSet rows) throws SQLException, IOException;
  }

  OtherProgram(Path path) throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite:" + path);
  }

  /** Runs one statement. */
  void execute(String sql) throws SQLException {
    if (settings.isAlready(sql)) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
    settings.keep(sql);
  }

  <T> T query(String sql, Reading<T> reading) throws SQLException, IOException {
    PreparedStatement query = queries.get(sql);
    if (query == null) {
      query = connection.prepareStatement(sql);
      queries.put(sql, query);
    }
    try (ResultSet rows = query.executeQuery()) {
      return reading.read(rows);
    }
  }

  /** The one number that a query finds. */
  long number(String sql) throws SQLException, IOException {
    return query(sql, rows -> rows.next() ? rows.getLong(1) : 0);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
