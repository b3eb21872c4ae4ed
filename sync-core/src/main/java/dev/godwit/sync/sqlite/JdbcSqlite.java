package dev.godwit.sync.sqlite;

import java.io.File;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** SQLite through the JDBC driver {@code org.xerial:sqlite-jdbc}. */
public final class JdbcSqlite implements SqliteSource {
  /** How long a connection waits for another one's lock: longer than any slice of an apply. */
  public static final int BUSY_TIMEOUT_MILLIS = 10_000;

  private final String path;
  private final boolean normal;

  private JdbcSqlite(String path, boolean normal) {
    this.path = path;
    this.normal = normal;
  }

  /** The file at this path, with SQLite's default durability: every commit survives a power cut. */
  public static JdbcSqlite at(String path) {
    return new JdbcSqlite(new File(Objects.requireNonNull(path, "path")).getAbsolutePath(), false);
  }

  /**
   * The same file opened with {@code synchronous=NORMAL}: in WAL mode a power cut may take back the
   * last commits of the application, never half of one, and never one that was sent. Many times as
   * quick for single writes.
   */
  public JdbcSqlite withSynchronousNormal() {
    return new JdbcSqlite(path, true);
  }

  @Override
  public SqliteConnection open() {
    if (!new File(path).isFile()) {
      throw new SqliteException(
          SqliteException.Reason.CANNOT_OPEN,
          "expected a SQLite file at " + path + " but there is none",
          null);
    }
    try {
      Properties settings = new Properties();
      settings.setProperty("busy_timeout", Integer.toString(BUSY_TIMEOUT_MILLIS));
      // Otherwise the driver runs a query after every INSERT, for keys that nobody asks for.
      settings.setProperty("jdbc.get_generated_keys", "false");
      Connection connection = new org.sqlite.JDBC().connect("jdbc:sqlite:" + path, settings);
      JdbcConnection opened = new JdbcConnection(connection, path);
      try {
        opened.execute("PRAGMA temp_store=MEMORY");
        if (normal) {
          opened.execute("PRAGMA synchronous=NORMAL");
        }
        opened.prepare("SELECT count(*) FROM sqlite_master").query().close();
        return opened;
      } catch (SqliteException e) {
        opened.close();
        throw e;
      }
    } catch (SQLException e) {
      throw translated(e, path);
    }
  }

  @Override
  public String name() {
    return new File(path).getName();
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public String toString() {
    return path;
  }

  static SqliteException translated(SQLException e, String what) {
    SQLiteErrorCode code =
        e instanceof SQLiteException known ? known.getResultCode() : SQLiteErrorCode.SQLITE_ERROR;
    return new SqliteException(reason(code.code & 0xff), e.getMessage() + " (" + what + ")", e);
  }

  private static SqliteException.Reason reason(int primaryCode) {
    switch (primaryCode) {
      case 5:
      case 6:
        return SqliteException.Reason.BUSY;
      case 8:
        return SqliteException.Reason.READ_ONLY;
      case 9:
        return SqliteException.Reason.INTERRUPTED;
      case 11:
        return SqliteException.Reason.CORRUPT;
      case 13:
        return SqliteException.Reason.FULL;
      case 14:
        return SqliteException.Reason.CANNOT_OPEN;
      case 19:
        return SqliteException.Reason.CONSTRAINT;
      case 26:
        return SqliteException.Reason.NOT_A_DATABASE;
      default:
        return SqliteException.Reason.OTHER;
    }
  }
}
