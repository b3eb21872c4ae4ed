package dev.godwit.sync.policy;

import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import java.util.List;

/**
 * A conflict that waits to be settled: the same on every replica that has seen the same.
 *
 * @param table the table's name in the file
 * @param key the row's key, as the table shows it
 * @param column the column
 * @param shown the value that the table shows meanwhile
 * @param siblings the writes that stand beside each other, the last writer's last
 */
public record OpenConflict(
    String table, RowKey key, String column, Value shown, List<Sibling> siblings) {
  public OpenConflict {
    siblings = List.copyOf(siblings);
  }
}
