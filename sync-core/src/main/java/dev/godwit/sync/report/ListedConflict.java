package dev.godwit.sync.report;

import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.Value;
import java.util.List;

/**
 * A conflict as the view {@code godwit_conflict} lists it; CONFLICTS.md explains each column.
 *
 * @param id its short name: another one as soon as another sibling comes to it
 * @param kind what met what
 * @param table the table's name
 * @param key the row's key, as SQL writes it
 * @param unit the column, "" for the whole row
 * @param open whether it waits for somebody to settle it
 * @param how which rule or write settled it, or why the row is out of its table
 * @param by the device that settled it, null where a rule did
 * @param hereOnly whether it is this device's own affair
 * @param siblings what met, in order of time
 */
public record ListedConflict(
    String id,
    String kind,
    String table,
    String key,
    String unit,
    boolean open,
    String how,
    String by,
    boolean hereOnly,
    List<Side> siblings) {
  public ListedConflict {
    siblings = List.copyOf(siblings);
  }

  /** Whether it stands still: what is past cannot be settled. */
  public boolean stands() {
    return open || by == null || siblings.stream().anyMatch(Side::shown);
  }

  /**
   * One of those that met.
   *
   * @param number by which it can be chosen, from 1
   * @param table the table of the row that it is about
   * @param key the key of that row, as SQL writes it
   * @param action edit, delete, resolution; row where whole rows met
   * @param value what was written there, for rows with one key the key that is shown; SQL's NULL
   *     for none
   * @param base what this writer changed
   * @param shown whether it is what the table shows
   */
  public record Side(
      int number,
      String table,
      String key,
      String action,
      Value value,
      Value base,
      boolean shown,
      ReplicaId replica,
      String device,
      HybridTimestamp time) {}
}
