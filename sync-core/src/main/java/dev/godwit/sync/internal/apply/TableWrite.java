package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.state.RowState;
import java.util.Map;

/** One write to one row of an application's table that makes it show the row's state. */
final class TableWrite {
  private final TrackedTable table;
  private final RowState row;
  private final RowKey before;
  private final RowKey after;
  private final Map<String, Value> values;
  private String reason;
  private String refusal;

  private TableWrite(
      TrackedTable table, RowState row, RowKey before, RowKey after, Map<String, Value> values) {
    this.table = table;
    this.row = row;
    this.before = before;
    this.after = after;
    this.values = values;
  }

  static TableWrite insert(
      TrackedTable table, RowState row, RowKey key, Map<String, Value> values) {
    return new TableWrite(table, row, null, key, values);
  }

  static TableWrite update(
      TrackedTable table, RowState row, RowKey before, RowKey after, Map<String, Value> values) {
    return new TableWrite(table, row, before, after, values);
  }

  static TableWrite delete(TrackedTable table, RowState row, RowKey key) {
    return new TableWrite(table, row, key, null, Map.of());
  }

  /** A delete of a row that this device does not show, for this reason. */
  static TableWrite mask(TrackedTable table, RowState row, RowKey key, String reason) {
    TableWrite write = delete(table, row, key);
    write.reason = reason;
    return write;
  }

  TrackedTable table() {
    return table;
  }

  RowState row() {
    return row;
  }

  /** The key of the row now, null for an insert. */
  RowKey before() {
    return before;
  }

  /** The key of the row afterwards, null for a delete. */
  RowKey after() {
    return after;
  }

  /** The columns to write, the key's among them when it is written. */
  Map<String, Value> values() {
    return values;
  }

  boolean isInsert() {
    return before == null;
  }

  boolean isDelete() {
    return after == null;
  }

  boolean movesKey() {
    return before != null && after != null && !before.equals(after);
  }

  /** Why the row is masked when the write is done, null for not. */
  String masks() {
    return refusal == null ? reason : refusal;
  }

  /** Why SQLite refused it, null when it did not. */
  String refusal() {
    return refusal;
  }

  void refused(String reason) {
    refusal = reason;
  }
}
