package dev.godwit.tests.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * For each policy and each kind of constraint everything that three devices can do in one step
 * each, and one of them in two, whoever of them has learned from whom before, and every order in
 * which they then meet: all orders end in the same tables, held rows and open conflicts, those that
 * the oracle expects where it knows the policy.
 */
class SmallInterleavingTest {
  private static final int DEVICES = 3;

  /** What a device learns before it writes: from whom each of the second and third does. */
  private static final List<List<int[]>> LESSONS =
      List.of(
          List.of(new int[] {}, new int[] {}),
          List.of(new int[] {1, 0}, new int[] {}),
          List.of(new int[] {}, new int[] {2, 1}),
          List.of(new int[] {1, 0}, new int[] {2, 0}));

  private static final List<List<int[]>> LESSONS_BEFORE_TWO = LESSONS.subList(1, 2);

  /** Who meets whom afterwards, before all meet. */
  private static final int[][][] MEETINGS = {{}, {{1, 2}}, {{2, 0}, {1, 2}}};

  private static final int[][][] MEETINGS_AFTER_TWO = {{{1, 2}}};

  @TempDir Path folder;

  static List<SmallSpace> spaces() {
    return SmallSpace.ALL;
  }

  @ParameterizedTest
  @MethodSource("spaces")
  void everyOrderOfArrivalEndsAlike(SmallSpace space) throws Exception {
    everything(space, null);
  }

  @ParameterizedTest
  @EnumSource(SmallFault.class)
  void isFound(SmallFault fault) {
    assertThrows(AssertionError.class, () -> everything(fault.space(), fault));
  }

  private void everything(SmallSpace space, PlantedFault fault) throws Exception {
    int choices = space.operations().size();
    // Behind those in which each does one thing those in which one of them does another one too.
    int all = choices * choices * choices * (1 + choices);
    int count = Workers.COUNT;
    Workers.run(number -> some(space, fault, number * all / count, (number + 1) * all / count));
  }

  private void some(SmallSpace space, PlantedFault fault, int from, int to) throws IOException {
    Runs runs = new Runs(folder);
    for (int number = from; number < to && !Thread.currentThread().isInterrupted(); number++) {
      int choices = space.operations().size();
      boolean twice = number >= choices * choices * choices;
      for (List<int[]> lessons : twice ? LESSONS_BEFORE_TWO : LESSONS) {
        List<String> expected = null;
        Scenario first = scenario(space, number, lessons);
        Begun begun = runs.begun(first, fault, space.known());
        for (int[][] meetings : twice ? MEETINGS_AFTER_TWO : MEETINGS) {
          Scenario scenario = first;
          for (int[] pair : meetings) {
            scenario = scenario.then(new Step.Sync(pair[0], pair[1], Step.Sync.WHOLE));
          }
          List<String> outcome = runs.outcome(scenario, begun, space.known());
          assertEquals(expected == null ? outcome : expected, outcome, scenario::toString);
          expected = outcome;
        }
      }
    }
  }

  private static Scenario scenario(SmallSpace space, int number, List<int[]> lessons) {
    List<Step> steps = new ArrayList<>();
    steps.add(new Step.Write(0, true, space.begin()));
    for (int device = 1; device < DEVICES; device++) {
      steps.add(new Step.Sync(device, 0, Step.Sync.WHOLE));
    }
    int left = number;
    for (int device = 0; device < DEVICES; device++) {
      if (device > 0) {
        sync(steps, lessons.get(device - 1));
      }
      String operation = space.operations().get(left % space.operations().size());
      steps.add(new Step.Write(device, device == 1, List.of(operation)));
      left /= space.operations().size();
    }
    if (left > 0) {
      // The first one knows nothing of the others still.
      steps.add(new Step.Write(0, false, List.of(space.operations().get(left - 1))));
    }
    return new Scenario(space.family(), DEVICES, steps);
  }

  private static void sync(List<Step> steps, int[] pair) {
    if (pair.length > 0) {
      steps.add(new Step.Sync(pair[0], pair[1], Step.Sync.WHOLE));
    }
  }
}
