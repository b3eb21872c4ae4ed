package dev.godwit.sync.internal.policy;

import dev.godwit.sync.internal.capture.DeclaredReference;
import dev.godwit.sync.internal.schema.ForeignKey;
import dev.godwit.sync.internal.schema.Sql;
import dev.godwit.sync.internal.schema.TableSchema;
import dev.godwit.sync.internal.schema.UniqueIndex;
import dev.godwit.sync.policy.ColumnPolicy;

/** Which columns can have a policy. */
public final class PolicyRules {
  private PolicyRules() {}

  /**
   * The column's name as the schema spells it; {@link Policies#EXISTENCE} stays.
   *
   * @throws IllegalArgumentException when the table has no such column, or it can have no policy
   */
  public static String checked(TableSchema table, String column, String text) {
    if (column.equals(Policies.EXISTENCE)) {
      return column;
    }
    for (String name : table.columnNames()) {
      if (name.equalsIgnoreCase(column)) {
        if (table.keyColumns().contains(name)) {
          throw new IllegalArgumentException(
              "expected policy "
                  + text
                  + " for a column outside the key but "
                  + name
                  + " is in the key of "
                  + table.name()
                  + ": two rows for one key are kept both, by a fixed rule");
        }
        requireMergeable(table, name, text);
        return name;
      }
    }
    throw new IllegalArgumentException(
        "expected policy " + text + " for a column of " + table.name() + " but got " + column);
  }

  /**
   * The policy of a column that is declared a reference, with the table referred to under the name
   * that the space has for it.
   *
   * @param parent the table referred to, null when the file has none of that name
   * @param parentName its name in the space
   * @throws IllegalArgumentException when the column cannot be such a reference
   */
  public static ColumnPolicy checkedReference(
      TableSchema table,
      String column,
      ColumnPolicy policy,
      TableSchema parent,
      String parentName) {
    String reason =
        parent == null
            ? "there is no table '" + policy.reference().table() + "'"
            : DeclaredReference.reasonAgainst(table, column, parent);
    if (reason != null) {
      throw new IllegalArgumentException(
          "expected a column that can refer to the primary key of "
              + policy.reference().table()
              + " but "
              + table.name()
              + "."
              + column
              + " cannot: "
              + reason);
    }
    return policy.references(parentName, policy.reference().onDelete());
  }

  /**
   * Checks that a column can be a tree.
   *
   * @param parent the table that the policy refers to, null when it says nothing of that
   * @throws IllegalArgumentException when it cannot
   */
  public static void requireTree(TableSchema table, String column, TableSchema parent) {
    String reason = reasonAgainstTree(table, column, parent);
    if (reason != null) {
      throw new IllegalArgumentException(
          "expected a column that can be a tree but "
              + table.name()
              + "."
              + column
              + " cannot: "
              + reason);
    }
  }

  private static String reasonAgainstTree(TableSchema table, String column, TableSchema parent) {
    boolean refers =
        parent == null
            ? table.foreignKeys().stream().anyMatch(key -> refersHome(table, column, key))
            : parent.name().equals(table.name());
    if (!refers) {
      return "it does not refer to the primary key of its own table: declare it with references "
          + Sql.literal(table.name())
          + " on delete … tree";
    }
    boolean notNull =
        table.columns().stream().anyMatch(one -> one.name().equals(column) && one.notNull());
    return notNull ? "it is NOT NULL, but the root of a tree is shown as NULL" : null;
  }

  /**
   * Checks that a column can show NULL where its unique value is taken.
   *
   * @throws IllegalArgumentException when it cannot
   */
  public static void requireNullable(TableSchema table, String column) {
    boolean notNull =
        table.columns().stream().anyMatch(one -> one.name().equals(column) && one.notNull());
    boolean refers =
        table.foreignKeys().stream()
            .anyMatch(key -> key.columns().stream().anyMatch(column::equalsIgnoreCase));
    if (notNull || refers) {
      throw new IllegalArgumentException(
          "expected a column that can show NULL where its value is taken but "
              + table.name()
              + "."
              + column
              + " cannot: "
              + (notNull ? "it is NOT NULL" : "it has a FOREIGN KEY"));
    }
  }

  private static boolean refersHome(TableSchema table, String column, ForeignKey key) {
    boolean toKey =
        key.parentColumns().isEmpty()
            || table.keyColumns().size() == 1
                && key.parentColumns().get(0).equalsIgnoreCase(table.keyColumns().get(0));
    return key.columns().size() == 1
        && key.columns().get(0).equalsIgnoreCase(column)
        && key.parentTable().equalsIgnoreCase(table.name())
        && toKey;
  }

  /** What is merged can come to values that nobody has written: such a column must stand free. */
  private static void requireMergeable(TableSchema table, String column, String text) {
    if (!ColumnPolicy.parse(text).kind().merges()) {
      return;
    }
    for (ForeignKey key : table.foreignKeys()) {
      if (key.columns().stream().anyMatch(column::equalsIgnoreCase)) {
        throw refused(table, column, text, "a reference");
      }
    }
    for (UniqueIndex index : table.uniqueIndexes()) {
      if (index.terms().stream().anyMatch(term -> column.equalsIgnoreCase(term.column()))) {
        throw refused(table, column, text, "in a UNIQUE constraint or index");
      }
    }
  }

  private static IllegalArgumentException refused(
      TableSchema table, String column, String text, String reason) {
    return new IllegalArgumentException(
        "expected policy "
            + text
            + " for a column that is no reference and in no UNIQUE index but "
            + table.name()
            + "."
            + column
            + " is "
            + reason);
  }
}
