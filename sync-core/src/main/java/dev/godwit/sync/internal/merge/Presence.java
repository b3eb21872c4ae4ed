package dev.godwit.sync.internal.merge;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import java.util.List;

/**
 * One write to the existence of a life: present by an insert or an ordinary update, absent by a
 * delete.
 *
 * @param dot whose transaction
 * @param time when
 * @param present which of both
 * @param derived whether a whole-table comparison or migration made it, which never revives a row
 * @param outOfSight of a delete: the writes of references to the life that the tables of its author
 *     did not show, although they were known there
 */
public record Presence(
    Dot dot, HybridTimestamp time, boolean present, boolean derived, List<Dot> outOfSight) {
  public Presence {
    outOfSight = List.copyOf(outOfSight);
  }

  /** A write that had every reference to the life in sight. */
  public Presence(Dot dot, HybridTimestamp time, boolean present, boolean derived) {
    this(dot, time, present, derived, List.of());
  }
}
