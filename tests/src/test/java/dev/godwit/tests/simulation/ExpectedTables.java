package dev.godwit.tests.simulation;

import dev.godwit.sync.change.Value;
import dev.godwit.tests.oracle.BoundValue;
import dev.godwit.tests.oracle.Oracle;
import dev.godwit.tests.oracle.TableModel;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Tables of a fresh database, filled with the rows that the oracle expects. */
final class ExpectedTables {
  private ExpectedTables() {}

  /**
   * What SQLite has against the rows that the oracle expects, null for nothing.
   *
   * @param enforcing whether references must hold too
   */
  static String objection(Family family, Oracle oracle, boolean enforcing) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement statement = connection.createStatement()) {
      for (String sql : family.schema()) {
        if (!sql.startsWith("INSERT")) {
          statement.execute(sql);
        }
      }
      for (TableModel table : family.tables()) {
        for (List<Value> row : oracle.values(table.name())) {
          String refusal = insert(connection, table, row);
          if (refusal != null) {
            return refusal;
          }
        }
      }
      try (ResultSet dangling = statement.executeQuery("PRAGMA foreign_key_check")) {
        return enforcing && dangling.next()
            ? "row " + dangling.getString(2) + " of " + dangling.getString(1) + " dangles"
            : null;
      }
    }
  }

  private static String insert(Connection connection, TableModel table, List<Value> row)
      throws SQLException {
    String marks = "?, ".repeat(row.size() - 1) + "?";
    String columns = String.join(", ", table.columns());
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO " + table.name() + " (" + columns + ") VALUES (" + marks + ")")) {
      for (int i = 0; i < row.size(); i++) {
        insert.setObject(i + 1, BoundValue.of(row.get(i)));
      }
      insert.executeUpdate();
      return null;
    } catch (SQLException refused) {
      return refused.getMessage() + ": " + table.name() + " " + row;
    }
  }
}
