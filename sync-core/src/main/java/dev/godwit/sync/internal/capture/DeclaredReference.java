package dev.godwit.sync.internal.capture;

import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.internal.schema.ForeignKey;
import dev.godwit.sync.internal.schema.TableSchema;
import dev.godwit.sync.internal.schema.UniqueIndex;
import dev.godwit.sync.policy.OnDelete;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A reference of which it is always written out what it means: one that the space policy declares,
 * or a FOREIGN KEY whose life does not follow from one value of a key.
 *
 * @param table the stable name of the table that refers
 * @param column the column whose versions keep what is meant
 * @param columns all columns, in the order of those referred to
 * @param parent the stable name of the table referred to
 * @param referred the columns referred to, empty for the primary key
 * @param onDelete what becomes of the row when the one that it refers to is away
 * @param isForeignKey whether the file's schema says it, not the policy
 */
public record DeclaredReference(
    String table,
    String column,
    List<String> columns,
    String parent,
    List<String> referred,
    OnDelete onDelete,
    boolean isForeignKey) {
  public DeclaredReference {
    columns = List.copyOf(columns);
    referred = List.copyOf(referred);
  }

  /** A reference that the space policy declares. */
  public DeclaredReference(String table, String column, String parent, OnDelete onDelete) {
    this(table, column, List.of(column), parent, List.of(), onDelete, false);
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
    boolean isTold =
        isToKey()
            ? columns.size() == parent.keyColumns().size()
            : !isInKey(child) && uniqueIndex(parent, referred) != null;
    return keeps && child.columnNames().containsAll(columns) && isTold;
  }

  /** Whether it is to the primary key of the other table. */
  public boolean isToKey() {
    return referred.isEmpty();
  }

  /**
   * The UNIQUE constraint or index by which a foreign key can refer to these columns: of exactly
   * these, in any order, of all rows; null for none.
   */
  static UniqueIndex uniqueIndex(TableSchema parent, List<String> columns) {
    for (UniqueIndex index : parent.uniqueIndexes()) {
      Set<String> terms = new HashSet<>();
      index.terms().forEach(term -> terms.add(term.column()));
      boolean portable =
          index.terms().stream().allMatch(term -> KeyColumn.Collation.isOwn(term.collation()));
      boolean same = index.terms().size() == columns.size() && terms.equals(Set.copyOf(columns));
      if (same && portable && index.where() == null && parent.columnNames().containsAll(columns)) {
        return index;
      }
    }
    return null;
  }

  /**
   * Removes those to columns that follow, over others of this kind, what they themselves show: what
   * such columns show could not be told.
   */
  static void keepAcyclic(List<DeclaredReference> all) {
    List<DeclaredReference> kept = new ArrayList<>();
    for (DeclaredReference one : all) {
      if (!one.isToKey()) {
        kept.add(one);
        if (one.reaches(one, kept, new HashSet<>())) {
          kept.remove(one);
        }
      }
    }
    all.removeIf(one -> !one.isToKey() && !kept.contains(one));
  }

  private boolean reaches(
      DeclaredReference end, List<DeclaredReference> among, Set<DeclaredReference> seen) {
    for (DeclaredReference next : among) {
      boolean follows =
          next.table.equals(parent) && next.columns.stream().anyMatch(referred::contains);
      if (follows && (next.equals(end) || seen.add(next) && next.reaches(end, among, seen))) {
        return true;
      }
    }
    return false;
  }

  /** Whether all of its columns are in the key of the table that refers. */
  boolean isInKey(TableSchema child) {
    return child.keyColumns().containsAll(columns);
  }

  /** Columns as one text: each behind its length. */
  static String text(List<String> columns) {
    StringBuilder text = new StringBuilder();
    columns.forEach(one -> text.append(one.length()).append(':').append(one));
    return text.toString();
  }

  /** The columns that {@link #text} wrote. */
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
