package dev.godwit.sync.internal.inspect;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.internal.merge.Dominance;
import dev.godwit.sync.internal.merge.LifeState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One life, merged from its changes alone: the state, and the conflicts that writes settled. */
final class ReplayedLife {
  private final LifeState state = LifeState.empty();
  private final Map<Conflict, Settling> settled = new HashMap<>();

  private record Conflict(String unit, List<Dot> siblings) {}

  /** Who settled a conflict: of several the first. */
  private record Settling(HybridTimestamp time, Dot dot) implements Comparable<Settling> {
    static Settling first(Settling one, Settling other) {
      return one.compareTo(other) <= 0 ? one : other;
    }

    @Override
    public int compareTo(Settling other) {
      int byTime = time.compareTo(other.time);
      return byTime != 0 ? byTime : dot.compareTo(other.dot);
    }
  }

  /**
   * A conflict that was settled.
   *
   * @param siblings in order
   * @param by the write that settled it
   */
  record Settled(String unit, List<Dot> siblings, Dot by) {}

  LifeState state() {
    return state;
  }

  Set<Settled> settled() {
    Set<Settled> all = new HashSet<>();
    settled.forEach(
        (conflict, by) -> all.add(new Settled(conflict.unit(), conflict.siblings(), by.dot())));
    return all;
  }

  /** Joins the next change in causal order. */
  void join(RowChange change, LogReplay.Origin origin) {
    Settling by = new Settling(change.time(), origin.dot());
    change
        .extras()
        .settled()
        .forEach(
            (unit, dots) -> {
              List<Dot> siblings = new ArrayList<>(dots);
              Collections.sort(siblings);
              settled.merge(new Conflict(unit, siblings), by, Settling::first);
            });
    state.merge(
        change,
        origin.dot(),
        origin.dependencies(),
        Dominance.of(change, origin.dot(), origin.dependencies()));
  }
}
