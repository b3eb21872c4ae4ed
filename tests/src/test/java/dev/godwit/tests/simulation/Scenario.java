package dev.godwit.tests.simulation;

import java.util.ArrayList;
import java.util.List;

/** A schema, a number of devices, and what happens. */
record Scenario(Family family, int devices, List<Step> steps) {
  Scenario {
    steps = List.copyOf(steps);
  }

  Scenario without(int from, int count) {
    List<Step> left = new ArrayList<>(steps.subList(0, from));
    left.addAll(steps.subList(Math.min(steps.size(), from + count), steps.size()));
    return new Scenario(family, devices, left);
  }

  Scenario with(int place, Step step) {
    List<Step> changed = new ArrayList<>(steps);
    changed.set(place, step);
    return new Scenario(family, devices, changed);
  }

  static String name(int device) {
    return String.valueOf((char) ('A' + device));
  }

  /** The scenario as a person reads it: one line a step, the device first. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    family.schema().forEach(sql -> text.append("  all: ").append(sql).append('\n'));
    for (Step step : steps) {
      text.append("  ").append(name(step.device())).append(": ").append(step).append('\n');
    }
    return text.toString();
  }
}
