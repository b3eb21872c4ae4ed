package dev.godwit.tests.scenario;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Another program that reads the same numbers from a file over and over, until it is closed. */
final class PatientReader implements AutoCloseable {
  private final List<List<Long>> seen = new ArrayList<>();
  private final AtomicBoolean done = new AtomicBoolean();
  private final Thread thread;
  private volatile SQLException failure;

  PatientReader(Path path, String query) {
    thread = new Thread(() -> read(path, query), "reader");
    thread.start();
  }

  private void read(Path path, String query) {
    try (Connection connection = Sqlite.connect(path);
        Statement statement = connection.createStatement()) {
      boolean last = false;
      while (!last) {
        last = done.get();
        try (ResultSet row = statement.executeQuery(query)) {
          row.next();
          List<Long> numbers = new ArrayList<>();
          for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            numbers.add(row.getLong(i));
          }
          seen.add(numbers);
        }
      }
    } catch (SQLException e) {
      failure = e;
    }
  }

  /** Reads once more, stops, and returns everything it saw. */
  List<List<Long>> seen() throws InterruptedException {
    done.set(true);
    thread.join();
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
    return seen;
  }

  @Override
  public void close() {
    done.set(true);
  }
}
