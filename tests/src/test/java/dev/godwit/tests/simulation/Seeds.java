package dev.godwit.tests.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;

/**
 * Hands out seeds to several threads, all of one schema to one thread: making files of a schema and
 * compiling statements upon it takes longer than what a scenario does with them.
 */
final class Seeds {
  /** Those of the normal build: each schema's files are made once. */
  private static final int BLOCK = 20_000;

  private final Queue<List<Long>> block = new ArrayDeque<>();
  private final long end;
  private long next;

  Seeds(long first, long count) {
    this.next = first;
    this.end = first + count;
  }

  /** The next seeds, empty when there are none left. */
  synchronized List<Long> take() {
    if (block.isEmpty()) {
      fill();
    }
    List<Long> seeds = block.poll();
    return seeds == null ? List.of() : seeds;
  }

  /** Hands out none any more. */
  synchronized void stop() {
    block.clear();
    next = end;
  }

  private void fill() {
    Random random = new Random(next);
    Map<String, List<Long>> bySchema = new TreeMap<>();
    for (int left = BLOCK; left > 0 && next < end; left--) {
      String schema = Scenarios.family(next).name();
      bySchema.computeIfAbsent(schema, none -> new ArrayList<>()).add(next);
      next++;
    }
    List<List<Long>> schemas = new ArrayList<>(bySchema.values());
    // Who stops before the end has seen some of every kind.
    Collections.shuffle(schemas, random);
    block.addAll(schemas);
  }
}
