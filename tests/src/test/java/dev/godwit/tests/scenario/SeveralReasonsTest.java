package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A row that is out of its table for several reasons is listed under the same one everywhere. */
class SeveralReasonsTest extends TwoDevices {
  private static final String LISTED =
      "SELECT DISTINCT unit FROM godwit_conflict WHERE table_name = 't'";

  @Test
  void ofTwoReferencesToRowsThatAreHiddenAllListTheFirst() {
    start(
        "CREATE TABLE p (k TEXT PRIMARY KEY NOT NULL, up TEXT REFERENCES p ON DELETE CASCADE);"
            + "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, a TEXT REFERENCES p ON DELETE CASCADE,"
            + " b TEXT REFERENCES p ON DELETE CASCADE)",
        "p",
        "t");
    a.sql(
        "INSERT INTO p VALUES ('x', NULL), ('y', NULL), ('z', NULL)",
        "INSERT INTO t VALUES ('first', 'z', 'y'), ('second', 'z', 'y')");
    devices.syncAll();
    a.sql("DELETE FROM p WHERE k = 'x'");
    b.sql(
        "UPDATE p SET up = 'x' WHERE k = 'y'",
        "UPDATE t SET b = 'y'",
        "UPDATE p SET up = 'y' WHERE k = 'z'",
        "INSERT INTO t VALUES ('third', 'z', 'y')");
    bothShow("SELECT id FROM t");
    assertEquals(List.of("['a']"), a.rows(LISTED));
    assertEquals(List.of("['a']"), b.rows(LISTED));
  }

  @Test
  void aReferenceToARowThatIsGoneIsListedBeforeOneToARowThatIsHidden() {
    start(
        "CREATE TABLE p (k TEXT PRIMARY KEY NOT NULL, up TEXT REFERENCES p ON DELETE CASCADE);"
            + "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, a TEXT REFERENCES p ON DELETE CASCADE,"
            + " b TEXT REFERENCES p ON DELETE CASCADE)",
        "p",
        "t");
    a.sql("INSERT INTO p VALUES ('x', NULL), ('y', NULL)");
    devices.syncAll();
    a.sql("DELETE FROM p WHERE k = 'x'");
    b.sql("UPDATE p SET up = 'x' WHERE k = 'y'", "INSERT INTO t VALUES ('r', 'y', 'x')");
    bothShow("SELECT id FROM t");
    assertEquals(List.of("['b']"), a.rows(LISTED));
    assertEquals(List.of("['b']"), b.rows(LISTED));
  }
}
