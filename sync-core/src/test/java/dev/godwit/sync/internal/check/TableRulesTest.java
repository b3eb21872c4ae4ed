package dev.godwit.sync.internal.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.change.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which rules are found in the text of a table, and which of them are judged. */
class TableRulesTest {
  private static List<Set<String>> broken(String create, Map<String, Value> row) {
    return new TableRules(create).broken(row::get);
  }

  @Test
  void checksOfColumnsAndOfTheTableAreFoundWithAndWithoutNames() {
    String create =
        "CREATE TABLE \"my t\" (a INTEGER CONSTRAINT positive CHECK (a > 0) DEFAULT (1 + 1),"
            + " [b c] TEXT NOT NULL CHECK(length(\"b c\") <= 3) /* , x CHECK (0) */,"
            + " d NUMERIC(10, 2) DEFAULT 'CHECK (0)', -- CHECK (0)\n"
            + " CONSTRAINT ordered CHECK ((a <= d) OR d IS NULL), UNIQUE (a, d))";
    List<Set<String>> columns = new ArrayList<>();
    new TableRules(create).checks().forEach(check -> columns.add(check.columns()));
    assertEquals(List.of(Set.of("a"), Set.of("b c"), Set.of("a", "d")), columns);
    assertEquals(
        List.of(Set.of("b c"), Set.of("a"), Set.of("a", "d")),
        broken(create, Map.of("a", Value.of(0), "b c", Value.NULL, "d", Value.of(-1))));
    assertEquals(
        List.of(Set.of("b c")),
        broken(create, Map.of("a", Value.of(1), "b c", Value.of("long"), "d", Value.of(1.5))));
  }

  @Test
  void nullPassesAChecksAndAnUnknownValueDecidesNothing() {
    String create = "CREATE TABLE t (a CHECK (a > 0), b NOT NULL)";
    assertEquals(List.of(), broken(create, Map.of("a", Value.NULL)));
    assertEquals(List.of(), broken(create, Map.of()));
  }

  @Test
  void whatEnginesMayJudgeDifferentlyIsNotJudgedAndSaysWhy() {
    for (String condition :
        new String[] {
          "json_valid(a)",
          "a REGEXP 'x'",
          "a IN (SELECT 1)",
          "a = \"text\"",
          "a LIKE 'x' ESCAPE 'y'",
          "a = 1.00000000000000000001",
          "a COLLATE mine = 'x'",
          "(a, b) = (1, 2)",
          "a & 1",
          "date(a) IS NOT NULL",
          "a IS TRUE",
          "a ->> '$.x'",
          "a = 0x10",
          "other.a = 1",
          "c = 1",
          "rowid > 1",
          "a = ()",
          "a IN ()",
          "a IS (FALSE)",
          "",
          "a b",
          "CASE a WHEN 1 THEN 2"
        }) {
      TableRules rules =
          new TableRules("CREATE TABLE t (a, b, c AS (a + 1), CHECK (" + condition + "))");
      TableRules.Check check = rules.checks().get(0);
      assertNull(check.condition(), condition);
      assertNotNull(check.reason(), condition);
      assertTrue(rules.isEmpty(), condition);
    }
  }

  @Test
  void veryLongAndVeryDeepConditionsAreNotJudged() {
    String deep = "(".repeat(5_000) + "a" + ")".repeat(5_000);
    String longer = "a" + " + 1".repeat(5_000);
    String nots = "NOT ".repeat(1_500) + "a";
    for (String condition : new String[] {deep, longer, nots}) {
      assertTrue(new TableRules("CREATE TABLE t (a, CHECK (" + condition + "))").isEmpty());
    }
  }

  @Test
  void aLongChainOfConditionsIsJudged() {
    String chain = "a > 0" + " AND a > 0".repeat(300);
    String create = "CREATE TABLE t (a, CHECK (" + chain + "))";
    assertEquals(List.of(), broken(create, Map.of("a", Value.of(1))));
    assertEquals(List.of(Set.of("a")), broken(create, Map.of("a", Value.of(0))));
  }

  @Test
  void aWildcardPatternTakesNoLongerThanTextTimesPattern() {
    String pattern = "%a".repeat(40) + "%b";
    String create = "CREATE TABLE t (a TEXT CHECK (a NOT LIKE '" + pattern + "'))";
    assertEquals(List.of(), broken(create, Map.of("a", Value.of("a".repeat(3_000)))));
  }

  @Test
  void columnsOfAStrictTableKeepWhatIsWrittenInAny() {
    String strict = "CREATE TABLE t (a ANY CHECK (a = '1')) STRICT";
    String ordinary = "CREATE TABLE t (a ANY CHECK (a = '1'))";
    assertEquals(List.of(Set.of("a")), broken(strict, Map.of("a", Value.of(1))));
    assertEquals(List.of(), broken(ordinary, Map.of("a", Value.of(1))));
  }
}
