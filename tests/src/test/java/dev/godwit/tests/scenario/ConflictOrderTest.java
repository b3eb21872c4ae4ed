package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.godwit.sync.report.ConflictEntry;
import dev.godwit.sync.report.Paging;
import dev.godwit.sync.transport.InProcessRemote;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What arrives first does not decide which conflicts are listed. */
class ConflictOrderTest extends ThreeDevices {
  private static List<ConflictEntry> conflicts(Device device) {
    return device.replica().conflicts(Paging.first(1000)).entries();
  }

  private static String lines(List<ConflictEntry> conflicts) {
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
    List<ConflictEntry> between = conflicts(all.get(2));
    assertEquals(1, between.size(), between.toString());
    devices.syncAll();
    for (Device device : all) {
      assertEquals(between, conflicts(device));
    }
    assertEquals(
        List.of("'only one of b'", "'second of a'"),
        List.of(
                between.get(0).winner().value().toString(),
                between.get(0).loser().value().toString())
            .stream()
            .sorted()
            .toList());
  }

  @Test
  void aConflictThatBothSidesHaveSeenStaysInTheHistory() {
    all.get(0).sql("INSERT INTO s VALUES (1, 'base', 0)");
    devices.syncAll();
    edit(0, "of a");
    edit(1, "of b");
    devices.syncAll();
    List<ConflictEntry> met = conflicts(all.get(0));
    edit(2, "settled");
    devices.syncAll();
    for (Device device : all) {
      assertEquals(met, conflicts(device));
      assertEquals(List.of("['settled']"), device.rows("SELECT v FROM s"));
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
    List<ConflictEntry> listed = conflicts(all.get(2));
    assertEquals(1, listed.size());
    assertEquals("id", listed.get(0).unit());
    assertEquals("1", listed.get(0).base().toString());
    assertEquals(listed, conflicts(all.get(0)));
    assertEquals(listed, conflicts(all.get(1)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void devicesThatHoldTheSameListTheSameConflicts(long seed) {
    new RandomWork(seed, all, true).run(60);
    devices.exchangeAll();
    List<ConflictEntry> first = conflicts(all.get(0));
    for (Device device : all) {
      assertEquals(
          all.get(0).replica().status().vector(), device.replica().status().vector(), "vectors");
      assertEquals(lines(first), lines(conflicts(device)), "conflicts, with seed " + seed);
    }
  }
}
