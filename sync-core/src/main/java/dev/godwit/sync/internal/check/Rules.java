package dev.godwit.sync.internal.check;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rules of all tables of a space, as the statements say with which the space describes them:
 * the same on every replica that has seen the same, whatever the schema of its own file.
 *
 * <p>Each statement is read when its table is first asked for. Immutable and thread safe.
 */
public final class Rules {
  /** No table asks anything. */
  public static final Rules NONE = new Rules(Collections.emptyMap());

  /** Statements beyond this length are not read; {@code CREATE TABLE}s people write are not. */
  private static final int LENGTH_CHARACTERS_MAX = 262_144;

  /** Statements whose rules are kept for the next transaction: some hundred tables. */
  private static final int KEPT_MAX = 256;

  private static final Map<String, TableRules> KEPT =
      Collections.synchronizedMap(
          new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, TableRules> eldest) {
              return size() > KEPT_MAX;
            }
          });

  private final Map<String, String> statements;

  /**
   * The rules of these tables.
   *
   * @param statements CREATE TABLE statements by the tables' stable names
   */
  public Rules(Map<String, String> statements) {
    this.statements = new TreeMap<>(statements);
  }

  /** The rules of the table with this stable name. */
  public TableRules table(String name) {
    String sql = statements.get(name);
    if (sql == null || sql.length() > LENGTH_CHARACTERS_MAX) {
      return TableRules.NONE;
    }
    TableRules known = KEPT.get(sql);
    if (known == null) {
      known = new TableRules(sql);
      KEPT.put(sql, known);
    }
    return known;
  }

  /** Different for different rules, but for a rare coincidence; the same on every run. */
  public String fingerprint() {
    long hash = statements.size();
    for (Map.Entry<String, String> entry : statements.entrySet()) {
      hash = hash * 0x100000001b3L + entry.getKey().hashCode();
      hash = hash * 0x100000001b3L + entry.getValue().hashCode();
      hash = hash * 0x100000001b3L + entry.getValue().length();
    }
    return Long.toHexString(hash);
  }
}
