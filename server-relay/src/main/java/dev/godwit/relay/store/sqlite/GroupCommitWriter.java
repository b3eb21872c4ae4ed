package dev.godwit.relay.store.sqlite;

import dev.godwit.relay.store.RelayStoreException;
import dev.godwit.relay.store.StoreBusyException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that writes: it drains what is waiting into one transaction, commits it, and only then
 * completes each work's future.
 *
 * <p>One disk flush so serves everyone who waits. Work that fails is undone alone (a savepoint);
 * when the commit fails, all of the group fail. At most so many bytes and works wait; more wait for
 * a moment and are then refused. Thread safe.
 */
final class GroupCommitWriter implements AutoCloseable {
  /**
   * Works in one transaction: the more, the fewer flushes; bounded so that the first does not wait
   * long.
   */
  private static final int MAX_GROUP = 256;

  /** How long one waits for room before it is refused. */
  private static final int ROOM_SECONDS = 20;

  private static final Logger LOG = LoggerFactory.getLogger(GroupCommitWriter.class);

  private final Statements statements;
  private final int maxBytes;
  private final Semaphore room;
  private final BlockingQueue<Entry<?>> queue = new ArrayBlockingQueue<>(4 * MAX_GROUP);
  private final Thread thread = new Thread(this::run, "godwit-relay-writer");
  private volatile boolean closing;

  GroupCommitWriter(Statements statements, int maxBytes) {
    this.statements = statements;
    this.maxBytes = maxBytes;
    this.room = new Semaphore(maxBytes, true);
    thread.setDaemon(true);
    thread.start();
  }

  /** Something to do within the group's transaction. */
  interface Work<T> {
    T write(Statements statements) throws SQLException;
  }

  /**
   * Hands in work; the future completes after the commit.
   *
   * @param bytes what it holds in memory
   * @throws StoreBusyException when there was no room for it for a while
   */
  <T> CompletableFuture<T> submit(int bytes, Work<T> work) {
    int permits = Math.min(bytes, maxBytes);
    Entry<T> entry = new Entry<>(work, permits);
    try {
      if (closing) {
        throw new RelayStoreException("the relay is closing", null);
      }
      if (!room.tryAcquire(permits, ROOM_SECONDS, TimeUnit.SECONDS)) {
        throw busy();
      }
      if (!queue.offer(entry, ROOM_SECONDS, TimeUnit.SECONDS)) {
        room.release(permits);
        throw busy();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new RelayStoreException("interrupted while waiting to write", interrupted);
    }
    if (!thread.isAlive()) {
      failWaiting();
    }
    return entry.future;
  }

  /** Waits for work to be committed, turning failures into {@link RelayStoreException}. */
  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (java.util.concurrent.CompletionException failed) {
      if (failed.getCause() instanceof RelayStoreException known) {
        throw known;
      }
      throw new RelayStoreException(
          "cannot write: " + failed.getCause().getMessage(), failed.getCause());
    }
  }

  /** Writes what is waiting, then ends the thread and closes the connection. */
  @Override
  public void close() {
    closing = true;
    try {
      thread.join();
      failWaiting();
      statements.close();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (SQLException failed) {
      LOG.warn("closing the store failed: {}", failed.getMessage());
    }
  }

  private void run() {
    List<Entry<?>> group = new ArrayList<>();
    while (!closing || !queue.isEmpty()) {
      try {
        Entry<?> first = queue.poll(100, TimeUnit.MILLISECONDS);
        if (first != null) {
          group.add(first);
          queue.drainTo(group, MAX_GROUP - 1);
          commit(group);
        }
      } catch (InterruptedException interrupted) {
        closing = true;
      } finally {
        group.forEach(entry -> room.release(entry.permits));
        group.clear();
      }
    }
  }

  private void commit(List<Entry<?>> group) {
    try {
      statements.run("BEGIN IMMEDIATE");
      for (Entry<?> entry : group) {
        entry.write(statements);
      }
      statements.run("COMMIT");
      group.forEach(Entry::complete);
    } catch (SQLException | RuntimeException failed) {
      LOG.warn("a group of {} writes failed: {}", group.size(), failed.getMessage());
      rollBack();
      RelayStoreException reason =
          new RelayStoreException("cannot write: " + failed.getMessage(), failed);
      group.forEach(entry -> entry.future.completeExceptionally(reason));
    }
  }

  private void rollBack() {
    try {
      statements.run("ROLLBACK");
    } catch (SQLException noTransaction) {
      LOG.debug("nothing to roll back: {}", noTransaction.getMessage());
    }
  }

  private void failWaiting() {
    for (Entry<?> entry = queue.poll(); entry != null; entry = queue.poll()) {
      entry.future.completeExceptionally(new RelayStoreException("the relay is closing", null));
    }
  }

  private static StoreBusyException busy() {
    return new StoreBusyException(
        "expected room to write within " + ROOM_SECONDS + " s but the store is busy: try again");
  }

  private static final class Entry<T> {
    private final Work<T> work;
    private final int permits;
    private final CompletableFuture<T> future = new CompletableFuture<>();
    private T result;

    Entry(Work<T> work, int permits) {
      this.work = work;
      this.permits = permits;
    }

    void write(Statements statements) throws SQLException {
      statements.run("SAVEPOINT work");
      try {
        result = work.write(statements);
      } catch (SQLException | RuntimeException failed) {
        statements.run("ROLLBACK TO work");
        future.completeExceptionally(
            new RelayStoreException("cannot write: " + failed.getMessage(), failed));
      }
      statements.run("RELEASE work");
    }

    void complete() {
      future.complete(result);
    }
  }
}
