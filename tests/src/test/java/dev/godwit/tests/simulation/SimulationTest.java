package dev.godwit.tests.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
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
  /** Seeds from 0: they take about as long as the other tests of this module together. */
  private static final int SCHEDULES = 1_000;

  @TempDir Path folder;

  @Test
  void everyDeviceShowsWhatTheOracleMakesOfItsTransactions() throws Exception {
    Runs runs = new Runs(folder);
    for (long seed = 0; seed < SCHEDULES; seed++) {
      runs.check(seed);
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
    System.out.println("simulation from seed " + first);
    Runs runs = new Runs(folder);
    long endNanos = System.nanoTime() + Long.getLong("godwit.simulation.minutes") * 60_000_000_000L;
    long seed = first;
    while (System.nanoTime() < endNanos) {
      runs.check(seed++);
    }
    System.out.println("simulation: " + (seed - first) + " schedules held");
    assertTrue(seed > first);
  }
}
