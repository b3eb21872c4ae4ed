package dev.godwit.tests.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * Hands out seeds to several threads, thousands at a time by their schemas: scenarios of one schema
 * use the same connections one after another.
 */
final class Seeds {
  private static final int BLOCK = 5_000;

  private final Queue<Long> block = new ArrayDeque<>();
  private final long end;
  private long next;

  Seeds(long first, long count) {
    this.next = first;
    this.end = first + count;
  }

  /** The next seed, null when there is none left. */
  synchronized Long take() {
    if (block.isEmpty()) {
      fill();
    }
    return block.poll();
  }

  /** Hands out none any more. */
  synchronized void stop() {
    block.clear();
    next = end;
  }

  private void fill() {
    Map<Long, String> families = new HashMap<>();
    while (next < end && families.size() < BLOCK) {
      families.put(next, Scenarios.random(next).family().name());
      next++;
    }
    List<Long> seeds = new ArrayList<>(families.keySet());
    seeds.sort(Comparator.<Long, String>comparing(families::get).thenComparing(seed -> seed));
    block.addAll(seeds);
  }
}
