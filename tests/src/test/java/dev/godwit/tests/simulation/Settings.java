package dev.godwit.tests.simulation;

import java.util.HashMap;
import java.util.Map;

/**
 * What the PRAGMA statements of one connection have set. One that says the same again is left out:
 * SQLite throws away what is compiled on the connection for each that switches something, even when
 * it was so before.
 */
final class Settings {
  private static final String SWITCH = "PRAGMA ";

  private final Map<String, String> values = new HashMap<>();

  /** Whether this statement sets what is set already. */
  boolean isAlready(String sql) {
    int equals = sql.indexOf('=');
    return sql.startsWith(SWITCH)
        && equals > 0
        && sql.substring(equals).equals(values.get(sql.substring(0, equals)));
  }

  /** Takes note of a statement that has been run. */
  void keep(String sql) {
    int equals = sql.indexOf('=');
    if (sql.startsWith(SWITCH) && equals > 0) {
      values.put(sql.substring(0, equals), sql.substring(equals));
    }
  }
}
