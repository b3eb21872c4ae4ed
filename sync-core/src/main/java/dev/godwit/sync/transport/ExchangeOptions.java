package dev.godwit.sync.transport;

import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.protocol.ProtocolLimits;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;

/**
 * How one exchange behaves. Defaults: {@link RetryPolicy#ofDefaults()}, no deadline, silent, not
 * cancelled, batches of {@value ProtocolLimits#MAX_BATCH_BYTES} bytes, system time, randomness
 * seeded by the platform. Immutable.
 */
public final class ExchangeOptions {
  private final RetryPolicy retry;
  private final Duration deadline;
  private final ExchangeProgress progress;
  private final Cancellation cancellation;
  private final int batchBytes;
  private final int batchParts;
  private final Pace pace;
  private final Random random;

  private ExchangeOptions(Builder builder) {
    retry = builder.retry;
    deadline = builder.deadline;
    progress = builder.progress;
    cancellation = builder.cancellation;
    batchBytes = builder.batchBytes;
    batchParts = builder.batchParts;
    pace = builder.pace;
    random = builder.random;
  }

  /** The defaults. */
  public static ExchangeOptions ofDefaults() {
    return builder().build();
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** What happens when the remote is unreachable. */
  public RetryPolicy retry() {
    return retry;
  }

  /** After which time the exchange ends as unreachable, or null for never. */
  public Duration deadline() {
    return deadline;
  }

  /** Who is told how far it is. */
  public ExchangeProgress progress() {
    return progress;
  }

  /** What ends it early. */
  public Cancellation cancellation() {
    return cancellation;
  }

  /** Envelope bytes in one request or answer. */
  public int batchBytes() {
    return batchBytes;
  }

  /** Parts in one request or answer. */
  public int batchParts() {
    return batchParts;
  }

  /** Time and waiting. */
  public Pace pace() {
    return pace;
  }

  /** Randomness for the pauses. */
  public Random random() {
    return random;
  }

  /** Collects the settings; refuses a wrong one at once. */
  public static final class Builder {
    private RetryPolicy retry = RetryPolicy.ofDefaults();
    private Duration deadline;
    private ExchangeProgress progress = ExchangeProgress.SILENT;
    private Cancellation cancellation = new Cancellation();
    private int batchBytes = ProtocolLimits.MAX_BATCH_BYTES;
    private int batchParts = ProtocolLimits.MAX_BATCH_PARTS;
    private Pace pace = Pace.SYSTEM;
    private Random random = new Random();

    private Builder() {}

    public Builder retry(RetryPolicy policy) {
      retry = Objects.requireNonNull(policy, "policy");
      return this;
    }

    public Builder deadline(Duration fromStart) {
      if (fromStart.isNegative() || fromStart.isZero()) {
        throw new IllegalArgumentException(
            "expected a deadline after the start but got " + fromStart);
      }
      deadline = fromStart;
      return this;
    }

    public Builder progress(ExchangeProgress listener) {
      progress = Objects.requireNonNull(listener, "listener");
      return this;
    }

    public Builder cancellation(Cancellation switchToUse) {
      cancellation = Objects.requireNonNull(switchToUse, "switchToUse");
      return this;
    }

    /** One part to {@value ProtocolLimits#MAX_BATCH_BYTES} bytes. */
    public Builder batchBytes(int bytes) {
      batchBytes =
          requireRange(
              "batch bytes", bytes, EnvelopePart.MAX_LENGTH_BYTES, ProtocolLimits.MAX_BATCH_BYTES);
      return this;
    }

    /** 1 to {@value ProtocolLimits#MAX_BATCH_PARTS} parts. */
    public Builder batchParts(int parts) {
      batchParts = requireRange("batch parts", parts, 1, ProtocolLimits.MAX_BATCH_PARTS);
      return this;
    }

    public Builder pace(Pace timeAndWaiting) {
      pace = Objects.requireNonNull(timeAndWaiting, "timeAndWaiting");
      return this;
    }

    public Builder random(Random source) {
      random = Objects.requireNonNull(source, "source");
      return this;
    }

    public ExchangeOptions build() {
      return new ExchangeOptions(this);
    }

    private static int requireRange(String noun, int value, int least, int most) {
      if (value < least || value > most) {
        throw new IllegalArgumentException(
            "expected " + noun + " of " + least + " to " + most + " but got " + value);
      }
      return value;
    }
  }
}
