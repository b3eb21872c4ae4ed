package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.protocol.ExchangeException;
import dev.godwit.sync.protocol.ForwardingTurn;
import dev.godwit.sync.protocol.PartSource;
import dev.godwit.sync.protocol.Turn;
import dev.godwit.sync.transport.ForwardingRemote;
import dev.godwit.sync.transport.InProcessRemote;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a copied file did alone keeps its place in causality when the file goes on as another. */
class NewIdentityTest extends TwoDevices {
  private Device c;
  private Device copy;

  /** A line that breaks as soon as we send something. */
  private static final class OneWay extends ForwardingRemote {
    OneWay(Device other) {
      super(InProcessRemote.of(other.replica().exchangeStore()));
    }

    @Override
    protected Turn changed(Turn turn) {
      return new ForwardingTurn(turn) {
        @Override
        public PartSource parts() {
          PartSource parts = super.parts();
          return () -> {
            if (parts.next() != null) {
              throw new IOException("connection reset");
            }
            return null;
          };
        }
      };
    }
  }

  private Device copyOfA() {
    a.replica().seal();
    Path copy = folder.resolve("copy.db");
    a.sql("VACUUM INTO '" + copy + "'");
    return devices.open("copy", copy);
  }

  /** Takes what the other one has, and gives nothing. */
  private static void take(Device device, Device other) {
    assertThrows(ExchangeException.class, () -> device.replica().sync(new OneWay(other)));
  }

  /**
   * Makes a copy that has written this to v, and then taken what another device wrote; while the
   * original went on too, so that the copy cannot go on under its name.
   */
  private void copyThatTakesAnEdit(String own, long otherSecond) {
    startWithT("(1, 'old', 0)");
    c = devices.device("c", T, "t");
    devices.syncAll();
    copy = copyOfA();
    write(a, 10, "UPDATE t SET w = 1");
    Devices.meet(a, b);
    write(copy, 20, "UPDATE t SET v = '" + own + "'");
    write(c, otherSecond, "UPDATE t SET v = 'theirs'");
    take(copy, c);
  }

  @Test
  void whatWasConcurrentStaysConcurrent() {
    copyThatTakesAnEdit("mine", 30);
    assertEquals("theirs", copy.value("SELECT v FROM t"));
    write(copy, 40, "INSERT INTO t VALUES (2, 'after', 0)");
    assertTrue(
        copy.replica().sync(InProcessRemote.of(b.replica().exchangeStore())).tookNewIdentity());
    bothHaveT("[1, 'theirs', 1]", "[2, 'after', 0]");
    for (Device device : new Device[] {a, b, c, copy}) {
      assertEquals(a.replica().doctor().stateDigest(), device.replica().doctor().stateDigest());
      assertTrue(device.replica().doctor().isHealthy(), () -> "" + device.replica().doctor());
    }
  }

  @Test
  void whatWasSeenStaysSeen() {
    copyThatTakesAnEdit("first", 50);
    write(copy, 30, "UPDATE t SET v = 'second, seeing it'");
    Devices.meetWithProblems(copy, b);
    bothHaveT("[1, 'second, seeing it', 1]");
    assertEquals(a.replica().doctor().stateDigest(), copy.replica().doctor().stateDigest());
    for (Device device : List.of(a, copy)) {
      assertEquals(
          List.of("first|a|write|a", "theirs|c|write|a"),
          Sqlite.text(
              device.path(),
              "SELECT value, device, how, by_device FROM godwit_conflict ORDER BY value"));
      assertTrue(device.replica().doctor().isHealthy(), () -> "" + device.replica().doctor());
    }
    assertEquals(ConflictViews.all(a), ConflictViews.all(copy));
  }

  @Test
  void writesOfOneTimeAreDecidedByTheNewId() {
    startWithT("(0, 'old', 0)", "(1, 'old', 0)", "(2, 'old', 0)", "(3, 'old', 0)");
    List<Device> others = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      others.add(devices.device("other" + i, T, "t"));
    }
    devices.syncAll();
    copy = copyOfA();
    write(a, 10, "UPDATE t SET w = 1");
    Devices.meet(a, b);
    write(copy, 20, "UPDATE t SET v = 'mine'; INSERT INTO t SELECT 100 + id, 'mine', 0 FROM t");
    for (int i = 0; i < 4; i++) {
      String edit = "UPDATE t SET v = 'theirs' WHERE id = " + i;
      write(others.get(i), 20, edit + "; INSERT INTO t VALUES (" + (100 + i) + ", 'theirs', 0)");
      take(copy, others.get(i));
    }
    List<String> before = copy.rows("SELECT v FROM t ORDER BY id");
    assertTrue(
        copy.replica().sync(InProcessRemote.of(b.replica().exchangeStore())).tookNewIdentity());
    assertNotEquals(before, copy.rows("SELECT v FROM t ORDER BY id"), "some are the other way");
    devices.syncAll();
    for (Device device : List.of(b, others.get(0), others.get(3), copy)) {
      assertEquals(a.exactRows("t"), device.exactRows("t"));
      assertTrue(device.replica().doctor().isHealthy(), () -> "" + device.replica().doctor());
    }
  }
}
