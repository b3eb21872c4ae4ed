package dev.godwit.sync.internal.policy;

import dev.godwit.sync.internal.merge.Version;
import java.util.List;

/** Picks the version that is shown of those that stand beside each other. */
interface Picker {
  /**
   * The visible version.
   *
   * @param siblings one or more, with their values, the last writer's last
   */
  Version pick(List<Version> siblings);
}
