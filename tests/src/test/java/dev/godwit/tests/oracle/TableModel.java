package dev.godwit.tests.oracle;

import dev.godwit.sync.change.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A tracked table as the oracle knows it, written by hand beside the schema.
 *
 * @param name the table
 * @param key its key columns
 * @param values its other columns
 * @param surrogate whether its one key column is an INTEGER PRIMARY KEY that SQLite hands out
 * @param ignoresCase whether its key columns compare with NOCASE
 * @param parents the table that a column refers to
 */
public record TableModel(
    String name,
    List<String> key,
    List<String> values,
    boolean surrogate,
    boolean ignoresCase,
    Map<String, String> parents) {
  /** A table without references, compared byte by byte. */
  public static TableModel of(
      String name, boolean surrogate, List<String> key, List<String> values) {
    return new TableModel(name, key, values, surrogate, false, Map.of());
  }

  public TableModel ignoringCase() {
    return new TableModel(name, key, values, surrogate, true, parents);
  }

  public TableModel referring(Map<String, String> columns) {
    return new TableModel(name, key, values, surrogate, ignoresCase, columns);
  }

  /** All columns, the key's first. */
  public List<String> columns() {
    List<String> columns = new ArrayList<>(key);
    columns.addAll(values);
    return columns;
  }

  /** Whether some column of the key is a reference. */
  boolean keyRefers() {
    return key.stream().anyMatch(parents::containsKey);
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
    if (value instanceof Value.Real real && real.number() == Math.rint(real.number())) {
      return Long.toString((long) real.number());
    }
    return ignoresCase ? value.toString().toLowerCase(Locale.ROOT) : value.toString();
  }
}
