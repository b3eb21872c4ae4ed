package dev.godwit.tests.simulation;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A device whose SQLite refuses what the others show says the same to all of them, leaves no
 * reference dangling, and shows everything once it is let.
 */
class RefusalTest {
  /** Two minutes of two processors. */
  private static final int SCHEDULES = Integer.getInteger("godwit.simulation.refusals", 2_000);

  @TempDir Path folder;

  @Test
  void whatOneDeviceRefusesChangesNothingElsewhere() throws Exception {
    Seeds seeds = new Seeds(0, SCHEDULES);
    Workers.run(
        number -> {
          Runs runs = new Runs(folder);
          for (var some = seeds.take(); !some.isEmpty(); some = seeds.take()) {
            for (long seed : some) {
              Runs.check(seed, Scenarios.random(seed), runs::failureWhereRefused);
            }
          }
        });
  }
}
