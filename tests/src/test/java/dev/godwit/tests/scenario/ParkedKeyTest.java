package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that wait for a unique value keep their claim to the key that they want. */
class ParkedKeyTest {
  private static final String SCHEMA = "CREATE TABLE t (id INTEGER PRIMARY KEY, name UNIQUE, v)";

  @TempDir Path folder;
  private Devices devices;

  @BeforeEach
  void begin() {
    devices = new Devices(folder);
  }

  @AfterEach
  void close() {
    devices.close();
  }

  private Device device(String name) {
    return devices.device(name, SCHEMA, "t");
  }

  private static void writes(Device device, int second, String sql) {
    device.clock().at(4_000_000_000_000L + second * 1_000L);
    device.write(sql);
  }

  @Test
  void twoRowsThatWaitForOneNameBothWaitForTheirKeyWhenTheRowWithTheNameChanges() {
    Device a = device("a");
    Device b = device("b");
    Device c = device("c");
    Device d = device("d");
    writes(a, 0, "INSERT INTO t VALUES (3, 'old', 1)");
    Devices.meet(b, a);
    Devices.meet(c, a);
    writes(a, 1, "UPDATE t SET name = 'taken' WHERE id = 3");
    writes(b, 2, "INSERT INTO t VALUES (4, 'taken', 'of b')");
    writes(c, 3, "INSERT INTO t VALUES (4, 'taken', 'of c')");
    Devices.meet(a, d);
    Devices.meet(c, d);
    // Onto a key whose row is out of the table there, and that b's row wants too, and earlier.
    writes(c, 4, "INSERT INTO t VALUES (4, 'free', 'new')");
    writes(b, 5, "UPDATE t SET v = 2 WHERE id = 3");
    Devices.meet(b, a);
    Devices.meet(c, a);
    Devices.meet(d, a);
    devices.syncAll();
    assertEquals(List.of("[3, 'taken', 2]"), d.rows("SELECT * FROM t WHERE id > 0"));
    assertEquals(List.of("['free', 'new']"), d.rows("SELECT name, v FROM t WHERE id < 0"));
    assertEquals(List.of(), d.replica().doctor().findings());
  }
}
