package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.TableRows;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What refers to rows that move, go or return: it must show where they are. */
final class FollowingRows {
  private final Catalog catalog;
  private final LifeRows rows;
  private final TableRows tables;
  private final DanglingLives dangling;
  private final KeyPlacement placement;
  private final ReferenceRows references;
  private final Map<Integer, Set<RowState>> waiting = new HashMap<>();
  private final Map<Integer, Set<RowState>> staying = new HashMap<>();

  FollowingRows(
      Catalog catalog,
      LifeRows rows,
      TableRows tables,
      DanglingLives dangling,
      KeyPlacement placement,
      ReferenceRows references) {
    this.catalog = catalog;
    this.rows = rows;
    this.tables = tables;
    this.dangling = dangling;
    this.placement = placement;
    this.references = references;
  }

  /**
   * Where a row of tables of this depth ({@link Catalog#keyDepth}), which all have their keys, is
   * shown under another key than before, or no more, or again, what refers to it must show that.
   *
   * @param movedHere the keys from which local writes have moved or taken rows, of any table
   */
  void reshow(int depth, Map<RowState, List<RowKey>> movedHere) {
    Map<RowState, List<RowKey>> moved = new LinkedHashMap<>(movedHere);
    placement
        .targets()
        .forEach(
            (row, key) -> {
              TrackedTable table = catalog.table(row.table());
              if (table == null ? depth > 0 : catalog.keyDepth(table) != depth) {
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
            reshow(table, row, before, depth);
          }
        });
  }

  /**
   * Where a row has come to have something else in columns by which others refer to it, those must
   * show that, once all rows have their keys.
   *
   * @param before what the tables showed of rows before each local write that has changed them
   */
  void followValues(Map<RowState, List<Map<String, Value>>> before) {
    Deque<RowState> changed = new ArrayDeque<>(placement.targets().keySet());
    while (!changed.isEmpty()) {
      RowState parent = changed.remove();
      TrackedTable table = catalog.table(parent.table());
      if (table != null && catalog.isReferredToByValue(table)) {
        List<Map<String, Value>> showed = new ArrayList<>(before.getOrDefault(parent, List.of()));
        showed.add(showed(parent));
        for (Catalog.Child child : catalog.childrenByValue(table)) {
          if (showed.stream().anyMatch(one -> hasOther(child.reference(), parent, one))) {
            changed.addAll(follow(child, parent));
          }
        }
      }
    }
  }

  /** Has those show it that refer to a row; returns them if others refer to what they show. */
  private List<RowState> follow(Catalog.Child child, RowState parent) {
    List<RowState> following = new ArrayList<>();
    for (RowState row : referringByValue(child, parent)) {
      if (refersTo(child, row, parent)) {
        row.changedUnits().addAll(child.table().valueColumns(child.reference()));
        row.touched(true);
        placement.stays(row);
        following.add(row);
      }
    }
    return isReferredTo(child) ? following : List.of();
  }

  private List<RowState> referringByValue(Catalog.Child child, RowState parent) {
    List<RowState> referring = new ArrayList<>(references.referringTo(parent, List.of()));
    referring.removeIf(row -> row.table() != child.table().number());
    return referring;
  }

  /**
   * Whether others refer to columns of a reference. They do not in a circle ({@code
   * DeclaredReference.keepAcyclic}), so that this comes to an end.
   */
  private boolean isReferredTo(Catalog.Child referring) {
    List<String> columns = referring.reference().columns();
    return catalog.childrenByValue(referring.table()).stream()
        .flatMap(child -> child.reference().referred().stream())
        .anyMatch(column -> columns.contains(column.name()));
  }

  private Map<String, Value> showed(RowState row) {
    RowKey key = row.isVisible() ? row.shownKey() : null;
    return key == null ? null : tables.read(catalog.table(row.table()), key);
  }

  private boolean hasOther(
      TrackedTable.Reference reference, RowState parent, Map<String, Value> showed) {
    RowKey has = rows.keys().referredKey(reference, parent);
    return has != null && (showed == null || !has.equals(reference.referredKey(showed::get)));
  }

  private boolean refersTo(Catalog.Child child, RowState row, RowState parent) {
    ReferringValues values = rows.keys().referring(child.table(), row, child.reference());
    return parent.life().equals(values.meant());
  }

  /** Takes up what {@link #reshow} has left until the tables of this depth are placed. */
  void follow(int depth) {
    waiting.getOrDefault(depth, Set.of()).forEach(placement::place);
  }

  /** The same of rows whose keys do not follow, once the tables of this depth are placed. */
  void stay(int depth) {
    staying.getOrDefault(depth, Set.of()).forEach(placement::stays);
  }

  private static boolean isSpelled(TrackedTable table) {
    return table != null
        && table.keyColumns().stream()
            .anyMatch(column -> column.collation() != KeyColumn.Collation.BINARY);
  }

  private void reshow(TrackedTable table, RowState parent, List<RowKey> before, int depth) {
    for (Catalog.Child child : catalog.children(table)) {
      if (!child.reference().isToKey()) {
        referringByValue(child, parent).forEach(row -> reshow(child, row, parent, depth));
        continue;
      }
      for (RowKey from : before) {
        for (RowKey key : tables.keysReferring(child.table(), child.reference(), table, from)) {
          LifeId life = rows.heldAt(child.table(), key);
          if (life != null) {
            reshow(child, rows.row(child.table().number(), life), parent, depth);
          }
        }
      }
      for (LifeId life : dangling.of(parent.life(), child.table().number())) {
        reshow(child, rows.row(child.table().number(), life), parent, depth);
      }
    }
  }

  private void reshow(Catalog.Child child, RowState row, RowState parent, int depth) {
    TrackedTable table = child.table();
    // What it refers to may be parked once it has moved, and this row refused: then the table does
    // not tell where they belong together.
    references.of(row);
    int own = catalog.keyDepth(table);
    if (table.keyReferences().contains(child.reference())) {
      // Where nothing but the spelling changes the key is the same, and is written all the same.
      row.keyChanged(row.keyChanged() || isSpelled(table));
      // Its key may refer to rows of other tables as well, which have not got theirs yet.
      waiting.computeIfAbsent(own, none -> new LinkedHashSet<>()).add(row);
    } else {
      if (!refersTo(child, row, parent)) {
        return;
      }
      row.changedUnits().addAll(table.valueColumns(child.reference()));
      if (own > depth) {
        staying.computeIfAbsent(own, none -> new LinkedHashSet<>()).add(row);
      } else {
        placement.stays(row);
      }
    }
    row.touched(true);
  }
}
