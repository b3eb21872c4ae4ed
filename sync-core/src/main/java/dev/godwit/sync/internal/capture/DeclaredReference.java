package dev.godwit.sync.internal.capture;

import dev.godwit.sync.internal.schema.ForeignKey;
import dev.godwit.sync.internal.schema.TableSchema;
import dev.godwit.sync.policy.OnDelete;
import java.util.ArrayList;
import java.util.List;

/**
 * A reference of which it is always written out what it means: one that the space policy declares,
 * or a FOREIGN KEY whose life does not follow from one value.
 *
 * @param table the stable name of the table that refers
 * @param column the column whose versions keep what is meant
 * @param columns all columns, in the order of the key columns of the table referred to
 * @param parent the stable name of the table referred to
 * @param onDelete what becomes of the row when the one that it refers to is away
 * @param isForeignKey whether the file's schema says it, not the policy
 */
public record DeclaredReference(
    String table,
    String column,
    List<String> columns,
    String parent,
    OnDelete onDelete,
    boolean isForeignKey) {
  public DeclaredReference {
    columns = List.copyOf(columns);
  }

  /** A reference that the space policy declares. */
  public DeclaredReference(String table, String column, String parent, OnDelete onDelete) {
    this(table, column, List.of(column), parent, onDelete, false);
  }

  /**
   * What stands against declaring that a column refers to the primary key of a table, null for
   * nothing.
   *
   * @param child the table that refers
   * @param column its column
   * @param parent the table referred to
   */
  public static String reasonAgainst(TableSchema child, String column, TableSchema parent) {
    if (child.keyColumns().contains(column)) {
      return "it is in the key of " + child.name() + ", by which rows are told apart";
    }
    ForeignKey own = foreignKey(child, column);
    if (own != null) {
      return "its FOREIGN KEY says that it refers to " + own.parentTable();
    }
    if (parent.keyColumns().size() != 1) {
      return "the key of " + parent.name() + " has " + parent.keyColumns().size() + " columns";
    }
    if (foreignKey(parent, parent.keyColumns().get(0)) != null) {
      return "the key of " + parent.name() + " is a reference itself";
    }
    return null;
  }

  /** Whether two tables can have it: what their foreign keys say now does not matter. */
  boolean fits(TableSchema child, TableSchema parent) {
    if (!isForeignKey) {
      return reasonAgainst(child, column, parent) == null;
    }
    boolean keeps = child.valueColumnNames().contains(column) || isInKey(child);
    return keeps
        && child.columnNames().containsAll(columns)
        && columns.size() == parent.keyColumns().size();
  }

  /** Whether all of its columns are in the key of the table that refers. */
  boolean isInKey(TableSchema child) {
    return child.keyColumns().containsAll(columns);
  }

  /** The columns as one text: each behind its length. */
  public String columnsText() {
    StringBuilder text = new StringBuilder();
    columns.forEach(one -> text.append(one.length()).append(':').append(one));
    return text.toString();
  }

  /** The columns that {@link #columnsText} wrote. */
  static List<String> columns(String text) {
    List<String> columns = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int colon = text.indexOf(':', at);
      int end = colon + 1 + Integer.parseInt(text.substring(at, colon));
      columns.add(text.substring(colon + 1, end));
      at = end;
    }
    return columns;
  }

  /** The first foreign key of which a column is part, null for none. */
  private static ForeignKey foreignKey(TableSchema table, String column) {
    for (ForeignKey key : table.foreignKeys()) {
      if (key.columns().stream().anyMatch(column::equalsIgnoreCase)) {
        return key;
      }
    }
    return null;
  }
}
