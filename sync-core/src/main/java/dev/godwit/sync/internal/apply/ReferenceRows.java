package dev.godwit.sync.internal.apply;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.TableRows;
import dev.godwit.sync.policy.OnDelete;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which rows refer to which, up and down, as the states of one flush will have it. Rows that are
 * asked about are loaded with their values.
 */
final class ReferenceRows {
  private final Catalog catalog;
  private final LifeRows rows;
  private final TableRows tables;
  private final View view;
  private final DanglingLives dangling;
  private final Map<RowState, List<Link>> links = new HashMap<>();
  private final Map<LifeId, Set<RowState>> referring = new HashMap<>();

  /**
   * One reference of a row, to a life that it is known to mean.
   *
   * @param dot of the version of the column, or of the key
   * @param substitute what it may show instead, null for nothing
   * @param fallback the row that the substitute means, null for none
   * @param returned whether the row was moved away, and is shown here since the move would close a
   *     cycle: then it asks nothing of the other row
   */
  record Link(
      TrackedTable.Reference reference,
      RowState parent,
      Dot dot,
      Value substitute,
      RowState fallback,
      boolean returned) {
    /** Whether the row referred to must stay while this one stands. */
    boolean keepsParent() {
      return !returned && reference.keepsParent();
    }

    /** Whether the row goes with the one that it refers to. */
    boolean isOwned() {
      return !returned && reference.onDelete() == OnDelete.CASCADE;
    }

    String column() {
      return reference.column();
    }

    boolean mayMean(RowState row) {
      return parent == row || fallback == row;
    }
  }

  ReferenceRows(
      Catalog catalog, LifeRows rows, TableRows tables, View view, DanglingLives dangling) {
    this.catalog = catalog;
    this.rows = rows;
    this.tables = tables;
    this.view = view;
    this.dangling = dangling;
  }

  /** Whether rows of a table refer to others or can be referred to. */
  boolean concerns(TrackedTable table) {
    return !table.references().isEmpty() || !catalog.children(table).isEmpty();
  }

  /**
   * The references of a row, in the order of their columns' names; none for one that is a mere
   * tombstone. A reference to a row of which nothing is known is none.
   */
  List<Link> of(RowState row) {
    List<Link> found = links.get(row);
    if (found == null) {
      found = read(row);
      links.put(row, found);
      for (Link link : found) {
        refers(row, link.parent());
        if (link.fallback() != null) {
          refers(row, link.fallback());
        }
      }
    }
    return found;
  }

  private void refers(RowState row, RowState parent) {
    referring.computeIfAbsent(parent.life(), none -> new LinkedHashSet<>()).add(row);
  }

  /** Whether a reference by other columns than the key shows that these are NULL. */
  boolean showsNull(Link link) {
    RowKey has =
        link.reference().isToKey()
            ? null
            : rows.keys().referredKey(link.reference(), link.parent());
    return has != null && has.values().contains(Value.NULL);
  }

  /** The references of a row, if they were asked for before; else none. */
  List<Link> knownOf(RowState row) {
    return links.getOrDefault(row, List.of());
  }

  private List<Link> read(RowState row) {
    TrackedTable table = catalog.table(row.table());
    List<Link> found = new ArrayList<>();
    if (table.references().isEmpty() || row.state().keys().isEmpty()) {
      return found;
    }
    rows.keys().expandShown(table, row);
    for (TrackedTable.Reference reference : table.sortedReferences()) {
      boolean inKey = table.keyReferences().contains(reference);
      Link link = inKey ? ofKey(table, row, reference) : ofColumn(table, row, reference);
      if (link != null && !link.parent().state().isEmpty()) {
        found.add(link);
      }
    }
    return found;
  }

  private Link ofKey(TrackedTable table, RowState row, TrackedTable.Reference reference) {
    KeyVersion key = row.state().wantedKey();
    LifeId parent = table.referred(reference, key.key(), key.extras());
    return parent == null
        ? null
        : new Link(reference, rows.row(reference.parent(), parent), key.dot(), null, null, false);
  }

  private Link ofColumn(TrackedTable table, RowState row, TrackedTable.Reference reference) {
    ReferringValues values = rows.keys().referring(table, row, reference);
    LifeId parent = values.meant();
    if (parent == null) {
      return null;
    }
    boolean returned = row.state().undone(reference.column()) != null;
    LifeId fallback = returned ? null : rows.keys().fallback(reference);
    return new Link(
        reference,
        rows.row(reference.parent(), parent),
        values.carrier().dot(),
        HeldRows.substitute(row, reference),
        fallback == null ? null : rows.row(reference.parent(), fallback),
        returned);
  }

  /**
   * The rows that refer to this one: those that its table shows as doing so, those that do so
   * unseen, and those of this flush whose references were asked for.
   *
   * @param before keys under which others may still show it
   */
  Set<RowState> referringTo(RowState parent, List<RowKey> before) {
    Set<RowState> found = new LinkedHashSet<>();
    for (Catalog.Child child : catalog.children(catalog.table(parent.table()))) {
      TrackedTable table = child.table();
      for (RowKey from : child.reference().isToKey() ? before : List.<RowKey>of()) {
        for (RowKey key :
            tables.keysReferring(table, child.reference(), catalog.table(parent.table()), from)) {
          LifeId life = rows.standsAt(table, key);
          if (life != null) {
            found.add(rows.row(table.number(), life));
          }
        }
      }
      for (LifeId life : dangling.of(parent.life(), table.number())) {
        found.add(rows.row(table.number(), life));
      }
    }
    found.removeIf(row -> of(row).stream().noneMatch(link -> link.mayMean(parent)));
    found.addAll(referring.getOrDefault(parent.life(), Set.of()));
    return found;
  }

  /**
   * The moves to below this row that its table does not show.
   *
   * @param undone the rows of the table of which some move is not shown
   */
  List<Dot> movesOutOfSight(RowState parent, List<LifeId> undone) {
    List<Dot> moves = new ArrayList<>();
    TrackedTable table = catalog.table(parent.table());
    for (LifeId life : undone) {
      RowState row = rows.row(table.number(), life);
      for (String column : row.state().undone().keySet()) {
        TrackedTable.Reference reference = table.references().get(column);
        Version move = view.standing(table.name(), row.state(), column);
        if (reference != null
            && move != null
            && parent.life().equals(rows.keys().referenced(reference, move))) {
          moves.add(move.dot());
        }
      }
    }
    return moves;
  }

  /** The rows to which this one is known to have referred unseen. */
  List<RowState> formerParents(RowState row) {
    List<RowState> parents = new ArrayList<>();
    TrackedTable table = catalog.table(row.table());
    for (LifeId life : dangling.parentsOf(row)) {
      for (TrackedTable.Reference reference : table.sortedReferences()) {
        RowState parent = rows.row(reference.parent(), life);
        if (!parent.state().isEmpty() && !parents.contains(parent)) {
          parents.add(parent);
        }
      }
    }
    return parents;
  }
}
