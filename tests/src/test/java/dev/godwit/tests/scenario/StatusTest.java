package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.report.HeldBackRow;
import dev.godwit.sync.report.PeerStatus;
import dev.godwit.sync.report.RemoteStatus;
import dev.godwit.sync.report.ReplicaStatus;
import dev.godwit.sync.report.StatusDetail;
import dev.godwit.sync.report.TableStatus;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Status tells how a replica stands. */
class StatusTest extends TwoDevices {
  private static final String SCHEMA =
      "CREATE TABLE t (id INTEGER PRIMARY KEY, v, w);"
          + "CREATE TABLE named (name TEXT PRIMARY KEY, v);"
          + "CREATE TABLE keyless (v);"
          + "CREATE TABLE spare (id INTEGER PRIMARY KEY)";

  @BeforeEach
  void twoDevices() {
    start(SCHEMA, "t", "named");
  }

  @Test
  void statusTellsWhoTheReplicaIs() {
    ReplicaStatus status = a.replica().status();
    assertEquals("a.db", status.file());
    assertEquals(a.replica().id(), status.replica());
    assertEquals("a", status.deviceName());
    assertEquals(a.replica().space(), status.space());
    assertEquals(1, status.formatVersion());
    assertTrue(status.fileSizeBytes() > 0);
  }

  @Test
  void tablesAreListedWithTheReasonWhyOneIsNotTracked() {
    List<TableStatus> tables = a.replica().status().tables();
    assertEquals(
        List.of("keyless", "named", "spare", "t"),
        tables.stream().map(TableStatus::name).collect(Collectors.toList()));
    assertTrue(tables.get(0).reason().contains("has no primary key"), tables.get(0).reason());
    assertFalse(tables.get(2).tracked());
    assertNull(tables.get(2).reason(), "a table that only was not chosen");
    assertTrue(tables.get(3).tracked());
    assertEquals(OptionalLong.empty(), tables.get(3).rows(), "counted only on demand");
  }

  @Test
  void rowsAndRowsWithoutKeyAreCountedOnDemand() {
    a.sql("INSERT INTO t VALUES (1, 2, 3), (2, 3, 4)");
    a.sql("INSERT INTO named VALUES (NULL, 'not synced'), ('x', 'synced')");
    ReplicaStatus status = a.replica().status(StatusDetail.COUNTED);
    TableStatus named = status.tables().get(1);
    assertEquals(OptionalLong.of(2), named.rows());
    assertEquals(OptionalLong.of(1), named.rowsWithoutKey());
    assertEquals(OptionalLong.of(2), status.tables().get(3).rows());
    assertTrue(status.log().sizeBytes().getAsLong() > 0);
  }

  @Test
  void writesOfOtherProgramsArePendingUntilSealed() {
    assertEquals(0, a.replica().status().notesPending());
    a.sql("INSERT INTO t VALUES (1, 2, 3)");
    assertEquals(1, a.replica().status().notesPending());
    a.replica().seal();
    assertEquals(0, a.replica().status().notesPending());
  }

  @Test
  void remotesTellWhatTheyHaveNotAcknowledged() {
    a.sql("INSERT INTO t VALUES (1, 2, 3)");
    devices.syncAll();
    RemoteStatus met = a.replica().status().remotes().get(0);
    assertEquals(0, met.ownUnacknowledged());
    a.sql("UPDATE t SET v = 5");
    a.replica().seal();
    a.sql("UPDATE t SET v = 6");
    a.replica().seal();
    RemoteStatus behind = a.replica().status().remotes().get(0);
    assertEquals(2, behind.ownUnacknowledged());
    assertEquals(2, behind.unacknowledged());
  }

  @Test
  void everyReplicaOfTheSpaceIsListedItselfFirst() {
    b.sql("INSERT INTO t VALUES (1, 2, 3)");
    devices.syncAll();
    List<PeerStatus> replicas = a.replica().status().replicas();
    assertEquals(2, replicas.size());
    assertTrue(replicas.get(0).self());
    assertEquals("b", replicas.get(1).deviceName());
    assertEquals(b.replica().id(), replicas.get(1).replica());
    assertEquals(
        b.replica().status().vector().sequence(b.replica().id()), replicas.get(1).sequence());
  }

  @Test
  void aClockThatIsImplausiblyAheadIsTold() {
    // What other programs write has the real time.
    a.clock().at(0);
    b.sql("INSERT INTO t VALUES (1, 2, 3)");
    devices.syncAll();
    assertTrue(a.replica().status().replicas().get(1).clockAheadMillis() > 1_000_000_000_000L);
  }

  @Test
  void aRowThatSqliteRefusesIsListedWithTheReason() {
    Device strict =
        devices.device("strict", SCHEMA.replace("v, w", "v, w CHECK (w < 5)"), "t", "named");
    a.sql("INSERT INTO t VALUES (1, 'a', 4), (2, 'b', 5)");
    devices.exchangeAll();
    List<HeldBackRow> heldBack = strict.replica().status().heldBack();
    assertEquals(1, heldBack.size());
    assertEquals(HeldBackRow.Kind.MASKED, heldBack.get(0).kind());
    assertEquals("t", heldBack.get(0).table());
    assertTrue(heldBack.get(0).reason().contains("CHECK"), heldBack.get(0).reason());
    assertTrue(strict.replica().status().heldBackComplete());
    assertEquals(List.of(), a.replica().status().heldBack());
  }

  @Test
  void aRowThatLostItsKeyIsListedAsRenumbered() {
    a.sql("INSERT INTO t VALUES (101, 'mine', 1)");
    b.sql("INSERT INTO t VALUES (101, 'yours', 2)");
    devices.syncAll();
    List<HeldBackRow> here = a.replica().status().heldBack();
    assertEquals(1, here.size());
    assertEquals(HeldBackRow.Kind.RENUMBERED, here.get(0).kind());
    assertEquals(here, b.replica().status().heldBack());
    assertTrue(here.get(0).key().startsWith("-"), "shown under a derived key: " + here.get(0));
  }
}
