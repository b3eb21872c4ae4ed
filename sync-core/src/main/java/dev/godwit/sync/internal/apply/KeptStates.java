package dev.godwit.sync.internal.apply;

import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.state.KeyPlace;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.RowStates;
import dev.godwit.sync.internal.state.TableRows;
import java.util.Set;

/**
 * Writes the states of rows, and all that is kept beside them: what they refer to unseen, what
 * holds them back, what conflicts.
 */
final class KeptStates {
  private final Catalog catalog;
  private final LifeRows rows;
  private final TableRows tables;
  private final RowStates states;
  private final DanglingLives dangling;
  private final HeldRows held;
  private final HeldByCheck heldByCheck;
  private final Siblings siblings;

  KeptStates(
      Catalog catalog,
      LifeRows rows,
      TableRows tables,
      RowStates states,
      DanglingLives dangling,
      HeldRows held,
      HeldByCheck heldByCheck,
      Siblings siblings) {
    this.catalog = catalog;
    this.rows = rows;
    this.tables = tables;
    this.states = states;
    this.dangling = dangling;
    this.held = held;
    this.heldByCheck = heldByCheck;
    this.siblings = siblings;
  }

  /** Writes these. */
  void save(Set<RowState> changed) {
    for (RowState row : changed) {
      TrackedTable table = catalog.table(row.table());
      row.elsewhere(table != null && showsAnotherKey(table, row));
      if (table != null) {
        boolean untold = !table.references().isEmpty() && dangling.keep(table, row);
        row.dangling(
            untold
                || row.state()
                    .refersBeyond(table.references().keySet(), table.schema().keyColumns()));
      }
      boolean complex =
          !row.isVisible()
              || row.masked() != null
              || row.isDangling()
              || row.isElsewhere()
              || !held.of(row).isEmpty()
              || !row.state().isSimple()
              || !isHeldByRow(row)
              || table != null && !states.isHeldByTable(row);
      if (table != null && complex && row.isVisible() && row.state().leansOnTable()) {
        rows.keys().expand(table, row, tables.read(table, row.shownKey()));
      }
    }
    siblings.keep(changed);
    states.save(changed, this::followsFromKey, row -> held.of(row).isEmpty() && isHeldByRow(row));
    held.save();
    changed.forEach(row -> heldByCheck.note(catalog.table(row.table()), row));
  }

  /**
   * Whether what a row holds can be left to its table: not where others refer to it by columns
   * besides its key, since whoever comes by these knows no key.
   */
  private boolean isHeldByRow(RowState row) {
    TrackedTable table = catalog.table(row.table());
    return table == null || !catalog.isReferredToByValue(table);
  }

  /** Whether the table shows a row under another key than it wants. */
  boolean showsAnotherKey(TrackedTable table, RowState row) {
    if (!row.isVisible() || row.state().keys().isEmpty()) {
      return false;
    }
    KeyVersion wanted = row.state().wantedKey();
    return wanted.key() != null
        && !wanted.key().equals(row.shownKey())
        && !KeyPlace.same(
            table, rows.keys().resolved(table, wanted.key(), wanted.extras()), row.shownKey());
  }

  private boolean followsFromKey(RowState row) {
    TrackedTable table = catalog.table(row.table());
    boolean several = table.isSurrogate() && row.isStored() && row.state().keys().size() > 1;
    boolean hangs = row.isDangling() && table.keyRefers();
    if (several || hangs || row.state().birth() != null) {
      return false;
    }
    return row.life().equals(table.birthLife(row.shownKey(), rows.meant(table, row.shownKey())));
  }
}
