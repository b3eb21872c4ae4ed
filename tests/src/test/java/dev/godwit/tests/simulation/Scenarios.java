package dev.godwit.tests.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random scenarios, each from one seed. */
final class Scenarios {
  private Scenarios() {}

  static Scenario random(long seed) {
    Random random = new Random(seed);
    random.nextLong();
    Family family = Family.ALL.get(random.nextInt(Family.ALL.size()));
    int devices = 2 + random.nextInt(random.nextInt(4) + 1);
    Statements statements = new Statements(family, random);
    List<Step> steps = new ArrayList<>();
    int count = 4 + random.nextInt(random.nextInt(24) + 1);
    for (int i = 0; i < count; i++) {
      steps.add(step(random, devices, statements));
    }
    return new Scenario(family, devices, steps);
  }

  private static Step step(Random random, int devices, Statements statements) {
    int device = random.nextInt(devices);
    int other = (device + 1 + random.nextInt(devices - 1)) % devices;
    return switch (random.nextInt(40)) {
      case 0 -> new Step.Seal(device);
      case 1 -> new Step.Reopen(device);
      case 2 -> new Step.Repeat(device, other);
      case 3 -> new Step.Jump(device, random.nextBoolean() ? -5_000 : 5_000);
      case 4 -> new Step.Jump(device, random.nextBoolean() ? -86_400_000 : 86_400_000);
      case 5, 6 -> new Step.Sync(device, other, random.nextInt(4));
      case 7, 8, 9, 10, 11, 12, 13, 14 -> new Step.Sync(device, other, Step.Sync.WHOLE);
      default -> new Step.Write(device, random.nextInt(3) == 0, statements.transaction());
    };
  }
}
