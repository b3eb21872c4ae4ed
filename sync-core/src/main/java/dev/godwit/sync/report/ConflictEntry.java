package dev.godwit.sync.report;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.Value;

/**
 * Two concurrent writes of which one is seen and the other kept.
 *
 * <p>Replicas with equal vectors list the same conflicts, whatever arrived first.
 *
 * @param kind what met what: "edit/edit", "edit/delete", "key collision"
 * @param table the table's name
 * @param life the row's identity; for a key collision that of the row that lost
 * @param key the row's key for the writer who lost, as SQL writes it
 * @param unit the column, "" for the whole row
 * @param base the value that the loser changed; null when the whole row is meant, and where it was
 *     not sealed because of its size
 * @param winner the write that is seen
 * @param loser the write that is kept
 * @param resolution by which rule, or whose write, it was settled
 * @param open whether it still waits for somebody to settle it
 */
public record ConflictEntry(
    String kind,
    String table,
    LifeId life,
    String key,
    String unit,
    Value base,
    Side winner,
    Side loser,
    String resolution,
    boolean open) {
  /**
   * One of both writes.
   *
   * @param dot its transaction
   * @param deviceName whose
   * @param time when
   * @param value what was written, null when the whole row is meant
   */
  public record Side(Dot dot, String deviceName, HybridTimestamp time, Value value) {}
}
