package dev.godwit.tests.oracle;

import dev.godwit.sync.change.Value;

/**
 * A column's reference to the one key column of a table.
 *
 * @param table the table referred to
 * @param action its ON DELETE
 * @param byDefault the column's default value
 * @param isDeclared whether the space policy declares it, where the schema has no FOREIGN KEY
 */
public record Reference(String table, OnDelete action, Value byDefault, boolean isDeclared) {
  public Reference(String table, OnDelete action, Value byDefault) {
    this(table, action, byDefault, false);
  }

  public static Reference to(String table, OnDelete action) {
    return new Reference(table, action, Value.NULL);
  }

  /** The same, declared by the space policy. */
  public Reference declared() {
    return new Reference(table, action, byDefault, true);
  }
}
