package dev.godwit.sync.internal.policy;

import dev.godwit.sync.internal.merge.Version;
import java.util.List;

/** The highest by (timestamp, dot); manual and custom columns show it for the time being. */
final class LastWriterWins implements Picker {
  @Override
  public Version pick(List<Version> siblings) {
    return siblings.get(siblings.size() - 1);
  }
}
