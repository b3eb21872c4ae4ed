package dev.godwit.sync.internal.merge;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.sync.change.RowExtras;
import dev.godwit.sync.change.RowKey;

/**
 * One write to the key of a life.
 *
 * @param dot whose transaction
 * @param time when
 * @param derived as for a {@link Version}
 * @param key the key as the writer spelled it
 * @param extras what its reference columns refer to
 */
public record KeyVersion(
    Dot dot, HybridTimestamp time, boolean derived, RowKey key, RowExtras extras)
    implements Comparable<KeyVersion> {
  /** Last writer wins, as for a {@link Version}. */
  @Override
  public int compareTo(KeyVersion other) {
    if (derived != other.derived) {
      return derived ? -1 : 1;
    }
    int byTime = time.compareTo(other.time);
    return byTime != 0 ? byTime : dot.compareTo(other.dot);
  }
}
