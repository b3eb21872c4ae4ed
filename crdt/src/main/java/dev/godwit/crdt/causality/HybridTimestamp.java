package dev.godwit.crdt.causality;

/**
 * A time of a write that respects causality: milliseconds since 1970 UTC, then a counter.
 *
 * <p>Kulkarni et al., "Logical Physical Clocks" (OPODIS 2014). One {@code long}: 48 bits of
 * milliseconds above 16 bits of counter, so that the order of values in Java, of integers in SQL
 * and of texts ({@link #toString}) is the same. Timestamps of different replicas may be equal; who
 * needs a total order breaks the tie by {@link Dot}.
 *
 * @param packed milliseconds shifted left by 16, plus counter; never negative
 */
public record HybridTimestamp(long packed) implements Comparable<HybridTimestamp> {
  /** The timestamp before all others, that of rows which were there before tracking began. */
  public static final HybridTimestamp ZERO = new HybridTimestamp(0);

  /** The largest number of milliseconds that fits: in the year 6429. */
  public static final long MAX_MILLIS = (1L << 47) - 1;

  /**
   * The largest counter within one millisecond; the next write after it takes the next millisecond.
   */
  public static final int MAX_COUNTER = 0xffff;

  public HybridTimestamp {
    if (packed < 0) {
      throw new IllegalArgumentException("expected a timestamp of at least 0 but got " + packed);
    }
  }

  /**
   * The timestamp of these parts.
   *
   * @throws IllegalArgumentException when one is outside 0 … {@link #MAX_MILLIS} or 0 … {@link
   *     #MAX_COUNTER}
   */
  public static HybridTimestamp of(long millis, int counter) {
    if (millis < 0 || millis > MAX_MILLIS) {
      throw new IllegalArgumentException(
          "expected milliseconds within 0 … " + MAX_MILLIS + " but got " + millis);
    }
    if (counter < 0 || counter > MAX_COUNTER) {
      throw new IllegalArgumentException(
          "expected a counter within 0 … " + MAX_COUNTER + " but got " + counter);
    }
    return new HybridTimestamp(millis << 16 | counter);
  }

  /** Milliseconds since 1970 UTC. */
  public long millis() {
    return packed >>> 16;
  }

  /** The place among the writes of one millisecond, from 0. */
  public int counter() {
    return (int) packed & MAX_COUNTER;
  }

  /** The least timestamp above this one. */
  public HybridTimestamp next() {
    return new HybridTimestamp(packed + 1);
  }

  @Override
  public int compareTo(HybridTimestamp other) {
    return Long.compare(packed, other.packed);
  }

  /**
   * Fifteen digits of milliseconds, a full stop, five of counter: sorts as text the way timestamps
   * sort.
   */
  @Override
  public String toString() {
    return padded(millis(), 15) + "." + padded(counter(), 5);
  }

  private static String padded(long number, int digits) {
    String text = Long.toString(number);
    StringBuilder padded = new StringBuilder(digits);
    for (int i = text.length(); i < digits; i++) {
      padded.append('0');
    }
    return padded.append(text).toString();
  }
}
