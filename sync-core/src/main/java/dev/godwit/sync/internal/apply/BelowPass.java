package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.state.RowState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What refers to a parked row is hidden, whatever its ON DELETE says, and so is what refers to
 * that: the last pass of CONSTRAINTS.md. Such rows keep their keys and unique values.
 */
final class BelowPass {
  private final Catalog catalog;
  private final HeldRows held;
  private final ReferenceRows references;
  private final RowValues values;
  private final Set<RowState> suspects = new LinkedHashSet<>();
  private final Deque<RowState> unexplored = new ArrayDeque<>();
  private final Map<RowState, Hold> below = new HashMap<>();

  BelowPass(Catalog catalog, HeldRows held, ReferenceRows references, RowValues values) {
    this.catalog = catalog;
    this.held = held;
    this.references = references;
    this.values = values;
  }

  /**
   * Judges rows anew.
   *
   * @param placed rows that may refer to a parked one
   * @param changed rows that were parked a moment ago, or are no more
   * @return the rows that are hidden now and were not, or were and are not
   */
  List<RowState> judge(Collection<RowState> placed, Collection<RowState> changed) {
    for (RowState row : placed) {
      TrackedTable table = catalog.table(row.table());
      if (table != null && !table.references().isEmpty()) {
        boolean refersToOne = false;
        for (ReferenceRows.Link link :
            row.isVisible() ? references.knownOf(row) : references.of(row)) {
          RowState parent = meant(row, link);
          refersToOne |= held.isOut(tableOf(parent), parent) || lacks(row, link, parent);
        }
        refersToOne = refersToOne || atOdds(row) != null;
        if (refersToOne || held.has(row, Hold.Kind.BELOW)) {
          suspect(row);
        }
      }
    }
    changed.forEach(row -> childrenOf(row).forEach(this::suspect));
    while (!unexplored.isEmpty()) {
      childrenOf(unexplored.remove()).forEach(this::suspect);
    }
    sink();
    List<RowState> turned = new ArrayList<>();
    for (RowState row : suspects) {
      if (below.containsKey(row) != held.has(row, Hold.Kind.BELOW)) {
        turned.add(row);
      }
      record(row);
    }
    return turned;
  }

  private void suspect(RowState row) {
    if (stands(row) && suspects.add(row)) {
      unexplored.add(row);
    }
  }

  private boolean stands(RowState row) {
    return held.stands(tableOf(row), row);
  }

  private TrackedTable tableOf(RowState row) {
    return catalog.table(row.table());
  }

  /** What refers to a row may show the key that it has, or already the one that it is to have. */
  private Set<RowState> childrenOf(RowState row) {
    List<RowKey> keys = new ArrayList<>(2);
    if (row.isVisible() && row.shownKey() != null) {
      keys.add(row.shownKey());
    }
    RowKey seat = values.seat(row);
    if (seat != null && !keys.contains(seat)) {
      keys.add(seat);
    }
    return references.referringTo(row, keys);
  }

  private void sink() {
    Deque<RowState> toJudge = new ArrayDeque<>(suspects);
    while (!toJudge.isEmpty()) {
      RowState row = toJudge.remove();
      Hold hold = below.containsKey(row) ? null : holdOf(row);
      if (hold != null) {
        below.put(row, hold);
        for (RowState child : childrenOf(row)) {
          if (suspects.contains(child)) {
            toJudge.add(child);
          }
        }
      }
    }
    // Not the one that was found first: that depends on what else is judged.
    below.replaceAll((row, found) -> holdOf(row));
  }

  /** Whether a row cannot show what it refers to, which stands. */
  private boolean lacks(RowState row, ReferenceRows.Link link, RowState parent) {
    return parent == link.parent()
        && stands(parent)
        && values.lacksReferred(tableOf(row), link.reference(), parent);
  }

  /** The row that a reference shows, which may be the one that its default means. */
  private RowState meant(RowState row, ReferenceRows.Link link) {
    boolean otherwise = link.fallback() != null && held.substitutes(row, link.column());
    return otherwise ? link.fallback() : link.parent();
  }

  /**
   * The first reference to a row that is parked, or shows nothing to refer to, else the first to
   * one that is below such, else the first that cannot be shown beside the others.
   */
  private Hold holdOf(RowState row) {
    Hold first = null;
    for (ReferenceRows.Link link : references.of(row)) {
      RowState parent = meant(row, link);
      boolean out =
          stands(parent)
              && (suspects.contains(parent)
                  ? below.containsKey(parent) || held.isParked(tableOf(parent), parent)
                  : held.isOut(tableOf(parent), parent));
      boolean lacks = lacks(row, link, parent);
      if (lacks || out && parent != row) {
        Hold hold = new Hold(Hold.Kind.BELOW, link.column(), parent.table(), parent.life());
        if (lacks || held.isParked(tableOf(parent), parent)) {
          return hold;
        }
        first = first == null ? hold : first;
      }
    }
    return first == null ? atOdds(row) : first;
  }

  /** The first reference that a row cannot show, for what another one says; null for none. */
  private Hold atOdds(RowState row) {
    TrackedTable table = tableOf(row);
    if (table.sharesColumns() && stands(row)) {
      for (ReferenceRows.Link link : references.of(row)) {
        RowState parent = link.parent();
        if (link.reference().isOfSeveral()
            && stands(parent)
            && values.areAtOdds(table, row, link.reference(), parent)) {
          return new Hold(Hold.Kind.BELOW, link.column(), parent.table(), parent.life());
        }
      }
    }
    return null;
  }

  private void record(RowState row) {
    List<Hold> holds = new ArrayList<>(held.of(row));
    holds.removeIf(hold -> hold.kind() == Hold.Kind.BELOW);
    if (below.containsKey(row)) {
      String unit = below.get(row).unit();
      holds.removeIf(hold -> hold.unit().equals(unit) && !hold.kind().staysBelow());
      holds.add(below.get(row));
    }
    Collections.sort(holds);
    held.hold(row, holds);
  }
}
