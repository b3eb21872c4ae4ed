package dev.godwit.relay.store.sqlite;

import dev.godwit.relay.store.RelayStoreException;
import dev.godwit.sync.protocol.HistoryId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Properties;

/**
 * The tables of a relay's file, format version {@value #VERSION} ({@code PRAGMA user_version}).
 *
 * <pre>
 * relay     history                                              one row
 * space     space_id  space  token_hash  last_position  bytes    one row a space; bytes: all that is stored of it
 * replica   replica_id  space_id  replica  head_sequence  head_hash
 * envelope  space_id  position  replica_id  sequence  hash  large_id | bytes      one row a complete envelope
 * large     large_id  space_id  replica_id  sequence  hash  part_count  length_bytes  parts_held  complete
 * part      large_id  part_index  bytes                          the parts of large envelopes
 * </pre>
 *
 * <p>An envelope of one part lies in its row; the parts of a larger one stay where they were
 * received, also after the envelope is complete. Positions count each space's envelopes in the
 * order in which they became complete.
 */
final class RelaySchema {
  static final int VERSION = 1;

  /** "Gdwt": so that another program's file is not taken for a relay's. */
  private static final int APPLICATION_ID = 0x47647774;

  /** Larger than SQLite's default because most bytes are in parts of 1 MiB. */
  private static final int PAGE_BYTES = 8_192;

  private static final int BUSY_TIMEOUT_MILLIS = 10_000;

  private static final List<String> TABLES =
      Collections.unmodifiableList(
          Arrays.asList(
              "CREATE TABLE relay (history INTEGER NOT NULL)",
              "CREATE TABLE space (space_id INTEGER PRIMARY KEY, space BLOB NOT NULL UNIQUE, token_hash BLOB NOT NULL,"
                  + " last_position INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0)",
              "CREATE TABLE replica (replica_id INTEGER PRIMARY KEY, space_id INTEGER NOT NULL, replica BLOB NOT NULL,"
                  + " head_sequence INTEGER NOT NULL, head_hash BLOB NOT NULL, UNIQUE (space_id, replica))",
              "CREATE TABLE envelope (envelope_id INTEGER PRIMARY KEY, space_id INTEGER NOT NULL, position INTEGER NOT NULL,"
                  + " replica_id INTEGER NOT NULL, sequence INTEGER NOT NULL, hash BLOB NOT NULL, large_id INTEGER, bytes BLOB,"
                  + " UNIQUE (space_id, position), UNIQUE (replica_id, sequence))",
              "CREATE TABLE large (large_id INTEGER PRIMARY KEY AUTOINCREMENT, space_id INTEGER NOT NULL,"
                  + " replica_id INTEGER NOT NULL, sequence INTEGER NOT NULL, hash BLOB NOT NULL, part_count INTEGER NOT NULL,"
                  + " length_bytes INTEGER NOT NULL, parts_held INTEGER NOT NULL, complete INTEGER NOT NULL,"
                  + " UNIQUE (replica_id, sequence, hash))",
              "CREATE INDEX large_incomplete ON large (space_id, large_id) WHERE complete = 0",
              "CREATE TABLE part (part_id INTEGER PRIMARY KEY, large_id INTEGER NOT NULL, part_index INTEGER NOT NULL,"
                  + " bytes BLOB NOT NULL, UNIQUE (large_id, part_index))"));

  private RelaySchema() {}

  /**
   * A connection with the settings that every connection of a relay has; waits for a commit to
   * reach the disk.
   */
  static Connection connect(Path file) throws SQLException {
    Properties settings = new Properties();
    settings.setProperty(
        "jdbc.get_generated_keys", "false"); // the driver would ask for the rowid after each insert
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file, settings);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = " + BUSY_TIMEOUT_MILLIS);
      statement.execute("PRAGMA page_size = " + PAGE_BYTES);
      try (ResultSet mode = statement.executeQuery("PRAGMA journal_mode = WAL")) {
        if (!mode.next() || !mode.getString(1).equalsIgnoreCase("wal")) {
          throw new SQLException(
              "expected write-ahead logging for "
                  + file.getFileName()
                  + " but the file system refuses it");
        }
      }
      statement.execute("PRAGMA synchronous = FULL");
      return connection;
    } catch (SQLException failed) {
      connection.close();
      throw failed;
    }
  }

  /** Creates the tables in a new file, or checks that the file is a relay's of this version. */
  static HistoryId prepare(Connection connection, Path file, long newHistory) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      try {
        int version = number(statement, "PRAGMA user_version");
        if (version == 0 && number(statement, "SELECT count(*) FROM sqlite_schema") == 0) {
          create(statement, newHistory);
        } else if (version != VERSION
            || number(statement, "PRAGMA application_id") != APPLICATION_ID) {
          throw new RelayStoreException(
              "expected a relay's data of version "
                  + VERSION
                  + " in "
                  + file.getFileName()
                  + " but got version "
                  + version
                  + " of application "
                  + number(statement, "PRAGMA application_id"),
              null);
        }
        HistoryId history = history(statement);
        statement.execute("COMMIT");
        return history;
      } catch (SQLException | RuntimeException failed) {
        statement.execute("ROLLBACK");
        throw failed;
      }
    }
  }

  private static void create(Statement statement, long newHistory) throws SQLException {
    for (String table : TABLES) {
      statement.execute(table);
    }
    statement.execute("INSERT INTO relay (history) VALUES (" + newHistory + ")");
    statement.execute("PRAGMA application_id = " + APPLICATION_ID);
    statement.execute("PRAGMA user_version = " + VERSION);
  }

  private static HistoryId history(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT history FROM relay")) {
      row.next();
      return new HistoryId(row.getLong(1));
    }
  }

  private static int number(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getInt(1);
    }
  }
}
