package dev.godwit.sync.internal.schema;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One ordinary (not generated) column of a table.
 *
 * @param name as declared
 * @param declaredType as declared, "" without one
 * @param notNull whether NOT NULL is declared
 * @param defaultSql the default as SQL, null without one
 */
public record ColumnSchema(String name, String declaredType, boolean notNull, String defaultSql) {
  private static final Pattern LITERAL =
      Pattern.compile("(?is)[-+]?[0-9.][0-9a-fx.+-]*|x?'(?:[^']|'')*'|\"[^\"]*\"|null|true|false");

  /**
   * Whether {@code IS} alone tells apart all values that such a column can hold: TEXT columns never
   * hold numbers, REAL columns never integers. Elsewhere {@code 1} and {@code 1.0} compare equal.
   */
  public boolean distinguishesByComparison() {
    String type = declaredType.toUpperCase(Locale.ROOT);
    if (type.contains("INT")) {
      return false;
    }
    boolean text = type.contains("CHAR") || type.contains("CLOB") || type.contains("TEXT");
    boolean blob = type.contains("BLOB") || type.isEmpty();
    boolean real = type.contains("REAL") || type.contains("FLOA") || type.contains("DOUB");
    return text || !blob && real;
  }

  /** Whether the default is worked out anew for each row. */
  public boolean defaultIsExpression() {
    return defaultSql != null && !LITERAL.matcher(defaultSql.trim()).matches();
  }
}
