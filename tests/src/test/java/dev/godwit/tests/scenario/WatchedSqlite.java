package dev.godwit.tests.scenario;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.sqlite.SqliteConnection;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteSource;
import dev.godwit.sync.sqlite.SqliteStatement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file whose every statement is counted, and which can end the process that uses it: from one
 * statement on nothing is carried out any more, not even a rollback.
 */
final class WatchedSqlite implements SqliteSource {
  private final SqliteSource source;
  private final List<SqliteConnection> connections = new ArrayList<>();
  private long statements;
  private long endsBefore = Long.MAX_VALUE;
  private long writesInTransaction;
  private long largestTransactionWrites;
  private String countedTable = "";

  /** The process has ended. */
  static final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  WatchedSqlite(Path path) {
    source = new FastSqlite(path);
  }

  /** Statements run so far. */
  long statements() {
    return statements;
  }

  /** Lets the process end before so many more statements have run. */
  void endAfter(long more) {
    endsBefore = statements + more;
  }

  /** Ends the process: its connections are gone, whatever they were doing. */
  void end() {
    endsBefore = 0;
    connections.forEach(SqliteConnection::close);
  }

  /** Begins to count the rows written to this table by single transactions. */
  void countWritesTo(String table) {
    countedTable = table;
    largestTransactionWrites = 0;
  }

  /** The most rows that one transaction has written. */
  long largestTransactionWrites() {
    return largestTransactionWrites;
  }

  @Override
  public SqliteConnection open() {
    SqliteConnection connection = source.open();
    connections.add(connection);
    return new Watched(connection);
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public String path() {
    return source.path();
  }

  private void step() {
    if (statements >= endsBefore) {
      throw new Ended();
    }
    statements++;
  }

  private void began(String sql) {
    if (sql.startsWith("BEGIN")) {
      writesInTransaction = 0;
    }
  }

  private void wrote(String sql, long rows) {
    if (!countedTable.isEmpty()
        && sql.contains(" \"" + countedTable + "\" ")
        && !sql.startsWith("SELECT")) {
      writesInTransaction += rows;
      largestTransactionWrites = Math.max(largestTransactionWrites, writesInTransaction);
    }
  }

  private final class Watched implements SqliteConnection {
    private final SqliteConnection connection;

    Watched(SqliteConnection connection) {
      this.connection = connection;
    }

    @Override
    public void execute(String sql) {
      step();
      began(sql);
      connection.execute(sql);
    }

    @Override
    public SqliteStatement prepare(String sql) {
      return new WatchedStatement(connection.prepare(sql), sql);
    }

    @Override
    public void interrupt() {
      connection.interrupt();
    }

    @Override
    public void close() {
      if (endsBefore > 0) {
        connection.close();
      }
    }
  }

  private final class WatchedStatement implements SqliteStatement {
    private final SqliteStatement statement;
    private final String sql;

    WatchedStatement(SqliteStatement statement, String sql) {
      this.statement = statement;
      this.sql = sql;
    }

    @Override
    public SqliteStatement bind(int parameter, Value value) {
      statement.bind(parameter, value);
      return this;
    }

    @Override
    public SqliteStatement bind(int parameter, long number) {
      statement.bind(parameter, number);
      return this;
    }

    @Override
    public SqliteStatement bind(int parameter, String text) {
      statement.bind(parameter, text);
      return this;
    }

    @Override
    public SqliteStatement bind(int parameter, byte[] bytes) {
      statement.bind(parameter, bytes);
      return this;
    }

    @Override
    public SqliteStatement bindNull(int parameter) {
      statement.bindNull(parameter);
      return this;
    }

    @Override
    public int update() {
      step();
      began(sql);
      int rows = statement.update();
      wrote(sql, rows);
      return rows;
    }

    @Override
    public void addToBatch() {
      statement.addToBatch();
    }

    @Override
    public int[] updateBatch() {
      step();
      int[] rows = statement.updateBatch();
      wrote(sql, rows.length);
      return rows;
    }

    @Override
    public SqliteRows query() {
      step();
      return statement.query();
    }

    @Override
    public void close() {
      if (endsBefore > 0) {
        statement.close();
      }
    }
  }
}
