package dev.godwit.tests.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Random scenarios, each from one seed. */
final class Scenarios {
  /** So many scenarios share a drawn schema: making its files takes longer than running one. */
  private static final int OF_ONE_SCHEMA = 20;

  /** Schemas to draw before it is said that none of them is asked for. */
  private static final int DRAWN_MAX = 1_000;

  /** Those that are not drawn: making all of them takes as long as some steps of a scenario. */
  private static final List<Family> FAMILIES = Family.all();

  private Scenarios() {}

  static Scenario random(long seed) {
    return random(seed, families(seed));
  }

  /** The schema of {@link #random(long)}. */
  static Family family(long seed) {
    return family(new Random(seed), families(seed));
  }

  /** Every third scenario is of a drawn schema; all are where no other one is asked for. */
  private static List<Family> families(long seed) {
    if (FAMILIES.isEmpty()) {
      return drawn(seed / OF_ONE_SCHEMA);
    }
    if (seed % 3 == 0) {
      List<Family> drawn = Family.chosen(List.of(DrawnFamilies.of(seed / 3 / OF_ONE_SCHEMA)));
      return drawn.isEmpty() ? FAMILIES : drawn;
    }
    return FAMILIES;
  }

  /** The first drawn schema from this number on that is asked for. */
  private static List<Family> drawn(long from) {
    for (long number = from; number < from + DRAWN_MAX; number++) {
      List<Family> drawn = Family.chosen(List.of(DrawnFamilies.of(number)));
      if (!drawn.isEmpty()) {
        return drawn;
      }
    }
    throw new IllegalArgumentException("-Dgodwit.simulation.family names no schema");
  }

  private static Family family(Random random, List<Family> families) {
    random.nextLong();
    return families.get(random.nextInt(families.size()));
  }

  static Scenario random(long seed, List<Family> families) {
    Random random = new Random(seed);
    Family family = family(random, families);
    int devices = 2 + random.nextInt(random.nextInt(4) + 1);
    Set<Integer> enforcing = family.contested() ? enforcing(random, devices) : Set.of();
    Statements statements = new Statements(family, random);
    List<Step> steps = family.contested() ? beginning(devices, statements) : new ArrayList<>();
    int least = family.contested() ? 8 : 4;
    int count = least + random.nextInt(random.nextInt(24) + 1);
    for (int i = 0; i < count; i++) {
      if (family.contested() && random.nextInt(4) == 0) {
        steps.addAll(quarrel(random, devices, statements));
      } else {
        steps.add(step(random, devices, statements, family.needsPeople()));
      }
    }
    return new Scenario(family, devices, enforcing, steps);
  }

  /** All begin with the same rows, so that what they do next is about them. */
  private static List<Step> beginning(int devices, Statements statements) {
    List<Step> steps = new ArrayList<>();
    steps.add(new Step.Write(0, true, statements.rows()));
    for (int i = 1; i < devices; i++) {
      steps.add(new Step.Sync(i, 0, Step.Sync.WHOLE));
    }
    return steps;
  }

  /** Mostly all or none: some promises hold only where no device breaks references by itself. */
  private static Set<Integer> enforcing(Random random, int devices) {
    Set<Integer> enforcing = new TreeSet<>();
    int which = random.nextInt(4);
    for (int i = 0; i < devices; i++) {
      if (which < 2 || which == 2 && random.nextBoolean()) {
        enforcing.add(i);
      }
    }
    return enforcing;
  }

  /** Two devices, who often know the same, do what does not go together. */
  private static List<Step> quarrel(Random random, int devices, Statements statements) {
    int device = random.nextInt(devices);
    int other = (device + 1 + random.nextInt(devices - 1)) % devices;
    List<Step> steps = new ArrayList<>();
    if (random.nextInt(3) > 0) {
      steps.add(new Step.Sync(device, other, Step.Sync.WHOLE));
    }
    for (List<String> transaction : statements.quarrel()) {
      steps.add(new Step.Write(steps.size() % 2 == 0 ? device : other, false, transaction));
    }
    return steps;
  }

  private static Step step(Random random, int devices, Statements statements, boolean needsPeople) {
    int device = random.nextInt(devices);
    int other = (device + 1 + random.nextInt(devices - 1)) % devices;
    if (needsPeople && random.nextInt(12) == 0) {
      return new Step.Settle(device, random.nextInt(6));
    }
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
