package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A row that lost its key to another one wants it back. */
class KeyReturnTest {
  @TempDir Path folder;
  private Devices devices;
  private Device a;
  private Device b;

  @BeforeEach
  void twoDevices() {
    devices = new Devices(folder);
    a = devices.device("a", "CREATE TABLE t (id INTEGER PRIMARY KEY, v)", "t");
    b = devices.device("b", "CREATE TABLE t (id INTEGER PRIMARY KEY, v)", "t");
  }

  @AfterEach
  void close() {
    devices.close();
  }

  @Test
  void aRenumberedRowShowsItsKeyAgainWhenTheOtherRowIsGone() {
    a.sql("INSERT INTO t VALUES (101, 'one')");
    a.replica().seal();
    b.sql("INSERT INTO t VALUES (101, 'other')");
    devices.syncAll();
    String shown = a.rows("SELECT v FROM t WHERE id = 101").get(0);
    String renumbered = a.rows("SELECT v FROM t WHERE id < 0").get(0);
    assertEquals(shown, b.rows("SELECT v FROM t WHERE id = 101").get(0));
    b.sql("DELETE FROM t WHERE id = 101");
    devices.syncAll();
    List<String> left = List.of(renumbered.replace("[", "[101, "));
    assertEquals(left, a.rows("SELECT * FROM t"), "where the delete arrived");
    assertEquals(left, b.rows("SELECT * FROM t"), "where it was made");
    assertEquals(List.of(), a.replica().doctor().findings());
    assertEquals(List.of(), b.replica().doctor().findings());
  }
}
