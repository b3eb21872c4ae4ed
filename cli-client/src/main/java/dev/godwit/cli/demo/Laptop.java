package dev.godwit.cli.demo;

import dev.godwit.cli.output.TextTable;
import dev.godwit.cli.session.Environment;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * One of the demo's machines: a folder with a calendar, written by plain SQL over the stock driver,
 * as any program would.
 */
final class Laptop {
  static final String FILE = "calendar.db";

  private final String name;
  private final Environment machine;
  private final Path calendar;

  Laptop(String name, Environment machine) {
    this.name = name;
    this.machine = machine;
    this.calendar = machine.resolve(Path.of(FILE));
  }

  String name() {
    return name;
  }

  Environment machine() {
    return machine;
  }

  /** Runs statements in one transaction. */
  void write(List<String> statements) {
    try (Connection connection = connection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (String sql : statements) {
        statement.executeUpdate(sql);
      }
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException("the demo's SQL failed on " + name, e);
    }
  }

  /** The rows of the calendar, each as its values. */
  List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    try (Connection connection = connection();
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT id, starts_at, title, location FROM events ORDER BY starts_at, id")) {
      while (found.next()) {
        List<String> row = new ArrayList<>();
        for (int column = 1; column <= 4; column++) {
          row.add(found.getString(column));
        }
        rows.add(row);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the demo's SQL failed on " + name, e);
    }
    return rows;
  }

  void print(PrintWriter to) {
    to.println("events on " + name + ":");
    TextTable table = new TextTable("  ", "id", "starts_at", "title", "location");
    rows().forEach(row -> table.row(row.toArray(new String[0])));
    table.print(to);
    to.println();
  }

  private Connection connection() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + calendar);
  }
}
