package dev.godwit.tests.simulation;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How far devices have come with the first steps of several scenarios: these go on from here.
 *
 * @param steps how many steps are done
 * @param files what their files hold
 * @param millis what their clocks say
 */
record Begun(int steps, List<byte[]> files, List<Long> millis) {
  /** Where a file counts its changes, and where it says for which count its size holds. */
  private static final int[] COUNTERS = {24, 92};

  /** More changes than a scenario makes. */
  private static final int CHANGES_MAX = 1_000_000;

  private static final AtomicInteger LAST = new AtomicInteger();

  /**
   * Files that every kept connection finds changed: otherwise one that has seen another scenario
   * come to the same count would go on with what it remembers of that.
   */
  static Begun of(int steps, List<byte[]> files, List<Long> millis) {
    int count = LAST.incrementAndGet() % (Integer.MAX_VALUE / CHANGES_MAX) * CHANGES_MAX;
    List<byte[]> counted = new ArrayList<>();
    for (byte[] file : files) {
      byte[] copy = file.clone();
      for (int counter : COUNTERS) {
        ByteBuffer.wrap(copy).putInt(counter, count);
      }
      counted.add(copy);
    }
    return new Begun(steps, counted, millis);
  }
}
