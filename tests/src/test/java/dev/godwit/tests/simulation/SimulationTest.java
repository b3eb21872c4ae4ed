package dev.godwit.tests.simulation;

import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random schedules of two to five devices against the oracle.
 *
 * <p>{@code -Dgodwit.simulation.seed=N} runs one; {@code -Dgodwit.simulation.minutes=N} goes on
 * with new seeds for so long.
 */
class SimulationTest {
  /** Some thirteen minutes of two processors. */
  private static final int SCHEDULES = Integer.getInteger("godwit.simulation.schedules", 20_000);

  @TempDir Path folder;

  @Test
  void everyDeviceShowsWhatTheOracleMakesOfItsTransactions() throws Exception {
    check(0, SCHEDULES, Long.MAX_VALUE);
  }

  @Test
  void scenariosThatAreSeldomFoundHold() throws Exception {
    Runs runs = new Runs(folder);
    for (Scenario scenario : KnownScenarios.ALL) {
      assertNull(runs.failure(scenario), scenario::toString);
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "godwit.simulation.seed", matches = "-?\\d+")
  void oneSeed() throws Exception {
    new Runs(folder).check(Long.getLong("godwit.simulation.seed"));
  }

  @Test
  @EnabledIfSystemProperty(named = "godwit.simulation.minutes", matches = "\\d+")
  void forAsLongAsItIsTold() throws Exception {
    long first = System.currentTimeMillis();
    long nanos = Long.getLong("godwit.simulation.minutes") * 60_000_000_000L;
    System.out.println("simulation from seed " + first);
    long held = check(first, 1L << 40, System.nanoTime() + nanos);
    System.out.println("simulation: " + held + " schedules held");
  }

  /** Checks seeds on several threads; returns how many held, throws for one that did not. */
  private long check(long first, long count, long endNanos) throws Exception {
    Seeds seeds = new Seeds(first, count);
    AtomicLong held = new AtomicLong();
    Workers.run(number -> check(new Runs(folder), seeds, held, endNanos));
    return held.get();
  }

  private static void check(Runs runs, Seeds seeds, AtomicLong held, long endNanos) {
    boolean bounded = endNanos != Long.MAX_VALUE;
    try {
      for (List<Long> some = seeds.take(); !some.isEmpty(); some = seeds.take()) {
        for (long seed : some) {
          if (Thread.currentThread().isInterrupted() || bounded && System.nanoTime() > endNanos) {
            return;
          }
          runs.check(seed);
          held.incrementAndGet();
        }
      }
    } finally {
      // One that fails stops the others too.
      seeds.stop();
    }
  }
}
