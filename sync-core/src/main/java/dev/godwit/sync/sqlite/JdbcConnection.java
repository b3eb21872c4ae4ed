package dev.godwit.sync.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A connection of {@link JdbcSqlite}, in autocommit: transactions are begun and ended by SQL. */
final class JdbcConnection implements SqliteConnection {
  private final Connection connection;
  private final String path;

  JdbcConnection(Connection connection, String path) {
    this.connection = connection;
    this.path = path;
  }

  @Override
  public void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw JdbcSqlite.translated(e, path);
    }
  }

  @Override
  public SqliteStatement prepare(String sql) {
    try {
      return new JdbcStatement(connection, sql);
    } catch (SQLException e) {
      throw JdbcSqlite.translated(e, sql);
    }
  }

  @Override
  public void interrupt() {
    try {
      ((org.sqlite.SQLiteConnection) connection).getDatabase().interrupt();
    } catch (SQLException e) {
      throw JdbcSqlite.translated(e, path);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw JdbcSqlite.translated(e, path);
    }
  }
}
