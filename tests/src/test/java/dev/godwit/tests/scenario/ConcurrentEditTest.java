package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Edits that did not know of each other: both survive where they can, else one rule decides. */
class ConcurrentEditTest extends TwoDevices {
  /** Later than the real time, at which other programs write. */
  private static final long TEN = System.currentTimeMillis() + 10 * 86_400_000L;

  private static final long MINUTE = 60_000;

  @Test
  void theLaterWriteWinsWhoeverMeetsWhomFirstAndTheOtherIsListed() {
    for (boolean aFirst : new boolean[] {true, false}) {
      startAnew();
      a.clock().at(TEN);
      a.write("UPDATE t SET v = 'at ten'");
      b.clock().at(TEN + 5 * MINUTE);
      b.write("UPDATE t SET v = 'five past'");
      Devices.meet(aFirst ? a : b, aFirst ? b : a);
      bothHaveT("[1, 'five past', 'w']");
      assertEquals(List.of("at ten"), a.losers());
      assertEquals(List.of("at ten"), b.losers());
    }
  }

  private int round;

  private void startAnew() {
    devices.close();
    Path next = folder.resolve("round" + round++);
    assertTrue(next.toFile().mkdir());
    devices = new Devices(next);
    startWithT("(1, 'v', 'w')");
  }

  @Test
  void ofTwoWritesOfOneMomentOneWinsTheSameEverywhere() {
    List<String> winners = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      startAnew();
      a.clock().at(TEN);
      b.clock().at(TEN);
      // The latest timestamp seen is the same on both, so that the counters are too.
      a.write("UPDATE t SET v = 'a'");
      b.write("UPDATE t SET v = 'b'");
      devices.syncAll();
      winners.add(a.value("SELECT v FROM t"));
      assertEquals(1, a.conflicts().size());
      assertEquals(1, b.conflicts().size());
    }
    assertEquals(winners.get(0), winners.get(1), "the same rule decides each time");
    boolean higherIdIsA = a.replica().id().compareTo(b.replica().id()) > 0;
    assertEquals(higherIdIsA ? "a" : "b", winners.get(0), "the higher replica id wins a tie");
  }

  @Test
  void theSameValueOnBothIsNoConflict() {
    startWithT("(1, 'v', 'w')");
    a.sql("UPDATE t SET v = 'same'");
    b.sql("UPDATE t SET v = 'same'");
    bothHaveT("[1, 'same', 'w']");
    noConflicts();
  }

  @Test
  void anEditByWhoSawTheOtherWinsEvenIfItsClockIsTwoHoursSlow() {
    startWithT("(1, 'v', 'w')");
    a.clock().at(TEN + 120 * MINUTE);
    a.write("UPDATE t SET v = 'first'");
    b.clock().at(TEN);
    devices.syncAll();
    b.write("UPDATE t SET v = 'second'");
    bothHaveT("[1, 'second', 'w']");
    noConflicts();
  }

  @Test
  void threeDevicesAgreeInWhateverOrderTheyMeet() {
    int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (int[] order : orders) {
      startAnew();
      Device c = devices.device("c", T, "t");
      devices.syncAll();
      Device[] all = {a, b, c};
      for (int i = 0; i < 3; i++) {
        all[i].clock().at(TEN + (i * 7 % 3) * MINUTE);
        all[i].write("UPDATE t SET v = 'from " + all[i].name() + "'");
      }
      Device[][] pairs = {{a, b}, {b, c}, {c, a}};
      for (int pair : order) {
        Devices.meet(pairs[pair][0], pairs[pair][1]);
      }
      bothHaveT("[1, 'from c', 'w']");
      for (Device device : all) {
        assertEquals(
            Set.of("from a", "from b"), Set.copyOf(device.losers()), "both losers are listed");
      }
    }
  }

  @Test
  void changesTravelAlongAChain() {
    startWithT("(1, 'v', 'w')");
    final Device r = devices.device("r", T, "t");
    final Device c = devices.device("c", T, "t");
    a.sql("UPDATE t SET v = 'from a'");
    c.sql("INSERT INTO t VALUES (3, 'from c', NULL)");
    Devices.meet(a, r);
    Devices.meet(r, b);
    Devices.meet(b, c);
    assertEquals(
        List.of("1|from a|w", "3|from c|null"),
        Sqlite.text(c.path(), "SELECT * FROM t ORDER BY id"));
    Devices.meet(b, r);
    Devices.meet(r, a);
    assertEquals(
        List.of("1|from a|w", "3|from c|null"),
        Sqlite.text(a.path(), "SELECT * FROM t ORDER BY id"));
    devices.syncAll();
    noConflicts();
  }

  @Test
  void twoInsertsOfOneChosenKeyAreOneRowMergedColumnByColumn() {
    start("CREATE TABLE t (id TEXT PRIMARY KEY, v, w)", "t");
    a.clock().at(TEN);
    a.write("INSERT INTO t VALUES ('k', 'a', 'same')");
    b.clock().at(TEN + MINUTE);
    b.write("INSERT INTO t VALUES ('k', 'b', 'same')");
    bothShow("SELECT * FROM t", "['k', 'b', 'same']");
    assertEquals(List.of("a"), a.losers());
    assertEquals(List.of("a"), b.losers());
  }

  @Test
  void everyTableOfATransactionIsJudgedByItself() {
    start(T + "; CREATE TABLE u (id TEXT PRIMARY KEY, v)", "t", "u");
    a.sql("INSERT INTO t VALUES (1, 'v', 'w')", "INSERT INTO u VALUES ('k', 'v')");
    devices.syncAll();
    a.clock().at(TEN);
    a.write("UPDATE t SET v = 'a'", "UPDATE u SET v = 'a'");
    b.clock().at(TEN + MINUTE);
    b.write("UPDATE t SET v = 'b'");
    bothHaveT("[1, 'b', 'w']");
    bothShow("SELECT * FROM u", "['k', 'a']");
    assertEquals(1, a.conflicts().size());
  }

  @Test
  void aMovedEventAndItsNewTitleBothSurvive() {
    start("CREATE TABLE event (id TEXT PRIMARY KEY, title, starts, ends)", "event");
    a.sql("INSERT INTO event VALUES ('e', 'Dentist', 10, 11)");
    devices.syncAll();
    a.sql("UPDATE event SET starts = 14, ends = 15");
    b.sql("UPDATE event SET title = 'Dentist, Dr. Tamm'");
    bothShow("SELECT * FROM event", "['e', 'Dentist, Dr. Tamm', 14, 15]");
    noConflicts();
  }

  @Test
  void aUniqueValueTakenTwiceStopsNothingAndNoRowIsLostWithoutARecord() {
    start("CREATE TABLE t (id INTEGER PRIMARY KEY, name UNIQUE)", "t");
    a.clock().at(4_000_000_000_000L);
    b.clock().at(4_000_000_001_000L);
    a.sql("INSERT INTO t VALUES (1, 'Work')");
    b.sql("INSERT INTO t VALUES (2, 'Work'), (3, 'Home')");
    Devices.meet(a, b);
    Devices.meet(b, a);
    for (Device device : List.of(a, b)) {
      assertEquals(
          List.of("Home", "Work"), Sqlite.text(device.path(), "SELECT name FROM t ORDER BY name"));
      assertEquals(
          List.of("parked"),
          Sqlite.text(device.path(), "SELECT kind FROM godwit_held"),
          "the row that is kept out is listed");
    }
    a.sql("UPDATE t SET name = 'Office' WHERE name = 'Work'");
    Devices.meet(a, b);
    Devices.meet(b, a);
    for (Device device : List.of(a, b)) {
      assertEquals(List.of(), Sqlite.text(device.path(), "SELECT kind FROM godwit_held"));
    }
    bothShow("SELECT * FROM t ORDER BY id", "[1, 'Office']", "[2, 'Work']", "[3, 'Home']");
  }
}
