package dev.godwit.sync.transport;

import dev.godwit.sync.protocol.ExchangeException;
import java.util.ArrayList;
import java.util.List;

/**
 * A switch that ends an exchange from another thread: at the next part, or at once where the
 * carrier can interrupt its wait.
 *
 * <p>What had arrived is kept. Once cancelled it stays so. Thread safe.
 */
public final class Cancellation {
  private final List<Runnable> actions = new ArrayList<>();
  private boolean cancelled;

  /** Ends the exchange; calling it again does nothing. */
  public void cancel() {
    List<Runnable> due;
    synchronized (this) {
      if (cancelled) {
        return;
      }
      cancelled = true;
      due = new ArrayList<>(actions);
      actions.clear();
    }
    due.forEach(Runnable::run);
  }

  /** Whether it was called. */
  public synchronized boolean isCancelled() {
    return cancelled;
  }

  /**
   * Goes on only when not cancelled.
   *
   * @throws ExchangeException.Cancelled when it is
   */
  public void check() {
    if (isCancelled()) {
      throw new ExchangeException.Cancelled("the exchange was cancelled: what had arrived is kept");
    }
  }

  /**
   * Runs the action on {@link #cancel}, or now when that was called; close the result when it is no
   * longer needed.
   */
  Registration onCancel(Runnable action) {
    synchronized (this) {
      if (!cancelled) {
        actions.add(action);
        return () -> remove(action);
      }
    }
    action.run();
    return () -> {};
  }

  private synchronized void remove(Runnable action) {
    actions.remove(action);
  }

  /** Takes an action back. */
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
