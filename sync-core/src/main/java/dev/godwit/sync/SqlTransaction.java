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

  /**
   * Says that what this transaction writes to a row was made by somebody who saw no more of it than
   * a token tells: a form that was opened then. What has come to the row since is not overwritten
   * unseen; both stand as a conflict, as if the write had been made then.
   *
   * <p>Columns that are merged ({@code counter}, {@code set}, {@code map}, {@code text}) take what
   * the write changes of what the token tells; the table shows what they come to once the
   * transaction is packed, at the next exchange at the latest. Where somebody has written to such a
   * column since, all of the log is read for that.
   *
   * @param token of {@link #version} or {@link Replica#version}, or read from {@code
   *     godwit_version}
   * @param table a tracked table
   * @param key the values of the row's key, at most four
   */
  default void basedOn(String token, String table, Object... key) {
    if (key.length == 0 || key.length > 4) {
      throw new IllegalArgumentException("expected a key of 1 … 4 values but got " + key.length);
    }
    Object[] values = new Object[6];
    values[0] = token;
    values[1] = table;
    System.arraycopy(key, 0, values, 2, key.length);
    execute(
        "INSERT INTO godwit_based_on (token, table_name, key1, key2, key3, key4)"
            + " VALUES (?, ?, ?, ?, ?, ?)",
        values);
  }

  /**
   * What the tables show at the moment, for a later {@link #basedOn}. {@link Replica#version} is
   * exact also where a form that was saved waits, or a write that changed nothing.
   */
  default String version() {
    Value token = query("SELECT token FROM godwit_version").get(0).get("token");
    return ((Value.Text) token).text();
  }
}
