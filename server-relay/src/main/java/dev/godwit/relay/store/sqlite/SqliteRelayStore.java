package dev.godwit.relay.store.sqlite;

import dev.godwit.relay.access.TokenHash;
import dev.godwit.relay.limit.RelayLimits;
import dev.godwit.relay.store.RelayStore;
import dev.godwit.relay.store.RelayStoreException;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.protocol.EnvelopeLog;
import dev.godwit.sync.protocol.HistoryId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A relay's store in one SQLite file, {@code relay.db} in its data directory: write-ahead log,
 * {@code synchronous = FULL}, one thread that writes in groups.
 *
 * <p>A lock file keeps a second relay out of the same directory. Thread safe.
 */
public final class SqliteRelayStore implements RelayStore {
  private final FileChannel lockFile;
  private final ReaderPool readers;
  private final GroupCommitWriter writer;
  private final RunningDigests digests = new RunningDigests();
  private final RelayLimits limits;
  private final HistoryId history;

  private SqliteRelayStore(FileChannel lockFile, Path file, RelayLimits limits, long newHistory)
      throws SQLException {
    this.lockFile = lockFile;
    this.limits = limits;
    Statements writing = new Statements(RelaySchema.connect(file));
    try {
      history = RelaySchema.prepare(writing.connection(), file, newHistory);
      readers = new ReaderPool(file);
    } catch (SQLException | RuntimeException failed) {
      writing.close();
      throw failed;
    }
    writer = new GroupCommitWriter(writing, limits.bytesInFlight());
  }

  /**
   * Opens the store in this directory, which is made when it is not there.
   *
   * @param newHistory 64 random bits, used when the store is new
   * @throws RelayStoreException when it is in use, not a relay's, or cannot be opened
   */
  public static SqliteRelayStore open(Path directory, RelayLimits limits, long newHistory) {
    FileChannel lockFile = null;
    try {
      Files.createDirectories(directory);
      lockFile = lock(directory);
      return new SqliteRelayStore(lockFile, directory.resolve("relay.db"), limits, newHistory);
    } catch (IOException | SQLException | RuntimeException failed) {
      closeQuietly(lockFile);
      if (failed instanceof RelayStoreException known) {
        throw known;
      }
      throw new RelayStoreException(
          "cannot open the relay's data in " + directory + ": " + failed.getMessage(), failed);
    }
  }

  @Override
  public HistoryId history() {
    return history;
  }

  @Override
  public Optional<TokenHash> tokenOf(SpaceId space) {
    return readers.read(statements -> tokenOf(statements, space));
  }

  @Override
  public Opening open(SpaceId space, TokenHash token) {
    return GroupCommitWriter.await(
        writer.submit(
            1,
            statements -> {
              Optional<TokenHash> held = tokenOf(statements, space);
              if (held.isPresent()) {
                return held.get().matches(token) ? Opening.WAS_OPEN : Opening.OTHER_TOKEN;
              }
              try (ResultSet row = statements.query("SELECT count(*) FROM space")) {
                row.next();
                if (row.getInt(1) >= limits.spaces()) {
                  return Opening.TOO_MANY_SPACES;
                }
              }
              statements.run(
                  "INSERT INTO space (space, token_hash) VALUES (?, ?)",
                  space.bytes(),
                  token.bytes());
              return Opening.OPENED;
            }));
  }

  @Override
  public EnvelopeLog log(SpaceId space) {
    return new SqliteSpaceLog(space, readers, writer, digests, limits);
  }

  @Override
  public void check() {
    readers.read(
        statements -> {
          statements.query("SELECT history FROM relay").close();
          return null;
        });
    GroupCommitWriter.await(writer.submit(1, statements -> null));
  }

  @Override
  public void close() {
    writer.close();
    readers.close();
    closeQuietly(lockFile);
  }

  private static Optional<TokenHash> tokenOf(Statements statements, SpaceId space)
      throws SQLException {
    try (ResultSet row =
        statements.query("SELECT token_hash FROM space WHERE space = ?", (Object) space.bytes())) {
      return row.next() ? Optional.of(TokenHash.of(row.getBytes(1))) : Optional.empty();
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve("relay.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException sameProcess) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      throw new RelayStoreException(
          "another relay is using " + directory + ": stop it, or choose another directory", null);
    }
    return channel;
  }

  private static void closeQuietly(FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException nothingWasWritten) {
        // the lock ends with the process at the latest
      }
    }
  }
}
