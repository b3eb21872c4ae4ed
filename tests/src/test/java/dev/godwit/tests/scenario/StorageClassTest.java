package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Every value arrives with its storage class and every bit, and is still the same after the row was
 * edited elsewhere and has come back.
 */
class StorageClassTest extends TwoDevices {
  private void roundTrip(String... tables) {
    List<List<String>> before = new ArrayList<>();
    for (String table : tables) {
      before.add(a.exactRows(table));
    }
    devices.syncAll();
    for (String table : tables) {
      b.sql("UPDATE " + table + " SET note = 'edited elsewhere'");
    }
    devices.syncAll();
    for (int i = 0; i < tables.length; i++) {
      a.sql("UPDATE " + tables[i] + " SET note = NULL");
      devices.syncAll();
      assertEquals(
          String.join("\n", before.get(i)), String.join("\n", b.exactRows(tables[i])), tables[i]);
    }
    noConflicts();
  }

  private void keepsBits(String type, Object... values) throws SQLException {
    start("CREATE TABLE held (id INTEGER PRIMARY KEY, value " + type + ", note)", "held");
    try (Connection connection = Sqlite.connect(a.path());
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO held (value) VALUES (?)")) {
      for (Object value : values) {
        insert.setObject(1, value);
        insert.executeUpdate();
      }
    }
    assertEquals(values.length, a.count("held"));
    roundTrip("held");
  }

  @Test
  void nothingEmptyTextAndEmptyBytesAreThreeThings() {
    start("CREATE TABLE held (id INTEGER PRIMARY KEY, x, y, z, note)", "held");
    a.sql("INSERT INTO held (x, y, z) VALUES (NULL, '', x'')");
    roundTrip("held");
    assertEquals("null|text|blob", b.value("SELECT typeof(x), typeof(y), typeof(z) FROM held"));
  }

  @Test
  void integersKeepAllSixtyFourBits() throws SQLException {
    keepsBits(
        "INTEGER",
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        9007199254740991L,
        9007199254740993L,
        0L,
        -1L,
        127L,
        128L,
        -129L,
        1L << 47);
  }

  @Test
  void realsKeepAllSixtyFourBits() throws SQLException {
    keepsBits(
        "",
        0.1,
        0.1 + 0.2,
        1 / 3.0,
        1.7976931348623157e308,
        2.2250738585072014e-308,
        5e-324,
        -1.1754943508222875e-38,
        1e15,
        123456789012345680.0,
        1.0,
        0.0,
        -0.0,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY);
  }

  @Test
  void realsInARealColumnKeepAllSixtyFourBits() throws SQLException {
    keepsBits(
        "REAL",
        0.1,
        1 / 3.0,
        1.7976931348623157e308,
        5e-324,
        1e15,
        123456789012345680.0,
        1.0,
        -7.0,
        9.2e18,
        1e19);
  }

  @Test
  void aWholeNumberAndTheSameRealAreTwoThings() {
    start(
        "CREATE TABLE held (id INTEGER PRIMARY KEY, value, note); CREATE TABLE price (id INTEGER PRIMARY KEY, value NUMERIC, note)",
        "held",
        "price");
    a.sql(
        "INSERT INTO held (value) VALUES (1), (1.0), ('1'), (x'31')",
        "INSERT INTO price (value) VALUES (18), (21.35), ('x')");
    roundTrip("held", "price");
    assertEquals(
        "integer,real,text,blob",
        String.join(",", Sqlite.text(b.path(), "SELECT typeof(value) FROM held ORDER BY id")));
    assertEquals(
        "integer,real,text",
        String.join(",", Sqlite.text(b.path(), "SELECT typeof(value) FROM price ORDER BY id")));
    b.sql("UPDATE held SET value = 1.0 WHERE id = 1", "UPDATE held SET value = 1 WHERE id = 2");
    devices.syncAll();
    assertEquals(
        "real,integer",
        String.join(
            ",", Sqlite.text(a.path(), "SELECT typeof(value) FROM held WHERE id < 3 ORDER BY id")));
  }

  @Test
  void bytesStayBytes() throws SQLException {
    byte[] all = new byte[256];
    for (int i = 0; i < 256; i++) {
      all[i] = (byte) i;
    }
    byte[] large = new byte[1 << 20];
    new Random(1).nextBytes(large);
    keepsBits("BLOB", all, new byte[16], large);
  }

  @Test
  void textKeepsEveryCharacter() throws SQLException {
    keepsBits(
        "TEXT",
        "line\nfeed\rreturn\ttab 'single' \"double\" back\\slash \u0001 \u2028",
        "null",
        "true",
        "{\"a\":1}",
        "NaN",
        "before\0after",
        "öösel tööl",
        "مرحبا بالعالم",
        "你好世界",
        "👾",
        "👨‍👩‍👧‍👦",
        "é",
        "e\u0301",
        "\uFFFD",
        "");
  }

  @Test
  void textThatIsNotUnicodeKeepsItsBytes() {
    start("CREATE TABLE held (id INTEGER PRIMARY KEY, value TEXT, note)", "held");
    a.sql(
        "INSERT INTO held (value) VALUES (CAST(x'61ff62' AS TEXT)), (CAST(x'eda080' AS TEXT)), (CAST(x'c3' AS TEXT))");
    devices.syncAll();
    b.sql("UPDATE held SET note = 'edited'");
    devices.syncAll();
    for (Device device : List.of(a, b)) {
      assertEquals(
          "text 61FF62,text EDA080,text C3",
          String.join(
              ",",
              Sqlite.text(
                  device.path(),
                  "SELECT typeof(value) || ' ' || hex(value) FROM held ORDER BY id")));
    }
  }

  @Test
  void aFileInUtf16HoldsTheSameText() {
    String schema = "CREATE TABLE held (id TEXT PRIMARY KEY, value, note)";
    a = devices.device("a", "PRAGMA encoding = 'UTF-16le'; " + schema, "held");
    b = devices.device("b", schema, "held");
    a.sql("INSERT INTO held (id, value) VALUES ('sõna 🗓', '👾'), ('x', x'00ff')");
    b.sql("INSERT INTO held (id, value) VALUES ('öö', 'é')");
    devices.syncAll();
    assertEquals("UTF-16le", a.value("PRAGMA encoding"));
    a.sql("UPDATE held SET note = 'n' WHERE id = 'öö'");
    bothShow(
        "SELECT * FROM held ORDER BY id",
        "['sõna 🗓', '👾', NULL]",
        "['x', x'00ff', NULL]",
        "['öö', 'é', 'n']");
  }

  @Test
  void textThatLooksLikeANumberStaysText() throws SQLException {
    keepsBits("TEXT", "007", "+15551234567", "1e5", " 1");
  }

  @Test
  void declaredTypesDoNotRewriteWhatSqliteHasStored() {
    StringBuilder schema = new StringBuilder("CREATE TABLE held (id INTEGER PRIMARY KEY, note");
    String[] types = {
      "BOOLEAN",
      "DATE",
      "DATETIME",
      "DECIMAL(10,2)",
      "ENUM",
      "\"MY TYPE\"",
      "STRING",
      "VARCHAR(10)",
      "DOUBLE",
      ""
    };
    for (int i = 0; i < types.length; i++) {
      schema.append(", c").append(i).append(' ').append(types[i]);
    }
    start(schema + ")", "held");
    for (String value :
        List.of(
            "1",
            "1.5",
            "'007'",
            "'true'",
            "x'07'",
            "'20041015T171054Z'",
            "'2004-10-15 17:10:54'",
            "1097860254000",
            "'1e3'")) {
      a.sql(
          "INSERT INTO held (c0"
              + ", c1, c2, c3, c4, c5, c6, c7, c8, c9) VALUES ("
              + value
              + (", " + value).repeat(9)
              + ")");
    }
    roundTrip("held");
  }

  @Test
  void defaultsAreTheOriginsValues() {
    start(
        "CREATE TABLE held (id TEXT PRIMARY KEY DEFAULT (lower(hex(randomblob(16)))), at DEFAULT CURRENT_TIMESTAMP,"
            + " r DEFAULT (random()), h DEFAULT (lower(hex(randomblob(16)))), d DEFAULT 'default', note)",
        "held");
    a.sql("INSERT INTO held (d) VALUES ('given'), (NULL)", "INSERT INTO held DEFAULT VALUES");
    roundTrip("held");
    assertEquals(
        "1|1|1", b.value("SELECT sum(d = 'given'), sum(d IS NULL), sum(d = 'default') FROM held"));
  }

  @Test
  void generatedColumnsAreComputedOnEveryDevice() {
    start(
        "CREATE TABLE held (id INTEGER PRIMARY KEY, x, low TEXT GENERATED ALWAYS AS (lower(x)) VIRTUAL,"
            + " twice AS (x || x) STORED, note); CREATE UNIQUE INDEX held_low ON held (low)",
        "held");
    a.sql("INSERT INTO held (x) VALUES ('Abc'), ('Def')");
    devices.syncAll();
    b.sql(
        "UPDATE held SET x = 'Xyz' WHERE id = 1",
        "INSERT OR REPLACE INTO held (id, x) VALUES (7, 'DEF')");
    bothShow(
        "SELECT x, low, twice FROM held ORDER BY id",
        "['Xyz', 'xyz', 'XyzXyz']",
        "['DEF', 'def', 'DEFDEF']");
  }

  @Test
  void strictTablesKeepTheirTypes() {
    start(
        "CREATE TABLE held (id INTEGER PRIMARY KEY, i INT, r REAL, t TEXT, b BLOB, x ANY, note ANY) STRICT",
        "held");
    a.sql(
        "INSERT INTO held (i, r, t, b, x) VALUES (1, 1, '007', x'00', '007'), (NULL, 0.5, '', x'', 7), (3, 3.0, 'x', x'01', x'07'), (4, 4, 'y', x'02', 7.0)");
    roundTrip("held");
    assertEquals(
        "text,integer,blob,real",
        String.join(",", Sqlite.text(b.path(), "SELECT typeof(x) FROM held ORDER BY id")));
  }

  @Test
  void largeTextsAndRowsArrive() {
    start("CREATE TABLE held (id INTEGER PRIMARY KEY, x, y, note)", "held");
    a.sql(
        "INSERT INTO held (x) VALUES (replace(hex(zeroblob(1250000)), '00', 'õ🗓'))",
        "INSERT INTO held (x, y) VALUES (randomblob(10000000), randomblob(10000000))");
    assertTrue(
        Long.parseLong(a.value("SELECT length(CAST(x AS BLOB)) FROM held WHERE id = 1"))
            > 5_000_000);
    List<String> before = a.exactRows("held");
    Devices.meet(b, a);
    assertEquals(before, b.exactRows("held"));
    b.sql("UPDATE held SET note = 'edited elsewhere'");
    devices.syncAll();
  }
}
