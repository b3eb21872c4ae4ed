package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.Replica;
import dev.godwit.sync.SyncReport;
import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.EnvelopeHeader;
import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.protocol.EnvelopeLog;
import dev.godwit.sync.protocol.ExchangeAnswer;
import dev.godwit.sync.protocol.ExchangeEnd;
import dev.godwit.sync.protocol.ExchangeException;
import dev.godwit.sync.protocol.Heads;
import dev.godwit.sync.protocol.HistoryId;
import dev.godwit.sync.protocol.Intake;
import dev.godwit.sync.protocol.PartCursor;
import dev.godwit.sync.protocol.Refusal;
import dev.godwit.sync.transport.ExchangeOptions;
import dev.godwit.sync.transport.InProcessRemote;
import dev.godwit.sync.transport.RetryPolicy;
import dev.godwit.sync.wire.MessageReader;
import dev.godwit.sync.wire.MessageWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Whatever happens on the way, every change is applied once, whole, and none is forgotten. */
class ExchangeTest extends TwoDevices {
  private static final ExchangeOptions ONE_ATTEMPT =
      ExchangeOptions.builder().retry(RetryPolicy.none()).build();

  @Test
  void whatComesTwiceChangesNothingTheSecondTime() {
    startWithT("(1, 'v', 'w')");
    a.sql("UPDATE t SET v = 'x'", "INSERT INTO t VALUES (2, 'y', NULL)");
    b.replica().sync(new InterferingRemote(a, part -> List.of(part, part)));
    assertEquals(
        List.of("1|x|w", "2|y|null"), Sqlite.text(b.path(), "SELECT * FROM t ORDER BY id"));
    b.sql("DELETE FROM godwit_remote");
    SyncReport again = b.replica().sync(InProcessRemote.of(a.replica().exchangeStore()));
    assertEquals(0, again.rowsApplied());
    bothHaveT("[1, 'x', 'w']", "[2, 'y', NULL]");
    noConflicts();
  }

  @Test
  void threeBatchesEndTheSameInAnyOrder() {
    int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    startWithT("(1, 'v', 'w')", "(2, 'v', 'w')");
    Device c = devices.device("c", T, "t");
    List<Device> readers = new ArrayList<>();
    for (int i = 0; i < orders.length; i++) {
      readers.add(devices.device("reader" + i, T, "t"));
    }
    devices.syncAll();
    Device[] writers = {a, b, c};
    a.sql(
        "UPDATE t SET v = 'a' WHERE id = 1",
        "DELETE FROM t WHERE id = 2",
        "INSERT INTO t VALUES (3, 'a', 'a')");
    b.sql("UPDATE t SET w = 'b'", "INSERT INTO t VALUES (3, 'b', 'b')");
    c.sql("REPLACE INTO t (id, v) VALUES (1, 'c')", "UPDATE t SET id = 9 WHERE id = 2");
    for (int i = 0; i < orders.length; i++) {
      for (int writer : orders[i]) {
        hand(writers[writer], readers.get(i));
      }
      assertEquals(
          readers.get(0).exactRows("t"), readers.get(i).exactRows("t"), Arrays.toString(orders[i]));
    }
    devices.syncAll();
  }

  /** Hands over what the writer itself has made and the reader lacks, and nothing of others. */
  private static void hand(Device writer, Device reader) {
    VersionVector known = reader.replica().exchangeStore().heads().vector();
    ReplicaId own = writer.replica().id();
    VersionVector wanted = known.with(own, writer.sequence());
    try (PartCursor cursor =
            writer
                .replica()
                .exchangeStore()
                .lacking(new EnvelopeLog.Lacking(known, wanted, 0, List.of()));
        Intake intake = reader.replica().exchangeStore().intake()) {
      for (EnvelopePart part = cursor.next(); part != null; part = cursor.next()) {
        if (part.dot().replica().equals(own)) {
          intake.offer(part);
        }
      }
      assertEquals(List.of(), intake.commit());
    }
  }

  @Test
  void whatWasLostOnTheWayIsSentAgain() {
    startWithT("(1, 'v', 'w')");
    for (int i = 2; i < 12; i++) {
      a.sql("INSERT INTO t VALUES (" + i + ", 'v', 'w')");
      a.replica().seal();
    }
    AtomicInteger parts = new AtomicInteger();
    for (int lost = 1; lost < 4; lost++) {
      int breaking = lost;
      parts.set(0);
      assertThrows(
          ExchangeException.Unreachable.class,
          () ->
              b.replica()
                  .sync(
                      new InterferingRemote(a, part -> broken(parts, breaking, part)),
                      ONE_ATTEMPT));
      assertTrue(b.count("t") < 11);
    }
    bothShow("SELECT count(*), count(DISTINCT id) FROM t", "[11, 11]");
  }

  private static List<EnvelopePart> broken(AtomicInteger parts, int breaking, EnvelopePart part) {
    if (parts.incrementAndGet() > breaking) {
      throw new ExchangeException.Unreachable("the line broke", new IOException("reset"));
    }
    return List.of(part);
  }

  @Test
  void anAnswerThatIsLostAfterTheOtherSideStoredMakesNoDuplicates() {
    startWithT("(1, 'v', 'w')");
    a.sql("INSERT INTO t VALUES (2, 'once', NULL)");
    assertThrows(
        ExchangeException.Unreachable.class,
        () -> a.replica().sync(new InterferingRemote(b, List::of).losingTheAnswer(), ONE_ATTEMPT));
    bothHaveT("[1, 'v', 'w']", "[2, 'once', NULL]");
    noConflicts();
  }

  @Test
  void aProcessThatEndsAtAnyMomentOfAnApplyLeavesWholeTransactions() throws IOException {
    startWithT("(1, 'v', 'w')");
    for (int i = 0; i < 6; i++) {
      a.sql(
          "BEGIN",
          "INSERT INTO t VALUES (" + (10 + i) + ", 'x', 0), (" + (20 + i) + ", 'x', 0)",
          "UPDATE t SET w = w || '.' WHERE id = 1",
          "COMMIT");
      a.replica().seal();
    }
    b.replica().close();
    Path before = folder.resolve("before.db");
    Files.copy(b.path(), before);
    long all = statementsOfSync(before, Long.MAX_VALUE);
    for (int moment = 1; moment <= 20; moment++) {
      Path file = folder.resolve("moment" + moment + ".db");
      Files.copy(b.path(), file);
      statementsOfSync(file, all * moment / 21);
      long pairs =
          Long.parseLong(Sqlite.text(file, "SELECT count(*) / 2 FROM t WHERE id > 1").get(0));
      assertEquals(
          List.of(pairs + "|" + pairs + "|w" + ".".repeat((int) pairs)),
          Sqlite.text(
                  file,
                  "SELECT sum(id BETWEEN 10 AND 19), sum(id BETWEEN 20 AND 29), max(CASE id WHEN 1 THEN w END) FROM t")
              .stream()
              .map(row -> row.replace("null", "0"))
              .toList(),
          "all or nothing of each transaction at moment " + moment);
      assertEquals(List.of("ok"), Sqlite.text(file, "PRAGMA integrity_check"));
      statementsOfSync(file, Long.MAX_VALUE);
      assertEquals(a.exactRows("t"), Sqlite.exact(file, "SELECT * FROM t"), "moment " + moment);
      Sqlite.run(file, "INSERT INTO t VALUES (99, 'captured again', NULL)");
      assertEquals("1", Sqlite.text(file, "SELECT count(*) FROM godwit_pending").get(0));
    }
    b = devices.open("b2", b.path());
    devices.close();
    devices = new Devices(folder);
  }

  private long statementsOfSync(Path file, long endAfter) {
    WatchedSqlite source = new WatchedSqlite(file);
    try (Replica replica = Replica.builder(source).random(new Random(7)).open()) {
      long before = source.statements();
      if (endAfter < Long.MAX_VALUE) {
        source.endAfter(endAfter);
      }
      try {
        replica.sync(InProcessRemote.of(a.replica().exchangeStore()), ONE_ATTEMPT);
      } catch (WatchedSqlite.Ended ended) {
        source.end();
      }
      return source.statements() - before;
    }
  }

  @Test
  void tenThousandChangesInPagesOfAHundredArriveOnceEach() {
    startWithT();
    for (int i = 0; i < 500; i++) {
      int base = i * 20;
      a.replica()
          .write(
              transaction -> {
                for (int row = 1; row <= 20; row++) {
                  transaction.execute("INSERT INTO t VALUES (?, 'v', ?)", base + row, row);
                }
              });
    }
    ExchangeOptions pages = ExchangeOptions.builder().batchParts(100).build();
    SyncReport report = b.replica().sync(InProcessRemote.of(a.replica().exchangeStore()), pages);
    assertEquals(10_000, report.rowsApplied() - systemRows(report));
    assertTrue(report.exchange().requests() >= 5, "pages: " + report.exchange().requests());
    assertEquals("10000|10000", b.value("SELECT count(*), max(id) FROM t"));
    devices.syncAll();
  }

  /** Changes of the space's own tables: the description of the one table that is tracked. */
  private static long systemRows(SyncReport report) {
    return report.rowsApplied() - 10_000 <= 3 ? report.rowsApplied() - 10_000 : 0;
  }

  @Test
  void localWritesDuringASyncAreSentInItOrInTheNext() throws Exception {
    startWithT("(1, 'v', 'w')");
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger written = new AtomicInteger();
    Thread writer =
        new Thread(
            () -> {
              try (Connection connection = Sqlite.connect(a.path());
                  Statement statement = connection.createStatement()) {
                while (!done.get() || written.get() < 50) {
                  statement.executeUpdate("INSERT INTO t (v) VALUES ('by another program')");
                  a.write("UPDATE t SET w = " + written.incrementAndGet() + " WHERE id = 1");
                }
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    writer.start();
    for (int i = 0; i < 15; i++) {
      Devices.meet(a, b);
      Devices.meet(b, a);
    }
    done.set(true);
    writer.join();
    devices.syncAll();
    assertEquals(written.get() + 1, b.count("t"));
    assertEquals(String.valueOf(written.get()), b.value("SELECT w FROM t WHERE id = 1"));
    noConflicts();
  }

  @Test
  void withNothingToDoNothingIsWritten() throws IOException {
    startWithT("(1, 'v', 'w')");
    byte[] beforeA = Files.readAllBytes(a.path());
    byte[] beforeB = Files.readAllBytes(b.path());
    assertEquals(1, Devices.meet(a, b).exchange().requests());
    assertEquals(1, Devices.meet(b, a).exchange().requests());
    assertArrayEquals(beforeA, Files.readAllBytes(a.path()));
    assertArrayEquals(beforeB, Files.readAllBytes(b.path()));
  }

  @Test
  void aSecondSyncOfTheSameReplicaAtOnceIsRefusedWithAReason() {
    startWithT("(1, 'v', 'w')");
    a.sql("INSERT INTO t VALUES (2, 'v', 'w')");
    List<String> refused = new ArrayList<>();
    b.replica()
        .sync(
            new InterferingRemote(
                a,
                part -> {
                  refused.add(
                      assertThrows(IllegalStateException.class, () -> Devices.meet(b, a))
                          .getMessage());
                  return List.of(part);
                }));
    assertEquals(1, refused.size());
    assertTrue(refused.get(0).contains("another one is running"), refused.get(0));
    bothHaveT("[1, 'v', 'w']", "[2, 'v', 'w']");
  }

  @Test
  void twoProcessesMaySyncOneFileAtOnce() {
    startWithT("(1, 'v', 'w')");
    for (int i = 2; i < 40; i++) {
      a.sql("INSERT INTO t VALUES (" + i + ", 'v', 'w')");
      a.replica().seal();
    }
    try (Replica second = Replica.builder(new FastSqlite(b.path())).open()) {
      b.replica()
          .sync(
              new InterferingRemote(
                  a,
                  part -> {
                    if (part.dot().sequence() % 10 == 0) {
                      second.sync(InProcessRemote.of(a.replica().exchangeStore()));
                    }
                    return List.of(part);
                  }));
    }
    bothShow("SELECT count(*) FROM t", "[39]");
    noConflicts();
  }

  @Test
  void aTransactionThatCannotBeReadHoldsUpItsOwnReplicaOnlyAndIsTriedAgain() {
    startWithT("(1, 'v', 'w')");
    ReplicaId stranger =
        ReplicaId.of(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
    byte[][] bodies = {{9, 9, 9}, {0}, {1, 2, 3, 4}, {0, (byte) 0x82, 0x18, 0x63}};
    for (int i = 0; i < bodies.length; i++) {
      byte[] id = stranger.bytes();
      id[0] = (byte) (100 + i);
      take(b, envelope(Devices.SPACE, ReplicaId.of(id), bodies[i]));
    }
    for (int i = 0; i < 9; i++) {
      a.sql("INSERT INTO t (v) VALUES (" + i + ")");
      a.replica().seal();
    }
    SyncReport report = b.replica().sync(InProcessRemote.of(a.replica().exchangeStore()));
    assertEquals(bodies.length, report.problems().size(), report.problems().toString());
    assertEquals(10, b.count("t"));
    assertEquals(
        bodies.length,
        Devices.meetWithProblems(b, a).problems().size(),
        "still known, and tried again");
    assertEquals(
        "0", b.value("SELECT sum(sequence) FROM godwit_replica WHERE hex(id) LIKE '6_02030405%'"));
    Devices.meetWithProblems(a, b);
    assertEquals(
        bodies.length + "",
        a.value("SELECT count(*) FROM godwit_replica WHERE held = 1 AND sequence = 0"),
        "it is passed on");
    b.sql("UPDATE t SET v = 'goes on' WHERE id = 1");
    Devices.meetWithProblems(b, a);
    assertEquals("goes on", a.value("SELECT v FROM t WHERE id = 1"));
  }

  private static byte[] envelope(SpaceId space, ReplicaId replica, byte[] body) {
    byte[] header =
        new EnvelopeHeader(space, replica, 1, EnvelopeHash.NONE, 0, body.length).encode();
    return ByteBuffer.allocate(header.length + body.length).put(header).put(body).array();
  }

  private static List<Refusal> take(Device device, byte[] envelope) {
    return take(device, EnvelopePart.whole(EnvelopeHeader.decode(envelope).dot(), envelope));
  }

  private static List<Refusal> take(Device device, EnvelopePart part) {
    try (Intake intake = device.replica().exchangeStore().intake()) {
      intake.offer(part);
      return intake.commit();
    }
  }

  @Test
  void aLargeTransactionIsSeenWholeOrNotAtAll() throws InterruptedException {
    startWithT();
    a.sql(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO t SELECT i, i, i FROM n");
    a.replica().seal();
    a.sql("UPDATE t SET v = 'second'");
    b.sql("PRAGMA journal_mode = WAL");
    try (PatientReader reader =
        new PatientReader(b.path(), "SELECT count(*), total(v = 'second') FROM t")) {
      Devices.meet(b, a);
      for (List<Long> seen : reader.seen()) {
        assertTrue(
            List.of(List.of(0L, 0L), List.of(5000L, 0L), List.of(5000L, 5000L)).contains(seen),
            seen.toString());
      }
    }
    devices.syncAll();
    assertEquals(5000, b.count("t"));
  }

  @Test
  void alteredTruncatedAndForeignEnvelopesAreRefusedAndNothingIsApplied() throws IOException {
    startWithT("(1, 'v', 'w')");
    a.sql("INSERT INTO t VALUES (2, 'x', NULL)");
    a.replica().seal();
    long head = a.sequence();
    byte[] good =
        a.read(
            workspace -> {
              try (var rows =
                  workspace
                      .session()
                      .statement("SELECT bytes FROM godwit_log ORDER BY position DESC LIMIT 1")
                      .query()) {
                rows.next();
                return rows.bytes(0);
              }
            });
    List<String> before = b.exactRows("t");
    byte[] travelling = travelling(EnvelopePart.whole(new Dot(a.replica().id(), head), good));
    int begin = Collections.indexOfSubList(asList(travelling), asList(good));
    for (int at = begin; at < begin + good.length; at += 3) {
      byte[] altered = travelling.clone();
      altered[at] ^= 0x40;
      assertTrue(isRefused(b, altered), "byte " + (at - begin) + " of " + good.length);
      assertTrue(isRefused(b, Arrays.copyOf(travelling, at)), "cut at " + at);
    }
    SpaceId other = SpaceId.parse("ffffffffffffffffffffffffffffffff");
    List<Refusal> foreign = take(b, envelope(other, ReplicaId.of(new byte[16]), new byte[] {0}));
    assertEquals(Refusal.Reason.FOREIGN, foreign.get(0).reason());
    assertEquals(before, b.exactRows("t"));
    bothHaveT("[1, 'v', 'w']", "[2, 'x', NULL]");
  }

  private static byte[] travelling(EnvelopePart part) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MessageWriter writer = new MessageWriter(bytes)) {
      Heads none = Heads.of(Map.of());
      writer.write(new ExchangeAnswer(new HistoryId(1), none, List.of(), List.of(), List.of()));
      writer.write(part);
      writer.write(new ExchangeEnd(0, false));
    }
    return bytes.toByteArray();
  }

  private static List<Byte> asList(byte[] bytes) {
    List<Byte> list = new ArrayList<>();
    for (byte one : bytes) {
      list.add(one);
    }
    return list;
  }

  private static boolean isRefused(Device device, byte[] message) {
    try (MessageReader reader = new MessageReader(new ByteArrayInputStream(message));
        Intake intake = device.replica().exchangeStore().intake()) {
      reader.readAnswer();
      for (EnvelopePart part = reader.next(); part != null; part = reader.next()) {
        intake.offer(part);
      }
      reader.end();
      return !intake.commit().isEmpty();
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void aNewDeviceGetsEverything() {
    startWithT("(1, 'v', 'w')", "(2, 'x', 'y')");
    a.sql(
        "UPDATE t SET v = 'edited' WHERE id = 1",
        "DELETE FROM t WHERE id = 2",
        "INSERT INTO t VALUES (3, 'z', NULL)");
    b.sql("UPDATE t SET w = 'edited' WHERE id = 1");
    devices.syncAll();
    Device c = devices.device("c", T, "t");
    Devices.meet(c, b);
    assertEquals(b.exactRows("t"), c.exactRows("t"));
    devices.syncAll();
    noConflicts();
  }

  @Test
  void aLargeBatchIsAppliedInShortTransactions() {
    startWithT();
    for (int i = 0; i < 40; i++) {
      int base = i * 300;
      a.sql(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) INSERT INTO t SELECT i + "
              + base
              + ", i, i FROM n");
      a.replica().seal();
    }
    b.replica().close();
    WatchedSqlite source = new WatchedSqlite(b.path());
    source.countWritesTo("t");
    try (Replica replica = Replica.builder(source).open()) {
      replica.sync(InProcessRemote.of(a.replica().exchangeStore()));
      assertEquals("12000", Sqlite.text(b.path(), "SELECT count(*) FROM t").get(0));
      long largest = source.largestTransactionWrites();
      assertTrue(largest >= 300 && largest <= 2_300, "rows written in one transaction: " + largest);
    }
    devices.close();
    devices = new Devices(folder);
  }

  @Test
  void listenersHearOfChangedTablesAfterTheCommit() {
    startWithT("(1, 'v', 'w')");
    List<String> heard = new ArrayList<>();
    b.replica().onChange(tables -> heard.add(tables + " " + b.value("SELECT v FROM t")));
    a.sql("UPDATE t SET v = 'x'");
    Devices.meet(b, a);
    assertEquals(List.of("[t] x"), heard);
    Devices.meet(b, a);
    assertEquals(1, heard.size());
    assertFalse(heard.isEmpty());
  }
}
