package dev.godwit.sync.internal.policy;

import dev.godwit.sync.internal.check.ValueOrder;
import dev.godwit.sync.internal.merge.Version;
import java.util.List;

/** The largest or the smallest value, by {@link ValueOrder}; among equals the last writer's. */
final class Extreme implements Picker {
  private final int direction;

  private Extreme(int direction) {
    this.direction = direction;
  }

  static Extreme largest() {
    return new Extreme(1);
  }

  static Extreme smallest() {
    return new Extreme(-1);
  }

  @Override
  public Version pick(List<Version> siblings) {
    Version best = siblings.get(0);
    for (Version version : siblings) {
      if (direction * ValueOrder.compare(version.value(), best.value()) >= 0) {
        best = version;
      }
    }
    return best;
  }
}
