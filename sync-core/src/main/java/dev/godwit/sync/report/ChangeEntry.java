package dev.godwit.sync.report;

import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.Value;
import java.util.List;

/**
 * One row change of a transaction.
 *
 * @param table the table's name in the space
 * @param kind what happened
 * @param life the row's identity
 * @param key the row's key for its writer, as SQL writes it
 * @param keyBefore the key before an update of the key, null when it did not change
 * @param time when it was written
 * @param columns what was written
 */
public record ChangeEntry(
    String table,
    RowChange.Kind kind,
    LifeId life,
    String key,
    String keyBefore,
    HybridTimestamp time,
    List<Column> columns) {
  public ChangeEntry {
    columns = List.copyOf(columns);
  }

  /**
   * One column written.
   *
   * @param name the column's name in the space
   * @param before its value before an update, null when that is not known: for an insert, and where
   *     it was larger than {@link RowChange.Before#WHOLE_UP_TO_BYTES}
   * @param after its value afterwards
   */
  public record Column(String name, Value before, Value after) {}
}
