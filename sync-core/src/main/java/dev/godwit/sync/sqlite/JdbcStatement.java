package dev.godwit.sync.sqlite;

import dev.godwit.sync.change.Value;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A statement of {@link JdbcSqlite}. */
final class JdbcStatement implements SqliteStatement {
  private final Connection connection;
  private final String sql;
  private final boolean survivesFailure;
  private PreparedStatement statement;

  /**
   * A compiled statement.
   *
   * @param survivesFailure whether the driver leaves a statement that has failed usable
   */
  JdbcStatement(Connection connection, String sql, boolean survivesFailure) throws SQLException {
    this.connection = connection;
    this.sql = sql;
    this.survivesFailure = survivesFailure;
    this.statement = connection.prepareStatement(sql);
  }

  private SqliteException failed(SQLException e) {
    if (!survivesFailure) {
      try {
        statement.close();
        statement = connection.prepareStatement(sql);
      } catch (SQLException another) {
        e.addSuppressed(another);
      }
    }
    return JdbcSqlite.translated(e, sql);
  }

  @Override
  public SqliteStatement bind(int parameter, Value value) {
    try {
      if (value instanceof Value.Text text) {
        statement.setString(parameter, text.text());
      } else if (value instanceof Value.Integer integer) {
        statement.setLong(parameter, integer.number());
      } else if (value instanceof Value.Null) {
        statement.setObject(parameter, null);
      } else if (value instanceof Value.Real real) {
        statement.setDouble(parameter, real.number());
      } else if (value instanceof Value.Blob blob) {
        statement.setBytes(parameter, blob.bytes());
      } else {
        // The driver has no way to bind bytes as TEXT: the statement must say CAST(? AS TEXT).
        statement.setBytes(parameter, ((Value.MalformedText) value).bytes());
      }
      return this;
    } catch (SQLException e) {
      throw JdbcSqlite.translated(e, sql);
    }
  }

  @Override
  public SqliteStatement bind(int parameter, long number) {
    try {
      statement.setLong(parameter, number);
      return this;
    } catch (SQLException e) {
      throw JdbcSqlite.translated(e, sql);
    }
  }

  @Override
  public SqliteStatement bind(int parameter, String text) {
    try {
      statement.setString(parameter, text);
      return this;
    } catch (SQLException e) {
      throw JdbcSqlite.translated(e, sql);
    }
  }

  @Override
  public SqliteStatement bind(int parameter, byte[] bytes) {
    try {
      statement.setBytes(parameter, bytes);
      return this;
    } catch (SQLException e) {
      throw JdbcSqlite.translated(e, sql);
    }
  }

  @Override
  public SqliteStatement bindNull(int parameter) {
    return bind(parameter, Value.NULL);
  }

  @Override
  public int update() {
    try {
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  @Override
  public void addToBatch() {
    try {
      statement.addBatch();
    } catch (SQLException e) {
      throw JdbcSqlite.translated(e, sql);
    }
  }

  @Override
  public int[] updateBatch() {
    try {
      return statement.executeBatch();
    } catch (SQLException e) {
      Throwable cause = e.getCause() instanceof SQLException inner ? inner : e;
      throw failed((SQLException) cause);
    }
  }

  @Override
  public SqliteRows query() {
    try {
      return new Rows(statement.executeQuery());
    } catch (SQLException e) {
      throw JdbcSqlite.translated(e, sql);
    }
  }

  @Override
  public void close() {
    try {
      statement.close();
    } catch (SQLException e) {
      throw JdbcSqlite.translated(e, sql);
    }
  }

  /** The rows of this statement. */
  private final class Rows implements SqliteRows {
    private final ResultSet rows;

    Rows(ResultSet rows) {
      this.rows = rows;
    }

    @Override
    public boolean next() {
      try {
        return rows.next();
      } catch (SQLException e) {
        throw JdbcSqlite.translated(e, sql);
      }
    }

    @Override
    public Value value(int column) {
      try {
        Object object = rows.getObject(column + 1);
        if (object == null) {
          return Value.NULL;
        }
        if (object instanceof String text) {
          return text.indexOf('\uFFFD') < 0
              ? new Value.Text(text)
              : checkedText(text, rows.getBytes(column + 1));
        }
        if (object instanceof Double real) {
          return new Value.Real(real);
        }
        return object instanceof Number integer
            ? new Value.Integer(integer.longValue())
            : Value.of((byte[]) object);
      } catch (SQLException e) {
        throw JdbcSqlite.translated(e, sql);
      }
    }

    @Override
    public boolean isNull(int column) {
      try {
        return rows.getObject(column + 1) == null;
      } catch (SQLException e) {
        throw JdbcSqlite.translated(e, sql);
      }
    }

    @Override
    public long integer(int column) {
      try {
        return rows.getLong(column + 1);
      } catch (SQLException e) {
        throw JdbcSqlite.translated(e, sql);
      }
    }

    @Override
    public String text(int column) {
      try {
        return rows.getString(column + 1);
      } catch (SQLException e) {
        throw JdbcSqlite.translated(e, sql);
      }
    }

    @Override
    public byte[] bytes(int column) {
      try {
        return rows.getBytes(column + 1);
      } catch (SQLException e) {
        throw JdbcSqlite.translated(e, sql);
      }
    }

    @Override
    public int columns() {
      try {
        return rows.getMetaData().getColumnCount();
      } catch (SQLException e) {
        throw JdbcSqlite.translated(e, sql);
      }
    }

    @Override
    public String columnName(int column) {
      try {
        return rows.getMetaData().getColumnLabel(column + 1);
      } catch (SQLException e) {
        throw JdbcSqlite.translated(e, sql);
      }
    }

    @Override
    public void close() {
      try {
        rows.close();
      } catch (SQLException e) {
        throw JdbcSqlite.translated(e, sql);
      }
    }

    /**
     * A replacement character may be the text's own, or the driver's word for bytes that are not
     * UTF-8.
     */
    private Value checkedText(String text, byte[] bytes) {
      try {
        CharBuffer strict = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        return new Value.Text(strict.toString());
      } catch (CharacterCodingException e) {
        return new Value.MalformedText(bytes);
      }
    }
  }
}
