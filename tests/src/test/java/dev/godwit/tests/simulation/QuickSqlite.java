package dev.godwit.tests.simulation;

import dev.godwit.sync.sqlite.JdbcSqlite;
import dev.godwit.sync.sqlite.SqliteConnection;
import dev.godwit.sync.sqlite.SqliteSource;
import java.nio.file.Path;

/** A file whose writes need not survive the machine. */
final class QuickSqlite implements SqliteSource {
  /** Settings of every connection to it. */
  static final String[] SETTINGS = {"PRAGMA synchronous = OFF", "PRAGMA journal_mode = MEMORY"};

  private final JdbcSqlite file;

  QuickSqlite(Path path) {
    this.file = JdbcSqlite.at(path.toString());
  }

  @Override
  public SqliteConnection open() {
    SqliteConnection connection = file.open();
    for (String setting : SETTINGS) {
      connection.execute(setting);
    }
    return connection;
  }

  @Override
  public String name() {
    return file.name();
  }

  @Override
  public String path() {
    return file.path();
  }
}
