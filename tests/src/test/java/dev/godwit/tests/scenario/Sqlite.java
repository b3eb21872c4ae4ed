package dev.godwit.tests.scenario;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A file as any program sees it that knows nothing of the toolkit: a plain JDBC connection. */
final class Sqlite {
  private Sqlite() {}

  static Connection connect(Path path) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 10000");
      statement.execute("PRAGMA synchronous = OFF");
    }
    return connection;
  }

  /** Runs these statements on one connection of their own; each string may hold several. */
  static void run(Path path, String... statements) {
    String at = "";
    try (Connection connection = connect(path);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        at = sql;
        statement.executeUpdate(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage() + " in " + at, e);
    }
  }

  /** Runs one statement that is to be refused, and returns with what words. */
  static String refused(Path path, String sql) {
    try (Connection connection = connect(path);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA foreign_keys = ON");
      statement.executeUpdate(sql);
    } catch (SQLException e) {
      return e.getMessage();
    }
    throw new AssertionError("expected SQLite to refuse " + sql);
  }

  /** The rows of a query, values as text separated by a bar, as the shell prints them. */
  static List<String> text(Path path, String query) {
    List<String> found = new ArrayList<>();
    try (Connection connection = connect(path);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          values.add(rows.getString(i));
        }
        found.add(String.join("|", values.stream().map(String::valueOf).toList()));
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage() + " in " + query, e);
    }
  }

  /**
   * The rows of a query in sorted order, every value as its storage class and its bits: two rows
   * are the same text only if SQLite holds the same in both.
   */
  static List<String> exact(Path path, String query) {
    List<String> found = new ArrayList<>();
    try (Connection connection = connect(path);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          row.append(i == 1 ? "" : ", ").append(exact(rows, i));
        }
        found.add(row.toString());
      }
      found.sort(null);
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage() + " in " + query, e);
    }
  }

  private static String exact(ResultSet rows, int column) throws SQLException {
    Object value = rows.getObject(column);
    if (value == null) {
      return "null";
    }
    if (value instanceof Double real) {
      return "real " + real + " " + Long.toHexString(Double.doubleToRawLongBits(real));
    }
    if (value instanceof Number integer) {
      return "integer " + integer.longValue();
    }
    byte[] bytes = rows.getBytes(column);
    String type = value instanceof String ? "text " : "blob ";
    String shown = value instanceof String text ? text : java.util.HexFormat.of().formatHex(bytes);
    return bytes.length <= 200
        ? type + shown + (value instanceof String ? " " + java.util.Arrays.hashCode(bytes) : "")
        : type + bytes.length + " bytes, hash " + java.util.Arrays.hashCode(bytes);
  }
}
