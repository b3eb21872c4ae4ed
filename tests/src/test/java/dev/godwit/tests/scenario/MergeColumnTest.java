package dev.godwit.tests.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.Settlement;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counters, sets, maps and texts in ordinary columns, written by plain SQL. */
class MergeColumnTest {
  private static final String SCHEMA =
      "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, n, tags TEXT, settings TEXT, body TEXT)";

  @TempDir Path folder;
  private Devices devices;
  private Device a;
  private Device b;

  @BeforeEach
  void twoDevices() {
    devices = new Devices(folder);
    a =
        devices.device(
            "a",
            SCHEMA,
            "t",
            set ->
                set.policy("t.n", ColumnPolicy.counter())
                    .policy("t.tags", ColumnPolicy.set())
                    .policy("t.settings", ColumnPolicy.map())
                    .policy("t.body", ColumnPolicy.text()));
    b = devices.device("b", SCHEMA, "t");
    a.sql(
        "INSERT INTO t VALUES ('r', 10, '[\"x\", \"y\"]', '{\"size\": 1, \"mode\": \"dark\"}', 'the cat')");
    devices.syncAll();
  }

  @AfterEach
  void close() {
    devices.close();
  }

  private void bothShow(String column, String value) {
    devices.syncAll();
    for (Device device : List.of(a, b)) {
      assertEquals(value, device.value("SELECT quote(" + column + ") FROM t"), device.name());
      assertTrue(device.replica().doctor().isHealthy(), () -> device.replica().doctor().toString());
    }
  }

  private void both(String onA, String onB) {
    a.sql("UPDATE t SET " + onA);
    b.sql("UPDATE t SET " + onB);
  }

  @Test
  void whatIsSetAfterItsRowWasInsertedAgainForgetsTheStepsOfBefore() {
    a.sql("UPDATE t SET n = n + 1");
    a.replica().seal();
    a.sql("BEGIN", "DELETE FROM t", "INSERT INTO t (id) VALUES ('r')", "COMMIT");
    a.replica().seal();
    a.sql("UPDATE t SET n = 5");
    b.sql("UPDATE t SET n = n + 2");
    bothShow("n", "5");
  }

  @Test
  void halvesThatAddUpToAWholeNumberCountOnWhereTheColumnStoresThatAsAnInteger() {
    String schema = "CREATE TABLE c (id TEXT PRIMARY KEY NOT NULL, n INTEGER)";
    devices.close();
    devices = new Devices(folder);
    a = devices.device("c", schema, "c", set -> set.policy("c.n", ColumnPolicy.counter()));
    b = devices.device("d", schema, "c");
    a.sql("INSERT INTO c VALUES ('r', 10)");
    devices.syncAll();
    for (String[] steps :
        new String[][] {
          {"0.5", "0.5", "11"}, {"1", "2", "14"}, {"0.5", "1.5", "16"}, {"1", "1", "18"}
        }) {
      a.sql("UPDATE c SET n = n + " + steps[0]);
      b.sql("UPDATE c SET n = n + " + steps[1]);
      devices.syncAll();
      assertEquals(steps[2], a.value("SELECT quote(n) FROM c"));
      assertEquals(steps[2], b.value("SELECT quote(n) FROM c"));
      assertTrue(a.replica().doctor().isHealthy(), () -> a.replica().doctor().toString());
    }
  }

  @Test
  void stepsOfTwoDevicesAddUp() {
    both("n = n + 3", "n = n - 1");
    bothShow("n", "12");
    both("n = n + 1", "n = n + 1");
    a.sql("UPDATE t SET n = n + 1");
    bothShow("n", "15");
    assertEquals(List.of(), a.conflicts());
  }

  @Test
  void stepsThatDidNotSeeACounterSetAnewCountOnTheNewValue() {
    a.sql("UPDATE t SET n = n + 5");
    devices.syncAll();
    both("n = 0", "n = n + 2");
    bothShow("n", "2");
  }

  @Test
  void stepsOnAValueTwoResetsAgoStillCount() {
    b.sql("UPDATE t SET n = n + 2");
    b.replica().seal();
    a.sql("UPDATE t SET n = 0");
    a.replica().seal();
    a.sql("UPDATE t SET n = n + 1");
    a.replica().seal();
    a.sql("UPDATE t SET n = n + 6");
    a.replica().seal();
    a.sql("UPDATE t SET n = NULL");
    a.replica().seal();
    a.sql("UPDATE t SET n = 100");
    bothShow("n", "102");
  }

  @Test
  void steppingDownToZeroByOneIsAStep() {
    a.sql("UPDATE t SET n = 1");
    devices.syncAll();
    both("n = n - 1", "n = n - 1");
    bothShow("n", "-1");
  }

  @Test
  void sumsAreExactAndSaturateOnce() {
    a.sql("UPDATE t SET n = 9223372036854775800");
    devices.syncAll();
    both("n = n + 7", "n = n + 7");
    bothShow("n", "9223372036854775807");
    a.sql("UPDATE t SET n = 0.5");
    devices.syncAll();
    both("n = n + 0.25", "n = n + 1e300");
    b.sql("UPDATE t SET n = n - 1e300");
    bothShow("n", "0.25");
  }

  @Test
  void aRowInsertedAgainCountsAnew() {
    a.sql("DELETE FROM t");
    a.replica().seal();
    a.sql("INSERT INTO t VALUES ('r', 1, '[]', '{}', '')");
    b.sql("UPDATE t SET n = n + 5");
    bothShow("n", "1");
  }

  /**
   * Writes on both, the second device later; then both list this, and once it was seen as settled.
   */
  private void bothList(String onA, String onB, String... siblings) {
    a.clock().at(4_000_000_000_000L);
    a.write("UPDATE t SET " + onA);
    b.clock().at(4_000_000_001_000L);
    b.write("UPDATE t SET " + onB);
    devices.syncAll();
    for (Device device : List.of(a, b)) {
      assertEquals(
          List.of(siblings),
          Sqlite.text(
              device.path(),
              "SELECT concat_ws('|', unit, kind, state, how, device, value, shown) FROM godwit_conflict"
                  + " ORDER BY sibling"),
          device.name());
      assertTrue(device.replica().doctor().isHealthy(), () -> device.replica().doctor().toString());
    }
    assertEquals(ConflictViews.all(a), ConflictViews.all(b));
    a.clock().at(4_000_000_002_000L);
    a.write("UPDATE t SET n = n + 1, tags = '[]', settings = '{}', body = 'all'");
    devices.syncAll();
    // Whoever writes having seen both settles it.
    assertEquals(
        Stream.of(siblings)
            .map(
                line ->
                    line.replaceFirst("resolved\\|\\w+", "resolved|write").replaceFirst("1$", "0"))
            .toList(),
        Sqlite.text(
            b.path(),
            "SELECT concat_ws('|', unit, kind, state, how, device, value, shown) FROM godwit_conflict"
                + " ORDER BY sibling"));
    assertEquals(ConflictViews.all(a), ConflictViews.all(b));
  }

  @Test
  void aCounterThatBothSetAnewIsAConflict() {
    bothList(
        "n = NULL",
        "n = 0",
        "n|edit/edit|resolved|counter|a|0",
        "n|edit/edit|resolved|counter|b|0|1");
  }

  @Test
  void aTextThatWasReplacedUnderAnEditIsAConflict() {
    bothList(
        "body = 'the cat sat'",
        "body = NULL",
        "body|edit/edit|resolved|text|a|the cat sat|0",
        "body|edit/edit|resolved|text|b|1");
  }

  @Test
  void aMemberThatBothWroteIsAConflict() {
    bothList(
        "settings = json_set(settings, '$.size', 2)",
        "settings = json_set(settings, '$.size', 3)",
        "settings|edit/edit|resolved|map|a|{\"size\":2,\"mode\":\"dark\"}|0",
        "settings|edit/edit|resolved|map|b|{\"size\":3,\"mode\":\"dark\"}|1");
  }

  @Test
  void membersThatOnlyOneWroteAreNone() {
    bothList(
        "settings = json_set(settings, '$.size', 2)", "settings = json_set(settings, '$.x', 3)");
  }

  @Test
  void whatIsNoArrayBesideEntriesIsAConflict() {
    bothList(
        "tags = 'x, y, z'",
        "tags = json_insert(tags, '$[#]', 'w')",
        "tags|edit/edit|resolved|set|a|x, y, z|0",
        "tags|edit/edit|resolved|set|b|[\"x\",\"y\",\"w\"]|1");
  }

  @Test
  void whatIsListedOfAMergedColumnCanBeTaken() {
    a.clock().at(4_000_000_000_000L);
    a.write("UPDATE t SET body = 'the cat sat'");
    b.clock().at(4_000_000_001_000L);
    b.write("UPDATE t SET body = 'another text'", "UPDATE t SET body = NULL");
    devices.syncAll();
    String conflict = a.value("SELECT DISTINCT conflict FROM godwit_conflict");
    a.replica().settle(conflict, new Settlement.Take(1));
    bothShow("body", "'the cat sat'");
    assertEquals(List.of(), Sqlite.text(b.path(), "SELECT * FROM godwit_sibling"));
  }

  @Test
  void aCounterSurvivesADeleteThatLoses() {
    a.sql("DELETE FROM t");
    b.sql("UPDATE t SET n = n + 5");
    bothShow("n", "15");
  }

  @Test
  void entriesThatTwoDevicesAddAreBothThere() {
    both("tags = '[\"x\",\"y\",\"a\"]'", "tags = '[\"b\",\"x\",\"y\"]'");
    devices.syncAll();
    List<String> shown = a.rows("SELECT value FROM t, json_each(tags) ORDER BY value");
    assertEquals(List.of("['a']", "['b']", "['x']", "['y']"), shown);
    bothShow("json_array_length(tags)", "4");
  }

  @Test
  void anEntryRemovedHereAndAddedAgainThereStays() {
    b.sql("UPDATE t SET tags = '[\"y\"]'");
    b.replica().seal();
    both("tags = '[\"y\"]'", "tags = '[\"y\", \"x\"]'");
    bothShow("replace(tags, ' ', '')", "'[\"y\",\"x\"]'");
  }

  @Test
  void anEntryRemovedByOneAndKeptByTheOtherGoes() {
    both("tags = '[\"y\"]'", "tags = '[\"x\",\"y\",\"z\"]'");
    bothShow("tags", "'[\"y\",\"z\"]'");
  }

  @Test
  void aTextThatIsOnlyReorderedOrReformattedIsShownAsWritten() {
    a.sql("UPDATE t SET tags = '[ \"y\" , \"x\" ]'");
    bothShow("tags", "'[ \"y\" , \"x\" ]'");
  }

  @Test
  void entriesThatAreOnlySpelledOtherwiseAreShownAsTheirLastWriterSpelledThem() {
    a.sql("UPDATE t SET tags = '[[2, 3], \"x\"]'");
    devices.syncAll();
    a.sql("UPDATE t SET tags = json_insert(tags, '$[#]', 'y')");
    bothShow("tags", "'[[2,3],\"x\",\"y\"]'");
    b.sql("UPDATE t SET tags = json_insert(tags, '$[#]', 'z')");
    bothShow("tags", "'[[2,3],\"x\",\"y\",\"z\"]'");
  }

  @Test
  void equalEntriesAreCounted() {
    a.sql("UPDATE t SET tags = '[1, 1, {\"k\": [1, \"]\"]}]'");
    devices.syncAll();
    both("tags = '[1, {\"k\": [1, \"]\"]}]'", "tags = '[1, 1, {\"k\": [1, \"]\"]}, 2]'");
    bothShow("tags", "'[1,{\"k\": [1, \"]\"]},2]'");
    a.sql("UPDATE t SET tags = '[1,1,1]'");
    bothShow("tags", "'[1,1,1]'");
    both("tags = '[1,1]'", "tags = '[1,1]'");
    bothShow("tags", "'[1,1]'");
  }

  @Test
  void invalidJsonIsKeptAsAWholeAndLostNowhere() {
    both("tags = 'not json'", "tags = '[\"x\",\"y\",\"z\"]'");
    bothShow("tags", "'[\"z\"]'");
    a.sql("UPDATE t SET tags = '[\"broken'");
    bothShow("tags", "'[\"broken'");
    b.sql("UPDATE t SET tags = '[\"fine\"]'");
    bothShow("tags", "'[\"fine\"]'");
  }

  @Test
  void listsBegunOnTwoDevicesAreUnited() {
    a.sql("UPDATE t SET tags = NULL");
    devices.syncAll();
    both("tags = '[\"a\"]'", "tags = '[\"b\"]'");
    devices.syncAll();
    assertEquals(
        List.of("['a']", "['b']"), a.rows("SELECT value FROM t, json_each(tags) ORDER BY value"));
  }

  @Test
  void membersOfAMapAreMergedOneByOne() {
    both(
        "settings = json_set(settings, '$.size', 2)",
        "settings = json_remove(json_set(settings, '$.font', 'mono'), '$.mode')");
    devices.syncAll();
    assertEquals(
        "2|mono|",
        a.value(
            "SELECT json_extract(settings, '$.size') || '|' || json_extract(settings, '$.font')"
                + " || '|' || coalesce(json_extract(settings, '$.mode'), '') FROM t"));
    bothShow("json_extract(settings, '$.size')", "2");
  }

  @Test
  void ofTwoValuesOfOneMemberTheLastWritersIsShownAndAMemberSetAgainStays() {
    a.clock().at(4_000_000_000_002L);
    b.clock().at(4_000_000_000_001L);
    a.write("UPDATE t SET settings = '{\"size\":3}'");
    b.write("UPDATE t SET settings = '{\"size\":4,\"mode\":\"light\"}'");
    devices.syncAll();
    bothShow("json_extract(settings, '$.size')", "3");
    bothShow("json_extract(settings, '$.mode')", "'light'");
  }

  @Test
  void editsAtDifferentPlacesOfATextAreBothThere() {
    both("body = 'the black cat'", "body = 'the cat sat'");
    bothShow("body", "'the black cat sat'");
    both("body = 'The black cat sat'", "body = 'the black cat sat down'");
    bothShow("body", "'The black cat sat down'");
    assertEquals(List.of(), a.conflicts());
  }

  @Test
  void textsTypedAtOnePlaceStandOneBehindTheOther() {
    a.sql("UPDATE t SET body = ''");
    devices.syncAll();
    both("body = 'to be is to do'", "body = 'to do is to be'");
    devices.syncAll();
    String shown = a.value("SELECT body FROM t");
    assertTrue(
        shown.equals("to be is to doto do is to be")
            || shown.equals("to do is to beto be is to do"),
        shown);
    assertEquals(shown, b.value("SELECT body FROM t"));
  }

  @Test
  void lettersTypedIntoAWordThatIsDeletedStay() {
    both("body = 'the '", "body = 'the caaat'");
    bothShow("body", "'the aa'");
  }

  @Test
  void aTextSetToNullStandsAgainstAnEditAsAWhole() {
    a.clock().at(4_000_000_000_001L);
    b.clock().at(4_000_000_000_002L);
    a.write("UPDATE t SET body = NULL");
    b.write("UPDATE t SET body = 'the cat sat'");
    bothShow("body", "'the cat sat'");
    a.sql("UPDATE t SET body = 'new'");
    both("body = 'new a'", "body = 'b new'");
    devices.syncAll();
    assertEquals(a.value("SELECT body FROM t"), b.value("SELECT body FROM t"));
  }

  @Test
  void replaceOfARowIsAnEditOfItsText() {
    a.sql("REPLACE INTO t VALUES ('r', 10, '[]', '{}', 'the black cat')");
    b.sql("UPDATE t SET body = 'the cat sat'");
    bothShow("body", "'the black cat sat'");
  }

  @Test
  void underAnotherPolicyOperationsAreReadAsWritesOfTheirValue() {
    a.clock().at(4_000_000_000_001L);
    b.clock().at(4_000_000_000_002L);
    a.write("UPDATE t SET n = n + 3");
    b.write("UPDATE t SET n = n - 1");
    bothShow("n", "12");
    a.replica().policy("t.n", ColumnPolicy.lastWriterWins());
    bothShow("n", "9");
    b.replica().policy("t.n", ColumnPolicy.counter());
    bothShow("n", "12");
  }

  @Test
  void theDoctorMissesNoConflictsOfTheTimeWhenAColumnWasMerged() {
    a.clock().at(4_000_000_000_000L);
    b.clock().at(4_000_000_001_000L);
    a.write("INSERT OR REPLACE INTO t VALUES ('r', 10, '[]', '{}', 'anew')");
    b.write("INSERT OR REPLACE INTO t VALUES ('r', 10, '[]', '{}', 'anew, too')");
    devices.syncAll();
    a.replica().policy("t.body", ColumnPolicy.lastWriterWins());
    bothShow("body", "'anew, too'");
  }

  @Test
  void aFileWithANewIdentityGoesOnMerging() throws Exception {
    a.sql("UPDATE t SET n = n + 1, body = 'the cat sat', tags = '[\"x\"]'");
    a.replica().seal();
    Path copy = folder.resolve("copy.db");
    a.sql("VACUUM INTO '" + copy + "'");
    Device c = devices.open("c", copy);
    c.sql("UPDATE t SET n = n + 10, body = 'a cat sat', tags = '[\"x\", \"c\"]'");
    a.sql("UPDATE t SET n = n + 100, body = 'the cat sat down', tags = '[\"x\", \"a\"]'");
    Devices.meet(a, b);
    Devices.meet(c, b);
    devices.syncAll();
    assertEquals("121", b.value("SELECT n FROM t"));
    assertEquals("a cat sat down", b.value("SELECT body FROM t"));
    assertEquals("3", b.value("SELECT json_array_length(tags) FROM t"));
  }

  @Test
  void aMergeColumnThatIsUniqueOrAReferenceIsRefused() {
    Device c =
        devices.device(
            "c", "CREATE TABLE u (id INTEGER PRIMARY KEY, v UNIQUE, w REFERENCES u (id))", "u");
    assertThrows(
        IllegalArgumentException.class, () -> c.replica().policy("u.v", ColumnPolicy.counter()));
    assertThrows(
        IllegalArgumentException.class, () -> c.replica().policy("u.w", ColumnPolicy.text()));
    assertThrows(IllegalArgumentException.class, () -> ColumnPolicy.text().inGroup("g"));
  }
}
