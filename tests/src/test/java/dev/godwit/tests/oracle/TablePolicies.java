package dev.godwit.tests.oracle;

import dev.godwit.sync.policy.ColumnPolicy;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is declared of one table; last writer wins and update wins where nothing is.
 *
 * @param deleteWins whether a standing delete makes a row absent, whatever stands beside it
 * @param columns policies of columns
 */
public record TablePolicies(boolean deleteWins, Map<String, ColumnPolicy> columns) {
  /** Nothing is said. */
  public static final TablePolicies NONE = new TablePolicies(false, Map.of());

  public static TablePolicies deletesWin() {
    return new TablePolicies(true, Map.of());
  }

  /** With a policy for one column more. */
  public TablePolicies with(String column, ColumnPolicy policy) {
    Map<String, ColumnPolicy> more = new TreeMap<>(columns);
    more.put(column, policy);
    return new TablePolicies(deleteWins, more);
  }

  /** With a policy, as its text says, for one column more. */
  public TablePolicies with(String column, String policy) {
    return with(column, ColumnPolicy.parse(policy));
  }

  /** With a policy for several columns, of which one write is shown as a whole. */
  public TablePolicies grouping(ColumnPolicy policy, String... group) {
    TablePolicies policies = this;
    for (String column : group) {
      policies = policies.with(column, policy.inGroup(group[0]));
    }
    return policies;
  }

  /** Whether the oracle knows what all of them come to. */
  public boolean areKnown() {
    return columns.values().stream().noneMatch(policy -> policy.kind() == ColumnPolicy.Kind.TEXT);
  }

  ColumnPolicy policy(String column) {
    return columns.getOrDefault(column, ColumnPolicy.lastWriterWins());
  }
}
