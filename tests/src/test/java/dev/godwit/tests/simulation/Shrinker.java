package dev.godwit.tests.simulation;

import java.util.ArrayList;
import java.util.List;

/** Makes a failing scenario small: leaves out what the failure does not need. */
final class Shrinker {
  /** Runs that shrinking may take: some seconds. */
  private static final int RUNS_MAX = 2_000;

  private final Runner runner;
  private int runs;

  /** Runs a scenario and tells how it failed, or null. */
  interface Runner {
    Throwable failure(Scenario scenario);
  }

  Shrinker(Runner runner) {
    this.runner = runner;
  }

  Scenario shrink(Scenario failing) {
    Scenario smallest = failing;
    Scenario smaller = failing;
    do {
      smallest = smaller;
      smaller = statements(steps(smallest));
    } while (!smaller.equals(smallest) && runs < RUNS_MAX);
    return smaller;
  }

  private boolean fails(Scenario scenario) {
    runs++;
    return runs <= RUNS_MAX && runner.failure(scenario) != null;
  }

  private Scenario steps(Scenario failing) {
    Scenario smallest = failing;
    for (int count = Math.max(1, failing.steps().size() / 2); count > 0; count /= 2) {
      int from = smallest.steps().size() - count;
      while (from >= 0) {
        Scenario smaller = smallest.without(from, count);
        if (fails(smaller)) {
          smallest = smaller;
        }
        from = Math.min(from - 1, smallest.steps().size() - count);
      }
    }
    return fewerDevices(smallest);
  }

  private Scenario fewerDevices(Scenario failing) {
    int used = 0;
    for (Step step : failing.steps()) {
      used = Math.max(used, step.device());
      if (step instanceof Step.Sync sync) {
        used = Math.max(used, sync.other());
      } else if (step instanceof Step.Repeat repeat) {
        used = Math.max(used, repeat.other());
      }
    }
    Scenario fewer = failing.of(Math.max(2, used + 1));
    return fewer.devices() < failing.devices() && fails(fewer) ? fewer : failing;
  }

  private Scenario statements(Scenario failing) {
    Scenario smallest = failing;
    for (int i = 0; i < smallest.steps().size(); i++) {
      if (smallest.steps().get(i) instanceof Step.Write write) {
        smallest = statements(smallest, i, write);
      } else if (smallest.steps().get(i) instanceof Step.Sync sync
          && sync.partsUntilBreak() != Step.Sync.WHOLE) {
        Scenario whole =
            smallest.with(i, new Step.Sync(sync.device(), sync.other(), Step.Sync.WHOLE));
        smallest = fails(whole) ? whole : smallest;
      }
    }
    return smallest;
  }

  private Scenario statements(Scenario failing, int place, Step.Write whole) {
    Scenario smallest = failing;
    Step.Write write = whole;
    for (int i = write.statements().size() - 1; i >= 0 && write.statements().size() > 1; i--) {
      List<String> fewer = new ArrayList<>(write.statements());
      fewer.remove(i);
      Step.Write shorter = new Step.Write(write.device(), write.throughLibrary(), fewer);
      if (fails(smallest.with(place, shorter))) {
        write = shorter;
        smallest = smallest.with(place, shorter);
      }
    }
    Step.Write plain = new Step.Write(write.device(), false, write.statements());
    return write.throughLibrary() && fails(smallest.with(place, plain))
        ? smallest.with(place, plain)
        : smallest;
  }
}
