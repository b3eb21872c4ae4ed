package dev.godwit.sync.internal.inspect;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.internal.merge.Conflict;
import dev.godwit.sync.internal.merge.Dominance;
import dev.godwit.sync.internal.merge.LifeState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * One life, merged from its changes alone: the state, and the conflicts of edits that the journal
 * is to have.
 */
final class ReplayedLife {
  private final LifeState state = LifeState.empty();
  private final List<Pair> conflicts = new ArrayList<>();

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
    List<Conflict> met = state.merge(change, origin.dot(), origin.dependencies(), dominated);
    conflicts.removeIf(
        pair ->
            writes(change, pair.unit())
                && dominated.test(pair.winner()) != dominated.test(pair.loser()));
    for (Conflict conflict : met) {
      Pair pair = new Pair(conflict.unit(), conflict.winner().dot(), conflict.loser().dot());
      if (!conflicts.contains(pair)) {
        conflicts.add(pair);
      }
    }
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
