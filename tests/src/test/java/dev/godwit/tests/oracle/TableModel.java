package dev.godwit.tests.oracle;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.policy.ColumnPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A tracked table as the oracle knows it, written by hand beside the schema.
 *
 * @param name the table
 * @param key its key columns
 * @param values its other columns
 * @param surrogate whether its one key column is an INTEGER PRIMARY KEY that SQLite hands out
 * @param ignoresCase whether its key columns compare with NOCASE
 * @param references what columns refer to
 * @param notNull the columns, besides those of the key, that hold no NULL
 * @param unique its UNIQUE constraints and indexes, the key not among them
 * @param checks its CHECK constraints that are over columns outside the key
 * @param types declared types of columns whose merged values SQLite may store otherwise
 * @param policies what is declared of it
 */
public record TableModel(
    String name,
    List<String> key,
    List<String> values,
    boolean surrogate,
    boolean ignoresCase,
    Map<String, Reference> references,
    Set<String> notNull,
    List<UniqueIndex> unique,
    List<CheckRule> checks,
    Map<String, String> types,
    TablePolicies policies) {
  /** A table without references, compared byte by byte. */
  public static TableModel of(
      String name, boolean surrogate, List<String> key, List<String> values) {
    return new TableModel(
        name,
        key,
        values,
        surrogate,
        false,
        Map.of(),
        Set.of(),
        List.of(),
        List.of(),
        Map.of(),
        TablePolicies.NONE);
  }

  public TableModel ignoringCase() {
    return keyed(true, references);
  }

  /** With what is said of the key of another model of the table. */
  public TableModel withKeyOf(TableModel other) {
    return keyed(other.ignoresCase, other.references);
  }

  private TableModel keyed(boolean ignoring, Map<String, Reference> referring) {
    return new TableModel(
        name, key, values, surrogate, ignoring, referring, notNull, unique, checks, types,
        policies);
  }

  /** With references of which nothing is judged. */
  public TableModel referring(Map<String, String> columns) {
    return referring(columns, OnDelete.NOT_JUDGED);
  }

  /** With references that all have this action. */
  public TableModel referring(Map<String, String> columns, OnDelete action) {
    TableModel model = this;
    for (Map.Entry<String, String> column : columns.entrySet()) {
      model = model.referring(column.getKey(), Reference.to(column.getValue(), action));
    }
    return model;
  }

  /** With one reference more. */
  public TableModel referring(String column, Reference reference) {
    Map<String, Reference> more = new HashMap<>(references);
    more.put(column, reference);
    return referringOnly(more);
  }

  /** With these references instead. */
  public TableModel referringOnly(Map<String, Reference> instead) {
    return keyed(ignoresCase, instead);
  }

  public TableModel notNull(String... columns) {
    return constrained(Set.of(columns), unique, checks);
  }

  public TableModel unique(UniqueIndex... indexes) {
    return constrained(notNull, List.of(indexes), checks);
  }

  public TableModel checking(CheckRule... rules) {
    return constrained(notNull, unique, List.of(rules));
  }

  private TableModel constrained(
      Set<String> required, List<UniqueIndex> indexes, List<CheckRule> rules) {
    return new TableModel(
        name,
        key,
        values,
        surrogate,
        ignoresCase,
        references,
        required,
        indexes,
        rules,
        types,
        policies);
  }

  /** With a declared type. */
  public TableModel typed(String column, String type) {
    Map<String, String> more = new HashMap<>(types);
    more.put(column, type);
    return treated(more, policies);
  }

  public TableModel under(TablePolicies declared) {
    return treated(types, declared);
  }

  private TableModel treated(Map<String, String> declaredTypes, TablePolicies declared) {
    return new TableModel(
        name,
        key,
        values,
        surrogate,
        ignoresCase,
        references,
        notNull,
        unique,
        checks,
        declaredTypes,
        declared);
  }

  /** All that is asked of each row alone. */
  List<CheckRule> rules() {
    List<CheckRule> rules = new ArrayList<>(checks);
    notNull.forEach(column -> rules.add(CheckRule.notNull(column)));
    return rules;
  }

  /** The policy of a column; a group has one. */
  public ColumnPolicy policy(String column) {
    return policies.policy(group(column).iterator().next());
  }

  /**
   * The columns of which one write is shown as a whole, this one among them: as declared, and where
   * nothing is declared those that one CHECK mentions, or several that share some.
   */
  Set<String> group(String column) {
    Set<String> group = new TreeSet<>(Set.of(column));
    String named = policies.policy(column).group();
    for (String other : policies.columns().keySet()) {
      if (named != null && named.equals(policies.policy(other).group())) {
        group.add(other);
      }
    }
    boolean more = !policies.columns().containsKey(column);
    while (more) {
      more = false;
      for (CheckRule check : checks) {
        Set<String> free = new TreeSet<>(check.columns());
        free.removeAll(policies.columns().keySet());
        more |= !Collections.disjoint(free, group) && group.addAll(free);
      }
    }
    return group;
  }

  /** How many references a column is part of. */
  int rulesOf(String column) {
    int rules = 0;
    for (Map.Entry<String, Reference> one : references.entrySet()) {
      rules += one.getValue().columns(one.getKey()).contains(column) ? 1 : 0;
    }
    return rules;
  }

  /** The tables that columns refer to. */
  public Map<String, String> parents() {
    Map<String, String> parents = new HashMap<>();
    references.forEach((column, reference) -> parents.put(column, reference.table()));
    return parents;
  }

  /** All columns, the key's first. */
  public List<String> columns() {
    List<String> columns = new ArrayList<>(key);
    columns.addAll(values);
    return columns;
  }

  /** Whether some column of the key is a reference. */
  boolean keyRefers() {
    return key.stream().anyMatch(references::containsKey);
  }

  /** Whether a column of this table can hold NULL. */
  boolean mayBeNull(String column) {
    return !key.contains(column) && !notNull.contains(column);
  }

  /** A text that is equal for keys which SQLite holds equal. */
  String identity(List<Value> keyValues) {
    StringBuilder text = new StringBuilder();
    for (Value value : keyValues) {
      text.append(identity(value)).append('|');
    }
    return text.toString();
  }

  String identity(Value value) {
    return Equality.identity(value, ignoresCase);
  }
}
