package dev.godwit.tests.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the oracle makes of histories in which devices break each other's constraints is what SQLite
 * takes: every row, and every reference where no device broke one by itself.
 */
class ConstrainedOracleTest {
  /** Half a minute of one processor; each kind of row that is held back comes up often. */
  private static final int SCHEDULES = Integer.getInteger("godwit.simulation.histories", 300);

  @TempDir Path folder;

  @Test
  void whatItExpectsKeepsEveryConstraint() throws Exception {
    Runs runs = new Runs(folder);
    List<Family> all = new ArrayList<>(ConstrainedFamilies.CONSTRAINED);
    all.addAll(CompositeFamilies.ALL);
    all.addAll(TakenFamilies.ALL);
    all.addAll(TenantFamilies.ALL);
    all.addAll(ReferredValueFamilies.ALL);
    List<Family> families = Family.chosen(all);
    for (long seed = 0; seed < SCHEDULES; seed++) {
      Scenario scenario = Scenarios.random(seed, families);
      Runs.check(seed, scenario, runs::objection);
    }
    for (String kind : List.of("hidden", "parked", "nulled", "pinned", "substituted")) {
      int held = runs.heldByKind().getOrDefault(kind, 0);
      assertTrue(held > SCHEDULES / 100, () -> "only " + held + " rows " + kind);
    }
  }
}
