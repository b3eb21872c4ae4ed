package dev.godwit.sync.change;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What the row changes of a transaction that look alike have in common: the table, its key, and
 * which columns carry values. Written once a transaction.
 *
 * @param table the table's stable id in the space: its name when it was first tracked
 * @param keyColumns the key in order, empty never
 * @param columns stable ids of the columns that carry values, key columns not among them
 */
public record RowShape(String table, List<KeyColumn> keyColumns, List<String> columns) {
  public RowShape {
    Objects.requireNonNull(table, "table");
    keyColumns = List.copyOf(keyColumns);
    columns = List.copyOf(columns);
    if (keyColumns.isEmpty()) {
      throw new IllegalArgumentException(
          "expected table " + table + " to have key columns but got none");
    }
  }

  /**
   * The life of the row born under this key; {@code extras} say what its reference columns refer
   * to.
   */
  public LifeId birthLife(RowKey key, RowExtras extras) {
    return LifeId.natural(table, canonicalKey(key, extras));
  }

  /** The canonical parts of a key, for {@link LifeId}. */
  public List<byte[]> canonicalKey(RowKey key, RowExtras extras) {
    List<byte[]> parts = new ArrayList<>(keyColumns.size());
    for (int i = 0; i < keyColumns.size(); i++) {
      parts.add(
          keyColumns
              .get(i)
              .canonical(
                  key.values().get(i), extras.references().get(i), extras.bare().contains(i)));
    }
    return parts;
  }
}
