package dev.godwit.sync.transport;

import java.time.Duration;
import java.util.Objects;

/**
 * What may end one call of a remote early.
 *
 * @param cancellation the caller's switch
 * @param left the time left until the exchange's deadline, or null when there is none
 */
public record CallBounds(Cancellation cancellation, Duration left) {
  public CallBounds {
    Objects.requireNonNull(cancellation, "cancellation");
  }

  /** Never ends early. */
  public static CallBounds none() {
    return new CallBounds(new Cancellation(), null);
  }
}
