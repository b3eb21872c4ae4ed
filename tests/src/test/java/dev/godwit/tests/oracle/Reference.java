package dev.godwit.tests.oracle;

import dev.godwit.sync.change.Value;

/**
 * A column's reference to the one key column of a table.
 *
 * @param table the table referred to
 * @param action its ON DELETE
 * @param byDefault the column's default value
 */
public record Reference(String table, OnDelete action, Value byDefault) {
  public static Reference to(String table, OnDelete action) {
    return new Reference(table, action, Value.NULL);
  }
}
