package dev.godwit.cli.session;

import dev.godwit.sync.transport.Cancellation;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C: asks the work to stop at its next safe point, and keeps the process until it has said
 * what was kept.
 */
public final class Interruption {
  /** A slice of an apply takes a fraction of a second; who hangs longer is ended hard. */
  private static final long PATIENCE_SECONDS = 15;

  private final Cancellation cancellation = new Cancellation();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean personIsAsked;

  /** Catches the signals of this process. */
  public void install() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::shutDown, "godwit-interruption"));
  }

  private void shutDown() {
    asked.countDown();
    cancellation.cancel();
    if (personIsAsked) {
      // The work waits for an answer that will not come, and holds nothing open meanwhile.
      return;
    }
    try {
      ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  /** What an exchange watches. */
  public Cancellation cancellation() {
    return cancellation;
  }

  /** Whether somebody asked to stop. */
  public boolean isAsked() {
    return cancellation.isCancelled();
  }

  /** Waits until somebody asks to stop, or this time has passed. Returns whether somebody did. */
  public boolean await(long millis) {
    try {
      return asked.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** From now on the work waits for a person's answer, or no longer does. */
  void personIsAsked(boolean now) {
    personIsAsked = now;
  }

  /** The command has said all it had to say. */
  public void ended() {
    ended.countDown();
  }
}
