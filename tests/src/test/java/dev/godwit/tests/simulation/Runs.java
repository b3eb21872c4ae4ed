package dev.godwit.tests.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.godwit.tests.oracle.Oracle;
import dev.godwit.tests.oracle.Transaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Runs scenarios one after another in one folder; a failing one is told as small as it gets. */
final class Runs {
  private final Templates templates;
  private final Map<String, Integer> heldByKind = new TreeMap<>();

  Runs(Path folder) throws IOException {
    this.templates = new Templates(Files.createTempDirectory(folder, "devices"));
  }

  /** How the scenario failed, null when it held. */
  Throwable failure(Scenario scenario) {
    return failure(scenario, null);
  }

  /** As {@link #failure(Scenario)}, with a fault planted; null for none. */
  Throwable failure(Scenario scenario, PlantedFault fault) {
    return attempt(
        scenario,
        simulation -> {
          simulation.plant(fault);
          simulation.run();
        });
  }

  /** As {@link #failure(Scenario)}, with a device that refuses what the others show. */
  Throwable failureWhereRefused(Scenario scenario) {
    return attempt(
        scenario,
        simulation -> {
          simulation.refuse();
          simulation.runAndTakeAll();
        });
  }

  private interface Work {
    void run(Simulation simulation) throws Exception;
  }

  private Throwable attempt(Scenario scenario, Work work) {
    return attempt(scenario, null, work);
  }

  private Throwable attempt(Scenario scenario, Begun begun, Work work) {
    try (Simulation simulation = new Simulation(scenario, templates, begun)) {
      work.run(simulation);
      return null;
    } catch (Exception | AssertionError failure) {
      templates.forget();
      return failure;
    }
  }

  /** Runs the first steps of scenarios, with a fault planted, null for none. */
  Begun begun(Scenario scenario, PlantedFault fault, boolean known) {
    List<Begun> begun = new ArrayList<>();
    told(
        scenario,
        attempt(
            scenario,
            simulation -> {
              simulation.plant(fault);
              begun.add(simulation.begin(known));
            }));
    return begun.get(0);
  }

  /**
   * What all devices show after the scenario, of which the first steps are done; throws when they
   * differ, or when the oracle knows all policies and differs.
   */
  List<String> outcome(Scenario scenario, Begun begun, boolean known) {
    List<String> outcome = new ArrayList<>();
    told(
        scenario,
        attempt(scenario, begun, simulation -> outcome.addAll(simulation.outcome(known))));
    return outcome;
  }

  private static void told(Scenario scenario, Throwable failure) {
    if (failure != null) {
      throw new AssertionError(scenario + failure.getMessage(), failure);
    }
  }

  /** What SQLite has against what the oracle makes of the scenario, null for nothing. */
  Throwable objection(Scenario scenario) {
    return attempt(
        scenario,
        simulation -> {
          List<Transaction> all = simulation.record();
          Oracle oracle = new Oracle(DeclaredFamilies.tables(scenario.family(), all), all);
          String objection =
              ExpectedTables.objection(scenario.family(), oracle, simulation.nobodyDangles());
          assertNull(objection, objection);
          assertEquals(Set.of(), oracle.vanished());
          oracle.held().forEach(held -> heldByKind.merge(held.kind(), 1, Integer::sum));
        });
  }

  /** How many rows {@link #objection} has seen hidden, parked, nulled and so on. */
  Map<String, Integer> heldByKind() {
    return heldByKind;
  }

  /** Runs the scenario of a seed; throws with the seed and the scenario shrunk when it fails. */
  void check(long seed) {
    check(seed, Scenarios.random(seed), this::failure);
  }

  /** As {@link #check(long)}, of that scenario, run that way. */
  static void check(long seed, Scenario scenario, Shrinker.Runner runner) {
    Throwable failure = runner.failure(scenario);
    if (failure != null) {
      Scenario smallest = new Shrinker(runner).shrink(scenario);
      Throwable last = runner.failure(smallest);
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
