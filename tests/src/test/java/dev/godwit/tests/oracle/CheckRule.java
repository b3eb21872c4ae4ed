package dev.godwit.tests.oracle;

import java.util.ArrayList;
import java.util.List;

/**
 * What a table asks of each row alone, over columns outside its key.
 *
 * @param expression as SQL
 * @param declarations the columns that it mentions as the schema declares them, names first
 */
public record CheckRule(String expression, List<String> declarations) {
  public static CheckRule of(String expression, String... declarations) {
    return new CheckRule(expression, List.of(declarations));
  }

  /** NOT NULL. */
  static CheckRule notNull(String column) {
    return of(column + " IS NOT NULL", column);
  }

  /** The names of the columns. */
  List<String> columns() {
    List<String> columns = new ArrayList<>();
    declarations.forEach(one -> columns.add(one.split(" ")[0]));
    return columns;
  }
}
