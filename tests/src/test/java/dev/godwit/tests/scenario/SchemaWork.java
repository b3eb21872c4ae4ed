package dev.godwit.tests.scenario;

import dev.godwit.sync.internal.schema.ColumnSchema;
import dev.godwit.sync.internal.schema.ForeignKey;
import dev.godwit.sync.internal.schema.SchemaReader;
import dev.godwit.sync.internal.schema.TableSchema;
import dev.godwit.sync.sqlite.JdbcSqlite;
import dev.godwit.sync.sqlite.SqliteConnection;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Random work on the tables of any schema, within what concurrent devices may do without breaking a
 * constraint together: rows that others refer to stay, unique columns get values of their own.
 */
final class SchemaWork {
  private final Random random;
  private final List<TableSchema> tables = new ArrayList<>();
  private final Map<String, Map<String, String>> edited = new TreeMap<>();
  private final List<String> inserted = new ArrayList<>();
  private final List<String> deleted = new ArrayList<>();
  private final Set<String> known = new HashSet<>();
  private int written;

  SchemaWork(Path file, List<String> names, Random random) {
    this.random = random;
    try (SqliteConnection connection = JdbcSqlite.at(file.toString()).open()) {
      SchemaReader reader = new SchemaReader(connection);
      names.forEach(name -> tables.add(reader.table(name)));
    }
  }

  /** Does one thing, on the connection of some program; what SQLite refuses is not done. */
  void work(String device, Connection connection) throws SQLException {
    TableSchema table = tables.get(random.nextInt(tables.size()));
    try {
      int what = random.nextInt(10);
      if (what < 6) {
        update(device, connection, table);
      } else if (what < 9) {
        insert(connection, table);
      } else if (!isReferredTo(table)) {
        delete(connection, table);
      }
    } catch (SQLException e) {
      if (!e.getMessage().toUpperCase(Locale.ROOT).contains("CONSTRAINT")) {
        throw e;
      }
    }
  }

  /**
   * Begins a round: only edits of rows that all devices have now are expected to be found under
   * their key.
   */
  void begin(Path file) {
    known.clear();
    for (TableSchema table : tables) {
      String keys = "SELECT " + keyCondition(table) + " FROM " + name(table.name());
      Sqlite.text(file, keys).forEach(key -> known.add(table.name() + " " + key));
    }
  }

  /** Queries that each must find one row, when all devices have met; forgets them. */
  List<String> expectations() {
    List<String> queries = new ArrayList<>(inserted);
    edited.forEach(
        (cell, byDevice) -> {
          if (byDevice.size() == 1) {
            queries.addAll(byDevice.values());
          }
        });
    inserted.clear();
    edited.clear();
    return queries;
  }

  private boolean isReferredTo(TableSchema table) {
    return tables.stream()
        .flatMap(other -> other.foreignKeys().stream())
        .anyMatch(key -> key.parentTable().equalsIgnoreCase(table.name()));
  }

  private boolean isUnique(TableSchema table, String column) {
    return table.uniqueIndexes().stream()
        .anyMatch(
            index ->
                index.where() != null
                    || index.terms().stream()
                        .anyMatch(term -> term.column() == null || term.column().equals(column)));
  }

  private void update(String device, Connection connection, TableSchema table) throws SQLException {
    String key = randomKey(connection, table);
    List<ColumnSchema> columns = new ArrayList<>(table.columns());
    columns.removeIf(
        column -> table.keyColumns().contains(column.name()) || isUnique(table, column.name()));
    if (key == null || columns.isEmpty()) {
      return;
    }
    ColumnSchema column = columns.get(random.nextInt(columns.size()));
    String value = value(connection, table, column);
    String name = name(column.name());
    String sql = "UPDATE " + name(table.name()) + " SET " + name + " = " + value + " WHERE " + key;
    boolean expected =
        known.contains(table.name() + " " + key) && staysAsWritten(table, column, value);
    if (run(connection, sql) > 0 && expected) {
      edited
          .computeIfAbsent(table.name() + " " + key + " " + name, none -> new TreeMap<>())
          .put(
              device,
              "SELECT 1 FROM "
                  + name(table.name())
                  + " WHERE "
                  + key
                  + " AND "
                  + name
                  + " IS "
                  + value);
    }
  }

  /**
   * Whether every device will show this very value: a reference to a row that others do not know
   * yet follows it when two of them took the same key.
   */
  private boolean staysAsWritten(TableSchema table, ColumnSchema column, String value) {
    for (ForeignKey key : table.foreignKeys()) {
      if (key.columns().contains(column.name()) && !value.equals("NULL")) {
        TableSchema parent = parent(key);
        String row = name(parent.keyColumns().get(0)) + " = " + value;
        return known.contains(parent.name() + " " + row);
      }
    }
    return true;
  }

  private TableSchema parent(ForeignKey key) {
    return tables.stream()
        .filter(one -> one.name().equalsIgnoreCase(key.parentTable()))
        .findFirst()
        .orElseThrow();
  }

  private void insert(Connection connection, TableSchema table) throws SQLException {
    Map<String, String> values = new LinkedHashMap<>();
    for (ColumnSchema column : table.columns()) {
      boolean given = table.keyColumns().contains(column.name());
      if (!(given && table.rowidAlias())) {
        values.put(name(column.name()), value(connection, table, column));
      }
    }
    String sql =
        "INSERT INTO "
            + name(table.name())
            + (values.isEmpty()
                ? " DEFAULT VALUES"
                : " ("
                    + String.join(", ", values.keySet())
                    + ") VALUES ("
                    + String.join(", ", values.values())
                    + ")");
    run(connection, sql);
    StringBuilder query = new StringBuilder("SELECT 1 FROM " + name(table.name()) + " WHERE 1");
    boolean marked = false;
    for (ColumnSchema column : table.columns()) {
      String value = values.get(name(column.name()));
      if (value != null && value.startsWith("'own ")) {
        query.append(" AND ").append(name(column.name())).append(" = ").append(value);
        marked = true;
      }
    }
    // An edit or a delete may come behind: only keys of one's own are looked for.
    if (marked && !table.rowidAlias() && isReferredTo(table)) {
      inserted.add(query.toString());
    }
  }

  private void delete(Connection connection, TableSchema table) throws SQLException {
    String key = randomKey(connection, table);
    if (key != null && run(connection, "DELETE FROM " + name(table.name()) + " WHERE " + key) > 0) {
      deleted.add(table.name() + " " + key + " ");
    }
    deleted.forEach(row -> edited.keySet().removeIf(cell -> cell.startsWith(row)));
  }

  private String value(Connection connection, TableSchema table, ColumnSchema column)
      throws SQLException {
    for (ForeignKey key : table.foreignKeys()) {
      if (key.columns().size() == 1 && key.columns().get(0).equalsIgnoreCase(column.name())) {
        return reference(connection, key, column);
      }
    }
    boolean own = isUnique(table, column.name()) || table.keyColumns().contains(column.name());
    String type = column.declaredType().toUpperCase(Locale.ROOT);
    int number = ++written;
    if (own) {
      return type.contains("INT")
          ? String.valueOf(1_000_000 + number)
          : type.contains("BLOB")
              ? "x'" + String.format("%08x", number) + "'"
              : "'own " + number + "'";
    }
    if (!column.notNull() && random.nextInt(6) == 0) {
      return "NULL";
    }
    if (type.contains("INT")) {
      return String.valueOf(
          random.nextInt(5) == 0 ? random.nextLong() >> random.nextInt(64) : number);
    }
    if (type.contains("REAL") || type.contains("NUM") || type.contains("DEC")) {
      return String.valueOf(number / 8.0);
    }
    if (type.contains("BLOB") || type.isEmpty() && random.nextInt(4) == 0) {
      return "x'" + String.format("%08x", number) + "'";
    }
    return "'text " + number + " 🗓 õ'";
  }

  private String reference(Connection connection, ForeignKey key, ColumnSchema column)
      throws SQLException {
    TableSchema parent = parent(key);
    String parentColumn =
        key.parentColumns().isEmpty() ? parent.keyColumns().get(0) : key.parentColumns().get(0);
    String from = " FROM " + name(parent.name()) + " WHERE " + name(parentColumn) + " NOT NULL";
    int count = Integer.parseInt(text(connection, "SELECT count(*)" + from));
    String value =
        count == 0
            ? null
            : text(
                connection,
                "SELECT quote("
                    + name(parentColumn)
                    + ")"
                    + from
                    + " ORDER BY 1 LIMIT 1 OFFSET "
                    + random.nextInt(count));
    return value == null || !column.notNull() && random.nextInt(8) == 0 ? "NULL" : value;
  }

  private String randomKey(Connection connection, TableSchema table) throws SQLException {
    String count = text(connection, "SELECT count(*) FROM " + name(table.name()));
    if (count.equals("0")) {
      return null;
    }
    return text(
        connection,
        "SELECT "
            + keyCondition(table)
            + " FROM "
            + name(table.name())
            + " LIMIT 1 OFFSET "
            + random.nextInt(Integer.parseInt(count)));
  }

  /** The key of a row as a condition, as SQL that works it out. */
  private static String keyCondition(TableSchema table) {
    StringBuilder parts = new StringBuilder();
    for (String column : table.keyColumns()) {
      parts.append(parts.isEmpty() ? "" : " || ' AND ' || ");
      parts
          .append("'")
          .append(name(column).replace("'", "''"))
          .append(" = ' || quote(")
          .append(name(column))
          .append(")");
    }
    return parts.toString();
  }

  private static String name(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String text(Connection connection, String query) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query);
        ResultSet row = statement.executeQuery()) {
      return row.next() ? row.getString(1) : null;
    }
  }

  private static int run(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      return statement.executeUpdate();
    }
  }
}
