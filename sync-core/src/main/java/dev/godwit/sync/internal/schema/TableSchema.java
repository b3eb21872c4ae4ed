package dev.godwit.sync.internal.schema;

import java.util.ArrayList;
import java.util.List;

/**
 * One table as its file declares it.
 *
 * @param name as declared
 * @param columns ordinary columns in declared order; generated ones are left out
 * @param keyColumns names of the primary key's columns in the key's order; empty without a primary
 *     key
 * @param keyCollations their collations, upper case
 * @param rowidAlias whether the key is an INTEGER PRIMARY KEY
 * @param keyFixedByCheck whether a CHECK pins the key to given values
 * @param foreignKeys declared references
 * @param uniqueIndexes UNIQUE constraints and indexes
 * @param sql the CREATE TABLE statement
 */
public record TableSchema(
    String name,
    List<ColumnSchema> columns,
    List<String> keyColumns,
    List<String> keyCollations,
    boolean rowidAlias,
    boolean keyFixedByCheck,
    List<ForeignKey> foreignKeys,
    List<UniqueIndex> uniqueIndexes,
    String sql) {
  public TableSchema {
    columns = List.copyOf(columns);
    keyColumns = List.copyOf(keyColumns);
    keyCollations = List.copyOf(keyCollations);
    foreignKeys = List.copyOf(foreignKeys);
    uniqueIndexes = List.copyOf(uniqueIndexes);
  }

  /** Names of all ordinary columns, the key's among them. */
  public List<String> columnNames() {
    List<String> names = new ArrayList<>(columns.size());
    columns.forEach(column -> names.add(column.name()));
    return names;
  }

  /** Names of the ordinary columns that are not in the key. */
  public List<String> valueColumnNames() {
    List<String> names = columnNames();
    names.removeAll(keyColumns);
    return names;
  }

  /** Whether a column can hold NULL. */
  public boolean mayBeNull(String name) {
    return !keyColumns.contains(name)
        && columns.stream().noneMatch(column -> column.name().equals(name) && column.notNull());
  }

  /**
   * Whether two devices that take the same key mean two rows: an INTEGER PRIMARY KEY that SQLite
   * hands out.
   */
  public boolean isSurrogate() {
    if (!rowidAlias || keyFixedByCheck) {
      return false;
    }
    return foreignKeys.stream().noneMatch(key -> key.columns().contains(keyColumns.get(0)));
  }
}
