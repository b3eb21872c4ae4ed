package dev.godwit.tests.oracle;

import dev.godwit.sync.change.Value;
import java.util.List;

/**
 * A reference to the key of a table, or to other columns of it, by one column or by several.
 *
 * @param table the table referred to
 * @param columns the columns that refer together, in the order of those referred to; none where
 *     there is one, to a key
 * @param referred the columns referred to; none where it is the key
 * @param action its ON DELETE
 * @param byDefault the column's default value
 * @param isDeclared whether the space policy declares it, where the schema has no FOREIGN KEY
 */
public record Reference(
    String table,
    List<String> columns,
    List<String> referred,
    OnDelete action,
    Value byDefault,
    boolean isDeclared) {
  public Reference(String table, OnDelete action, Value byDefault) {
    this(table, action, byDefault, false);
  }

  public Reference(String table, OnDelete action, Value byDefault, boolean isDeclared) {
    this(table, List.of(), List.of(), action, byDefault, isDeclared);
  }

  public static Reference to(String table, OnDelete action) {
    return new Reference(table, action, Value.NULL);
  }

  /** One of several columns. */
  public static Reference to(String table, OnDelete action, List<String> columns) {
    return new Reference(table, columns, List.of(), action, Value.NULL, false);
  }

  /** One to other columns than the key. */
  public static Reference to(
      String table, List<String> referred, OnDelete action, List<String> columns) {
    return new Reference(table, columns, referred, action, Value.NULL, false);
  }

  /** Whether it is to the key of the table. */
  public boolean isToKey() {
    return referred.isEmpty();
  }

  /** The columns referred to. */
  public List<String> referred(TableModel parent) {
    return isToKey() ? parent.key() : referred;
  }

  /** The same, declared by the space policy. */
  public Reference declared() {
    return new Reference(table, columns, referred, action, byDefault, true);
  }

  /** All columns that refer, when this one keeps what is meant. */
  public List<String> columns(String keeping) {
    return columns.isEmpty() ? List.of(keeping) : columns;
  }
}
