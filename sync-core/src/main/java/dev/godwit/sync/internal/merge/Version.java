package dev.godwit.sync.internal.merge;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.Value;
import java.util.Objects;

/**
 * One write to one unit of a life.
 *
 * @param dot whose transaction
 * @param time when
 * @param derived whether a whole-table comparison or migration made it, which never beats an
 *     ordinary write
 * @param value the value written; null when the application's table holds it
 * @param reference what a reference column refers to, null when that follows from the value
 * @param bare whether the reference column's value was nobody's key
 * @param resolution whether it was made to settle a conflict, and so opens none
 */
public record Version(
    Dot dot,
    HybridTimestamp time,
    boolean derived,
    Value value,
    LifeId reference,
    boolean bare,
    boolean resolution)
    implements Comparable<Version> {
  public Version {
    Objects.requireNonNull(dot, "dot");
    Objects.requireNonNull(time, "time");
  }

  /** A version that is no resolution. */
  public Version(
      Dot dot, HybridTimestamp time, boolean derived, Value value, LifeId reference, boolean bare) {
    this(dot, time, derived, value, reference, bare, false);
  }

  /** The version with what the table holds for it. */
  public Version holding(Value held, LifeId referenced, boolean bareReference) {
    return new Version(dot, time, derived, held, referenced, bareReference, resolution);
  }

  /** The same version of a transaction with another dot. */
  public Version withDot(Dot renamed) {
    return new Version(renamed, time, derived, value, reference, bare, resolution);
  }

  /** Whether both write the same: then they are no conflict. */
  public boolean agrees(Version other) {
    return Objects.equals(value, other.value) && Objects.equals(reference, other.reference);
  }

  /** Last writer wins: derived ones first, then by timestamp, then by dot. */
  @Override
  public int compareTo(Version other) {
    if (derived != other.derived) {
      return derived ? -1 : 1;
    }
    int byTime = time.compareTo(other.time);
    return byTime != 0 ? byTime : dot.compareTo(other.dot);
  }
}
