package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.TableRows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What refers to rows that move, go or return: it must show where they are. */
final class FollowingRows {
  private final Catalog catalog;
  private final LifeRows rows;
  private final TableRows tables;
  private final View view;
  private final DanglingLives dangling;
  private final KeyPlacement placement;
  private final ReferenceRows references;

  FollowingRows(
      Catalog catalog,
      LifeRows rows,
      TableRows tables,
      View view,
      DanglingLives dangling,
      KeyPlacement placement,
      ReferenceRows references) {
    this.catalog = catalog;
    this.rows = rows;
    this.tables = tables;
    this.view = view;
    this.dangling = dangling;
    this.placement = placement;
    this.references = references;
  }

  /**
   * Where a row is shown under another key than before, or no more, or again, what refers to it
   * must show that.
   *
   * @param movedHere the keys from which local writes have moved or taken rows
   */
  void reshow(Map<RowState, List<RowKey>> movedHere) {
    Map<RowState, List<RowKey>> moved = new LinkedHashMap<>(movedHere);
    reshow(moved, table -> true);
  }

  /** The same for rows whose keys refer: those are placed after the others. */
  void reshowBelowReferring() {
    reshow(new LinkedHashMap<>(), TrackedTable::keyRefers);
  }

  private void reshow(Map<RowState, List<RowKey>> moved, Predicate<TrackedTable> concerned) {
    placement
        .targets()
        .forEach(
            (row, key) -> {
              TrackedTable table = catalog.table(row.table());
              if (table != null && !concerned.test(table)) {
                return;
              }
              RowKey before = row.isVisible() ? row.shownKey() : null;
              // Also where it is spelled otherwise: what refers to it shows that. The key that is
              // stored tells no spelling. One that is out before and after may have waited for
              // another key than it does now.
              boolean same =
                  before == null
                      ? key == null && !row.isStored()
                      : before.equals(key) && !(row.keyChanged() && isSpelled(table));
              if (!same) {
                List<RowKey> keys = moved.computeIfAbsent(row, none -> new ArrayList<>());
                if (before != null) {
                  keys.add(before);
                }
              }
            });
    moved.forEach(
        (row, before) -> {
          TrackedTable table = catalog.table(row.table());
          if (table != null) {
            reshow(table, row, before);
          }
        });
  }

  private static boolean isSpelled(TrackedTable table) {
    return table != null
        && table.keyColumns().stream()
            .anyMatch(column -> column.collation() != KeyColumn.Collation.BINARY);
  }

  private void reshow(TrackedTable table, RowState parent, List<RowKey> before) {
    for (Catalog.Child child : catalog.children(table)) {
      List<String> columns = child.reference().columns();
      for (RowKey from : before) {
        for (RowKey key : tables.keysWhere(child.table(), columns, from)) {
          LifeId life = rows.heldAt(child.table(), key);
          if (life != null) {
            reshow(child, rows.row(child.table().number(), life), parent);
          }
        }
      }
      for (LifeId life : dangling.of(parent.life(), child.table().number())) {
        reshow(child, rows.row(child.table().number(), life), parent);
      }
    }
  }

  private void reshow(Catalog.Child child, RowState row, RowState parent) {
    TrackedTable table = child.table();
    String column = child.reference().column();
    // What it refers to may be parked once it has moved, and this row refused: then the table does
    // not tell where they belong together.
    references.of(row);
    if (table.schema().keyColumns().contains(column)) {
      placement.place(row);
    } else {
      ReferringValues values =
          ReferringValues.of(child.reference(), one -> view.shown(table.name(), row.state(), one));
      if (!parent.life().equals(values.meant())) {
        return;
      }
      row.changedUnits().addAll(child.reference().columns());
      placement.stays(row);
    }
    row.touched(true);
  }
}
