package dev.godwit.sync.sqlite;

import dev.godwit.sync.change.Value;

/** The rows of a query, read forwards. */
public interface SqliteRows extends AutoCloseable {
  /** Moves to the next row; false after the last. */
  boolean next();

  /** The value with its storage class, bit-exact. */
  Value value(int column);

  boolean isNull(int column);

  /** The integer, 0 for NULL. */
  long integer(int column);

  /** The text, null for NULL. */
  String text(int column);

  /** The bytes, null for NULL. */
  byte[] bytes(int column);

  /** The number of columns. */
  int columns();

  /** The name of a column as the query gives it. */
  String columnName(int column);

  @Override
  void close();
}
