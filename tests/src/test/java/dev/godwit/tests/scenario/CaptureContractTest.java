package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whatever SQL does to a tracked table, its net effect is captured: no more, no less. */
class CaptureContractTest extends TwoDevices {
  @Test
  void anInsertIsOneChangeThatNamesTableKeyValuesReplicaAndAHigherSequence() {
    startWithT();
    a.sql("INSERT INTO t VALUES (7, 'a', 2.5)");
    long before = a.sealed().get(0).header().dot().sequence();
    a.sql("INSERT INTO t VALUES (8, x'00', NULL)");
    List<Device.Sealed> sealed = a.sealed();
    assertEquals(2, sealed.size());
    RowChange change = sealed.get(1).changes().get(0);
    assertEquals(1, sealed.get(1).changes().size());
    assertEquals("t", change.shape().table());
    assertEquals(RowChange.Kind.INSERT, change.kind());
    assertEquals(RowKey.of(Value.of(8)), change.key());
    assertEquals(List.of("v", "w"), change.shape().columns());
    assertEquals("x'00', NULL", Value.of(new byte[1]) + ", " + change.values().get(1));
    assertEquals(a.replica().id(), sealed.get(1).header().dot().replica());
    assertTrue(sealed.get(1).header().dot().sequence() > before);
  }

  @Test
  void anUpdateThatChangesNothingIsNotCaptured() {
    startWithT("(1, 'a', 'b')");
    long sequence = a.sequence();
    a.sql("UPDATE t SET v = v", "UPDATE t SET v = 'other'; UPDATE t SET v = 'a'");
    assertEquals(sequence, a.sequence());
    b.sql("UPDATE t SET v = 'real'");
    a.sql("UPDATE t SET v = v");
    bothHaveT("[1, 'real', 'b']");
    noConflicts();
  }

  @Test
  void anUpdateCarriesTheChangedColumnAlone() {
    startWithT("(1, 'a', 'b')");
    a.sql("UPDATE t SET v = 'x', w = 'b' WHERE id = 1");
    assertEquals(List.of("v"), a.lastChanges().get(0).shape().columns());
    b.sql("UPDATE t SET w = 'y' WHERE id = 1");
    bothHaveT("[1, 'x', 'y']");
    noConflicts();
  }

  @Test
  void aDeletedRowIsNotFoundByItsKey() {
    startWithT("(1, 'a', 'b')", "(2, 'c', 'd')");
    a.sql("DELETE FROM t WHERE id = 2");
    bothShow("SELECT * FROM t WHERE id = 2");
    bothHaveT("[1, 'a', 'b']");
  }

  @Test
  void aDeleteWithoutConditionReachesAThousandRows() {
    startWithT();
    a.sql(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
            + " INSERT INTO t SELECT i, 'v' || i, i FROM n");
    devices.syncAll();
    assertEquals(1000, b.count("t"));
    a.sql("DELETE FROM t");
    bothHaveT();
    assertEquals(0, b.count("t"));
  }

  @Test
  void anInsertFromASelectReachesFiveHundredRows() {
    startWithT("(1, 'a', 'b')");
    a.sql(
        "INSERT INTO t SELECT id + i, v, i FROM t, (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
            + " SELECT i + 1 FROM n WHERE i < 500) SELECT i FROM n)");
    devices.syncAll();
    assertEquals(501, b.count("t"));
  }

  @Test
  void whatIsRolledBackIsNotCapturedAndLeavesNoGap() {
    startWithT();
    long sequence = a.sequence();
    a.sql("BEGIN", "INSERT INTO t VALUES (1, 'a', 'b')", "ROLLBACK");
    assertEquals(sequence, a.sequence());
    assertEquals("0", a.value("SELECT count(*) FROM godwit_pending"));
    a.sql("INSERT INTO t VALUES (2, 'c', 'd')");
    bothHaveT("[2, 'c', 'd']");
    assertEquals(sequence + 1, a.sequence());
  }

  @Test
  void workThatThrowsIsNotCaptured() {
    startWithT();
    long sequence = a.sequence();
    try {
      a.replica()
          .write(
              transaction -> {
                transaction.execute("INSERT INTO t VALUES (1, 'a', 'b')");
                throw new IllegalArgumentException("no");
              });
    } catch (IllegalArgumentException expected) {
      assertEquals("no", expected.getMessage());
    }
    assertEquals(sequence, a.sequence());
    bothHaveT();
  }

  @Test
  void whatASavepointTakesBackIsNotCaptured() {
    startWithT("(9, 'old', 'old')");
    a.sql(
        "BEGIN",
        "INSERT INTO t VALUES (1, 'a', 'b')",
        "SAVEPOINT s",
        "INSERT INTO t VALUES (2, 'a', 'b')",
        "UPDATE t SET v = 'new' WHERE id = 9",
        "DELETE FROM t WHERE id = 1",
        "ROLLBACK TO s",
        "INSERT INTO t VALUES (3, 'a', 'b')",
        "COMMIT");
    bothHaveT("[1, 'a', 'b']", "[3, 'a', 'b']", "[9, 'old', 'old']");
  }

  @Test
  void aStatementThatFailsIsNotCaptured() {
    start(
        "CREATE TABLE p (id INTEGER PRIMARY KEY);"
            + "CREATE TABLE t (id INTEGER PRIMARY KEY, u UNIQUE, n NOT NULL, c CHECK (c > 0), p REFERENCES p(id));"
            + "INSERT INTO p VALUES (1); INSERT INTO t VALUES (1, 'u', 'n', 1, 1)",
        "p",
        "t");
    devices.syncAll();
    long sequence = a.sequence();
    for (String values :
        List.of(
            "2, 'u', 'n', 1, 1", "2, 'x', NULL, 1, 1", "2, 'x', 'n', 0, 1", "2, 'x', 'n', 1, 9")) {
      String refusal = Sqlite.refused(a.path(), "INSERT INTO t VALUES (" + values + ")");
      assertTrue(refusal.contains("constraint"), refusal);
    }
    assertEquals(sequence, a.sequence());
    assertEquals("0", a.value("SELECT count(*) FROM godwit_pending"));
    bothShow("SELECT * FROM t", "[1, 'u', 'n', 1, 1]");
  }

  @Test
  void aStatementThatFailsHalfwayIsCapturedAsFarAsItWent() throws SQLException {
    startWithT("(1, 'a', 'b')");
    try (Connection connection = Sqlite.connect(a.path());
        Statement statement = connection.createStatement()) {
      boolean refused = false;
      try {
        statement.executeUpdate("INSERT OR FAIL INTO t(id) VALUES (10),(11),(1),(12)");
      } catch (SQLException e) {
        refused = true;
      }
      assertTrue(refused);
    }
    bothHaveT("[1, 'a', 'b']", "[10, NULL, NULL]", "[11, NULL, NULL]");
  }

  @Test
  void anIgnoredInsertChangesNothing() {
    startWithT("(1, 'a', 'b')");
    long sequence = a.sequence();
    a.sql("INSERT OR IGNORE INTO t VALUES (1, 'ignored', 'ignored')");
    assertEquals(sequence, a.sequence());
    b.sql("UPDATE t SET v = 'b'");
    bothHaveT("[1, 'b', 'b']");
    noConflicts();
  }

  @Test
  void anUpsertIsAnUpdateAnInsertOrNothing() {
    startWithT("(1, 'a', 'b')");
    a.sql(
        "INSERT INTO t (id, v) VALUES (1, 'up') ON CONFLICT(id) DO UPDATE SET v = excluded.v",
        "INSERT INTO t (id, v) VALUES (2, 'new') ON CONFLICT(id) DO UPDATE SET v = excluded.v",
        "INSERT INTO t VALUES (1, 'no', 'no') ON CONFLICT(id) DO NOTHING");
    assertEquals(
        Set.of("UPDATE [v]", "INSERT [v, w]"),
        a.lastChanges().stream()
            .map(change -> change.kind() + " " + change.shape().columns())
            .collect(Collectors.toSet()));
    bothHaveT("[1, 'up', 'b']", "[2, 'new', NULL]");
  }

  @Test
  void aRowInsertedAndDeletedInOneTransactionLeavesNoTrace() {
    startWithT();
    long sequence = a.sequence();
    a.sql("BEGIN", "INSERT INTO t VALUES (1, 'a', 'b')", "DELETE FROM t", "COMMIT");
    assertEquals(sequence, a.sequence());
    bothHaveT();
    assertEquals(
        "0",
        b.value(
            "SELECT count(*) FROM godwit_row r JOIN godwit_table t ON t.number = r.table_number WHERE name = 't'"));
  }

  @Test
  void aRowDeletedAndInsertedAnewKeepsNoOldValue() {
    startWithT("(1, 'a', 'b')");
    a.sql("BEGIN", "DELETE FROM t", "INSERT INTO t (id, v) VALUES (1, 'c')", "COMMIT");
    bothHaveT("[1, 'c', NULL]");
    noConflicts();
  }

  @Test
  void oneTransactionIsShownWholeOrNotAtAll() throws InterruptedException {
    start(
        "CREATE TABLE event (id TEXT PRIMARY KEY, title);"
            + "CREATE TABLE attendee (id TEXT PRIMARY KEY, event REFERENCES event(id));"
            + "CREATE TABLE reminder (id TEXT PRIMARY KEY, event REFERENCES event(id), minutes)",
        "event",
        "attendee",
        "reminder");
    for (int i = 0; i < 40; i++) {
      a.sql(
          "BEGIN",
          "INSERT INTO attendee VALUES ('a" + i + "', 'e" + i + "'), ('b" + i + "', 'e" + i + "')",
          "INSERT INTO reminder VALUES ('r" + i + "', 'e" + i + "', 10)",
          "INSERT INTO event VALUES ('e" + i + "', 'Dentist')",
          "COMMIT");
      a.replica().seal();
    }
    try (PatientReader reader =
        new PatientReader(
            b.path(),
            "SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM attendee), (SELECT count(*) FROM reminder)")) {
      Devices.meet(b, a);
      for (List<Long> counts : reader.seen()) {
        assertEquals(List.of(counts.get(0), 2 * counts.get(0), counts.get(0)), counts);
      }
    }
    devices.syncAll();
    assertEquals(40, b.count("event"));
  }

  @Test
  void theApplicationSeesTheSameIdsAndCountsAsWithoutTheToolkit() throws SQLException {
    startWithT("(1, 'a', 'b')", "(2, 'c', 'd')");
    Sqlite.run(folder.resolve("plain.db"), T, "INSERT INTO t VALUES (1, 'a', 'b'), (2, 'c', 'd')");
    assertEquals(
        whatAnApplicationSees(folder.resolve("plain.db")), whatAnApplicationSees(a.path()));
  }

  private static String whatAnApplicationSees(Path path) throws SQLException {
    StringBuilder seen = new StringBuilder();
    try (Connection connection = Sqlite.connect(path);
        Statement statement = connection.createStatement()) {
      // The driver takes the count of an unprepared statement from total_changes(), in which every
      // trigger counts.
      for (String sql :
          List.of(
              "INSERT INTO t (v) VALUES ('new')",
              "INSERT INTO t (v) VALUES ('x'), ('y')",
              "REPLACE INTO t VALUES (2, 'r', NULL)",
              "UPDATE t SET v = 'u' WHERE id < 3",
              "UPDATE t SET id = 50 WHERE id = 3",
              "INSERT OR IGNORE INTO t VALUES (1, 1, 1)",
              "INSERT INTO t (id, v) VALUES (1, 'up') ON CONFLICT(id) DO UPDATE SET v = 'up'",
              "DELETE FROM t WHERE id > 3")) {
        try (PreparedStatement prepared = connection.prepareStatement(sql)) {
          seen.append(prepared.executeUpdate()).append(' ');
        }
        seen.append(one(statement, "SELECT changes()")).append(' ');
        seen.append(one(statement, "SELECT last_insert_rowid()")).append("; ");
      }
      statement.executeUpdate("INSERT INTO t (v) VALUES ('key')", Statement.RETURN_GENERATED_KEYS);
      try (ResultSet keys = statement.getGeneratedKeys()) {
        keys.next();
        seen.append(keys.getLong(1)).append("; ");
      }
      seen.append(one(statement, "INSERT INTO t (v) VALUES ('r') RETURNING id || v || changes()"));
      seen.append(one(statement, "UPDATE t SET w = 'w' WHERE id = 1 RETURNING w || v"));
      seen.append(one(statement, "DELETE FROM t WHERE id = 1 RETURNING w || v"));
    }
    return seen.toString();
  }

  private static String one(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      return row.next() ? row.getString(1) : "nothing";
    }
  }

  @Test
  void headerFieldsStayTheApplications() {
    a = devices.device("a", "PRAGMA user_version = 17; PRAGMA application_id = 4711;" + T, "t");
    a.sql("INSERT INTO t VALUES (1, 'a', 'b')");
    a.sequence();
    assertEquals("17", a.value("PRAGMA user_version"));
    assertEquals("4711", a.value("PRAGMA application_id"));
  }

  @Test
  void whatCameFromElsewhereIsPassedOnButNeverSentAsOnesOwn() {
    startWithT();
    final Device c = devices.device("c", T, "t");
    devices.syncAll();
    long sequence = b.sequence();
    a.sql("INSERT INTO t VALUES (1, 'a', 'b')", "UPDATE t SET v = 'x'");
    assertEquals(0, b.replica().seal());
    Devices.meet(b, a);
    assertEquals(sequence, b.sequence(), "b has sealed nothing of its own");
    assertEquals("0", b.value("SELECT count(*) FROM godwit_pending"));
    assertEquals(0, Devices.meet(b, a).exchange().envelopesSent());
    Devices.meet(c, b);
    assertEquals(List.of("[1, 'x', 'b']"), c.rows("SELECT * FROM t"));
    assertTrue(c.conflicts().isEmpty());
  }

  @Test
  void anInsertThroughAViewReachesItsTable() {
    start(
        T
            + "; CREATE VIEW shown AS SELECT id, v AS title FROM t;"
            + "CREATE TRIGGER shown_insert INSTEAD OF INSERT ON shown BEGIN INSERT INTO t (id, v) VALUES (NEW.id, NEW.title); END;"
            + "CREATE TRIGGER shown_update INSTEAD OF UPDATE ON shown BEGIN UPDATE t SET v = NEW.title WHERE id = OLD.id; END;"
            + "CREATE TRIGGER shown_delete INSTEAD OF DELETE ON shown BEGIN DELETE FROM t WHERE id = OLD.id; END",
        "t");
    a.sql("INSERT INTO shown VALUES (1, 'one'), (2, 'two')");
    bothHaveT("[1, 'one', NULL]", "[2, 'two', NULL]");
    b.sql("UPDATE shown SET title = 'zwei' WHERE id = 2", "DELETE FROM shown WHERE id = 1");
    bothHaveT("[2, 'zwei', NULL]");
  }

  @Test
  void awkwardNamesAreNamesLikeOthers() {
    String[] names = {
      "order details", "it's", "group by", "select", "\"quoted\"", "sõna 🗓", "[x]", "a.b", "%"
    };
    StringBuilder schema = new StringBuilder();
    for (int i = 0; i < names.length; i++) {
      String key = quoted(names[(i + 1) % names.length]);
      String value = quoted(names[(i + 2) % names.length]);
      String unique = quoted(names[(i + 3) % names.length]);
      schema.append("CREATE TABLE ").append(quoted(names[i])).append(" (").append(key);
      schema
          .append(i % 2 == 0 ? " TEXT" : " INTEGER")
          .append(" PRIMARY KEY NOT NULL, ")
          .append(value);
      schema.append(", ").append(unique).append(" UNIQUE);");
    }
    start(schema.toString(), names);
    for (int i = 0; i < names.length; i++) {
      String table = quoted(names[i]);
      String key = quoted(names[(i + 1) % names.length]);
      String value = quoted(names[(i + 2) % names.length]);
      a.sql(
          "INSERT INTO " + table + " VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3), (4, 'd', 4)",
          "UPDATE " + table + " SET " + value + " = 'x' WHERE " + key + " = 1",
          "DELETE FROM " + table + " WHERE " + key + " = 2",
          "UPDATE " + table + " SET " + key + " = 30 WHERE " + key + " = 3");
    }
    devices.syncAll();
    for (int i = 0; i < names.length; i++) {
      b.sql("REPLACE INTO " + quoted(names[i]) + " VALUES (1, 'r', 4)");
    }
    devices.syncAll();
    for (String name : names) {
      assertEquals(
          "1|r|4,30|c|3",
          String.join(",", Sqlite.text(a.path(), "SELECT * FROM " + quoted(name) + " ORDER BY 1")),
          name);
    }
    noConflicts();
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @Test
  void rowsThatAreNothingButAKeyComeAndGo() {
    start(
        "CREATE TABLE member (a TEXT, b INTEGER, PRIMARY KEY (a, b)) WITHOUT ROWID;"
            + "CREATE TABLE tag (name TEXT PRIMARY KEY NOT NULL); CREATE TABLE number (n INTEGER PRIMARY KEY)",
        "member",
        "tag",
        "number");
    a.sql(
        "INSERT INTO member VALUES ('x', 1), ('x', 2), ('y', 1)",
        "INSERT INTO tag VALUES ('red'), ('blue')",
        "INSERT INTO number VALUES (1), (2)");
    bothShow("SELECT * FROM member", "['x', 1]", "['x', 2]", "['y', 1]");
    b.sql(
        "DELETE FROM member WHERE b = 1",
        "DELETE FROM tag WHERE name = 'red'",
        "DELETE FROM number");
    b.sql("UPDATE tag SET name = 'green' WHERE name = 'blue'");
    bothShow("SELECT * FROM member", "['x', 2]");
    bothShow("SELECT * FROM tag", "['green']");
    bothShow("SELECT * FROM number");
  }

  @Test
  void ofTwoHundredColumnsOnlyTheEditedOneTravels() {
    StringBuilder columns = new StringBuilder();
    StringBuilder values = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      columns.append(", c").append(i);
      values.append(", 'a rather long value of column ").append(i).append("'");
    }
    start("CREATE TABLE wide (id INTEGER PRIMARY KEY" + columns + ")", "wide");
    a.sql("INSERT INTO wide VALUES (1" + values + ")");
    devices.syncAll();
    a.sql("UPDATE wide SET c150 = 'edited'");
    b.sql("UPDATE wide SET c3 = 3, c199 = NULL");
    assertEquals(List.of("c150"), a.lastChanges().get(0).shape().columns());
    long bytes =
        Long.parseLong(
            a.value("SELECT length(bytes) FROM godwit_log ORDER BY position DESC LIMIT 1"));
    assertTrue(bytes < 400, "an edit of one column took " + bytes + " bytes");
    bothShow(
        "SELECT c3, c150, c199, c0 FROM wide",
        "[3, 'edited', NULL, 'a rather long value of column 0']");
    noConflicts();
  }

  @Test
  void writesToUntrackedTablesAreNeitherCapturedNorSent() {
    start(T + "; CREATE TABLE private (id INTEGER PRIMARY KEY, v)", "t");
    long sequence = a.sequence();
    a.sql(
        "INSERT INTO private VALUES (1, 'mine')",
        "UPDATE private SET v = 'x'",
        "DELETE FROM private WHERE id = 2");
    assertEquals("0", a.value("SELECT count(*) FROM godwit_pending"));
    assertEquals(sequence, a.sequence());
    devices.syncAll();
    assertEquals(0, b.count("private"));
    assertFalse(a.tracked().contains("private"));
  }
}
