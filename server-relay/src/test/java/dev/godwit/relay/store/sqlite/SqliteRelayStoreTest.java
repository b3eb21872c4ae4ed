package dev.godwit.relay.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.relay.limit.RelayLimits;
import dev.godwit.relay.store.RelayStore;
import dev.godwit.relay.store.RelayStoreContract;
import dev.godwit.relay.store.RelayStoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteRelayStoreTest extends RelayStoreContract {
  @TempDir private Path directory;
  @TempDir private Path elsewhere;

  @Override
  protected RelayStore open(RelayLimits limits) {
    return SqliteRelayStore.open(directory, limits, 42);
  }

  @Test
  void aSecondRelayIsKeptOut() {
    RelayStoreException refused =
        assertThrows(RelayStoreException.class, () -> open(RelayLimits.ofDefaults()));
    assertTrue(refused.getMessage().contains("another relay"), refused.getMessage());
  }

  @Test
  void aFileThatIsNotARelaysIsRefusedUntouched() throws Exception {
    Path file = elsewhere.resolve("relay.db");
    Files.writeString(file, "not a database at all, but long enough to be looked at ".repeat(50));
    byte[] before = Files.readAllBytes(file);
    assertThrows(
        RelayStoreException.class,
        () -> SqliteRelayStore.open(elsewhere, RelayLimits.ofDefaults(), 1));
    org.junit.jupiter.api.Assertions.assertArrayEquals(before, Files.readAllBytes(file));
  }

  @Test
  void anotherProgramsDatabaseIsRefused() throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + elsewhere.resolve("relay.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE mine (x)");
      statement.execute("PRAGMA user_version = 1");
    }
    RelayStoreException refused =
        assertThrows(
            RelayStoreException.class,
            () -> SqliteRelayStore.open(elsewhere, RelayLimits.ofDefaults(), 1));
    assertTrue(
        refused.getMessage().startsWith("expected a relay's data of version 1"),
        refused.getMessage());
  }

  @Test
  void aPathThatCannotBeADirectoryIsRefused() throws Exception {
    Path file = elsewhere.resolve("file");
    Files.writeString(file, "in the way");
    assertThrows(
        RelayStoreException.class, () -> SqliteRelayStore.open(file, RelayLimits.ofDefaults(), 1));
  }
}
