package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.KeyPlace;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.TableRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes the application's tables show rows under the keys that they are to have, as far as SQLite
 * lets them; what it refuses masks the row.
 */
final class RowWrites {
  private final Catalog catalog;
  private final LifeRows rows;
  private final TableRows tables;
  private final View view;
  private final RowValues shown;
  private final TableWriter writer;
  private final MaskedRows masked;
  private final Set<String> changedTables = new TreeSet<>();
  private boolean changedSystemTables;

  RowWrites(
      Catalog catalog,
      LifeRows rows,
      TableRows tables,
      View view,
      RowValues shown,
      TableWriter writer,
      MaskedRows masked) {
    this.catalog = catalog;
    this.rows = rows;
    this.tables = tables;
    this.view = view;
    this.shown = shown;
    this.writer = writer;
    this.masked = masked;
  }

  /** Names of the tables whose rows have changed. */
  Set<String> changedTables() {
    return changedTables;
  }

  /** Whether the space's own tables were among those written. */
  boolean changedSystemTables() {
    return changedSystemTables;
  }

  /**
   * Shows these rows.
   *
   * @param targets their keys, null for those that go
   * @param below tells which cannot be shown, for what they refer to
   */
  void write(Collection<RowState> changed, Map<RowState, RowKey> targets, BelowMasked below) {
    List<TableWrite> writes = new ArrayList<>();
    changed.forEach(row -> addWrite(row, targets.get(row), below, writes));
    run(writes);
  }

  private void run(List<TableWrite> writes) {
    writer.run(writes);
    writes.forEach(this::settle);
  }

  private void addWrite(RowState row, RowKey key, BelowMasked below, List<TableWrite> writes) {
    TrackedTable table = catalog.table(row.table());
    if (table == null) {
      return;
    }
    boolean moves = key == null || row.isVisible() && !KeyPlace.same(table, row.shownKey(), key);
    boolean leavesTable = moves || !row.state().isSimple() || row.masked() != null;
    if (row.isVisible() && leavesTable && row.state().leansOnTable()) {
      rows.keys().expand(table, row, tables.read(table, row.shownKey()));
    }
    if (key == null) {
      if (row.isVisible()) {
        writes.add(TableWrite.delete(table, row, row.shownKey()));
      } else {
        masked.mask(row, null);
      }
      return;
    }
    String reason = below.reason(table, row);
    if (reason != null) {
      if (row.isVisible()) {
        addMask(row, reason, below, writes);
      } else {
        masked.mask(row, reason);
      }
      return;
    }
    Map<String, Value> values = new LinkedHashMap<>();
    boolean whole = !row.isVisible() || row.masked() != null;
    if (whole || row.keyChanged() || moves) {
      for (int i = 0; i < key.values().size(); i++) {
        values.put(table.schema().keyColumns().get(i), key.values().get(i));
      }
    }
    for (String column : whole ? table.valueColumnNames() : row.changedUnits()) {
      Version version = view.shown(table.name(), row.state(), column);
      if (version != null && version.value() != null && table.columnNumbers().containsKey(column)) {
        values.put(column, shown.shown(table, column, version, row));
      }
    }
    if (!row.isVisible()) {
      writes.add(TableWrite.insert(table, row, key, values));
    } else if (!values.isEmpty()) {
      writes.add(TableWrite.update(table, row, row.shownKey(), key, values));
    }
  }

  /** Takes out rows that are in their tables and masked. */
  void takeOut(Collection<RowState> refused, BelowMasked below) {
    List<TableWrite> writes = new ArrayList<>();
    refused.forEach(row -> addMask(row, row.masked(), below, writes));
    run(writes);
  }

  private void addMask(RowState row, String reason, BelowMasked below, List<TableWrite> writes) {
    TrackedTable table = catalog.table(row.table());
    below.goes(row);
    rows.keys().expandShown(table, row);
    writes.add(TableWrite.mask(table, row, row.shownKey(), reason));
  }

  private void settle(TableWrite write) {
    RowState row = write.row();
    masked.mask(row, write.masks());
    if (write.refusal() == null) {
      row.visible(write.after() != null);
      row.shownKey(write.after());
    }
    if (write.table().isSystem()) {
      changedSystemTables = true;
    } else {
      changedTables.add(write.table().schema().name());
    }
  }
}
