package dev.godwit.tests.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A schema, a number of devices, and what happens.
 *
 * @param enforcing the devices whose other program has SQLite enforce foreign keys
 */
record Scenario(Family family, int devices, Set<Integer> enforcing, List<Step> steps) {
  Scenario {
    steps = List.copyOf(steps);
    enforcing = Set.copyOf(enforcing);
  }

  Scenario(Family family, int devices, List<Step> steps) {
    this(family, devices, Set.of(), steps);
  }

  /** Whether no device can break a reference. */
  boolean allEnforce() {
    return enforcing.size() == devices;
  }

  /** With fewer devices. */
  Scenario of(int fewer) {
    Set<Integer> left = new TreeSet<>(enforcing);
    left.removeIf(device -> device >= fewer);
    return new Scenario(family, fewer, left, steps);
  }

  Scenario without(int from, int count) {
    List<Step> left = new ArrayList<>(steps.subList(0, from));
    left.addAll(steps.subList(Math.min(steps.size(), from + count), steps.size()));
    return new Scenario(family, devices, enforcing, left);
  }

  /** With another step at the end. */
  Scenario then(Step step) {
    List<Step> more = new ArrayList<>(steps);
    more.add(step);
    return new Scenario(family, devices, enforcing, more);
  }

  Scenario with(int place, Step step) {
    List<Step> changed = new ArrayList<>(steps);
    changed.set(place, step);
    return new Scenario(family, devices, enforcing, changed);
  }

  static String name(int device) {
    return String.valueOf((char) ('A' + device));
  }

  /** The scenario as a person reads it: one line a step, the device first. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    family.schema().forEach(sql -> text.append("  all: ").append(sql).append('\n'));
    family
        .policies()
        .forEach(
            (place, policy) ->
                text.append("  all: policy ")
                    .append(place)
                    .append(' ')
                    .append(policy)
                    .append('\n'));
    for (int device : new TreeSet<>(enforcing)) {
      text.append("  ").append(name(device)).append(": PRAGMA foreign_keys = ON\n");
    }
    for (Step step : steps) {
      text.append("  ").append(name(step.device())).append(": ").append(step).append('\n');
    }
    return text.toString();
  }
}
