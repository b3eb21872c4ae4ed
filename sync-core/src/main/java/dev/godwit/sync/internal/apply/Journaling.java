package dev.godwit.sync.internal.apply;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.merge.Conflict;
import dev.godwit.sync.internal.merge.Dominance;
import dev.godwit.sync.internal.merge.LifeState;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.policy.ExistencePolicy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Decides which conflicts of edits the journal keeps, so that it does not depend on what arrived
 * first.
 *
 * <p>The journal holds a pair of concurrent writes to one unit iff each was the last word of its
 * side: neither is dominated by a write that is concurrent with the other. Of somebody's ten edits
 * made offline against one made elsewhere only the tenth is listed, whether the one arrives before,
 * between or after the ten. A pair that both sides have seen since stays, as history.
 *
 * <p>So a change that dominates exactly one of a pair takes the pair out; the change itself
 * conflicts with the other one then, unless both agree. Beside a delete an edit takes the place of
 * an earlier one of which its author knew, also if he says that he was not shown that.
 */
final class Journaling {
  private final Journal journal;
  private final Causality causality;
  private final View view;

  Journaling(Journal journal, Causality causality, View view) {
    this.journal = journal;
    this.causality = causality;
    this.view = view;
  }

  /** Whether a change that is about to be joined meets versions that stand beside each other. */
  boolean meetsConflict(LifeState state, RowChange change) {
    return !state.isNewborn() && isContested(state, change) && !journal.isEmpty();
  }

  /**
   * Takes note of one change, joined into the row's state a moment ago, and what it met there.
   *
   * @param dependencies those of its transaction
   * @param contested whether it met versions that stood beside each other
   */
  void joined(
      RowState row,
      RowChange change,
      Dot dot,
      VersionVector dependencies,
      boolean contested,
      Predicate<Dot> dominated,
      List<Conflict> conflicts) {
    if ((contested || isConcurrent(row.state(), change)) && !journal.isEmpty()) {
      boolean deleted = change.kind() == RowChange.Kind.DELETE;
      Set<String> units = units(change);
      String how =
          change.kind() == RowChange.Kind.RESOLUTION ? "resolution" : deleted ? "delete" : "write";
      journal.overtake(
          new Journal.Overtaking(
              row.life(),
              units,
              deleted ? null : units,
              dot,
              change.time(),
              how,
              dominated,
              Dominance.ofEdits(change, dominated, dependencies)));
    }
    for (Conflict conflict : causality.withoutOvertaken(conflicts)) {
      boolean merged =
          conflict.kind() == Conflict.Kind.EDIT_EDIT
              && view.merges(change.shape().table(), conflict.unit());
      if (!merged) {
        note(row, change, conflict);
      }
    }
  }

  /** Writes a conflict down as the policy sees it. */
  private void note(RowState row, RowChange change, Conflict conflict) {
    String table = change.shape().table();
    boolean ofRow = conflict.unit().isEmpty();
    boolean turned =
        ofRow
            ? view.existence(table) == ExistencePolicy.DELETE_WINS
            : isTurned(table, row.state(), conflict);
    String rule =
        ofRow
            ? view.existence(table).toString()
            : view.policy(table, conflict.unit()).kind().toString();
    Conflict seen = turned ? conflict.turned() : conflict;
    journal.note(table, row, change.key().toString(), seen, base(change, conflict), rule);
  }

  /** Whether of the two the one that the last writer did not make is shown. */
  private boolean isTurned(String table, LifeState state, Conflict conflict) {
    if (view.policies().isEmpty()) {
      return false;
    }
    List<Version> both = new ArrayList<>();
    for (Version version : state.siblings(conflict.unit())) {
      if (version.dot().equals(conflict.winner().dot())
          || version.dot().equals(conflict.loser().dot())) {
        both.add(version);
      }
    }
    return both.size() == 2
        && view.pick(table, conflict.unit(), both).dot().equals(conflict.loser().dot());
  }

  private static boolean isContested(LifeState state, RowChange change) {
    boolean whole =
        change.kind() == RowChange.Kind.INSERT || change.kind() == RowChange.Kind.DELETE;
    return state.isRevived()
        || state.keys().size() > 1
        || whole && state.units().values().stream().anyMatch(versions -> versions.size() > 1)
        || change.shape().columns().stream().anyMatch(unit -> state.siblings(unit).size() > 1);
  }

  /** Whether anything that the change writes still has another version beside it. */
  private static boolean isConcurrent(LifeState state, RowChange change) {
    if (state.isNewborn()) {
      return false;
    }
    if (state.existence().size() > 1 || state.keys().size() > 1) {
      return true;
    }
    if (change.kind() == RowChange.Kind.INSERT) {
      return state.units().values().stream().anyMatch(versions -> versions.size() > 1);
    }
    for (String unit : change.shape().columns()) {
      if (state.siblings(unit).size() > 1) {
        return true;
      }
    }
    return false;
  }

  /** The units that the change writes; null for all of them. */
  private static Set<String> units(RowChange change) {
    if (change.kind() == RowChange.Kind.INSERT) {
      return null;
    }
    Set<String> units = new HashSet<>(change.shape().columns());
    if (change.kind() != RowChange.Kind.DERIVED) {
      units.add("");
    }
    if (change.writesKey()) {
      List<String> names = new ArrayList<>();
      for (KeyColumn column : change.shape().keyColumns()) {
        names.add(column.name());
      }
      units.addAll(names);
    }
    return units;
  }

  private static Value base(RowChange change, Conflict conflict) {
    int column = change.shape().columns().indexOf(conflict.unit());
    return column < 0 || column >= change.before().size()
        ? null
        : change.before().get(column).value();
  }
}
