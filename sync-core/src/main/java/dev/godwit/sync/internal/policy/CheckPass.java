package dev.godwit.sync.internal.policy;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.check.TableRules;
import dev.godwit.sync.internal.merge.LifeState;
import dev.godwit.sync.internal.merge.Version;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the rules of its table, CHECK and NOT NULL, make of one row: a function of its state alone.
 *
 * <pre>
 * fallen  columns that show their last writer's own value, since what merging makes of them breaks a rule
 * parked  the row is kept out of the table, since a rule is broken even so, by values of several writes
 * </pre>
 *
 * <p>Columns fall back rule by rule until no broken rule has one left that could. A rule that the
 * values of a single write break was none where they were written: the row is not kept out for it
 * everywhere, but masked where SQLite refuses it. Immutable.
 */
public final class CheckPass {
  /** Everything is shown as it is merged. */
  static final CheckPass CLEAN = new CheckPass();

  private final Set<String> fallen = new TreeSet<>();
  private final boolean parked;

  private CheckPass() {
    parked = false;
  }

  CheckPass(View view, String table, TableRules rules, LifeState state) {
    parked = !isOfOneWrite(rules, state) && judge(view, table, rules, state);
  }

  /** The columns that show their last writer's own value. */
  public Set<String> fallen() {
    return Collections.unmodifiableSet(fallen);
  }

  /** Whether the row is kept out of the table. */
  public boolean parked() {
    return parked;
  }

  /**
   * Whether for each rule the values come from one write: told without looking at values, which the
   * table alone may hold.
   */
  private static boolean isOfOneWrite(TableRules rules, LifeState state) {
    if (!state.isSimple()) {
      return false;
    }
    for (TableRules.Check check : rules.checks()) {
      if (check.condition() != null && !isOfOneWrite(check, state)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOfOneWrite(TableRules.Check check, LifeState state) {
    Dot first = null;
    for (String column : check.columns()) {
      for (Version version : state.siblings(column)) {
        first = first == null ? version.dot() : first;
        if (!version.dot().equals(first)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean judge(View view, String table, TableRules rules, LifeState state) {
    while (true) {
      List<Set<String>> broken = rules.broken(column -> value(view, table, state, column));
      boolean more = false;
      for (Set<String> columns : broken) {
        for (String column : columns) {
          more |= !fallen.contains(column) && fallsBack(view, table, state, column);
        }
      }
      if (!more) {
        return broken.stream().anyMatch(columns -> areOfSeveral(view, table, state, columns));
      }
    }
  }

  private boolean fallsBack(View view, String table, LifeState state, String column) {
    Version merged = view.merged(table, state, column);
    Version own = view.lastWritten(table, state, column);
    boolean differs = merged != null && own != null && !own.agrees(merged);
    if (differs) {
      fallen.add(column);
      // A group is one unit: it is shown as one write, and listed by each of its columns.
      fallen.addAll(view.policies().completed(table, List.of(column)));
    }
    return differs;
  }

  private boolean areOfSeveral(View view, String table, LifeState state, Set<String> columns) {
    Set<Dot> dots = new HashSet<>();
    for (String column : columns) {
      if (state.undone(column) != null) {
        // What is shown instead of a move was not there when the others were written.
        return true;
      }
      Version shown = shown(view, table, state, column);
      if (shown != null) {
        dots.add(shown.dot());
      }
    }
    return dots.size() > 1;
  }

  private Version shown(View view, String table, LifeState state, String column) {
    return fallen.contains(column)
        ? view.lastWritten(table, state, column)
        : view.merged(table, state, column);
  }

  private Value value(View view, String table, LifeState state, String column) {
    Version shown = state.asShown(column, shown(view, table, state, column));
    return shown == null ? null : shown.value();
  }
}
