package dev.godwit.tests.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs scenarios one after another in one folder; a failing one is told as small as it gets. */
final class Runs {
  private final Templates templates;

  Runs(Path folder) throws IOException {
    this.templates = new Templates(Files.createTempDirectory(folder, "devices"));
  }

  /** How the scenario failed, null when it held. */
  Throwable failure(Scenario scenario) {
    return failure(scenario, null);
  }

  /** As {@link #failure(Scenario)}, with a fault planted; null for none. */
  Throwable failure(Scenario scenario, Fault fault) {
    try (Simulation simulation = new Simulation(scenario, templates)) {
      simulation.plant(fault);
      simulation.run();
      return null;
    } catch (Exception | AssertionError failure) {
      return failure;
    }
  }

  /** Runs the scenario of a seed; throws with the seed and the scenario shrunk when it fails. */
  void check(long seed) {
    Scenario scenario = Scenarios.random(seed);
    Throwable failure = failure(scenario);
    if (failure != null) {
      Scenario smallest = new Shrinker(this::failure).shrink(scenario);
      Throwable last = failure(smallest);
      throw new AssertionError(
          "seed "
              + seed
              + ", schema '"
              + smallest.family().name()
              + "':\n"
              + smallest
              + (last == null ? failure : last),
          last == null ? failure : last);
    }
  }
}
