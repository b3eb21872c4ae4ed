package dev.godwit.sync.internal.policy;

import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.ExistencePolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the space says about one table: its columns' policies, its groups, its existence policy. */
final class TablePolicy {
  /** A table about which nothing is declared. */
  static final TablePolicy NONE = new TablePolicy(new TreeMap<>(), ExistencePolicy.UPDATE_WINS);

  private final TreeMap<String, ColumnPolicy> columns;
  private final ExistencePolicy existence;
  private final Map<String, List<String>> groups = new HashMap<>();
  private final Set<String> trees = new TreeSet<>();
  private final Set<String> nullsWhereTaken = new TreeSet<>();

  TablePolicy(TreeMap<String, ColumnPolicy> columns, ExistencePolicy existence) {
    this.columns = columns;
    this.existence = existence;
    columns.forEach(
        (column, policy) -> {
          if (policy.isTree()) {
            trees.add(column);
          }
          if (policy.isNullWhereTaken()) {
            nullsWhereTaken.add(column);
          }
          if (policy.group() != null) {
            groups.computeIfAbsent(policy.group(), none -> new ArrayList<>()).add(column);
          }
        });
  }

  ExistencePolicy existence() {
    return existence;
  }

  /** The declared columns by name. */
  Map<String, ColumnPolicy> columns() {
    return columns;
  }

  /** The column's policy; for a grouped one that of the group's first column by name. */
  ColumnPolicy column(String column) {
    ColumnPolicy own = columns.get(column);
    if (own == null) {
      return ColumnPolicy.lastWriterWins();
    }
    return own.group() == null ? own : columns.get(groups.get(own.group()).get(0));
  }

  /** The columns that are declared trees. */
  Set<String> trees() {
    return trees;
  }

  /** The columns that show NULL where another row has the unique value of theirs. */
  Set<String> nullsWhereTaken() {
    return nullsWhereTaken;
  }

  boolean hasGroups() {
    return !groups.isEmpty();
  }

  /** The columns of the column's group in order of names; empty when it is in none. */
  List<String> group(String column) {
    ColumnPolicy own = columns.get(column);
    return own == null || own.group() == null ? Collections.emptyList() : groups.get(own.group());
  }
}
