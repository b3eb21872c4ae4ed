package dev.godwit.sync.internal.apply;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.merge.Presence;
import dev.godwit.sync.internal.merge.Version;

/** By which write something came about, and when; in the order of last-writer-wins. */
record Written(HybridTimestamp time, Dot dot) implements Comparable<Written> {
  static Written of(Version version) {
    return new Written(version.time(), version.dot());
  }

  static Written of(KeyVersion key) {
    return new Written(key.time(), key.dot());
  }

  static Written of(Presence presence) {
    return new Written(presence.time(), presence.dot());
  }

  @Override
  public int compareTo(Written other) {
    int order = time.compareTo(other.time);
    return order != 0 ? order : dot.compareTo(other.dot);
  }
}
