package dev.godwit.sync.internal.capture;

import dev.godwit.sync.internal.schema.ForeignKey;
import dev.godwit.sync.internal.schema.TableSchema;
import dev.godwit.sync.policy.OnDelete;

/**
 * A reference that the space policy declares, no FOREIGN KEY clause.
 *
 * @param table the stable name of the table that refers
 * @param column its column
 * @param parent the stable name of the table referred to
 * @param onDelete what becomes of the row when the one that it refers to is away
 */
public record DeclaredReference(String table, String column, String parent, OnDelete onDelete) {
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
