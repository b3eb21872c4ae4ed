package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.merge.LifeState;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.RowState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Takes moves back that would close a cycle in a declared tree: pass 2 of CONSTRAINTS.md.
 *
 * <p>Every row has one parent at most, so that cycles are apart from each other: breaking one
 * changes no other, and the result does not depend on which is found first. A new cycle leads
 * through a row whose parent has changed, or through one whose move was taken back: those rows are
 * walked up from, and nothing else is looked at. While rows of later transactions are in the tables
 * already, nothing can be walked ({@link Display#treesLater}).
 */
final class TreePass {
  private final Catalog catalog;
  private final LifeRows rows;
  private final View view;
  private final HeldRows held;
  private final DanglingLives dangling;
  private final Set<RowState> writtenHere;

  TreePass(
      Catalog catalog,
      LifeRows rows,
      View view,
      HeldRows held,
      DanglingLives dangling,
      Set<RowState> writtenHere) {
    this.catalog = catalog;
    this.rows = rows;
    this.view = view;
    this.held = held;
    this.dangling = dangling;
    this.writtenHere = writtenHere;
  }

  /**
   * Judges.
   *
   * @param touched rows of which something was merged
   * @return rows besides, which show another parent than before
   */
  Set<RowState> judge(Collection<RowState> touched) {
    Map<TrackedTable, List<RowState>> byTable = new LinkedHashMap<>();
    for (RowState row : touched) {
      TrackedTable table = catalog.table(row.table());
      boolean concerned =
          table != null && (!view.trees(table.name()).isEmpty() || !row.state().undone().isEmpty());
      if (concerned) {
        byTable.computeIfAbsent(table, none -> new ArrayList<>()).add(row);
      }
    }
    Set<RowState> turned = new LinkedHashSet<>();
    byTable.forEach((table, some) -> judge(table, some, turned));
    return turned;
  }

  private void judge(TrackedTable table, List<RowState> touched, Set<RowState> turned) {
    Map<Tree, Set<RowState>> moved = new LinkedHashMap<>();
    Set<String> columns = new HashSet<>();
    for (Tree tree : trees(table)) {
      columns.add(tree.reference.column());
      moved.put(tree, moved(tree, touched));
    }
    boolean isStill = moved.values().stream().allMatch(Set::isEmpty);
    if (isStill
        && touched.stream().allMatch(row -> columns.containsAll(row.state().undone().keySet()))) {
      return;
    }
    Set<RowState> undone = new LinkedHashSet<>();
    held.undone(table.number()).forEach(life -> undone.add(rows.row(table.number(), life)));
    touched.stream().filter(row -> !row.state().undone().isEmpty()).forEach(undone::add);
    Map<RowState, List<Hold>> holds = new LinkedHashMap<>();
    undone.forEach(row -> holds.put(row, new ArrayList<>()));
    moved.forEach(
        (tree, some) -> {
          tree.walkFrom(undone, some);
          tree.holds()
              .forEach(
                  (row, hold) -> holds.computeIfAbsent(row, none -> new ArrayList<>()).add(hold));
        });
    holds.forEach((row, now) -> record(row, now, turned));
  }

  private List<Tree> trees(TrackedTable table) {
    List<Tree> trees = new ArrayList<>();
    for (String column : view.trees(table.name())) {
      TrackedTable.Reference reference = table.references().get(column);
      boolean refersHome =
          reference != null && !reference.isOfSeveral() && reference.parent() == table.number();
      if (refersHome && table.valueColumnNames().contains(column)) {
        trees.add(new Tree(table, reference));
      }
    }
    return trees;
  }

  /** Rows whose parent may be another one than before, and which some row may be below. */
  private Set<RowState> moved(Tree tree, List<RowState> touched) {
    Set<RowState> moved = new LinkedHashSet<>();
    for (RowState row : touched) {
      boolean mayHaveMoved =
          !row.isStored()
              || row.changedUnits().contains(tree.reference.column())
              || writtenHere.contains(row);
      if (mayHaveMoved) {
        moved.add(row);
      }
    }
    Set<RowState> referred = new HashSet<>();
    moved.forEach(row -> referred.add(tree.parent(row)));
    moved.removeIf(row -> isNew(row) && !referred.contains(row) && !isAwaited(row));
    return moved;
  }

  private static boolean isNew(RowState row) {
    return row.state().isNewborn() && !row.isStored();
  }

  /** Whether a row that was here before may be below this one. */
  private boolean isAwaited(RowState row) {
    return !dangling.of(row.life(), row.table()).isEmpty();
  }

  private void record(RowState row, List<Hold> now, Set<RowState> turned) {
    List<Hold> holds = new ArrayList<>(held.of(row));
    holds.removeIf(hold -> hold.kind().isUndone());
    holds.addAll(now);
    Collections.sort(holds);
    held.hold(row, holds);
    Map<String, LifeState.Undone> shown = new HashMap<>();
    for (Hold hold : now) {
      boolean returned = hold.kind() == Hold.Kind.RETURNED;
      shown.put(hold.unit(), returned ? LifeState.Undone.RETURNED : LifeState.Undone.ROOTED);
    }
    Map<String, LifeState.Undone> before = new HashMap<>(row.state().undone());
    if (!shown.equals(before)) {
      before.keySet().forEach(column -> row.state().undo(column, null));
      shown.forEach((column, instead) -> row.state().undo(column, instead));
      row.changedUnits().addAll(before.keySet());
      row.changedUnits().addAll(shown.keySet());
      if (!row.isTouched()) {
        row.touched(true);
        turned.add(row);
      }
    }
  }

  /** The rows of one table as one of its columns hangs them on each other. */
  private final class Tree {
    private final TrackedTable table;
    private final TrackedTable.Reference reference;
    private final Map<RowState, Hold> holds = new LinkedHashMap<>();
    private final Set<RowState> rooted = new HashSet<>();

    Tree(TrackedTable table, TrackedTable.Reference reference) {
      this.table = table;
      this.reference = reference;
    }

    /** The moves that are not shown, with the latest other move of the cycle each would close. */
    Map<RowState, Hold> holds() {
      return holds;
    }

    /**
     * Breaks the cycles that can be reached from these rows.
     *
     * @param undone rows whose moves were taken back before
     * @param moved rows whose parent may be another one. A new row that no old one can be below is
     *     in a cycle of new rows, if in any
     */
    void walkFrom(Set<RowState> undone, Set<RowState> moved) {
      Set<RowState> everywhere = new LinkedHashSet<>(undone);
      moved.stream().filter(row -> !isNew(row) || isAwaited(row)).forEach(everywhere::add);
      walkFrom(everywhere, row -> false);
      Set<RowState> amongNew = new LinkedHashSet<>(moved);
      amongNew.removeAll(everywhere);
      walkFrom(amongNew, row -> !isNew(row));
    }

    private void walkFrom(Set<RowState> seeds, Predicate<RowState> ends) {
      Deque<RowState> left = new ArrayDeque<>(seeds);
      while (!left.isEmpty()) {
        List<RowState> path = new ArrayList<>();
        RowState end = walk(left.peek(), ends, path);
        if (end == null) {
          rooted.addAll(path);
          left.remove();
        } else {
          undo(path.subList(path.indexOf(end), path.size()));
        }
      }
    }

    /** Walks up; returns where the path meets itself, null at a root. */
    private RowState walk(RowState from, Predicate<RowState> ends, List<RowState> path) {
      Set<RowState> walked = new HashSet<>();
      RowState at = from;
      while (at != null && !rooted.contains(at) && !ends.test(at)) {
        if (!walked.add(at)) {
          return at;
        }
        path.add(at);
        at = parent(at);
      }
      return null;
    }

    /** The row that this one hangs on as far as is decided, null for none. */
    private RowState parent(RowState row) {
      Version standing = standing(row);
      Hold hold = holds.get(row);
      LifeId parent = null;
      RowKey hint = null;
      if (hold == null && standing != null && standing.value() != null) {
        parent = rows.keys().referenced(reference, standing);
        hint = RowKey.of(standing.value());
      } else if (hold != null && hold.kind() == Hold.Kind.RETURNED) {
        parent = standing.origin().parent();
        hint = standing.origin().value() == null ? null : RowKey.of(standing.origin().value());
      }
      // A row that refers to itself is at the root.
      return parent == null || parent.equals(row.life())
          ? null
          : rows.keys().located(table, parent, hint);
    }

    private Version standing(RowState row) {
      if (row.state().keys().isEmpty()) {
        return null;
      }
      rows.keys().expandShown(table, row);
      return view.standing(table.name(), row.state(), reference.column());
    }

    /** Whether the last write put the row elsewhere; a parent that is renamed is no other one. */
    private boolean isMove(RowState row) {
      Version standing = standing(row);
      return standing.origin() == null
          || !standing.origin().parent().equals(rows.keys().referenced(reference, standing));
    }

    /** Takes the latest move of a cycle back, each once, and then to the root. */
    private void undo(List<RowState> cycle) {
      List<RowState> latestFirst = new ArrayList<>(cycle);
      latestFirst.sort(
          Comparator.comparing(this::standing).thenComparing(RowState::life).reversed());
      RowState undone = latestFirst.get(0);
      for (RowState row : latestFirst) {
        if (!holds.containsKey(row) && isMove(row)) {
          undone = row;
          break;
        }
      }
      RowState other = latestFirst.get(latestFirst.get(0) == undone ? 1 : 0);
      boolean returns =
          !holds.containsKey(undone) && isMove(undone) && standing(undone).origin() != null;
      holds.put(
          undone,
          new Hold(
              returns ? Hold.Kind.RETURNED : Hold.Kind.ROOTED,
              reference.column(),
              table.number(),
              other.life()));
    }
  }
}
