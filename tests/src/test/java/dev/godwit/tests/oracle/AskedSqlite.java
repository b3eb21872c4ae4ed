package dev.godwit.tests.oracle;

import dev.godwit.sync.change.Value;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** SQLite itself, asked what it makes of values; each thread has its own, in memory. */
final class AskedSqlite {
  private static final ThreadLocal<AskedSqlite> OF_THREAD =
      ThreadLocal.withInitial(AskedSqlite::new);

  private final Connection connection;
  private final Map<List<String>, Integer> tables = new HashMap<>();
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  private AskedSqlite() {
    try {
      connection = DriverManager.getConnection("jdbc:sqlite::memory:");
    } catch (SQLException e) {
      throw new IllegalStateException("cannot open a database in memory", e);
    }
  }

  /** Whether a row with these values breaks a rule. */
  static boolean breaks(CheckRule rule, List<Value> values) {
    try {
      return OF_THREAD.get().isBroken(rule, values);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot ask for " + rule, e);
    }
  }

  /** The type of a text as JSON, null when it is none. */
  static String jsonType(String text) {
    try {
      AskedSqlite sqlite = OF_THREAD.get();
      String sql = "SELECT CASE WHEN json_valid(?1) THEN json_type(?1) END";
      PreparedStatement query = sqlite.statement(sql);
      query.setString(1, text);
      try (ResultSet rows = query.executeQuery()) {
        return rows.getString(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot ask for the type of " + text, e);
    }
  }

  /** What a column of this declared type holds of a value; null for a column without type. */
  static Value stored(String type, Value value) {
    if (type == null) {
      return value;
    }
    try {
      AskedSqlite sqlite = OF_THREAD.get();
      String table = sqlite.table(List.of("a " + type));
      PreparedStatement insert = sqlite.statement("INSERT INTO " + table + " VALUES (?)");
      insert.setObject(1, BoundValue.of(value));
      insert.executeUpdate();
      Value stored = value;
      try (ResultSet rows = sqlite.statement("SELECT a FROM " + table).executeQuery()) {
        Object found = rows.getObject(1);
        if (found instanceof Double number) {
          stored = Value.of(number);
        } else if (found instanceof Number number) {
          stored = Value.of(number.longValue());
        }
      }
      sqlite.statement("DELETE FROM " + table).executeUpdate();
      return stored;
    } catch (SQLException e) {
      throw new IllegalStateException("cannot ask for " + value, e);
    }
  }

  private boolean isBroken(CheckRule rule, List<Value> values) throws SQLException {
    // Stored first: the columns' affinities and collations are part of what is asked.
    String table = table(rule.declarations());
    String marks = String.join(", ", Collections.nCopies(values.size(), "?"));
    PreparedStatement insert = statement("INSERT INTO " + table + " VALUES (" + marks + ")");
    for (int i = 0; i < values.size(); i++) {
      insert.setObject(i + 1, BoundValue.of(values.get(i)));
    }
    insert.executeUpdate();
    PreparedStatement query = statement("SELECT NOT (" + rule.expression() + ") FROM " + table);
    boolean broken;
    try (ResultSet rows = query.executeQuery()) {
      broken = rows.getBoolean(1);
    }
    statement("DELETE FROM " + table).executeUpdate();
    return broken;
  }

  private String table(List<String> declarations) throws SQLException {
    Integer known = tables.get(declarations);
    if (known == null) {
      known = tables.size();
      tables.put(declarations, known);
      try (Statement create = connection.createStatement()) {
        create.execute("CREATE TABLE t" + known + " (" + String.join(", ", declarations) + ")");
      }
    }
    return "t" + known;
  }

  private PreparedStatement statement(String sql) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    return statement;
  }

  /** The values of columns in the order of a rule's. */
  static List<Value> values(CheckRule rule, java.util.function.Function<String, Value> row) {
    List<Value> values = new ArrayList<>();
    rule.columns().forEach(column -> values.add(row.apply(column)));
    return values;
  }
}
