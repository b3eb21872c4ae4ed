package dev.godwit.tests.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.godwit.sync.Replica;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.sqlite.JdbcSqlite;
import dev.godwit.sync.transport.InProcessRemote;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two devices on an old engine: what is written on one is the same on the other. */
@Tag(OldSqlite.TAG)
class OldSqliteRoundTripTest {
  private static final String SPACE = "0123456789abcdef0123456789abcdef";
  private static final String[] SCHEMA = {
    "CREATE TABLE t (id INTEGER PRIMARY KEY, v, w REAL, u TEXT UNIQUE)",
    "CREATE TABLE n (k TEXT PRIMARY KEY NOT NULL DEFAULT (lower(hex(randomblob(8)))), v, t INTEGER REFERENCES t(id) ON DELETE CASCADE ON UPDATE CASCADE)",
    "CREATE TABLE p (a TEXT COLLATE NOCASE, b INTEGER, v BLOB, PRIMARY KEY (b, a)) WITHOUT ROWID",
    "CREATE TABLE log (id INTEGER PRIMARY KEY, what)",
    "CREATE UNIQUE INDEX p_v ON p (v) WHERE v IS NOT NULL",
    "CREATE TRIGGER t_log AFTER INSERT ON t BEGIN INSERT INTO log (what) VALUES (NEW.u); END"
  };
  private static final String[] TABLES = {"t", "n", "p", "log"};

  @TempDir Path folder;
  private final List<Replica> replicas = new ArrayList<>();
  private Path a;
  private Path b;

  @BeforeEach
  void twoDevices() throws SQLException {
    a = device("a");
    b = device("b");
  }

  private Path device(String name) throws SQLException {
    Path path = folder.resolve(name + ".db");
    OldSqlite.open(path).close();
    run(path, SCHEMA);
    Replica replica =
        Replica.builder(JdbcSqlite.at(path.toString()))
            .deviceName(name)
            .space(SpaceId.parse(SPACE))
            .open();
    replicas.add(replica);
    replica.track(TABLES);
    return path;
  }

  @AfterEach
  void close() {
    replicas.forEach(Replica::close);
  }

  private static void run(Path path, String... statements) throws SQLException {
    try (Connection connection = OldSqlite.open(path);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA foreign_keys = ON");
      for (String sql : statements) {
        statement.executeUpdate(sql);
      }
    }
  }

  private static List<String> rows(Path path, String query) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = OldSqlite.open(path);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          row.append(i == 1 ? "" : "|").append(rows.getString(i));
        }
        found.add(row.toString());
      }
    }
    return found;
  }

  private void bothAgree() throws SQLException {
    for (int i = 0; i < 2; i++) {
      replicas.get(0).sync(InProcessRemote.of(replicas.get(1).exchangeStore()));
      replicas.get(1).sync(InProcessRemote.of(replicas.get(0).exchangeStore()));
    }
    for (String table : TABLES) {
      String query = "SELECT * FROM " + table + " ORDER BY 1, 2";
      assertEquals(rows(a, query), rows(b, query), table);
    }
    assertEquals(List.of(), rows(b, "PRAGMA foreign_key_check"));
    assertEquals(List.of("ok"), rows(b, "PRAGMA integrity_check"));
  }

  @Test
  void everyKindOfStatementArrives() throws SQLException {
    run(
        a,
        "INSERT INTO t VALUES (1, x'00ff', 0.1, 'one'), (2, 'two', 2, 'two'), (3, 9223372036854775807, NULL, 'three')",
        "INSERT INTO n (v, t) VALUES ('made up key', 1), ('another', 2)",
        "INSERT INTO p VALUES ('A', 1, x'01'), ('b', 2, NULL)");
    bothAgree();
    assertEquals(List.of("2"), rows(b, "SELECT count(*) FROM n"));
    assertEquals(List.of("3"), rows(b, "SELECT count(*) FROM log"));
    run(
        b,
        "UPDATE t SET v = 1.0 WHERE id = 1",
        "UPDATE t SET id = 20 WHERE id = 2",
        "REPLACE INTO t (id, u) VALUES (5, 'three')",
        "UPDATE p SET a = 'a', v = x'02' WHERE b = 1",
        "DELETE FROM p WHERE b = 2");
    run(a, "UPDATE t SET w = 0.5 WHERE id = 1", "UPDATE n SET v = 'edited' WHERE t = 2");
    bothAgree();
    assertEquals(
        List.of("1|real|0.5", "5|null|null", "20|text|2.0"),
        rows(a, "SELECT id, typeof(v), w FROM t ORDER BY id"));
    assertEquals(List.of("edited|20"), rows(a, "SELECT v, t FROM n WHERE v = 'edited'"));
    assertEquals(List.of("a|1"), rows(a, "SELECT a, b FROM p"));
    run(
        a,
        "DELETE FROM t WHERE id = 20",
        "UPDATE t SET v = 1 WHERE id = 1",
        "UPDATE OR IGNORE t SET id = 5 WHERE id = 1");
    bothAgree();
    assertEquals(List.of("1"), rows(b, "SELECT count(*) FROM n"));
    assertEquals(List.of("integer"), rows(b, "SELECT typeof(v) FROM t WHERE id = 1"));
  }

  @Test
  void aNewColumnIsFollowed() throws SQLException {
    run(a, "INSERT INTO t VALUES (1, 'v', 1, 'one')");
    bothAgree();
    run(a, "ALTER TABLE t ADD COLUMN x DEFAULT 'd'", "UPDATE t SET x = 'new'");
    run(b, "ALTER TABLE t ADD COLUMN x DEFAULT 'd'", "UPDATE t SET v = 'edited'");
    bothAgree();
    assertEquals(List.of("edited|new"), rows(b, "SELECT v, x FROM t"));
  }
}
