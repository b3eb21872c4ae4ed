package dev.godwit.tests.simulation;

import dev.godwit.tests.oracle.OnDelete;
import dev.godwit.tests.oracle.TableModel;

/**
 * A column outside the key of a drawn table.
 *
 * @param type its declared type and collation
 * @param notNull whether it is declared NOT NULL
 * @param parent the table that it refers to, null for none
 * @param referred the column of that table, null for its key
 * @param action the ON DELETE of its reference
 */
record DrawnColumn(
    String name,
    String type,
    boolean notNull,
    TableModel parent,
    String referred,
    OnDelete action) {
  boolean refers() {
    return parent != null;
  }

  boolean isPlainInteger() {
    return !refers() && isInteger();
  }

  boolean isInteger() {
    return type.equals("INTEGER");
  }

  /** As a CREATE TABLE statement says it. */
  String sql() {
    String text = name + " " + type + (notNull ? " NOT NULL" : "");
    if (!refers()) {
      return notNull ? text + " DEFAULT 3" : text;
    }
    String of = referred == null ? "" : " (" + referred + ")";
    return text + " REFERENCES " + parent.name() + of + actionSql(action);
  }

  static String actionSql(OnDelete action) {
    return switch (action) {
      case CASCADE -> " ON UPDATE CASCADE ON DELETE CASCADE";
      case RESTRICT -> " ON DELETE RESTRICT";
      case SET_NULL -> " ON DELETE SET NULL";
      case SET_DEFAULT -> " ON UPDATE CASCADE ON DELETE SET DEFAULT";
      case NOT_JUDGED -> "";
    };
  }
}
