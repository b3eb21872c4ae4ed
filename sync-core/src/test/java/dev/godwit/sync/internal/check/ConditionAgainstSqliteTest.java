package dev.godwit.sync.internal.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.sqlite.JdbcSqlite;
import dev.godwit.sync.sqlite.SqliteConnection;
import dev.godwit.sync.sqlite.SqliteException;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteStatement;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link Condition} says of a row is what SQLite says of it, to the bit. */
class ConditionAgainstSqliteTest {
  private static final int EXPRESSIONS = Integer.getInteger("godwit.expressions", 20_000);
  private static final int ROWS = 40;

  private final long seed = Long.getLong("godwit.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final RandomExpressions drawn = new RandomExpressions(random);
  private final TableText table = new TableText(RandomExpressions.TABLE);
  private final List<Map<String, Value>> rows = new ArrayList<>();

  @TempDir Path folder;
  private SqliteConnection connection;

  @BeforeEach
  void tableWithRandomRows() throws IOException {
    Path path = Files.createFile(folder.resolve("t.db"));
    connection = JdbcSqlite.at(path.toString()).open();
    connection.execute(RandomExpressions.TABLE);
    for (int i = 0; i < ROWS; i++) {
      List<String> values = new ArrayList<>();
      for (int column = 0; column < RandomExpressions.COLUMNS.length; column++) {
        values.add(drawn.value());
      }
      connection.execute("INSERT INTO t VALUES (" + String.join(", ", values) + ")");
    }
    try (SqliteStatement query = connection.prepare("SELECT * FROM t ORDER BY rowid");
        SqliteRows found = query.query()) {
      while (found.next()) {
        Map<String, Value> row = new HashMap<>();
        for (int column = 0; column < RandomExpressions.COLUMNS.length; column++) {
          row.put(RandomExpressions.COLUMNS[column], found.value(column));
        }
        rows.add(row);
      }
    }
  }

  @AfterEach
  void close() {
    connection.close();
  }

  @Test
  void randomExpressionsHaveTheValueThatSqliteGivesThem() {
    int decided = 0;
    int undecided = 0;
    int refused = 0;
    for (int i = 0; i < EXPRESSIONS; i++) {
      String sql = drawn.expression(1 + random.nextInt(4));
      Condition.Parsed parsed = Condition.parse(sql, table);
      if (parsed.condition() == null) {
        refused++;
        continue;
      }
      int row = 1 + random.nextInt(ROWS);
      Optional<Value> own = parsed.condition().value(rows.get(row - 1)::get);
      if (own.isPresent()) {
        decided++;
        assertEquals(
            sqlite(sql, row),
            own.get().toString(),
            () -> sql + " of " + rows.get(row - 1) + ", seed " + seed);
      } else {
        undecided++;
      }
    }
    int all = EXPRESSIONS;
    String figures =
        decided + " decided, " + undecided + " not, " + refused + " refused, of " + all;
    assertTrue(decided > all / 2, figures + ", seed " + seed);
    assertTrue(refused < all / 10, figures + ", seed " + seed);
  }

  private String sqlite(String sql, int row) {
    try (SqliteStatement query =
            connection.prepare("SELECT " + sql + " FROM t WHERE rowid = " + row);
        SqliteRows found = query.query()) {
      found.next();
      return found.value(0).toString();
    } catch (SqliteException e) {
      return e.getMessage();
    }
  }

  @Test
  void textsOfNumbersAreDecidedOnlyAsEveryVersionWritesThem() {
    int decided = 0;
    for (int i = 0; i < EXPRESSIONS; i++) {
      int digits = 1 + random.nextInt(15);
      long unscaled = (long) (random.nextDouble() * Math.pow(10, digits));
      String sql =
          "ltrim("
              + BigDecimal.valueOf(unscaled, 1 + random.nextInt(digits + 3)).toPlainString()
              + ")";
      Optional<Value> own = Condition.parse(sql, table).condition().value(rows.get(0)::get);
      if (own.isPresent()) {
        decided++;
        assertEquals(sqlite(sql, 1), own.get().toString(), () -> sql + ", seed " + seed);
      }
    }
    assertTrue(decided > EXPRESSIONS / 2, decided + " decided, seed " + seed);
  }

  @Test
  void aCheckRefusesExactlyTheRowsThatTheConditionFinds() {
    for (int i = 0; i < EXPRESSIONS / 20; i++) {
      String sql = drawn.expression(1 + random.nextInt(3));
      String create = RandomExpressions.TABLE.replace("TABLE t", "TABLE k");
      create = create.substring(0, create.length() - 1) + ", CHECK (" + sql + "))";
      TableRules rules = new TableRules(create);
      if (rules.isEmpty()) {
        continue;
      }
      connection.execute("DROP TABLE IF EXISTS k");
      connection.execute(create);
      for (int row = 1; row <= 5; row++) {
        Condition.Verdict verdict =
            rules.checks().get(0).condition().verdict(rows.get(row - 1)::get);
        if (verdict != Condition.Verdict.UNDECIDED) {
          int at = row;
          assertEquals(
              accepts(row),
              rules.broken(rows.get(row - 1)::get).isEmpty(),
              () -> create(sql) + " of " + rows.get(at - 1) + ", seed " + seed);
        }
      }
    }
  }

  private static String create(String sql) {
    return "CHECK (" + sql + ")";
  }

  private boolean accepts(int row) {
    try {
      connection.execute("INSERT INTO k SELECT * FROM t WHERE rowid = " + row);
      return true;
    } catch (SqliteException e) {
      assertEquals(SqliteException.Reason.CONSTRAINT, e.reason());
      return false;
    }
  }
}
