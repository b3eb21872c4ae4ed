package dev.godwit.tests.simulation;

import dev.godwit.sync.Replica;
import dev.godwit.sync.SqlTransaction;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.sqlite.SqliteException;
import dev.godwit.tests.oracle.History;
import dev.godwit.tests.oracle.TableModel;
import dev.godwit.tests.oracle.Transaction;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/** One device: its file, its clock, the library on it and another program that writes to it. */
final class SimulatedDevice implements AutoCloseable {
  private final Path path;
  private final SimulatedClock clock;
  private final Connection program;
  private Replica replica;

  SimulatedDevice(Path path, SimulatedClock clock) throws SQLException {
    this.path = path;
    this.clock = clock;
    this.program = DriverManager.getConnection("jdbc:sqlite:" + path);
    try (Statement statement = program.createStatement()) {
      for (String setting : QuickSqlite.SETTINGS) {
        statement.execute(setting);
      }
    }
    open();
  }

  Replica replica() {
    return replica;
  }

  SimulatedClock clock() {
    return clock;
  }

  private void open() {
    replica =
        Replica.builder(new QuickSqlite(path))
            .clock(clock)
            .random(new Random(path.hashCode()))
            .open();
  }

  void reopen() {
    replica.close();
    open();
  }

  /** Has SQLite enforce foreign keys upon the other program, as the library does upon its own. */
  void enforce() throws SQLException {
    execute("PRAGMA foreign_keys = ON");
  }

  /** Runs one statement of the other program. */
  void execute(String sql) throws SQLException {
    try (Statement statement = program.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Runs a transaction; statements that SQLite refuses are passed over. */
  void write(Step.Write write) throws SQLException {
    clock.advance(7);
    if (write.throughLibrary()) {
      replica.write(transaction -> throughLibrary(transaction, write.statements()));
      return;
    }
    try (Statement statement = program.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      long before = lastNote(statement);
      for (String sql : write.statements()) {
        try {
          statement.execute(sql);
        } catch (SQLException refused) {
          continue;
        }
      }
      // Triggers read the machine's clock; here time is simulated.
      statement.execute(
          "UPDATE godwit_pending SET time = " + clock.millis() + " WHERE id > " + before);
      statement.execute("COMMIT");
    }
  }

  private static void throughLibrary(SqlTransaction transaction, List<String> statements) {
    for (String sql : statements) {
      try {
        transaction.execute(sql);
      } catch (SqliteException refused) {
        continue;
      }
    }
  }

  private static long lastNote(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SELECT max(id) FROM godwit_pending")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** The rows of a table as texts, sorted; rows without a key are not synced. */
  List<String> rows(TableModel table) throws SQLException {
    List<String> rows = new ArrayList<>();
    String sql =
        "SELECT "
            + String.join(", ", table.columns())
            + " FROM "
            + table.name()
            + " WHERE "
            + String.join(" IS NOT NULL AND ", table.key())
            + " IS NOT NULL";
    try (Statement statement = program.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      while (found.next()) {
        List<Value> row = new ArrayList<>();
        for (int i = 1; i <= table.columns().size(); i++) {
          row.add(value(found.getObject(i)));
        }
        rows.add(row.toString());
      }
    }
    rows.sort(Comparator.naturalOrder());
    return rows;
  }

  private static Value value(Object object) {
    if (object == null) {
      return Value.NULL;
    }
    if (object instanceof Double number) {
      return Value.of(number);
    }
    if (object instanceof Number number) {
      return Value.of(number.longValue());
    }
    return object instanceof byte[] bytes ? Value.of(bytes) : Value.of((String) object);
  }

  List<Transaction> applied(History history) throws SQLException, IOException {
    return history.applied(program);
  }

  /** Whether anything waits to be sealed or packed. */
  boolean hasPending() throws SQLException {
    try (Statement statement = program.createStatement()) {
      return lastNote(statement) > 0;
    }
  }

  /** The first column of a query, as texts, sorted. */
  TreeSet<String> texts(String query) throws SQLException {
    TreeSet<String> texts = new TreeSet<>();
    try (Statement statement = program.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        texts.add(String.valueOf(rows.getString(1)));
      }
    }
    return texts;
  }

  @Override
  public void close() throws SQLException {
    replica.close();
    program.close();
  }
}
