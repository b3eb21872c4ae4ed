package dev.godwit.tests.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The other old-sqlite tests prove something only if the engine is really the one they name. */
@Tag(OldSqlite.TAG)
class OldSqliteVersionTest {
  @TempDir Path folder;

  @Test
  void engineIsTheVersionTheBuildAskedFor() throws SQLException {
    try (Connection connection = OldSqlite.open(folder.resolve("version.db"));
        Statement statement = connection.createStatement()) {
      assertEquals(OldSqlite.expectedVersion(), text(statement, "SELECT sqlite_version()"));
    }
  }

  @Test
  void triggerNotesTheKeyOfARowThatAPlainInsertWrites() throws SQLException {
    try (Connection connection = OldSqlite.open(folder.resolve("trigger.db"));
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE events (id TEXT PRIMARY KEY NOT NULL, title)");
      statement.executeUpdate("CREATE TABLE notes (key)");
      statement.executeUpdate(
          "CREATE TRIGGER events_insert AFTER INSERT ON events"
              + " BEGIN INSERT INTO notes (key) VALUES (NEW.id); END");
      statement.executeUpdate("INSERT INTO events VALUES ('e1', 'Dentist')");
      assertEquals("e1", text(statement, "SELECT key FROM notes"));
    }
  }

  private static String text(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      return row.getString(1);
    }
  }
}
