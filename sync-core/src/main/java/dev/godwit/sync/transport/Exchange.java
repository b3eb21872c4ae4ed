package dev.godwit.sync.transport;

import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.protocol.Conversation;
import dev.godwit.sync.protocol.ExchangeException;
import dev.godwit.sync.protocol.ExchangeStore;
import dev.godwit.sync.protocol.Turn;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One exchange of a replica with a remote: turn after turn until both hold what either held, trying
 * again after failures that time may heal.
 *
 * <p>Runs in the calling thread and returns when it is complete. However it ends, what was
 * transferred is kept.
 */
public final class Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  private final Remote remote;
  private final ExchangeOptions options;
  private final Conversation conversation;
  private final long startNanos;
  private long toldAtBytes;

  private Exchange(ExchangeStore store, Remote remote, ExchangeOptions options) {
    this.remote = remote;
    this.options = options;
    this.startNanos = options.pace().nanoTime();
    this.conversation =
        new Conversation(
            store, remote.id(), options.batchBytes(), options.batchParts(), this::afterPart);
  }

  /**
   * Exchanges until complete.
   *
   * @throws ExchangeException by the decision that the caller can take; see its subclasses
   * @throws IllegalArgumentException when the remote is of another space than the store
   */
  public static ExchangeOutcome run(ExchangeStore store, Remote remote, ExchangeOptions options) {
    if (!store.space().equals(remote.space())) {
      throw new IllegalArgumentException(
          "expected a remote of space "
              + store.space().shortText()
              + " but "
              + remote.id()
              + " is one of space "
              + remote.space().shortText());
    }
    Exchange exchange = new Exchange(store, remote, options);
    try (Conversation conversation = exchange.conversation) {
      return exchange.untilComplete(conversation);
    }
  }

  private ExchangeOutcome untilComplete(Conversation conversation) {
    int failures = 0;
    int advances = 0;
    for (Turn turn = conversation.next(); turn != null; turn = conversation.next()) {
      options.cancellation().check();
      if (conversation.advances() > advances) {
        advances = conversation.advances();
        failures = 0;
      }
      try {
        remote.carry(
            turn,
            new CallBounds(options.cancellation(), options.deadline() == null ? null : left()));
        tellProgress();
      } catch (ExchangeException.Unreachable unreachable) {
        options.cancellation().check();
        failures++;
        waitOrGiveUp(failures, unreachable);
      }
    }
    Conversation.Tally tally = conversation.tally();
    return new ExchangeOutcome(
        tally.requests(),
        tally.envelopesSent(),
        tally.bytesSent(),
        tally.envelopesReceived(),
        tally.bytesReceived(),
        conversation.acknowledged(),
        conversation.ownForks(),
        conversation.forked());
  }

  private void waitOrGiveUp(int failures, ExchangeException.Unreachable unreachable) {
    if (failures >= options.retry().attempts()) {
      throw unreachable;
    }
    Duration pause = options.retry().pauseAfter(failures, options.random().nextDouble());
    if (options.deadline() != null && pause.compareTo(left()) > 0) {
      throw unreachable;
    }
    LOG.debug(
        "attempt {} with {} failed, trying again in {}: {}",
        failures,
        remote.id(),
        pause,
        unreachable.getMessage());
    try {
      options.pace().pause(pause);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ExchangeException.Cancelled(
          "the exchange's thread was interrupted: what had arrived is kept");
    }
  }

  private void afterPart() {
    options.cancellation().check();
    if (options.deadline() != null && left().isNegative()) {
      throw new ExchangeException.Unreachable(
          "the exchange with "
              + remote.id()
              + " was not complete after "
              + options.deadline()
              + ": what had arrived is kept",
          null);
    }
    Conversation.Tally tally = conversation.tally();
    if (tally.bytesSent() + tally.bytesReceived() >= toldAtBytes + EnvelopePart.MAX_LENGTH_BYTES) {
      tellProgress();
    }
  }

  private Duration left() {
    return options.deadline().minusNanos(options.pace().nanoTime() - startNanos);
  }

  private void tellProgress() {
    Conversation.Tally tally = conversation.tally();
    toldAtBytes = tally.bytesSent() + tally.bytesReceived();
    if (options.progress() == ExchangeProgress.SILENT) {
      // What is left to do is counted by reading: not for nobody.
      return;
    }
    options
        .progress()
        .progressed(
            new ExchangeProgress.State(
                tally.envelopesSent(),
                tally.bytesSent(),
                tally.envelopesReceived(),
                tally.bytesReceived(),
                conversation.envelopesToSend(),
                conversation.envelopesToReceive()));
  }
}
