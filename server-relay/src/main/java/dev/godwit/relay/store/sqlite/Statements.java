package dev.godwit.relay.store.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** One connection with the statements prepared on it. Used by one thread at a time. */
final class Statements implements AutoCloseable {
  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  Statements(Connection connection) {
    this.connection = connection;
  }

  /** The connection itself. */
  Connection connection() {
    return connection;
  }

  /** Runs a statement that returns nothing. */
  int run(String sql, Object... arguments) throws SQLException {
    return bound(sql, arguments).executeUpdate();
  }

  /** Runs a query; the caller closes the result, which ends the read transaction. */
  ResultSet query(String sql, Object... arguments) throws SQLException {
    return bound(sql, arguments).executeQuery();
  }

  /** Runs an INSERT and returns the row's number. */
  long insert(String sql, Object... arguments) throws SQLException {
    run(sql, arguments);
    try (ResultSet row = query("SELECT last_insert_rowid()")) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  private PreparedStatement bound(String sql, Object... arguments) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    for (int i = 0; i < arguments.length; i++) {
      statement.setObject(i + 1, arguments[i]);
    }
    return statement;
  }
}
