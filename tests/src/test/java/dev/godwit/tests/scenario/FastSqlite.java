package dev.godwit.tests.scenario;

import dev.godwit.sync.sqlite.JdbcSqlite;
import dev.godwit.sync.sqlite.SqliteConnection;
import dev.godwit.sync.sqlite.SqliteSource;
import java.nio.file.Path;

/**
 * A file that is not flushed to the disk at every commit: these tests end processes, but never the
 * machine.
 */
final class FastSqlite implements SqliteSource {
  private final SqliteSource source;

  FastSqlite(Path path) {
    source = JdbcSqlite.at(path.toString());
  }

  @Override
  public SqliteConnection open() {
    SqliteConnection connection = source.open();
    connection.execute("PRAGMA synchronous = OFF");
    return connection;
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public String path() {
    return source.path();
  }
}
