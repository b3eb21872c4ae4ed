package dev.godwit.tests.simulation;

import dev.godwit.sync.sqlite.SqliteConnection;
import dev.godwit.sync.sqlite.SqliteStatement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/** A connection that is given back instead of closed, with its compiled statements. */
final class KeptConnection implements SqliteConnection {
  /**
   * Any read: it has SQLite compare the file's change counter and schema version with what the
   * connection remembers. A file that went back to its beginning is noticed now, and only now:
   * later both may have grown to what they were when the connection last looked. It is compiled
   * each time: one that was compiled before the scenario changed the schema would find what it
   * knows.
   */
  static final String LOOK = "SELECT count(*) FROM sqlite_master";

  /** Random statements are compiled too, and seldom used again. */
  private static final int STATEMENTS_MAX = 1_000;

  private final SqliteConnection connection;
  private final Queue<KeptConnection> idle;
  private final Map<String, Deque<SqliteStatement>> statements = new HashMap<>();
  private final Settings settings = new Settings();

  KeptConnection(SqliteConnection connection, Queue<KeptConnection> idle) {
    this.connection = connection;
    this.idle = idle;
  }

  void look() {
    try (SqliteStatement look = connection.prepare(LOOK)) {
      look.query().close();
    }
  }

  /** Runs a statement that says how this connection works. */
  void set(String sql) {
    connection.execute(sql);
  }

  @Override
  public void execute(String sql) {
    if (sql.startsWith("PRAGMA synchronous") || settings.isAlready(sql)) {
      return;
    }
    connection.execute(sql);
    settings.keep(sql);
  }

  @Override
  public SqliteStatement prepare(String sql) {
    Deque<SqliteStatement> kept = statements.computeIfAbsent(sql, none -> new ArrayDeque<>());
    SqliteStatement statement = kept.isEmpty() ? connection.prepare(sql) : kept.pop();
    return new KeptStatement(statement, kept);
  }

  @Override
  public void interrupt() {
    connection.interrupt();
  }

  @Override
  public void close() {
    if (statements.size() > STATEMENTS_MAX) {
      discard();
    } else {
      idle.add(this);
    }
  }

  /** Closes the connection itself. */
  void discard() {
    statements.values().forEach(kept -> kept.forEach(SqliteStatement::close));
    connection.close();
  }
}
