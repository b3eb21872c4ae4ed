package dev.godwit.sync;

import dev.godwit.sync.change.Value;
import java.util.List;
import java.util.Map;

/**
 * The transaction inside {@link Replica#write}: SQL on the application's own tables.
 *
 * <p>Parameters are {@code null}, {@link Number} (whole numbers as INTEGER, {@code float} and
 * {@code double} as REAL), {@link Boolean} (0 or 1), {@link CharSequence}, {@code byte[]} or {@link
 * Value}. Use it only inside the call that it was handed to, on that thread.
 */
public interface SqlTransaction {
  /**
   * Runs one statement.
   *
   * @return the number of rows that it changed
   * @throws dev.godwit.sync.sqlite.SqliteException when SQLite refuses it; the transaction may go
   *     on or be given up by letting the exception out
   */
  int execute(String sql, Object... parameters);

  /** The rows of one query, columns by name in order; all in memory. */
  List<Map<String, Value>> query(String sql, Object... parameters);
}
