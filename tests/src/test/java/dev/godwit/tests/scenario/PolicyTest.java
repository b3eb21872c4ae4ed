package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.SyncReport;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.ExistencePolicy;
import dev.godwit.sync.policy.OpenConflict;
import dev.godwit.sync.policy.Resolver;
import dev.godwit.sync.transport.InProcessRemote;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What concurrent writes come to under each policy of columns and rows. */
class PolicyTest {
  private static final String SCHEMA = "CREATE TABLE t (id INTEGER PRIMARY KEY, v, w, x)";
  private static final RowKey ONE = RowKey.of(Value.of(1));

  @TempDir Path folder;
  private Devices devices;
  private Device a;
  private Device b;

  @BeforeEach
  void twoDevices() {
    devices = new Devices(folder);
    a = devices.device("a", SCHEMA, "t");
    b = devices.device("b", SCHEMA, "t");
    a.sql("INSERT INTO t VALUES (1, 'v', 'w', 'x')");
    devices.syncAll();
  }

  @AfterEach
  void close() {
    devices.close();
  }

  private void write(Device device, long millis, String sql) {
    device.clock().at(4_000_000_000_000L + millis);
    device.write(sql);
  }

  private void bothShow(String query, String... rows) {
    devices.syncAll();
    assertEquals(List.of(rows), a.rows(query), "on the first device");
    assertEquals(List.of(rows), b.rows(query), "on the second device");
    assertTrue(a.replica().doctor().isHealthy(), () -> a.replica().doctor().toString());
    assertTrue(b.replica().doctor().isHealthy(), () -> b.replica().doctor().toString());
    assertEquals(a.replica().openConflicts(), b.replica().openConflicts());
  }

  @Test
  void aPreferredDeviceIsShownThoughAnotherWroteLater() {
    a.replica().policy("t.v", ColumnPolicy.replicaPriority("a", "b"));
    devices.syncAll();
    write(a, 1, "UPDATE t SET v = 'from a'");
    write(b, 2, "UPDATE t SET v = 'from b'");
    bothShow("SELECT v FROM t", "['from a']");
  }

  @Test
  void aWriteThatSawThePreferredOneStandsAllTheSame() {
    a.replica().policy("t.v", ColumnPolicy.replicaPriority("a", "b"));
    write(a, 1, "UPDATE t SET v = 'from a'");
    devices.syncAll();
    write(b, 0, "UPDATE t SET v = 'from b'");
    bothShow("SELECT v FROM t", "['from b']");
  }

  @Test
  void aPreferredDeviceThatIsHeardOfLateIsShownFromThenOn() {
    a.replica().policy("t.v", ColumnPolicy.replicaPriority("c", "a", "b"));
    devices.syncAll();
    Device c = devices.device("c", SCHEMA, "t");
    Devices.meet(c, a);
    write(a, 2, "UPDATE t SET v = 'from a'");
    write(b, 3, "UPDATE t SET v = 'from b'");
    write(c, 1, "UPDATE t SET v = 'from c'");
    bothShow("SELECT v FROM t", "['from c']");
  }

  @Test
  void aManualConflictIsOpenOnAllUntilOneSettlesIt() {
    a.replica().policy("t.v", ColumnPolicy.manual());
    devices.syncAll();
    write(a, 2, "UPDATE t SET v = 'from a'");
    write(b, 1, "UPDATE t SET v = 'from b'");
    bothShow("SELECT v FROM t", "['from a']");
    OpenConflict open = b.replica().openConflicts().get(0);
    assertEquals(ONE, open.key());
    assertEquals("v", open.column());
    assertEquals(Value.of("from a"), open.shown());
    assertEquals(
        List.of("b", "a"),
        List.of(open.siblings().get(0).device(), open.siblings().get(1).device()));
    b.replica().resolve("t", ONE, Map.of("v", Value.of("from b")));
    bothShow("SELECT v FROM t", "['from b']");
    assertEquals(List.of(), a.replica().openConflicts());
  }

  @Test
  void settlingWithTheShownValueClosesToo() {
    a.replica().policy("t.v", ColumnPolicy.manual());
    devices.syncAll();
    write(a, 2, "UPDATE t SET v = 'from a'");
    write(b, 1, "UPDATE t SET v = 'from b'");
    devices.syncAll();
    a.replica().resolve("t", ONE, Map.of("v", Value.of("from a")));
    bothShow("SELECT v FROM t", "['from a']");
    assertEquals(List.of(), b.replica().openConflicts());
  }

  @Test
  void anOrdinaryWriteThatSawBothClosesAManualConflict() {
    a.replica().policy("t.v", ColumnPolicy.manual());
    devices.syncAll();
    write(a, 2, "UPDATE t SET v = 'from a'");
    write(b, 1, "UPDATE t SET v = 'from b'");
    devices.syncAll();
    b.sql("UPDATE t SET v = 'both'");
    bothShow("SELECT v FROM t", "['both']");
    assertEquals(List.of(), a.replica().openConflicts());
  }

  @Test
  void ofTwoConcurrentResolutionsTheLaterIsShownAndTheConflictIsClosed() {
    a.replica().policy("t.v", ColumnPolicy.manual());
    devices.syncAll();
    write(a, 2, "UPDATE t SET v = 'from a'");
    write(b, 1, "UPDATE t SET v = 'from b'");
    devices.syncAll();
    a.clock().at(4_000_000_001_000L);
    b.clock().at(4_000_000_002_000L);
    a.replica().resolve("t", ONE, Map.of("v", Value.of("as a says")));
    b.replica().resolve("t", ONE, Map.of("v", Value.of("as b says")));
    bothShow("SELECT v FROM t", "['as b says']");
    assertEquals(List.of(), a.replica().openConflicts());
    assertTrue(a.losers().contains("as a says"), "the other choice is recorded");
  }

  @Test
  void equalValuesAreNoManualConflict() {
    a.replica().policy("t.v", ColumnPolicy.manual());
    devices.syncAll();
    write(a, 2, "UPDATE t SET v = 'same'");
    write(b, 1, "UPDATE t SET v = 'same'");
    bothShow("SELECT v FROM t", "['same']");
    assertEquals(List.of(), a.replica().openConflicts());
  }

  @Test
  void theLargestAndTheSmallestAreTakenAcrossStorageClasses() {
    a.replica().policy("t.v", ColumnPolicy.max());
    a.replica().policy("t.w", ColumnPolicy.min());
    devices.syncAll();
    write(a, 1, "UPDATE t SET v = 9007199254740993, w = 9007199254740993");
    write(b, 2, "UPDATE t SET v = 9007199254740992.0, w = 9007199254740992.0");
    bothShow("SELECT v, w FROM t", "[9007199254740993, 9.007199254740992E15]");
    write(a, 3, "UPDATE t SET v = 'b', w = x'00'");
    write(b, 4, "UPDATE t SET v = 5, w = 'a'");
    bothShow("SELECT v, w FROM t", "['b', 'a']");
    write(a, 5, "UPDATE t SET v = 'lower again'");
    bothShow("SELECT v FROM t", "['lower again']");
  }

  @Test
  void aGroupIsShownAsOneOfTheWrites() {
    a.replica().policy("t.v", ColumnPolicy.lastWriterWins().inGroup("when"));
    a.replica().policy("t.w", ColumnPolicy.lastWriterWins().inGroup("when"));
    devices.syncAll();
    write(a, 1, "UPDATE t SET v = 'va'");
    write(b, 2, "UPDATE t SET w = 'wb'");
    bothShow("SELECT v, w FROM t", "['v', 'wb']");
  }

  @Test
  void deleteWinsWhereItIsDeclared() {
    a.replica().policy("t", ExistencePolicy.DELETE_WINS);
    devices.syncAll();
    write(a, 1, "DELETE FROM t");
    write(b, 2, "UPDATE t SET v = 'edited'");
    bothShow("SELECT v FROM t");
    a.replica().policy("t", ExistencePolicy.UPDATE_WINS);
    bothShow("SELECT v FROM t", "['edited']");
  }

  @Test
  void aChangedPolicyShowsOldConflictsAnewOnEveryDevice() {
    write(a, 2, "UPDATE t SET v = 5");
    write(b, 1, "UPDATE t SET v = 7");
    bothShow("SELECT v FROM t", "[5]");
    a.replica().policy("t.v", ColumnPolicy.max());
    bothShow("SELECT v FROM t", "[7]");
    b.replica().policy("t.v", ColumnPolicy.manual());
    bothShow("SELECT v FROM t", "[5]");
    assertEquals(1, a.replica().openConflicts().size());
  }

  @Test
  void ofTwoConcurrentChangesOfOnePolicyTheLaterHolds() {
    write(a, 2, "UPDATE t SET v = 5");
    write(b, 1, "UPDATE t SET v = 7");
    devices.syncAll();
    a.clock().at(4_000_000_002_000L);
    b.clock().at(4_000_000_001_000L);
    a.replica().policy("t.v", ColumnPolicy.max());
    b.replica().policy("t.v", ColumnPolicy.min());
    bothShow("SELECT v FROM t", "[7]");
    assertEquals(Map.of("t.v", "max"), b.replica().policies());
  }

  @Test
  void whatCodeDeclaresIsWrittenOnceAndNeverOverturnsTheSpace() {
    Device c = devices.device("c", SCHEMA, "t", set -> set.policy("t.v", ColumnPolicy.max()));
    devices.syncAll();
    assertEquals(Map.of("t.v", "max"), a.replica().policies());
    a.replica().policy("t.v", ColumnPolicy.min());
    devices.syncAll();
    Device d = devices.device("d", SCHEMA, "t", set -> set.policy("t.v", ColumnPolicy.max()));
    devices.syncAll();
    for (Device device : List.of(a, b, c, d)) {
      assertEquals(Map.of("t.v", "min"), device.replica().policies(), device.name());
    }
    List<String> said = Devices.meet(d, a).notices();
    assertEquals(d.replica().policyDifferences(), said);
    assertTrue(said.get(0).contains("declares max for t.v but the space says min"), said.get(0));
    assertEquals(List.of(), a.replica().policyDifferences());
  }

  @Test
  void aPolicyForAColumnThatIsNotThereOrIsTheKeyIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> a.replica().policy("t.none", ColumnPolicy.max()));
    assertThrows(
        IllegalArgumentException.class, () -> a.replica().policy("t.id", ColumnPolicy.max()));
    assertThrows(IllegalArgumentException.class, () -> a.replica().policy("t", ColumnPolicy.max()));
    assertEquals(Map.of(), a.replica().policies());
  }

  @Test
  void aResolverSettlesWhatItsDeviceSeesAndTheOthersFollow() {
    Resolver joined =
        (base, siblings) -> {
          StringBuilder text = new StringBuilder(base.toString());
          siblings.forEach(sibling -> text.append('+').append(sibling.value()));
          return Value.of(text.toString());
        };
    Device c =
        devices.device(
            "c",
            SCHEMA,
            "t",
            set -> set.policy("t.v", ColumnPolicy.custom("joined")).resolver("joined", joined));
    devices.syncAll();
    write(a, 2, "UPDATE t SET v = 'from a'");
    write(b, 1, "UPDATE t SET v = 'from b'");
    Devices.meet(a, b);
    assertEquals(List.of("['from a']"), a.rows("SELECT v FROM t"));
    assertEquals(List.of("['from a']"), b.rows("SELECT v FROM t"));
    assertEquals(1, a.replica().openConflicts().size());
    bothShow("SELECT v FROM t", "['''v''+''from b''+''from a''']");
    assertEquals(List.of(), c.replica().openConflicts());
  }

  @Test
  void aResolverThatThrowsLeavesTheConflictOpenAndIsReported() {
    Device c =
        devices.device(
            "c",
            SCHEMA,
            "t",
            set ->
                set.policy("t.v", ColumnPolicy.custom("broken"))
                    .resolver(
                        "broken",
                        (base, siblings) -> {
                          throw new IllegalStateException("no");
                        }));
    devices.syncAll();
    write(a, 2, "UPDATE t SET v = 'from a'");
    write(b, 1, "UPDATE t SET v = 'from b'");
    a.replica().sync(InProcessRemote.of(b.replica().exchangeStore()));
    SyncReport report = c.replica().sync(InProcessRemote.of(a.replica().exchangeStore()));
    assertEquals(List.of("['from a']"), c.rows("SELECT v FROM t"));
    assertEquals(1, c.replica().openConflicts().size());
    String problem = report.problems().get(0);
    assertTrue(problem.contains("resolver 'broken' for t.v"), problem);
  }
}
