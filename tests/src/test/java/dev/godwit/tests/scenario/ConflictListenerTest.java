package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.SyncReport;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.Settlement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Applications are told of conflicts that a sync brings. */
class ConflictListenerTest extends TwoDevices {
  private final List<String> told = new ArrayList<>();

  private void listen() {
    a.replica()
        .onConflict(
            conflicts ->
                conflicts.forEach(
                    one ->
                        told.add(
                            one.kind() + " " + one.key() + " " + one.unit() + " " + one.open())));
  }

  @Test
  void eachNewConflictIsToldOnce() {
    startWithT("(1, 'v', 'w')", "(2, 'v', 'w')");
    a.replica().policy("t.v", ColumnPolicy.manual());
    devices.syncAll();
    listen();
    a.write("UPDATE t SET v = 'a'");
    b.write("UPDATE t SET v = 'b'");
    devices.syncAll();
    told.sort(null);
    assertEquals(List.of("edit/edit 1 v true", "edit/edit 2 v true"), told);
    told.clear();
    b.write("UPDATE t SET w = 'no conflict'");
    devices.syncAll();
    a.write("UPDATE t SET v = 'settled'");
    devices.syncAll();
    assertEquals(List.of(), told);
  }

  @Test
  void aListenerMaySettleWhatItIsTold() {
    startWithT("(1, 'v', 'w')");
    a.replica()
        .onConflict(
            conflicts ->
                conflicts.forEach(one -> a.replica().settle(one.id(), new Settlement.Take(1))));
    a.write("UPDATE t SET v = 'a'");
    b.write("UPDATE t SET v = 'b'");
    devices.syncAll();
    assertEquals(List.of(), ConflictViews.standing(a));
    assertEquals(List.of(), ConflictViews.standing(b));
  }

  @Test
  void aConflictThatComesWithItsSettlementIsNoNews() {
    startWithT("(1, 'v', 'w')");
    Device c = devices.device("c", T, "t");
    devices.syncAll();
    c.write("UPDATE t SET v = 'c'");
    b.write("UPDATE t SET v = 'b'");
    Devices.meet(b, c);
    b.write("UPDATE t SET v = 'both'");
    listen();
    Devices.meet(a, b);
    assertEquals(List.of("['both']"), a.rows("SELECT v FROM t"));
    assertEquals(List.of(), told);
  }

  @Test
  void whatAListenerThrowsDoesNotStopTheSync() {
    startWithT("(1, 'v', 'w')");
    a.replica()
        .onConflict(
            conflicts -> {
              throw new IllegalStateException("secret");
            });
    listen();
    a.write("UPDATE t SET v = 'a'");
    b.write("UPDATE t SET v = 'b'");
    SyncReport report = Devices.meetWithProblems(a, b);
    assertTrue(report.problems().get(0).contains("listener"), report.problems().toString());
    assertTrue(!report.problems().get(0).contains("secret"), report.problems().toString());
    assertEquals(1, told.size());
    devices.syncAll();
  }
}
