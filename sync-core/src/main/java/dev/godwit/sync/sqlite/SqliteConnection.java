package dev.godwit.sync.sqlite;

/** One connection to one SQLite file, used by one thread at a time. */
public interface SqliteConnection extends AutoCloseable {
  /** Runs one statement that has no parameters and no rows to read. */
  void execute(String sql);

  /** Compiles one statement; the caller closes it. */
  SqliteStatement prepare(String sql);

  /** Asks the statement that runs on this connection to stop; may be called from any thread. */
  void interrupt();

  @Override
  void close();
}
