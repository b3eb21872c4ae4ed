package dev.godwit.tests.simulation;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteStatement;
import java.util.Deque;

/** A compiled statement that is given back instead of closed: finished, with nothing bound. */
final class KeptStatement implements SqliteStatement {
  private final SqliteStatement statement;
  private final Deque<SqliteStatement> idle;
  private SqliteRows rows;
  private int highestBound;
  private boolean setAside;

  KeptStatement(SqliteStatement statement, Deque<SqliteStatement> idle) {
    this.statement = statement;
    this.idle = idle;
  }

  private SqliteStatement bound(int parameter) {
    highestBound = Math.max(highestBound, parameter);
    return this;
  }

  @Override
  public SqliteStatement bind(int parameter, Value value) {
    statement.bind(parameter, value);
    return bound(parameter);
  }

  @Override
  public SqliteStatement bind(int parameter, long number) {
    statement.bind(parameter, number);
    return bound(parameter);
  }

  @Override
  public SqliteStatement bind(int parameter, String text) {
    statement.bind(parameter, text);
    return bound(parameter);
  }

  @Override
  public SqliteStatement bind(int parameter, byte[] bytes) {
    statement.bind(parameter, bytes);
    return bound(parameter);
  }

  @Override
  public SqliteStatement bindNull(int parameter) {
    statement.bindNull(parameter);
    return bound(parameter);
  }

  @Override
  public int update() {
    return statement.update();
  }

  @Override
  public void addToBatch() {
    setAside = true;
    statement.addToBatch();
  }

  @Override
  public int[] updateBatch() {
    int[] changed = statement.updateBatch();
    setAside = false;
    return changed;
  }

  @Override
  public SqliteRows query() {
    rows = statement.query();
    return rows;
  }

  @Override
  public void close() {
    if (setAside) {
      statement.close();
      return;
    }
    if (rows != null) {
      rows.close();
    }
    for (int i = 1; i <= highestBound; i++) {
      statement.bindNull(i);
    }
    idle.push(statement);
  }
}
