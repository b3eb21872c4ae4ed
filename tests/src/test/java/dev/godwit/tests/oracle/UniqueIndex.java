package dev.godwit.tests.oracle;

import dev.godwit.sync.change.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A UNIQUE constraint or index.
 *
 * @param columns its columns
 * @param ignoringCase those of them that compare with NOCASE
 * @param condition which rows it is about, given a row's shown values by column
 * @param conditionColumns the columns that the condition mentions
 */
public record UniqueIndex(
    List<String> columns,
    Set<String> ignoringCase,
    Predicate<Map<String, Value>> condition,
    Set<String> conditionColumns) {
  public static UniqueIndex on(String... columns) {
    return new UniqueIndex(List.of(columns), Set.of(), row -> true, Set.of());
  }

  public UniqueIndex ignoringCaseOf(String... some) {
    return new UniqueIndex(columns, Set.of(some), condition, conditionColumns);
  }

  /** With a condition, which mentions these columns. */
  public UniqueIndex where(Predicate<Map<String, Value>> rows, String... mentioned) {
    return new UniqueIndex(columns, ignoringCase, rows, Set.of(mentioned));
  }

  /** All columns that the index mentions, those of its condition included. */
  Set<String> mentioned() {
    Set<String> mentioned = new TreeSet<>(columns);
    mentioned.addAll(conditionColumns);
    return mentioned;
  }

  /** A text that is equal for rows that SQLite holds equal, null for a row that claims nothing. */
  String tuple(Map<String, Value> row) {
    if (!condition.test(row)) {
      return null;
    }
    List<String> terms = new ArrayList<>();
    for (String column : columns) {
      if (row.get(column).equals(Value.NULL)) {
        return null;
      }
      terms.add(Equality.identity(row.get(column), ignoringCase.contains(column)));
    }
    return terms.toString();
  }
}
