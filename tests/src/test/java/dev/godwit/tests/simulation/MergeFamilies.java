package dev.godwit.tests.simulation;

import static dev.godwit.tests.simulation.Family.LETTERS;
import static dev.godwit.tests.simulation.Family.NUMBERS;

import dev.godwit.tests.oracle.OnDelete;
import dev.godwit.tests.oracle.TableModel;
import dev.godwit.tests.oracle.TablePolicies;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Schemas with columns whose edits are merged. */
final class MergeFamilies {
  /** What a counter is set to, by inserts and at times by updates. */
  static final List<String> COUNTS = List.of("5", "0", "1", "NULL", "'none'");

  static final List<String> COUNTER_STEPS =
      List.of("%s + 1", "%s - 1", "%s + 2", "%s - 7", "%s * 2", "%s + 0.5");

  static final List<String> SETS =
      List.of("'[1,2]'", "'[]'", "'[\"a\", \"b\"]'", "'[1,1,[2, 3]]'", "NULL", "'[1'", "'{}'");

  static final List<String> SET_STEPS =
      List.of(
          "json_insert(%s, '$[#]', 1)",
          "json_insert(%s, '$[#]', 'a')",
          "json_insert(%s, '$[#]', json('[2,3]'))",
          "json_remove(%s, '$[0]')",
          "json_remove(%s, '$[#-1]')",
          "replace(%s, ',', ' , ')",
          "replace(%s, '\"a\"', '\"\\u0061\"')");

  static final List<String> MAPS =
      List.of(
          "'{\"k\":1}'",
          "'{}'",
          "'{\"k\": 2, \"l\": [1, 2]}'",
          "NULL",
          "'{\"k\":1,\"k\":2}'",
          "'[]'");

  static final List<String> MAP_STEPS =
      List.of(
          "json_set(%s, '$.k', 3)",
          "json_set(%s, '$.l', json('{\"x\":1}'))",
          "json_set(%s, '$.m', abs(random() %% 3))",
          "json_remove(%s, '$.k')",
          "json_remove(%s, '$.l')",
          "replace(%s, ':', ' : ')");

  static final List<String> TEXTS =
      List.of("'one two'", "'abc'", "''", "NULL", "'a\uD83D\uDE00b'", "5", "x'6162'");

  static final List<String> TEXT_STEPS =
      List.of(
          "%s || 'x'",
          "'y' || %s",
          "'two ' || %s || ' ends'",
          "substr(%1$s, 1, 2) || 'in' || substr(%1$s, 3)",
          "substr(%s, 2)",
          "substr(%1$s, 1, length(%1$s) - 2)",
          "substr(%1$s, 1, 1) || substr(%1$s, 4)",
          "replace(%s, 'x', 'zx')",
          "replace(%s, 'in', '')",
          "upper(%s)");

  private MergeFamilies() {}

  static List<Family> all() {
    return List.of(
        one("counter", COUNTS, COUNTER_STEPS),
        one("set", SETS, SET_STEPS),
        one("map", MAPS, MAP_STEPS),
        one("text", TEXTS, TEXT_STEPS),
        naturalKey(),
        beneath());
  }

  /** Expressions of this column. */
  static List<String> of(String column, List<String> steps) {
    return steps.stream().map(step -> String.format(step, column)).toList();
  }

  private static Family one(String policy, List<String> values, List<String> steps) {
    return new Family(
        "merged, " + policy,
        List.of("CREATE TABLE t (id INTEGER PRIMARY KEY, a, b)"),
        List.of(
            TableModel.of("t", true, List.of("id"), List.of("a", "b"))
                .under(TablePolicies.NONE.with("a", policy))),
        Map.of("t", List.of(NUMBERS)),
        Map.of("t.a", values),
        Map.of("t.a", of("a", steps)),
        true);
  }

  /** One row for ever, however often it is deleted and inserted again. */
  private static Family naturalKey() {
    TablePolicies policies =
        TablePolicies.NONE.with("n", "counter").with("s", "set").with("m", "map").with("d", "text");
    Map<String, List<String>> steps = new HashMap<>();
    steps.put("t.n", of("n", COUNTER_STEPS));
    steps.put("t.s", of("s", SET_STEPS));
    steps.put("t.m", of("m", MAP_STEPS));
    steps.put("t.d", of("d", TEXT_STEPS));
    return new Family(
        "merged, natural key",
        List.of(
            "CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL, n INTEGER, s TEXT, m TEXT, d TEXT, a)"),
        List.of(
            TableModel.of("t", false, List.of("k"), List.of("n", "s", "m", "d", "a"))
                .typed("n", "INTEGER")
                .under(policies)),
        Map.of("t", List.of(LETTERS.subList(0, 2))),
        Map.of("t.n", COUNTS, "t.s", SETS, "t.m", MAPS, "t.d", TEXTS),
        steps,
        true);
  }

  private static Family beneath() {
    TablePolicies policies = TablePolicies.deletesWin().with("n", "counter").with("s", "set");
    return new Family(
        "merged, beneath others",
        List.of(
            "CREATE TABLE p (k TEXT PRIMARY KEY NOT NULL, n INTEGER)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, p TEXT REFERENCES p ON DELETE CASCADE, n REAL, s)"),
        List.of(
            TableModel.of("p", false, List.of("k"), List.of("n"))
                .typed("n", "INTEGER")
                .under(TablePolicies.NONE.with("n", "counter")),
            TableModel.of("t", true, List.of("id"), List.of("p", "n", "s"))
                .referring(Map.of("p", "p"), OnDelete.CASCADE)
                .typed("n", "REAL")
                .under(policies)),
        Map.of("p", List.of(LETTERS.subList(0, 2)), "t", List.of(NUMBERS)),
        Map.of("p.n", COUNTS, "t.n", COUNTS, "t.s", SETS),
        Map.of(
            "p.n", of("n", COUNTER_STEPS),
            "t.n", of("n", COUNTER_STEPS),
            "t.s", of("s", SET_STEPS)),
        true);
  }
}
