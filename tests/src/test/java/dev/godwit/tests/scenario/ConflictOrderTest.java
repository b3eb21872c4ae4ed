package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.godwit.sync.report.ListedConflict;
import dev.godwit.sync.report.Paging;
import dev.godwit.sync.transport.InProcessRemote;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What arrives first does not decide which conflicts are listed. */
class ConflictOrderTest extends ThreeDevices {
  private static List<ListedConflict> conflicts(Device device) {
    return device.replica().listedConflicts(Paging.first(1000)).entries();
  }

  private static String lines(List<ListedConflict> conflicts) {
    StringBuilder lines = new StringBuilder();
    conflicts.forEach(conflict -> lines.append(conflict).append('\n'));
    return lines.toString();
  }

  private void edit(int device, String value) {
    all.get(device).replica().write(tx -> tx.execute("UPDATE s SET v = ? WHERE id = 1", value));
  }

  private void pull(int to, int from) {
    all.get(to).replica().sync(InProcessRemote.of(all.get(from).replica().exchangeStore()));
  }

  @Test
  void ofSeveralEditsOfOneSideOnlyTheLastIsListedWhateverArrivesBetweenThem() {
    all.get(0).sql("INSERT INTO s VALUES (1, 'base', 0)");
    devices.syncAll();
    edit(0, "first of a");
    edit(1, "only one of b");
    pull(2, 0);
    edit(0, "second of a");
    pull(2, 1);
    assertEquals(1, conflicts(all.get(2)).size(), "the first edit stands against the other side's");
    pull(2, 0);
    List<ListedConflict> between = conflicts(all.get(2));
    assertEquals(1, between.size(), between.toString());
    devices.syncAll();
    for (Device device : all) {
      assertEquals(between, conflicts(device));
    }
    assertEquals(List.of("only one of b", "second of a"), values(between.get(0)));
  }

  private static List<String> values(ListedConflict conflict) {
    return conflict.siblings().stream()
        .map(side -> side.value().toString().replace("'", ""))
        .sorted()
        .toList();
  }

  @Test
  void aConflictThatBothSidesHaveSeenStaysInTheHistory() {
    all.get(0).sql("INSERT INTO s VALUES (1, 'base', 0)");
    devices.syncAll();
    edit(0, "of a");
    edit(1, "of b");
    devices.syncAll();
    ListedConflict met = conflicts(all.get(0)).get(0);
    edit(2, "settled");
    devices.syncAll();
    for (Device device : all) {
      List<ListedConflict> listed = conflicts(device);
      assertEquals(1, listed.size(), listed.toString());
      assertEquals(met.id(), listed.get(0).id());
      assertEquals(List.of("of a", "of b"), values(listed.get(0)));
      assertEquals("write", listed.get(0).how());
      assertEquals("c", listed.get(0).by());
      assertEquals(List.of("['settled']"), device.rows("SELECT v FROM s"));
    }
  }

  @Test
  void aConflictThatSomebodySettledStaysInTheHistoryWhoeverGoesOnFromOneOfItsSides() {
    all.get(0).sql("INSERT INTO s VALUES (1, 'base', 0)");
    devices.syncAll();
    edit(0, "of a");
    edit(1, "of b");
    pull(2, 0);
    pull(2, 1);
    edit(2, "settled by c");
    edit(1, "of b again");
    pull(0, 1);
    pull(0, 2);
    devices.syncAll();
    for (Device device : all) {
      List<List<String>> listed = conflicts(device).stream().map(one -> values(one)).toList();
      assertEquals(
          Set.of(List.of("of a", "of b"), List.of("of b again", "settled by c")),
          Set.copyOf(listed),
          device.name());
    }
  }

  @Test
  void ofSeveralWhoSettleAConflictTheFirstIsNamed() {
    all.get(0).sql("INSERT INTO s VALUES (1, 'base', 0)");
    devices.syncAll();
    edit(0, "of a");
    edit(1, "of b");
    devices.syncAll();
    for (int device = 0; device < 3; device++) {
      all.get(device).clock().at(4_000_000_000_000L + (device + 1) % 3);
      edit(device, "settled by " + device);
    }
    devices.syncAll();
    for (Device device : all) {
      List<ListedConflict> listed = conflicts(device);
      assertEquals(2, listed.size(), listed.toString());
      assertEquals(List.of("of a", "of b"), values(listed.get(1)));
      assertEquals("c", listed.get(1).by());
    }
  }

  @Test
  void twoKeysForOneRowAreAConflict() {
    all.get(0).sql("INSERT INTO s VALUES (1, 'base', 0)");
    devices.syncAll();
    all.get(0).sql("UPDATE s SET id = 10");
    all.get(0).replica().seal();
    all.get(1).sql("UPDATE s SET id = 20");
    devices.syncAll();
    List<ListedConflict> listed = conflicts(all.get(2));
    assertEquals(1, listed.size());
    assertEquals("id", listed.get(0).unit());
    assertEquals("1", listed.get(0).siblings().get(0).base().toString());
    assertEquals(listed, conflicts(all.get(0)));
    assertEquals(listed, conflicts(all.get(1)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void devicesThatHoldTheSameListTheSameConflicts(long seed) {
    new RandomWork(seed, all, true).run(60);
    devices.exchangeAll();
    List<ListedConflict> first = conflicts(all.get(0));
    for (Device device : all) {
      assertEquals(
          all.get(0).replica().status().vector(), device.replica().status().vector(), "vectors");
      assertEquals(lines(first), lines(conflicts(device)), "conflicts, with seed " + seed);
    }
  }
}
