package dev.godwit.tests.bench.sync;

import java.util.function.IntFunction;

/**
 * One kind of writing, as statements in transactions; the same for the plain and for the tracked
 * file.
 */
enum Workload {
  BULK_INSERT("bulk insert, one transaction"),
  SINGLE_ROWS("one-row transactions"),
  UPDATE_BY_KEY("one column by key, one transaction"),
  UPDATE_AT_ONCE("one statement over many rows"),
  DELETE("deletes by key, one transaction");

  private final String text;

  Workload(String text) {
    this.text = text;
  }

  /** Somewhere to run statements. */
  interface Target {
    void transaction(Statements statements) throws Exception;
  }

  /** What runs inside a transaction. */
  interface Statements {
    void run(Execution execution) throws Exception;
  }

  /** Runs one statement. */
  interface Execution {
    void execute(String sql, Object... parameters) throws Exception;
  }

  /** Runs on a file that holds {@code all} (but for the inserts). */
  void run(Target target, Events all, Events extra) throws Exception {
    switch (this) {
      case BULK_INSERT -> each(target, all.count(), Events.INSERT, all::row);
      case SINGLE_ROWS -> {
        for (int i = 0; i < extra.count(); i++) {
          Object[] row = extra.row(i);
          target.transaction(execution -> execution.execute(Events.INSERT, row));
        }
      }
      case UPDATE_BY_KEY ->
          each(
              target,
              all.count() / 2,
              "UPDATE events SET title = ? WHERE id = ?",
              i -> new Object[] {"moved " + i, all.id(i)});
      case UPDATE_AT_ONCE ->
          target.transaction(
              execution ->
                  execution.execute(
                      "UPDATE events SET location = location || ' 2' WHERE rowid <= ?",
                      all.count() / 2));
      case DELETE ->
          each(
              target,
              all.count() / 5,
              "DELETE FROM events WHERE id = ?",
              i -> new Object[] {all.id(i)});
      default -> throw new IllegalStateException(text);
    }
  }

  private static void each(Target target, int count, String sql, IntFunction<Object[]> parameters)
      throws Exception {
    target.transaction(
        execution -> {
          for (int i = 0; i < count; i++) {
            execution.execute(sql, parameters.apply(i));
          }
        });
  }

  @Override
  public String toString() {
    return text;
  }
}
