package dev.godwit.sync.transport;

import java.time.Duration;

/**
 * How often and after which pauses an exchange tries again when a remote is unreachable.
 *
 * <p>Before attempt n the pause is drawn from between half of and the whole of {@code firstPause ·
 * 2^(n−1)}, at most {@code longestPause}: doubling relieves an overloaded remote, the draw keeps
 * many devices from coming back at once. Only what brings either side further starts the count
 * anew: small answers between large requests that fail do not.
 *
 * @param attempts attempts that brought nothing after which the exchange gives up; 1 never tries
 *     again
 * @param firstPause the longest first pause
 * @param longestPause the longest pause
 */
public record RetryPolicy(int attempts, Duration firstPause, Duration longestPause) {
  /**
   * Five attempts, pauses from a quarter of a second to five seconds: under ten seconds for a
   * remote that is down.
   */
  public static RetryPolicy ofDefaults() {
    return new RetryPolicy(5, Duration.ofMillis(250), Duration.ofSeconds(5));
  }

  /** One attempt. */
  public static RetryPolicy none() {
    return new RetryPolicy(1, Duration.ZERO, Duration.ZERO);
  }

  public RetryPolicy {
    if (attempts < 1 || firstPause.isNegative() || longestPause.compareTo(firstPause) < 0) {
      throw new IllegalArgumentException(
          "expected at least 1 attempt and a longest pause not below the first but got "
              + attempts
              + ", "
              + firstPause
              + ", "
              + longestPause);
    }
  }

  /** The pause after this many attempts in a row failed, {@code draw} being from 0 to 1. */
  Duration pauseAfter(int failures, double draw) {
    double doubled = firstPause.toMillis() * Math.pow(2, Math.min(failures - 1, 30));
    double bounded = Math.min(doubled, longestPause.toMillis());
    return Duration.ofMillis(Math.round(bounded * (0.5 + draw / 2)));
  }
}
