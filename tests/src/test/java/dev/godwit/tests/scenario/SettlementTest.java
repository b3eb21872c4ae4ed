package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.ExistencePolicy;
import dev.godwit.sync.policy.Settlement;
import dev.godwit.sync.report.ListedConflict;
import dev.godwit.sync.report.Paging;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A conflict of the list can be settled on any device, and is settled everywhere. */
class SettlementTest extends TwoDevices {
  private void edits() {
    startWithT("(1, 'v', 'w')");
    write(a, 1, "UPDATE t SET v = 'from a'");
    write(b, 2, "UPDATE t SET v = 'from b'");
    devices.syncAll();
    later();
  }

  private void later() {
    a.clock().at(4_000_000_010_000L);
    b.clock().at(4_000_000_010_000L);
  }

  private static List<ListedConflict> listed(Device device) {
    return device.replica().listedConflicts(new Paging(100, "")).entries();
  }

  private static String only(Device device) {
    List<ListedConflict> all = listed(device);
    assertEquals(1, all.size(), all.toString());
    return all.get(0).id();
  }

  private void refused(Device device, Settlement settlement, String reason) {
    String name = only(device);
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> device.replica().settle(name, settlement));
    assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
  }

  /** Nothing of it stands any more on either device. */
  private void settled() {
    devices.syncAll();
    for (Device device : List.of(a, b)) {
      assertEquals(List.of(), ConflictViews.standing(device), device.name());
    }
  }

  @Test
  void takingAVersionShowsItEverywhere() {
    edits();
    b.replica().settle(only(b), new Settlement.Take(1));
    settled();
    bothShow("SELECT v FROM t", "['from a']");
  }

  @Test
  void takingTheVersionThatIsShownSettlesToo() {
    edits();
    b.replica().settle(only(b).substring(0, 6), new Settlement.Take(2));
    settled();
    bothShow("SELECT v FROM t", "['from b']");
    assertEquals("resolution", a.value("SELECT DISTINCT how FROM godwit_conflict"));
  }

  @Test
  void anotherValueIsWritten() {
    edits();
    a.replica().settle(only(a), new Settlement.Write(Value.of(7)));
    settled();
    bothShow("SELECT v FROM t", "[7]");
  }

  @Test
  void whatDoesNotFitIsRefusedWithAReason() {
    edits();
    refused(a, new Settlement.KeepBoth(), "a column holds one value");
    refused(a, new Settlement.Restore(), "a column holds one value");
    refused(a, new Settlement.Take(3), "expected one of 1 … 2 but got 3");
    assertThrows(
        IllegalArgumentException.class,
        () -> a.replica().settle("nothing", new Settlement.Take(1)));
    a.replica().settle(only(a), new Settlement.Take(1));
    refused(a, new Settlement.Take(2), "settled already");
  }

  @Test
  void aSiblingThatCameMeanwhileIsNotSettledUnseen() {
    edits();
    String name = only(a);
    Device c = devices.device("c", T, "t");
    Devices.meet(c, b);
    write(b, 3, "UPDATE t SET v = 'third'");
    devices.syncAll();
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> a.replica().settle(name, new Settlement.Take(1)));
    assertTrue(refusal.getMessage().contains("settled already"), refusal.getMessage());
    bothShow("SELECT v FROM t", "['third']");
  }

  @Test
  void aGroupIsTakenAsAWhole() {
    startWithT("(1, 'v', 'w')");
    a.replica().policy("t.v", ColumnPolicy.manual().inGroup("g"));
    a.replica().policy("t.w", ColumnPolicy.manual().inGroup("g"));
    devices.syncAll();
    write(a, 1, "UPDATE t SET v = 'va', w = 'wa'");
    write(b, 2, "UPDATE t SET v = 'vb', w = 'wb'");
    devices.syncAll();
    later();
    a.replica().settle(listed(a).get(0).id(), new Settlement.Take(1));
    settled();
    bothShow("SELECT v, w FROM t", "['va', 'wa']");
  }

  @Test
  void aRowThatWasDeletedAndEditedIsKeptOrDeleted() {
    startWithT("(1, 'v', 'w')", "(2, 'v', 'w')");
    write(a, 1, "DELETE FROM t");
    write(b, 2, "UPDATE t SET v = 'kept'");
    devices.syncAll();
    later();
    List<ListedConflict> both = listed(a);
    a.replica().settle(both.get(0).id(), new Settlement.Restore());
    a.replica().settle(both.get(1).id(), new Settlement.Take(1));
    settled();
    bothShow("SELECT id, v FROM t", "[" + (both.get(0).key().equals("1") ? 1 : 2) + ", 'kept']");
  }

  @Test
  void aRowThatADeleteHidesComesBackOrGoesForGood() {
    startWithT("(1, 'v', 'w')", "(2, 'v', 'w')");
    a.replica().policy("t", ExistencePolicy.DELETE_WINS);
    devices.syncAll();
    write(a, 1, "DELETE FROM t");
    write(b, 2, "UPDATE t SET v = 'kept'");
    devices.syncAll();
    later();
    bothShow("SELECT id, v FROM t");
    List<ListedConflict> both = listed(b);
    b.replica().settle(both.get(0).id(), new Settlement.Take(2));
    b.replica().settle(both.get(1).id(), new Settlement.Take(1));
    settled();
    bothShow("SELECT id, v FROM t", "[" + (both.get(0).key().equals("1") ? 1 : 2) + ", 'kept']");
  }

  private void collision() {
    startWithT();
    devices.syncAll();
    write(a, 1, "INSERT INTO t VALUES (5, 'a', 0)");
    write(b, 2, "INSERT INTO t VALUES (5, 'b', 0)");
    devices.syncAll();
    later();
  }

  @Test
  void rowsWithOneNumberAreBothKept() {
    collision();
    refused(a, new Settlement.Restore(), "nothing was deleted");
    b.replica().settle(only(b), new Settlement.KeepBoth());
    settled();
    bothHaveT("[5, 'a', 0]", "[6, 'b', 0]");
  }

  @Test
  void theOtherRowGetsTheNumber() {
    collision();
    a.replica().settle(only(a), new Settlement.Take(2));
    settled();
    bothHaveT("[5, 'b', 0]", "[6, 'a', 0]");
  }

  @Test
  void theRowThatLostGetsANumberOfItsOwn() {
    collision();
    a.replica().settle(only(a), new Settlement.Write(Value.of(50)));
    settled();
    bothHaveT("[5, 'a', 0]", "[50, 'b', 0]");
  }

  @Test
  void aRowThatWasRenamedTwiceGetsOneName() {
    start("CREATE TABLE n (name TEXT PRIMARY KEY NOT NULL, v)", "n");
    write(a, 1, "INSERT INTO n VALUES ('old', 1)", "INSERT INTO n VALUES ('other', 1)");
    devices.syncAll();
    write(a, 2, "UPDATE n SET name = name || '-left'");
    write(b, 3, "UPDATE n SET name = name || '-right'");
    devices.syncAll();
    later();
    for (ListedConflict one : listed(a)) {
      a.replica().settle(one.id(), new Settlement.Take(one.key().startsWith("'old") ? 1 : 2));
    }
    settled();
    bothShow("SELECT name FROM n ORDER BY name", "['old-left']", "['other-right']");
  }

  @Test
  void theListGoesOnWhereThePageBeforeEnded() {
    startWithT("(1, 'v', 'w')", "(2, 'v', 'w')", "(3, 'v', 'w')");
    write(a, 1, "UPDATE t SET v = 'a' || id");
    write(b, 2, "UPDATE t SET v = 'b' || id");
    devices.syncAll();
    String after = "";
    StringBuilder keys = new StringBuilder();
    do {
      var page = a.replica().listedConflicts(new Paging(1, after));
      keys.append(page.entries().get(0).key());
      after = page.more();
    } while (after != null);
    assertEquals(3, keys.length(), keys.toString());
    assertTrue(keys.chars().distinct().count() == 3, keys.toString());
  }
}
