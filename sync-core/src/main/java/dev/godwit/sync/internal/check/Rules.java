package dev.godwit.sync.internal.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
  public static final Rules NONE = new Rules(Collections.emptyMap(), Collections.emptyMap());

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
  private final Map<String, String> indexes;

  /**
   * The rules of these tables.
   *
   * @param statements CREATE TABLE statements by the tables' stable names
   * @param indexes CREATE UNIQUE INDEX statements by the indexes' names; others are passed over
   */
  public Rules(Map<String, String> statements, Map<String, String> indexes) {
    this.statements = new TreeMap<>(statements);
    this.indexes = new TreeMap<>(indexes);
  }

  /**
   * The unique constraints and indexes of all tables that are judged, by the tables' stable names,
   * each table's by name. What is not portable is SQLite's alone.
   *
   * <p>An index belongs to the table whose statement has the name that the index's statement has,
   * else to the one with that stable name: the two differ when a table was renamed.
   */
  public Map<String, List<UniqueRule>> unique() {
    Map<String, TableText> texts = new TreeMap<>();
    Map<String, String> called = new HashMap<>();
    statements.forEach(
        (name, sql) -> {
          if (sql.length() <= LENGTH_CHARACTERS_MAX) {
            texts.put(name, new TableText(sql));
            called.putIfAbsent(lower(texts.get(name).table()), name);
          }
        });
    texts.keySet().forEach(name -> called.putIfAbsent(lower(name), name));
    Map<String, Map<String, UniqueRule>> found = new TreeMap<>();
    texts.forEach(
        (name, text) ->
            text.uniques()
                .forEach(terms -> add(found, name, null, text, terms, Collections.emptyList())));
    for (String sql : indexes.values()) {
      IndexText index = sql.length() <= LENGTH_CHARACTERS_MAX ? IndexText.of(sql) : null;
      String table = index == null ? null : called.get(lower(index.table()));
      if (table != null) {
        add(found, table, index.name(), texts.get(table), index.terms(), index.where());
      }
    }
    Map<String, List<UniqueRule>> rules = new TreeMap<>();
    found.forEach((table, named) -> rules.put(table, new ArrayList<>(named.values())));
    return rules;
  }

  private static void add(
      Map<String, Map<String, UniqueRule>> found,
      String table,
      String name,
      TableText text,
      List<List<SqlToken>> terms,
      List<SqlToken> where) {
    try {
      UniqueRule rule = new UniqueRule(name, text, terms, where);
      found.computeIfAbsent(table, none -> new TreeMap<>()).put(rule.name(), rule);
    } catch (NotPortableException notJudged) {
      return;
    }
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
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
    return Long.toHexString(hash(statements));
  }

  /** As {@link #fingerprint}, for the rules about unique values alone. */
  public String uniqueFingerprint() {
    return Long.toHexString(hash(statements)) + Long.toHexString(hash(indexes));
  }

  private static long hash(Map<String, String> texts) {
    long hash = texts.size();
    for (Map.Entry<String, String> entry : texts.entrySet()) {
      hash = hash * 0x100000001b3L + entry.getKey().hashCode();
      hash = hash * 0x100000001b3L + entry.getValue().hashCode();
      hash = hash * 0x100000001b3L + entry.getValue().length();
    }
    return hash;
  }
}
