package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.merge.Presence;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.RowState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which rows stand, as far as references decide it: pins upward, then what is hidden or substituted
 * below rows that are away. The passes 4 and 5 of CONSTRAINTS.md.
 *
 * <p>Judged are the <em>suspects</em>: rows whose standing may have changed, and all that refer to
 * them. Every other row stands, or does not, as it did.
 */
final class ReferencePass {
  private final Catalog catalog;
  private final View view;
  private final HeldRows held;
  private final Causality causality;
  private final ReferenceRows references;
  private final Set<RowState> writtenHere;
  private final Map<RowState, List<RowKey>> movedHere;
  private final Set<RowState> suspects = new LinkedHashSet<>();
  private final Deque<RowState> unexplored = new ArrayDeque<>();
  private final Set<RowState> existing = new HashSet<>();
  private final Map<RowState, RowState> pinned = new HashMap<>();
  private final Map<RowState, Hold> hidden = new HashMap<>();
  private final Map<RowState, Map<String, Hold>> substituted = new HashMap<>();

  /**
   * A pass over the rows of one flush.
   *
   * @param writtenHere the rows that local writes have made or changed
   * @param movedHere the keys from which local writes have moved or taken rows
   */
  ReferencePass(
      Catalog catalog,
      View view,
      HeldRows held,
      Causality causality,
      ReferenceRows references,
      Set<RowState> writtenHere,
      Map<RowState, List<RowKey>> movedHere) {
    this.catalog = catalog;
    this.view = view;
    this.held = held;
    this.causality = causality;
    this.references = references;
    this.writtenHere = writtenHere;
    this.movedHere = movedHere;
  }

  /** Judges these rows, and whatever they reach; returns the rows that were judged. */
  Set<RowState> judge(Collection<RowState> touched) {
    List<RowState> concerned = new ArrayList<>();
    for (RowState row : touched) {
      TrackedTable table = catalog.table(row.table());
      if (table != null && references.concerns(table) && !row.state().isEmpty()) {
        concerned.add(row);
      }
    }
    // All links first: whoever is suspected must find those that have come to refer to it.
    concerned.forEach(this::linksIfChanged);
    for (RowState row : concerned) {
      if (isSuspect(row)) {
        suspect(row);
      }
    }
    explore();
    pin();
    hide();
    suspects.forEach(this::record);
    return suspects;
  }

  /** Whether a judged row refers to one that is not present, so that this must be remembered. */
  boolean hangs(RowState row) {
    return references.of(row).stream().anyMatch(link -> !isPresent(link.parent()));
  }

  private void linksIfChanged(RowState row) {
    TrackedTable table = catalog.table(row.table());
    boolean changed = !row.isVisible() || row.keyChanged() || writtenHere.contains(row);
    for (String column : table.referringColumns()) {
      changed |= row.changedUnits().contains(column);
    }
    if (changed) {
      references.of(row);
    }
  }

  private boolean isSuspect(RowState row) {
    if (!row.isVisible()
        || movedHere.containsKey(row)
        || !isPresent(row)
        || !held.of(row).isEmpty()
        || !references.formerParents(row).isEmpty()) {
      return true;
    }
    for (ReferenceRows.Link link : references.knownOf(row)) {
      if (!isPresent(link.parent()) || !standsNow(link.parent())) {
        return true;
      }
    }
    return false;
  }

  private boolean isPresent(RowState row) {
    return view.isPresent(catalog.table(row.table()).name(), row.state());
  }

  private void suspect(RowState row) {
    if (suspects.add(row)) {
      unexplored.add(row);
    }
  }

  private void explore() {
    while (!unexplored.isEmpty()) {
      RowState row = unexplored.remove();
      for (ReferenceRows.Link link : references.of(row)) {
        if (link.keepsParent() && !isPresent(link.parent())) {
          suspect(link.parent());
        }
      }
      for (RowState parent : references.formerParents(row)) {
        if (!isPresent(parent)) {
          suspect(parent);
        }
      }
      references.referringTo(row, keysBefore(row)).forEach(this::suspect);
    }
  }

  private List<RowKey> keysBefore(RowState row) {
    List<RowKey> before = new ArrayList<>(movedHere.getOrDefault(row, List.of()));
    // Nothing in a table can refer to a row that was born a moment ago.
    boolean isNew = row.state().isNewborn() && !row.isStored();
    if (row.isVisible() && row.shownKey() != null && !isNew) {
      before.add(row.shownKey());
    }
    return before;
  }

  /** Keeps what existing rows must not lose, and what that must not lose, until nothing changes. */
  private void pin() {
    for (RowState row : suspects) {
      if (isPresent(row)) {
        existing.add(row);
      }
    }
    boolean progress = true;
    while (progress) {
      int before = existing.size();
      for (RowState row : suspects) {
        if (existing.contains(row)) {
          references.of(row).forEach(link -> pin(row, link));
        }
      }
      progress = existing.size() > before;
    }
  }

  private void pin(RowState child, ReferenceRows.Link link) {
    RowState parent = link.parent();
    if (link.keepsParent()
        && (!exists(parent) || pinned.containsKey(parent))
        && !isSeenByDelete(link)
        && !hasAbsentOwner(child)) {
      existing.add(parent);
      // Which child is named must not depend on which was found first.
      pinned.merge(
          parent, child, (one, other) -> one.life().compareTo(other.life()) < 0 ? one : other);
    }
  }

  /** Whether a row is present or pinned, hidden or not. */
  private boolean exists(RowState row) {
    if (suspects.contains(row)) {
      return existing.contains(row);
    }
    return isPresent(row) || held.has(row, Hold.Kind.PINNED);
  }

  private boolean hasAbsentOwner(RowState child) {
    for (ReferenceRows.Link link : references.of(child)) {
      if (link.isOwned() && !exists(link.parent())) {
        return true;
      }
    }
    return false;
  }

  /** Whether some standing delete of the row referred to had seen the reference. */
  private boolean isSeenByDelete(ReferenceRows.Link link) {
    for (Presence presence : link.parent().state().existence()) {
      if (!presence.present()
          && !presence.outOfSight().contains(link.dot())
          && causality.saw(presence.dot(), link.dot())) {
        return true;
      }
    }
    return false;
  }

  private void hide() {
    Deque<RowState> toJudge = new ArrayDeque<>(suspects);
    while (!toJudge.isEmpty()) {
      RowState row = toJudge.remove();
      if (existing.contains(row) && !hidden.containsKey(row) && judge(row)) {
        for (RowState child : references.referringTo(row, List.of())) {
          if (suspects.contains(child)) {
            toJudge.add(child);
          }
        }
      }
    }
    hidden.replaceAll(this::reason);
  }

  /**
   * Why a row is hidden, so that it does not depend on what was found first: the first reference to
   * a row that is gone, else the first to one that is hidden too.
   */
  private Hold reason(RowState row, Hold found) {
    Hold reason = null;
    for (ReferenceRows.Link link : references.of(row)) {
      RowState parent = link.parent();
      boolean hides = parent != row && !substitutes(link);
      if (hides && !standsNow(parent) && !isLeftDangling(row, link)) {
        Hold hold = new Hold(Hold.Kind.HIDDEN, link.column(), parent.table(), parent.life());
        if (!exists(parent)) {
          return hold;
        }
        reason = reason == null ? hold : reason;
      }
    }
    return reason == null ? found : reason;
  }

  /** Finds out what a standing row shows of rows that are away; whether it is hidden itself. */
  private boolean judge(RowState row) {
    Map<String, Hold> shownOtherwise = new TreeMap<>();
    for (ReferenceRows.Link link : references.of(row)) {
      RowState parent = link.parent();
      if (!standsNow(parent) && !isLeftDangling(row, link)) {
        boolean substitutes = substitutes(link);
        Hold.Kind kind = substitutes ? Hold.Kind.SUBSTITUTED : Hold.Kind.HIDDEN;
        Hold hold = new Hold(kind, link.column(), parent.table(), parent.life());
        if (!substitutes) {
          hidden.put(row, hold);
          return true;
        }
        shownOtherwise.put(link.column(), hold);
      }
    }
    substituted.put(row, shownOtherwise);
    return false;
  }

  /** Whether a row may show something else instead of a reference to one that is away. */
  private boolean substitutes(ReferenceRows.Link link) {
    return link.substitute() != null && (link.fallback() == null || standsNow(link.fallback()));
  }

  private boolean standsNow(RowState row) {
    return suspects.contains(row)
        ? existing.contains(row) && !hidden.containsKey(row)
        : held.stands(catalog.table(row.table()), row);
  }

  /**
   * Whether the reference was left behind by whoever deleted the row: that is the application's
   * doing, not the merge's.
   */
  private boolean isLeftDangling(RowState row, ReferenceRows.Link link) {
    return !link.returned()
        && !exists(link.parent())
        && isSeenByDelete(link)
        && !wasDeleted(row)
        && !row.state().isOutlived(link.dot())
        && !isContested(row, link);
  }

  /** Whether another write of the reference stands beside this one. */
  private static boolean isContested(RowState row, ReferenceRows.Link link) {
    return row.state().siblings(link.column()).size() > 1;
  }

  private static boolean wasDeleted(RowState row) {
    return row.state().existence().stream().anyMatch(presence -> !presence.present());
  }

  private void record(RowState row) {
    List<Hold> holds = new ArrayList<>(held.of(row));
    holds.removeIf(hold -> !hold.kind().isUndone());
    if (pinned.containsKey(row)) {
      RowState child = pinned.get(row);
      holds.add(new Hold(Hold.Kind.PINNED, "", child.table(), child.life()));
    }
    if (hidden.containsKey(row)) {
      holds.add(hidden.get(row));
    } else if (existing.contains(row)) {
      holds.addAll(substituted.getOrDefault(row, Map.of()).values());
      for (Hold hold : held.of(row)) {
        if (hold.kind().isOfRules() || hold.kind() == Hold.Kind.BELOW) {
          holds.add(hold);
        }
      }
    }
    Collections.sort(holds);
    Set<String> shownOtherwise = new HashSet<>();
    held.of(row).forEach(hold -> shownOtherwise.add(hold.unit()));
    holds.forEach(hold -> shownOtherwise.add(hold.unit()));
    for (String column : shownOtherwise) {
      TrackedTable table = catalog.table(row.table());
      if (table.valueColumnNames().contains(column)) {
        TrackedTable.Reference reference = table.references().get(column);
        row.changedUnits()
            .addAll(reference == null ? List.of(column) : table.valueColumns(reference));
      }
    }
    held.hold(row, holds);
  }
}
