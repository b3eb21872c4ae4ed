package dev.godwit.tests.oracle;

import java.util.HashMap;
import java.util.Map;

/**
 * What the space says of one table; last writer wins and update wins where it says nothing.
 *
 * @param deleteWins whether a standing delete makes a row absent, whatever stands beside it
 * @param picks for columns which of concurrent values is shown
 * @param others policies of columns that the oracle does not know, as texts
 */
public record TablePolicies(
    boolean deleteWins, Map<String, Pick> picks, Map<String, String> others) {
  /** Nothing is said. */
  public static final TablePolicies NONE = new TablePolicies(false, Map.of(), Map.of());

  /** Which of concurrent values is shown. */
  public enum Pick {
    LAST,
    MAX,
    MIN
  }

  public static TablePolicies deletesWin() {
    return new TablePolicies(true, Map.of(), Map.of());
  }

  public TablePolicies picking(String column, Pick pick) {
    Map<String, Pick> more = new HashMap<>(picks);
    more.put(column, pick);
    return new TablePolicies(deleteWins, more, others);
  }

  /** With a policy that the oracle does not know. */
  public TablePolicies with(String column, String policy) {
    Map<String, String> more = new HashMap<>(others);
    more.put(column, policy);
    return new TablePolicies(deleteWins, picks, more);
  }

  Pick pick(String column) {
    return picks.getOrDefault(column, Pick.LAST);
  }
}
