package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.protocol.ExchangeException;
import dev.godwit.sync.protocol.ForwardingTurn;
import dev.godwit.sync.protocol.PartSource;
import dev.godwit.sync.protocol.RemoteId;
import dev.godwit.sync.protocol.Turn;
import dev.godwit.sync.transport.CallBounds;
import dev.godwit.sync.transport.InProcessRemote;
import dev.godwit.sync.transport.Remote;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a copied file did alone keeps its place in causality when the file goes on as another. */
class NewIdentityTest extends TwoDevices {
  /** A line that breaks as soon as we send something. */
  private record OneWay(Remote remote) implements Remote {
    @Override
    public RemoteId id() {
      return remote.id();
    }

    @Override
    public SpaceId space() {
      return remote.space();
    }

    @Override
    public void carry(Turn turn, CallBounds bounds) {
      remote.carry(
          new ForwardingTurn(turn) {
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
          },
          bounds);
    }
  }

  private Device copyOfA() {
    a.replica().seal();
    Path copy = folder.resolve("copy.db");
    a.sql("VACUUM INTO '" + copy + "'");
    return devices.open("copy", copy);
  }

  private static void write(Device device, long second, String... statements) {
    device.clock().at(4_000_000_000_000L + second * 1000);
    device.write(statements);
  }

  /** Takes what the other one has, and gives nothing. */
  private static void take(Device device, Device other) {
    Remote remote = new OneWay(InProcessRemote.of(other.replica().exchangeStore()));
    assertThrows(ExchangeException.class, () -> device.replica().sync(remote));
  }

  @Test
  void whatWasConcurrentStaysConcurrent() {
    startWithT("(1, 'old', 0)");
    Device c = devices.device("c", T, "t");
    devices.syncAll();
    Device copy = copyOfA();
    write(a, 10, "UPDATE t SET w = 1");
    Devices.meet(a, b);
    write(copy, 20, "UPDATE t SET v = 'mine'");
    write(c, 30, "UPDATE t SET v = 'theirs'");
    take(copy, c);
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
    startWithT("(1, 'old', 0)");
    Device c = devices.device("c", T, "t");
    devices.syncAll();
    Device copy = copyOfA();
    write(a, 10, "UPDATE t SET w = 1");
    Devices.meet(a, b);
    write(copy, 20, "UPDATE t SET v = 'first'");
    write(c, 50, "UPDATE t SET v = 'theirs'");
    take(copy, c);
    write(copy, 30, "UPDATE t SET v = 'second, seeing it'");
    Devices.meetWithProblems(copy, b);
    bothHaveT("[1, 'second, seeing it', 1]");
    assertEquals(a.replica().doctor().stateDigest(), copy.replica().doctor().stateDigest());
  }
}
