package dev.godwit.sync.internal.policy;

import dev.godwit.sync.internal.schema.ForeignKey;
import dev.godwit.sync.internal.schema.TableSchema;
import dev.godwit.sync.internal.schema.UniqueIndex;
import dev.godwit.sync.policy.ColumnPolicy;

/** Which columns can have a policy. */
public final class PolicyRules {
  private PolicyRules() {}

  /**
   * The column's name as the schema spells it; {@link Policies#EXISTENCE} stays.
   *
   * @throws IllegalArgumentException when the table has no such column, or it can have no policy
   */
  public static String checked(TableSchema table, String column, String text) {
    if (column.equals(Policies.EXISTENCE)) {
      return column;
    }
    for (String name : table.columnNames()) {
      if (name.equalsIgnoreCase(column)) {
        if (table.keyColumns().contains(name)) {
          throw new IllegalArgumentException(
              "expected policy "
                  + text
                  + " for a column outside the key but "
                  + name
                  + " is in the key of "
                  + table.name()
                  + ": two rows for one key are kept both, by a fixed rule");
        }
        requireMergeable(table, name, text);
        return name;
      }
    }
    throw new IllegalArgumentException(
        "expected policy " + text + " for a column of " + table.name() + " but got " + column);
  }

  /** What is merged can come to values that nobody has written: such a column must stand free. */
  private static void requireMergeable(TableSchema table, String column, String text) {
    if (!ColumnPolicy.parse(text).kind().merges()) {
      return;
    }
    for (ForeignKey key : table.foreignKeys()) {
      if (key.columns().stream().anyMatch(column::equalsIgnoreCase)) {
        throw refused(table, column, text, "a reference");
      }
    }
    for (UniqueIndex index : table.uniqueIndexes()) {
      if (index.terms().stream().anyMatch(term -> column.equalsIgnoreCase(term.column()))) {
        throw refused(table, column, text, "in a UNIQUE constraint or index");
      }
    }
  }

  private static IllegalArgumentException refused(
      TableSchema table, String column, String text, String reason) {
    return new IllegalArgumentException(
        "expected policy "
            + text
            + " for a column that is no reference and in no UNIQUE index but "
            + table.name()
            + "."
            + column
            + " is "
            + reason);
  }
}
