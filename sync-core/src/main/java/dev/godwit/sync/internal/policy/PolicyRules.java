package dev.godwit.sync.internal.policy;

import dev.godwit.sync.internal.schema.TableSchema;

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
        return name;
      }
    }
    throw new IllegalArgumentException(
        "expected policy " + text + " for a column of " + table.name() + " but got " + column);
  }
}
