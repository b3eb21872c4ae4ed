package dev.godwit.relay.store.sqlite;

import dev.godwit.relay.store.RelayStoreException;
import dev.godwit.relay.store.StoreBusyException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A few connections that read. One is borrowed for each query and returned when its rows are in
 * memory, so a slow client never keeps one, nor a read transaction. Thread safe.
 */
final class ReaderPool implements AutoCloseable {
  /** Reads take microseconds; more connections than cores only cost memory. */
  private static final int CONNECTIONS = 4;

  private static final int WAIT_SECONDS = 20;

  private final BlockingQueue<Statements> idle = new ArrayBlockingQueue<>(CONNECTIONS);

  ReaderPool(Path file) throws SQLException {
    for (int i = 0; i < CONNECTIONS; i++) {
      idle.add(new Statements(RelaySchema.connect(file)));
    }
  }

  /** A reading. */
  interface Reading<T> {
    T read(Statements statements) throws SQLException;
  }

  /** Reads within one borrowed connection. */
  <T> T read(Reading<T> reading) {
    Statements statements = borrow();
    try {
      return reading.read(statements);
    } catch (SQLException failed) {
      throw new RelayStoreException("cannot read: " + failed.getMessage(), failed);
    } finally {
      idle.add(statements);
    }
  }

  /** Waits for borrowed connections to come back, then closes all. */
  @Override
  public void close() {
    for (int i = 0; i < CONNECTIONS; i++) {
      try {
        borrow().close();
      } catch (SQLException failed) {
        throw new RelayStoreException("cannot close: " + failed.getMessage(), failed);
      }
    }
  }

  private Statements borrow() {
    try {
      Statements statements = idle.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      if (statements == null) {
        throw new StoreBusyException(
            "expected to read within " + WAIT_SECONDS + " s but the store is busy: try again");
      }
      return statements;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new RelayStoreException("interrupted while waiting to read", interrupted);
    }
  }
}
