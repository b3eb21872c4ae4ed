package dev.godwit.crdt.causality;

/**
 * The rule that advances hybrid time, given the time: pure, without a clock of its own.
 *
 * <p>Every write takes the wall time when that is ahead of all timestamps seen, else the least
 * timestamp above them. A clock that stands or steps back therefore never refuses a write and never
 * repeats a timestamp. A remote timestamp further ahead than {@link #MAX_AHEAD_MILLIS} is not taken
 * over, so that one wrong clock does not drag the others.
 */
public final class HybridClock {
  /**
   * How far ahead of the local wall clock a remote timestamp may be and still be taken over: one
   * hour.
   */
  public static final long MAX_AHEAD_MILLIS = 3_600_000;

  private HybridClock() {}

  /** The timestamp of a write made at this wall time by someone who has seen {@code latest}. */
  public static HybridTimestamp tick(HybridTimestamp latest, long wallMillis) {
    long millis = Math.max(0, Math.min(wallMillis, HybridTimestamp.MAX_MILLIS));
    return millis > latest.millis() ? HybridTimestamp.of(millis, 0) : latest.next();
  }

  /**
   * What has been seen after a remote timestamp arrived: the later one, unless it is implausibly
   * far ahead.
   */
  public static HybridTimestamp observe(
      HybridTimestamp latest, HybridTimestamp remote, long wallMillis) {
    return isImplausible(remote, wallMillis) || remote.compareTo(latest) <= 0 ? latest : remote;
  }

  /** Whether a remote timestamp is further ahead of the local wall clock than is allowed. */
  public static boolean isImplausible(HybridTimestamp remote, long wallMillis) {
    return remote.millis() - wallMillis > MAX_AHEAD_MILLIS;
  }
}
