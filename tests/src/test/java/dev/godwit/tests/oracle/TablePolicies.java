package dev.godwit.tests.oracle;

import java.util.HashMap;
import java.util.Map;

/**
 * What the space says of one table; last writer wins and update wins where it says nothing.
 *
 * @param deleteWins whether a standing delete makes a row absent, whatever stands beside it
 * @param picks for columns which of concurrent values is shown
 */
public record TablePolicies(boolean deleteWins, Map<String, Pick> picks) {
  /** Nothing is said. */
  public static final TablePolicies NONE = new TablePolicies(false, Map.of());

  /** Which of concurrent values is shown. */
  public enum Pick {
    LAST,
    MAX,
    MIN
  }

  public static TablePolicies deletesWin() {
    return new TablePolicies(true, Map.of());
  }

  public TablePolicies picking(String column, Pick pick) {
    Map<String, Pick> more = new HashMap<>(picks);
    more.put(column, pick);
    return new TablePolicies(deleteWins, more);
  }

  Pick pick(String column) {
    return picks.getOrDefault(column, Pick.LAST);
  }
}
