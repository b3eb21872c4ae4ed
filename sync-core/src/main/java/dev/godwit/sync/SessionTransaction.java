package dev.godwit.sync;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteStatement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** SQL on the session of a write. */
final class SessionTransaction implements SqlTransaction {
  private final Session session;

  SessionTransaction(Session session) {
    this.session = session;
  }

  @Override
  public int execute(String sql, Object... parameters) {
    return bound(sql, parameters).update();
  }

  @Override
  public List<Map<String, Value>> query(String sql, Object... parameters) {
    List<Map<String, Value>> found = new ArrayList<>();
    try (SqliteRows rows = bound(sql, parameters).query()) {
      while (rows.next()) {
        Map<String, Value> row = new LinkedHashMap<>();
        for (int i = 0; i < rows.columns(); i++) {
          row.put(rows.columnName(i), rows.value(i));
        }
        found.add(row);
      }
    }
    return found;
  }

  private SqliteStatement bound(String sql, Object... parameters) {
    SqliteStatement statement = session.statement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.bind(i + 1, value(parameters[i], i + 1));
    }
    return statement;
  }

  private static Value value(Object parameter, int place) {
    if (parameter == null) {
      return Value.NULL;
    }
    if (parameter instanceof Value value) {
      return value;
    }
    if (parameter instanceof CharSequence text) {
      return Value.of(text.toString());
    }
    if (parameter instanceof byte[] bytes) {
      return Value.of(bytes);
    }
    if (parameter instanceof Double || parameter instanceof Float) {
      return Value.of(((Number) parameter).doubleValue());
    }
    if (parameter instanceof Long
        || parameter instanceof Integer
        || parameter instanceof Short
        || parameter instanceof Byte) {
      return Value.of(((Number) parameter).longValue());
    }
    if (parameter instanceof Boolean truth) {
      return Value.of(truth ? 1L : 0L);
    }
    throw new IllegalArgumentException(
        "expected a number, text, bytes or null for parameter "
            + place
            + " but got "
            + parameter.getClass().getName());
  }
}
