package dev.godwit.sync.internal.schema;

import java.util.List;

/**
 * A UNIQUE constraint or index other than the primary key's.
 *
 * @param name of the index
 * @param terms its columns or expressions in order
 * @param where the condition of a partial index as written, null without one
 */
public record UniqueIndex(String name, List<Term> terms, String where) {
  /**
   * One part of an index.
   *
   * @param column the column, null for an expression
   * @param expression the expression as written, null for a column
   * @param collation its collation
   */
  public record Term(String column, String expression, String collation) {}
}
