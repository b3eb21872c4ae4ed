package dev.godwit.tests.oracle;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the space says of one table; last writer wins and update wins where it says nothing.
 *
 * @param deleteWins whether a standing delete makes a row absent, whatever stands beside it
 * @param picks for columns which of concurrent values is shown
 * @param order device names by priority, for columns that go by it
 */
public record TablePolicies(boolean deleteWins, Map<String, Pick> picks, List<String> order) {
  /** Nothing is said. */
  public static final TablePolicies NONE = new TablePolicies(false, Map.of(), List.of());

  /** Which of concurrent values is shown. */
  public enum Pick {
    LAST,
    MAX,
    MIN,
    BY_DEVICE
  }

  public static TablePolicies deletesWin() {
    return new TablePolicies(true, Map.of(), List.of());
  }

  public TablePolicies picking(String column, Pick pick) {
    Map<String, Pick> more = new HashMap<>(picks);
    more.put(column, pick);
    return new TablePolicies(deleteWins, more, order);
  }

  /** With the order of devices. */
  public TablePolicies byDevice(String column, List<String> names) {
    return new TablePolicies(deleteWins, picking(column, Pick.BY_DEVICE).picks(), names);
  }

  Pick pick(String column) {
    return picks.getOrDefault(column, Pick.LAST);
  }
}
