package dev.godwit.sync.internal.engine;

import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.check.TableRules;
import dev.godwit.sync.internal.policy.Policies;
import dev.godwit.sync.policy.ColumnPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Columns that one CHECK mentions are a group unless something else is declared for them: one
 * device's begin and another one's end of an event may break it together although neither did.
 *
 * <p>Whether the CHECK is portable does not matter. Columns of two that share one are one group.
 * The key takes no part, nor do columns for which anything is declared.
 */
final class CheckGroups {
  private CheckGroups() {}

  /** What is to be declared for a table under these policies; nothing for most tables. */
  static List<Policies.Declaration> of(TrackedTable table, Policies policies) {
    Set<String> free = new LinkedHashSet<>(table.schema().valueColumnNames());
    for (Policies.Declaration one : policies.declarations()) {
      if (one.table().equals(table.name())) {
        free.remove(one.column());
      }
    }
    List<Set<String>> groups = new ArrayList<>();
    for (TableRules.Check check : new TableRules(table.schema().sql()).checks()) {
      Set<String> columns = new LinkedHashSet<>(check.columns());
      columns.retainAll(free);
      if (columns.size() > 1) {
        unite(groups, columns);
      }
    }
    List<Policies.Declaration> declarations = new ArrayList<>();
    for (Set<String> group : groups) {
      Collection<String> ordered = new ArrayList<>(table.schema().valueColumnNames());
      ordered.retainAll(group);
      String name = "check of " + ordered.iterator().next();
      String text = ColumnPolicy.lastWriterWins().inGroup(name).toString();
      ordered.forEach(
          column -> declarations.add(new Policies.Declaration(table.name(), column, text)));
    }
    return declarations;
  }

  private static void unite(List<Set<String>> groups, Set<String> columns) {
    for (Set<String> group : new ArrayList<>(groups)) {
      boolean shared = group.stream().anyMatch(columns::contains);
      if (shared) {
        columns.addAll(group);
        groups.remove(group);
      }
    }
    groups.add(columns);
  }
}
