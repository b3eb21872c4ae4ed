package dev.godwit.sync.internal.state;

import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.check.UniqueRule;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.schema.Sql;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteStatement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes single rows of the application's tables. */
public final class TableRows {
  private final Session session;

  public TableRows(Session session) {
    this.session = session;
  }

  /** The row under this key, all ordinary columns by name, or null. */
  public Map<String, Value> read(TrackedTable table, RowKey key) {
    List<String> columns = table.columnNames();
    SqliteStatement query =
        session.statement(
            "SELECT "
                + Sql.names(columns)
                + " FROM "
                + Sql.name(table.schema().name())
                + where(table, key.values()));
    bind(query, 1, key.values());
    try (SqliteRows rows = query.query()) {
      if (!rows.next()) {
        return null;
      }
      Map<String, Value> row = new LinkedHashMap<>();
      for (int i = 0; i < columns.size(); i++) {
        row.put(columns.get(i), rows.value(i));
      }
      return row;
    }
  }

  /** Removes the row; the number of rows removed. */
  public int delete(TrackedTable table, RowKey key) {
    SqliteStatement delete =
        session.statement(
            "DELETE FROM " + Sql.name(table.schema().name()) + where(table, key.values()));
    bind(delete, 1, key.values());
    return delete.update();
  }

  /** Sets these columns of the row; the number of rows found. */
  public int update(TrackedTable table, RowKey key, Map<String, Value> values) {
    return update(table, key, values, false);
  }

  /**
   * Sets these columns of the row; the number of rows found.
   *
   * @param namesAll whether the statement names the other columns too, each set to what it is
   */
  public int update(TrackedTable table, RowKey key, Map<String, Value> values, boolean namesAll) {
    StringBuilder sql =
        new StringBuilder("UPDATE ")
            .append(orAbort(table))
            .append(Sql.name(table.schema().name()))
            .append(" SET ");
    List<Value> bound = new ArrayList<>();
    values.forEach(
        (column, value) -> {
          sql.append(bound.isEmpty() ? "" : ", ")
              .append(Sql.name(column))
              .append(" = ")
              .append(parameter(value));
          bound.add(value);
        });
    for (String column : namesAll ? table.schema().columnNames() : List.<String>of()) {
      if (!values.containsKey(column)) {
        sql.append(", ").append(Sql.name(column)).append(" = ").append(Sql.name(column));
      }
    }
    bound.addAll(key.values());
    SqliteStatement update = session.statement(sql + where(table, key.values()));
    bind(update, 1, bound);
    return update.update();
  }

  /** The statement that inserts a row with these columns and kinds of values, not run. */
  public SqliteStatement insert(TrackedTable table, Map<String, Value> values) {
    return insert(insertSql(table, values), values);
  }

  /** As {@link #insert(TrackedTable, Map)}, for rows whose {@link #insertSql} is at hand. */
  public SqliteStatement insert(String sql, Map<String, Value> values) {
    SqliteStatement insert = session.statement(sql);
    bind(insert, 1, values.values());
    return insert;
  }

  /** The text of that statement: equal for rows that can be inserted in one batch. */
  public static String insertSql(TrackedTable table, Map<String, Value> values) {
    StringBuilder parameters = new StringBuilder();
    values
        .values()
        .forEach(
            value ->
                parameters.append(parameters.length() == 0 ? "" : ", ").append(parameter(value)));
    return "INSERT "
        + orAbort(table)
        + "INTO "
        + Sql.name(table.schema().name())
        + " ("
        + Sql.names(values.keySet())
        + ") VALUES ("
        + parameters
        + ")";
  }

  /**
   * A constraint declared ON CONFLICT REPLACE must not remove another life's row. Said only where
   * it is needed: the clause would reach into the application's triggers, which may have their own.
   */
  private static String orAbort(TrackedTable table) {
    return table.hasConflictClauses() ? "OR ABORT " : "";
  }

  /**
   * The keys of rows whose reference shows these values: in any spelling that SQLite holds equal in
   * the table referred to, whatever the columns that refer say of themselves.
   */
  public List<RowKey> keysReferring(
      TrackedTable table, TrackedTable.Reference reference, TrackedTable parent, RowKey values) {
    List<KeyColumn> referred = reference.isToKey() ? parent.keyColumns() : reference.referred();
    List<String> terms = new ArrayList<>();
    for (int i = 0; i < referred.size(); i++) {
      KeyColumn.Collation collation = referred.get(i).collation();
      String column = Sql.name(reference.columns().get(i));
      boolean plain = collation == KeyColumn.Collation.BINARY;
      terms.add(plain ? column : column + " COLLATE " + collation);
    }
    return keysWhere(table, terms, values);
  }

  /** The keys of rows for which these SQL terms have these values. */
  private List<RowKey> keysWhere(TrackedTable table, List<String> terms, RowKey values) {
    StringBuilder sql =
        new StringBuilder("SELECT ")
            .append(Sql.names(table.schema().keyColumns()))
            .append(" FROM ")
            .append(Sql.name(table.schema().name()));
    for (int i = 0; i < terms.size(); i++) {
      sql.append(i == 0 ? " WHERE " : " AND ").append(terms.get(i)).append(" = ?");
    }
    SqliteStatement query = session.statement(sql.toString());
    bind(query, 1, values.values());
    return keys(query, table);
  }

  /** The keys of rows that hold what a reference refers to that is not to their key. */
  public List<RowKey> keysOfReferred(
      TrackedTable parent, TrackedTable.Reference reference, RowKey values) {
    List<String> terms = new ArrayList<>();
    reference.referred().forEach(column -> terms.add(Sql.name(column.name())));
    return keysWhere(parent, terms, values);
  }

  /** The keys of rows that a query finds with these parameters. */
  public List<RowKey> keys(TrackedTable table, String sql, List<Value> parameters) {
    SqliteStatement query = session.statement(sql);
    bind(query, 1, parameters);
    return keys(query, table);
  }

  /** The keys of rows that share their values by a rule with another row. */
  public List<RowKey> keysOfShared(TrackedTable table, UniqueRule rule) {
    String shared = rule.sharedSql(table.schema());
    List<List<Value>> tuples = new ArrayList<>();
    if (shared != null) {
      try (SqliteRows rows = session.statement(shared).query()) {
        while (rows.next()) {
          tuples.add(key(rows, rule.terms()).values());
        }
      }
    }
    List<RowKey> keys = new ArrayList<>();
    tuples.forEach(tuple -> keys.addAll(keys(table, table.holderSql(rule), tuple)));
    return keys;
  }

  private static List<RowKey> keys(SqliteStatement query, TrackedTable table) {
    List<RowKey> keys = new ArrayList<>();
    try (SqliteRows rows = query.query()) {
      while (rows.next()) {
        keys.add(key(rows, table.schema().keyColumns().size()));
      }
    }
    keys.removeIf(key -> key.values().contains(Value.NULL));
    return keys;
  }

  /** What {@link #each} hands every row to. */
  public interface RowConsumer {
    void accept(RowKey key);
  }

  /**
   * The keys of all rows that have one, in the key's order; the consumer must not write to the
   * table.
   */
  public void each(TrackedTable table, RowConsumer consumer) {
    List<String> keyColumns = table.schema().keyColumns();
    String sql = "SELECT " + Sql.names(keyColumns) + " FROM " + Sql.name(table.schema().name());
    try (SqliteStatement query = session.connection().prepare(sql);
        SqliteRows rows = query.query()) {
      while (rows.next()) {
        RowKey key = key(rows, keyColumns.size());
        if (!key.values().contains(Value.NULL)) {
          consumer.accept(key);
        }
      }
    }
  }

  private static RowKey key(SqliteRows rows, int columns) {
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      values.add(rows.value(i));
    }
    return new RowKey(values);
  }

  private static String where(TrackedTable table, List<Value> key) {
    StringBuilder text = new StringBuilder(" WHERE ");
    List<String> columns = table.schema().keyColumns();
    for (int i = 0; i < columns.size(); i++) {
      text.append(i == 0 ? "" : " AND ")
          .append(Sql.name(columns.get(i)))
          .append(" = ")
          .append(parameter(key.get(i)));
    }
    return text.toString();
  }

  private static String parameter(Value value) {
    return value instanceof Value.MalformedText ? "CAST(? AS TEXT)" : "?";
  }

  private static void bind(SqliteStatement statement, int from, Collection<Value> values) {
    int parameter = from;
    for (Value value : values) {
      statement.bind(parameter++, value);
    }
  }
}
