package dev.godwit.sync.sqlite;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.Statement;

/** A connection of {@link JdbcSqlite}, in autocommit: transactions are begun and ended by SQL. */
final class JdbcConnection implements SqliteConnection {
  /** Drivers with an older engine than 3.28 leave a statement that has failed unusable. */
  private static final int SURVIVING_MINOR_MIN = 28;

  private final Connection connection;
  private final String path;
  private Boolean survivesFailure;

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
      return new JdbcStatement(connection, sql, survivesFailure());
    } catch (SQLException e) {
      throw JdbcSqlite.translated(e, sql);
    }
  }

  private boolean survivesFailure() throws SQLException {
    if (survivesFailure == null) {
      DatabaseMetaData engine = connection.getMetaData();
      survivesFailure =
          engine.getDatabaseMajorVersion() == 3
              && engine.getDatabaseMinorVersion() >= SURVIVING_MINOR_MIN;
    }
    return survivesFailure;
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
