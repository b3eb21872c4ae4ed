package dev.godwit.tests.simulation;

import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the simulator is worth: it finds every fault of a catalogue, each planted alone. */
class PlantedFaultTest {
  /** The rarest of the faults shows within a tenth of these. */
  private static final int SCHEDULES_MAX = 500;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Fault.class)
  void isFound(Fault fault) throws Exception {
    Runs runs = new Runs(folder);
    for (Scenario scenario : KnownScenarios.ALL) {
      if (runs.failure(scenario, fault) != null) {
        return;
      }
    }
    for (long seed = 0; seed < SCHEDULES_MAX; seed++) {
      if (runs.failure(Scenarios.random(seed, Family.UNCONSTRAINED), fault) != null) {
        return;
      }
    }
    fail(fault + " was not found in " + SCHEDULES_MAX + " schedules");
  }

  @ParameterizedTest
  @EnumSource(ConstraintFault.class)
  void isFoundWhereConstraintsAreKept(ConstraintFault fault) throws Exception {
    isFound(fault, fault.families());
  }

  @ParameterizedTest
  @EnumSource(PolicyFault.class)
  void isFoundWherePoliciesDecide(PolicyFault fault) throws Exception {
    isFound(fault, fault.families());
  }

  private void isFound(PlantedFault fault, List<Family> families) throws Exception {
    Runs runs = new Runs(folder);
    for (long seed = 0; seed < SCHEDULES_MAX; seed++) {
      if (runs.failure(Scenarios.random(seed, families), fault) != null) {
        return;
      }
    }
    fail(fault + " was not found in " + SCHEDULES_MAX + " schedules");
  }
}
