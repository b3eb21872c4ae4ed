package dev.godwit.sync.internal.apply;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.merge.LifeState;
import dev.godwit.sync.internal.merge.Presence;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.internal.policy.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Finds the conflicts that a write of this device settles: versions that stand beside each other
 * and of which it takes the place. The write tells them, since nobody else could: where it arrives
 * one of them may have been written over by somebody who did not know the other.
 */
final class SettledConflicts {
  private final View view;
  private final Causality causality;

  SettledConflicts(View view, Causality causality) {
    this.view = view;
    this.causality = causality;
  }

  /**
   * All of them, by unit.
   *
   * @param state of the row, before the change
   * @param dominated which versions the change dominates
   */
  Map<String, List<Dot>> by(
      TrackedTable table, RowChange change, LifeState state, Predicate<Dot> dominated) {
    if (state.existence().stream().noneMatch(Presence::present)) {
      return Map.of();
    }
    Map<String, List<Dot>> settled = new HashMap<>();
    if (change.kind() != RowChange.Kind.DERIVED) {
      existence(state, dominated, settled);
      if (change.writesKey() || change.kind() == RowChange.Kind.DELETE) {
        keys(table, state, dominated, settled);
      }
    }
    for (String unit : units(change, state)) {
      unit(table.name(), unit, state, dominated, settled);
    }
    return settled;
  }

  /** The units of which a change takes the place of versions, or ends what they conflict about. */
  private static Set<String> units(RowChange change, LifeState state) {
    boolean whole =
        change.kind() == RowChange.Kind.INSERT || change.kind() == RowChange.Kind.DELETE;
    return whole ? state.units().keySet() : new HashSet<>(change.shape().columns());
  }

  private void existence(
      LifeState state, Predicate<Dot> dominated, Map<String, List<Dot>> settled) {
    List<Presence> ordinary = new ArrayList<>(state.existence());
    ordinary.removeIf(Presence::derived);
    List<Presence> met = causality.withoutOvertakenEdits(ordinary);
    met.removeIf(one -> !dominated.test(one.dot()));
    boolean both =
        met.stream().anyMatch(Presence::present) && !met.stream().allMatch(Presence::present);
    if (both) {
      settled.put("", met.stream().map(Presence::dot).collect(Collectors.toList()));
    }
  }

  private static void keys(
      TrackedTable table,
      LifeState state,
      Predicate<Dot> dominated,
      Map<String, List<Dot>> settled) {
    List<KeyVersion> met = new ArrayList<>(state.keys());
    met.removeIf(one -> !dominated.test(one.dot()));
    if (met.size() < 2 || met.stream().anyMatch(one -> one.key() == null)) {
      return;
    }
    List<Dot> dots = met.stream().map(KeyVersion::dot).collect(Collectors.toList());
    for (int place : RowConflicts.differing(table, met)) {
      settled.put(table.keyColumns().get(place).name(), dots);
    }
  }

  private void unit(
      String table,
      String unit,
      LifeState state,
      Predicate<Dot> dominated,
      Map<String, List<Dot>> settled) {
    List<Version> met = new ArrayList<>(state.siblings(unit));
    met.removeIf(one -> !dominated.test(one.dot()));
    boolean differ = met.stream().anyMatch(one -> !one.agrees(met.get(0)));
    if (differ
        && (!view.merges(table, unit) || view.losesWrites(table, state, unit, causality::saw))) {
      settled.put(unit, met.stream().map(Version::dot).collect(Collectors.toList()));
    }
  }
}
