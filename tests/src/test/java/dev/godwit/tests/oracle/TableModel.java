package dev.godwit.tests.oracle;

import dev.godwit.sync.change.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
 * @param policies what the space says of it
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
    TablePolicies policies) {
  /** A table without references, compared byte by byte. */
  public static TableModel of(
      String name, boolean surrogate, List<String> key, List<String> values) {
    return new TableModel(
        name, key, values, surrogate, false, Map.of(), Set.of(), List.of(), TablePolicies.NONE);
  }

  public TableModel ignoringCase() {
    return new TableModel(
        name, key, values, surrogate, true, references, notNull, unique, policies);
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
    return new TableModel(
        name, key, values, surrogate, ignoresCase, more, notNull, unique, policies);
  }

  /** With these references instead. */
  public TableModel referringOnly(Map<String, Reference> instead) {
    return new TableModel(
        name, key, values, surrogate, ignoresCase, instead, notNull, unique, policies);
  }

  public TableModel notNull(String... columns) {
    return new TableModel(
        name, key, values, surrogate, ignoresCase, references, Set.of(columns), unique, policies);
  }

  public TableModel unique(UniqueIndex... indexes) {
    return new TableModel(
        name, key, values, surrogate, ignoresCase, references, notNull, List.of(indexes), policies);
  }

  public TableModel under(TablePolicies declared) {
    return new TableModel(
        name, key, values, surrogate, ignoresCase, references, notNull, unique, declared);
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
