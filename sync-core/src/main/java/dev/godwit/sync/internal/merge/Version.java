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
 * @param origin of a move in a tree where the row was before; null for the root, or where nothing
 *     was told
 */
public record Version(
    Dot dot,
    HybridTimestamp time,
    boolean derived,
    Value value,
    LifeId reference,
    boolean bare,
    boolean resolution,
    Origin origin)
    implements Comparable<Version> {
  /**
   * Where a row of a tree was before it was moved.
   *
   * @param value the parent's key as the column said it, null where it was too long to be told
   * @param parent the parent
   */
  public record Origin(Value value, LifeId parent) {}

  public Version {
    Objects.requireNonNull(dot, "dot");
    Objects.requireNonNull(time, "time");
  }

  /** A version that is no resolution. */
  public Version(
      Dot dot, HybridTimestamp time, boolean derived, Value value, LifeId reference, boolean bare) {
    this(dot, time, derived, value, reference, bare, false, null);
  }

  /** The version with what the table holds for it. */
  public Version holding(Value held, LifeId referenced, boolean bareReference) {
    return new Version(dot, time, derived, held, referenced, bareReference, resolution, origin);
  }

  /** The version with the row where it was before, at the root when nothing was told of that. */
  Version movedBack() {
    if (origin == null) {
      return atRoot();
    }
    return holding(origin.value() == null ? value : origin.value(), origin.parent(), false);
  }

  /** The version with the row at the root of its tree. */
  Version atRoot() {
    return holding(Value.NULL, null, false);
  }

  /** The same version of a transaction with another dot. */
  public Version withDot(Dot renamed) {
    return new Version(renamed, time, derived, value, reference, bare, resolution, origin);
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
