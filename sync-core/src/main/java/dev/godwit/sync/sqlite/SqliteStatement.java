package dev.godwit.sync.sqlite;

import dev.godwit.sync.change.Value;

/**
 * One compiled statement. Parameters are numbered from 1 and keep their values until bound again;
 * columns are numbered from 0.
 */
public interface SqliteStatement extends AutoCloseable {
  /** Binds a value with its storage class, bit-exact. */
  SqliteStatement bind(int parameter, Value value);

  SqliteStatement bind(int parameter, long number);

  SqliteStatement bind(int parameter, String text);

  SqliteStatement bind(int parameter, byte[] bytes);

  SqliteStatement bindNull(int parameter);

  /** Runs the statement and returns the number of rows it changed. */
  int update();

  /** Sets the bound parameters aside, to be run with others by {@link #updateBatch}. */
  void addToBatch();

  /**
   * Runs the statement once for each set of parameters set aside, and forgets them.
   *
   * @return the number of rows that each run changed
   * @throws SqliteException when one fails; those before it have taken effect and the batch is
   *     forgotten
   */
  int[] updateBatch();

  /** Runs the query; the rows must be closed before the statement is used again. */
  SqliteRows query();

  @Override
  void close();
}
