package dev.godwit.sync.internal.inspect;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.internal.merge.Conflict;
import dev.godwit.sync.internal.merge.Dominance;
import dev.godwit.sync.internal.merge.LifeState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * One life, merged from its changes alone: the state, and the conflicts of edits that the journal
 * is to have.
 */
final class ReplayedLife {
  private final LifeState state = LifeState.empty();
  private final List<Pair> conflicts = new ArrayList<>();
  private final Map<Pair, Dot> edits = new HashMap<>();
  private final Map<Dot, VersionVector> dependencies = new HashMap<>();

  /**
   * A conflict by what identifies it, whoever is shown: that depends on the policies, which change.
   */
  record Pair(String unit, Dot winner, Dot loser) {
    Pair {
      if (winner.compareTo(loser) > 0) {
        Dot lower = loser;
        loser = winner;
        winner = lower;
      }
    }
  }

  LifeState state() {
    return state;
  }

  List<Pair> conflicts() {
    return conflicts;
  }

  /** Joins the next change in causal order. */
  void join(RowChange change, LogReplay.Origin origin) {
    Predicate<Dot> dominated = Dominance.of(change, origin.dot(), origin.dependencies());
    Predicate<Dot> overtaken = Dominance.ofEdits(change, dominated, origin.dependencies());
    dependencies.put(origin.dot(), origin.dependencies());
    List<Conflict> met = state.merge(change, origin.dot(), origin.dependencies(), dominated);
    conflicts.removeIf(
        pair -> {
          Dot edit = edits.get(pair);
          return writes(change, pair.unit())
              && (pair.winner().equals(edit) ? overtaken : dominated).test(pair.winner())
                  != (pair.loser().equals(edit) ? overtaken : dominated).test(pair.loser());
        });
    for (Conflict conflict : met) {
      Pair pair = new Pair(conflict.unit(), conflict.winner().dot(), conflict.loser().dot());
      if (!conflicts.contains(pair) && met.stream().noneMatch(one -> overtakes(one, conflict))) {
        conflicts.add(pair);
        if (conflict.kind() == Conflict.Kind.EDIT_DELETE) {
          edits.put(pair, conflict.winner().dot());
        }
      }
    }
  }

  /** Whether of two edits beside one delete one was made by somebody who knew the other. */
  private boolean overtakes(Conflict one, Conflict other) {
    return one.kind() == Conflict.Kind.EDIT_DELETE
        && other.kind() == Conflict.Kind.EDIT_DELETE
        && one.loser().dot().equals(other.loser().dot())
        && !one.winner().dot().equals(other.winner().dot())
        && dependencies.get(one.winner().dot()).covers(other.winner().dot());
  }

  private static boolean writes(RowChange change, String unit) {
    if (change.kind() == RowChange.Kind.INSERT || change.shape().columns().contains(unit)) {
      return true;
    }
    if (unit.isEmpty()) {
      return change.kind() != RowChange.Kind.DERIVED;
    }
    if (!change.writesKey()) {
      return false;
    }
    for (KeyColumn column : change.shape().keyColumns()) {
      if (column.name().equals(unit)) {
        return true;
      }
    }
    return false;
  }
}
