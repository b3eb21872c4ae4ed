package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.godwit.sync.report.DoctorReport;
import dev.godwit.sync.report.Finding;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * After random work of several devices the doctor finds nothing, before and after they have met.
 */
class HealthyFileTest extends ThreeDevices {
  private static List<Finding> damage(DoctorReport report) {
    List<Finding> damage = new ArrayList<>(report.findings());
    damage.removeIf(finding -> finding.severity() == Finding.Severity.WARNING);
    return damage;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aDoctorFindsNothingAfterRandomWork(long seed) {
    check(seed, false);
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5, 6, 7, 8, 9, 10})
  void aDoctorFindsNothingWhereRowsTakeAndChangeTheSameKeys(long seed) {
    check(seed, true);
  }

  private void check(long seed, boolean keysCollide) {
    new RandomWork(seed, all, keysCollide).run(60);
    for (Device device : all) {
      assertEquals(List.of(), damage(device.replica().doctor()), "before they met, seed " + seed);
    }
    devices.exchangeAll();
    DoctorReport first = all.get(0).replica().doctor();
    for (Device device : all) {
      DoctorReport report = device.replica().doctor();
      assertEquals(List.of(), damage(report), "when they have met, seed " + seed);
      assertEquals(first.vector(), report.vector());
      assertEquals(first.stateDigest(), report.stateDigest(), "state digest, seed " + seed);
    }
  }
}
