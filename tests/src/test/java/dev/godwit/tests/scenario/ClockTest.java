package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.crdt.causality.HybridClock;
import dev.godwit.crdt.causality.HybridTimestamp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

/** Times of writes rise on every device, whatever its clock does. */
class ClockTest extends TwoDevices {
  /** Later than the real time, at which other programs write. */
  private static final long TEN = System.currentTimeMillis() + 10 * 86_400_000L;

  private static HybridTimestamp time(long millis, int counter) {
    return HybridTimestamp.of(millis, counter);
  }

  private HybridTimestamp written(Device device, long clockMillis) {
    device.clock().at(clockMillis);
    device.write("INSERT INTO t (v) VALUES (hex(randomblob(8)))");
    List<Device.Sealed> sealed = device.sealed();
    return sealed.get(sealed.size() - 1).header().time();
  }

  @Test
  void aClockThatMovesOnBeginsTheCounterAnew() {
    startWithT();
    written(a, TEN);
    written(a, TEN);
    assertEquals(time(TEN + 1, 0), written(a, TEN + 1));
  }

  @Test
  void aClockThatStandsStillGivesRisingTimes() {
    startWithT();
    assertEquals(
        List.of(time(TEN, 0), time(TEN, 1), time(TEN, 2)),
        List.of(written(a, TEN), written(a, TEN), written(a, TEN)));
  }

  @Test
  void aClockThatStepsBackAnHourGivesRisingTimes() {
    startWithT();
    HybridTimestamp before = written(a, TEN);
    HybridTimestamp after = written(a, TEN - 3_600_000);
    assertTrue(after.compareTo(before) > 0, before + " and then " + after);
    assertTrue(written(a, TEN - 3_600_000).compareTo(after) > 0);
  }

  @Test
  void whatComesFromElsewhereIsNeverAheadOfTheNextWrite() {
    assertEquals(time(5, 2), HybridClock.tick(HybridClock.observe(time(5, 0), time(5, 1), 3), 3));
    assertEquals(time(2, 1), HybridClock.tick(HybridClock.observe(time(2, 0), time(1, 0), 0), 0));
    assertEquals(time(2, 1), HybridClock.tick(HybridClock.observe(time(1, 0), time(2, 0), 0), 0));
    startWithT();
    written(b, TEN);
    HybridTimestamp remote = written(b, TEN);
    a.clock().at(TEN - 1_000);
    Devices.meet(a, b);
    assertEquals(remote.next(), written(a, TEN - 1_000));
  }

  @Test
  void aRestartIssuesNoTimeAtOrBelowOneIssuedBefore() {
    startWithT();
    HybridTimestamp before = written(a, TEN);
    a = devices.reopen(a);
    assertTrue(written(a, TEN - 60_000).compareTo(before) > 0);
  }

  @Test
  void aClockFarAheadIsNamedAndDoesNotDragOthers() {
    startWithT("(1, 'v', 'w')");
    long year = 365L * 86_400_000;
    b.clock().at(TEN + year);
    b.write("UPDATE t SET v = 'from the future' WHERE id = 1");
    a.clock().at(TEN);
    Devices.meet(a, b);
    assertEquals("from the future", a.value("SELECT v FROM t WHERE id = 1"), "data flows");
    assertEquals(
        List.of("b|" + year),
        Sqlite.text(a.path(), "SELECT name, ahead FROM godwit_replica WHERE ahead > 0"));
    assertEquals(time(TEN, 0), written(a, TEN));
    a.write("UPDATE t SET v = 'seen and changed' WHERE id = 1");
    bothShow("SELECT v FROM t WHERE id = 1", "['seen and changed']");
    noConflicts();
  }

  @Test
  void timesHaveOneOrderAsTextInSqlAndInJava() {
    List<HybridTimestamp> times = new ArrayList<>();
    for (long millis :
        new long[] {
          0, 9, 10, 99, 100, 999_999_999, 1_000_000_000, TEN, HybridTimestamp.MAX_MILLIS
        }) {
      for (int counter : new int[] {0, 9, 10, 99, 100, HybridTimestamp.MAX_COUNTER}) {
        times.add(time(millis, counter));
      }
    }
    long seed = System.nanoTime();
    java.util.Collections.shuffle(times, new Random(seed));
    List<HybridTimestamp> byJava = new ArrayList<>(times);
    byJava.sort(null);
    List<HybridTimestamp> byText = new ArrayList<>(times);
    byText.sort(Comparator.comparing(HybridTimestamp::toString));
    assertEquals(byJava, byText, "seed " + seed);
    java.nio.file.Path path = folder.resolve("times.db");
    Sqlite.run(path, "CREATE TABLE times (packed INTEGER, text TEXT)");
    StringBuilder rows = new StringBuilder();
    times.forEach(
        one ->
            rows.append(rows.isEmpty() ? "" : ", ")
                .append("(" + one.packed() + ", '" + one + "')"));
    Sqlite.run(path, "INSERT INTO times VALUES " + rows);
    List<String> expected = new ArrayList<>();
    byJava.forEach(one -> expected.add(one.toString()));
    assertEquals(
        expected, Sqlite.text(path, "SELECT text FROM times ORDER BY packed"), "seed " + seed);
    assertEquals(
        expected, Sqlite.text(path, "SELECT text FROM times ORDER BY text"), "seed " + seed);
  }

  @Test
  void theTimeZoneDoesNotMatter() {
    TimeZone zone = TimeZone.getDefault();
    try {
      startWithT();
      TimeZone.setDefault(TimeZone.getTimeZone("Europe/Tallinn"));
      a.sql("INSERT INTO t VALUES (1, 'v', 'w')");
      final HybridTimestamp first = a.sealed().get(0).header().time();
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Honolulu"));
      a.sql("INSERT INTO t VALUES (2, 'v', 'w')");
      HybridTimestamp second = a.sealed().get(1).header().time();
      assertTrue(second.compareTo(first) > 0);
      assertTrue(second.millis() - first.millis() < 3_600_000, first + " and " + second);
    } finally {
      TimeZone.setDefault(zone);
    }
  }

  @Test
  void workOfAnotherProgramHasTheTimeAtWhichItWasDone() {
    startWithT("(1, 'v', 'w')");
    a.sql("UPDATE t SET v = 'early'");
    a.sql("UPDATE godwit_pending SET time = time - 3600000");
    b.sql("UPDATE t SET v = 'later'");
    b.replica().seal();
    bothHaveT("[1, 'later', 'w']");
    assertEquals(List.of("early"), a.losers());
  }
}
