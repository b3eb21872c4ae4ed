package dev.godwit.sync.internal.log;

import dev.godwit.sync.sqlite.SqliteConnection;
import dev.godwit.sync.sqlite.SqliteException;
import dev.godwit.sync.sqlite.SqliteStatement;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One connection with its compiled statements, and the transaction on it. Used by one thread at a
 * time.
 *
 * <p>Statements belong to the session and stay compiled; who asks for one uses it up (binds, runs,
 * reads to the end) before asking for the same text again.
 */
public final class Session implements AutoCloseable {
  /** Statements kept compiled: all of Godwit's own, and a few for each of some dozens of tables. */
  private static final int STATEMENTS_MAX = 400;

  private final SqliteConnection connection;
  private final Map<String, SqliteStatement> statements = new LinkedHashMap<>(64, 0.75f, true);
  private boolean inTransaction;

  public Session(SqliteConnection connection) {
    this.connection = connection;
  }

  public SqliteConnection connection() {
    return connection;
  }

  /** The compiled statement for this text. */
  public SqliteStatement statement(String sql) {
    SqliteStatement known = statements.get(sql);
    if (known != null) {
      return known;
    }
    if (statements.size() >= STATEMENTS_MAX) {
      Map.Entry<String, SqliteStatement> eldest = statements.entrySet().iterator().next();
      statements.remove(eldest.getKey());
      eldest.getValue().close();
    }
    SqliteStatement compiled = connection.prepare(sql);
    statements.put(sql, compiled);
    return compiled;
  }

  /** Runs one statement without parameters that is not worth keeping. */
  public void execute(String sql) {
    connection.execute(sql);
  }

  /** What runs inside a transaction. */
  public interface Work<T> {
    T run();
  }

  /**
   * Runs the work in one write transaction: committed when it returns, rolled back when it throws.
   */
  public <T> T write(Work<T> work) {
    return transaction("BEGIN IMMEDIATE", work);
  }

  /** Runs the work in one read transaction: everything it reads is of one moment. */
  public <T> T read(Work<T> work) {
    return transaction("BEGIN", work);
  }

  public boolean inTransaction() {
    return inTransaction;
  }

  private <T> T transaction(String begin, Work<T> work) {
    if (inTransaction) {
      return work.run();
    }
    statement(begin).update();
    inTransaction = true;
    boolean committed = false;
    try {
      T result = work.run();
      statement("COMMIT").update();
      committed = true;
      return result;
    } finally {
      inTransaction = false;
      if (!committed) {
        rollBack();
      }
    }
  }

  private void rollBack() {
    try {
      connection.execute("ROLLBACK");
    } catch (SqliteException e) {
      // SQLite has already rolled back by itself (disk full, interrupted): the first failure is
      // what counts.
      return;
    }
  }

  /** Forgets all compiled statements, as after a change of schema. */
  public void forgetStatements() {
    statements.values().forEach(SqliteStatement::close);
    statements.clear();
  }

  @Override
  public void close() {
    forgetStatements();
    connection.close();
  }
}
