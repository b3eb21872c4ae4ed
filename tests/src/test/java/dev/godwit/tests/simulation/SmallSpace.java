package dev.godwit.tests.simulation;

import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.tests.oracle.CheckRule;
import dev.godwit.tests.oracle.OnDelete;
import dev.godwit.tests.oracle.TableModel;
import dev.godwit.tests.oracle.TablePolicies;
import dev.godwit.tests.oracle.UniqueIndex;
import java.util.List;
import java.util.Map;

/** A schema, the rows that all begin with, and the few things that anybody may do to them. */
record SmallSpace(Family family, List<String> begin, List<String> operations) {
  private static final List<String> EDITS =
      List.of("UPDATE t SET a = 2", "UPDATE t SET a = 3, b = 'x'", "DELETE FROM t");

  private static final List<String> TWO = List.of("a", "b");

  static final List<SmallSpace> ALL =
      List.of(
          picked("last-writer-wins", TablePolicies.NONE),
          picked("max", TablePolicies.NONE.with("a", "max")),
          picked("min", TablePolicies.NONE.with("a", "min")),
          picked("delete-wins", TablePolicies.deletesWin()),
          one("manual", "manual", "5", EDITS.get(0), EDITS.get(1), EDITS.get(2)),
          one("replica-priority", "replica-priority('C', 'A')", "5", EDITS.toArray(new String[0])),
          one(
              "counter",
              "counter",
              "5",
              "UPDATE t SET a = a + 2",
              "UPDATE t SET a = 0",
              "DELETE FROM t"),
          one(
              "set",
              "set",
              "'[1,2]'",
              "UPDATE t SET a = '[1,2,3]'",
              "UPDATE t SET a = '[2,4]'",
              "UPDATE t SET a = NULL"),
          one(
              "map",
              "map",
              "'{\"k\":1}'",
              "UPDATE t SET a = '{\"k\":2}'",
              "UPDATE t SET a = '{\"k\":1,\"l\":3}'",
              "UPDATE t SET a = '{}'"),
          one(
              "text",
              "text",
              "'a word'",
              "UPDATE t SET a = 'a new word'",
              "UPDATE t SET a = 'word'",
              "UPDATE t SET a = NULL"),
          group(),
          table(
              "tree",
              "up INTEGER REFERENCES t",
              TableModel.of("t", true, List.of("id"), List.of("up"))
                  .referring(Map.of("up", "t"), OnDelete.RESTRICT)
                  .under(TablePolicies.NONE.with("up", "tree")),
              "INSERT INTO t VALUES (1, NULL), (2, NULL), (3, 2)",
              "UPDATE t SET up = 3 WHERE id = 1",
              "UPDATE t SET up = 1 WHERE id = 2",
              "UPDATE t SET up = 1 WHERE id = 3"),
          referring("cascade", "CASCADE", OnDelete.CASCADE),
          referring("restrict", "RESTRICT", OnDelete.RESTRICT),
          referring("set null", "SET NULL", OnDelete.SET_NULL),
          unique("unique", TablePolicies.NONE),
          unique("null where taken", TablePolicies.NONE.with("a", "null where taken")),
          table(
              "manual group",
              "a, b",
              TableModel.of("t", true, List.of("id"), TWO)
                  .under(TablePolicies.NONE.grouping(ColumnPolicy.manual(), "a", "b")),
              "INSERT INTO t VALUES (1, 1, 1)",
              "UPDATE t SET a = a + 1",
              "UPDATE t SET b = b + 2",
              "DELETE FROM t"),
          table(
              "check on a counter",
              "n INTEGER CHECK (n >= 0)",
              TableModel.of("t", true, List.of("id"), List.of("n"))
                  .checking(CheckRule.of("n >= 0", "n INTEGER"))
                  .under(TablePolicies.NONE.with("n", "counter")),
              "INSERT INTO t VALUES (1, 5)",
              "UPDATE t SET n = n - 3",
              "UPDATE t SET n = n + 2",
              "UPDATE t SET n = 0"),
          table(
              "check of a group",
              "a, b, CHECK (a <= b)",
              TableModel.of("t", true, List.of("id"), TWO)
                  .checking(CheckRule.of("a <= b", "a", "b")),
              "INSERT INTO t VALUES (1, 2, 4)",
              "UPDATE t SET a = 4",
              "UPDATE t SET b = 2",
              "DELETE FROM t"),
          table(
              "check apart",
              "a, b, CHECK (a <= b)",
              TableModel.of("t", true, List.of("id"), TWO)
                  .checking(CheckRule.of("a <= b", "a", "b"))
                  .under(TablePolicies.NONE.with("a", "max").with("b", "last-writer-wins")),
              "INSERT INTO t VALUES (1, 2, 4)",
              "UPDATE t SET a = 4",
              "UPDATE t SET b = 2",
              "UPDATE t SET a = 1"),
          table(
              "one key",
              "a, b",
              TableModel.of("t", true, List.of("id"), TWO),
              "INSERT INTO t VALUES (1, 2, 4)",
              "INSERT INTO t VALUES (2, 1, 1)",
              "UPDATE t SET id = 2 WHERE id = 1",
              "DELETE FROM t WHERE id = 2"),
          new SmallSpace(
              new Family(
                  "small again",
                  List.of("CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL, n, s)"),
                  List.of(
                      TableModel.of("t", false, List.of("k"), List.of("n", "s"))
                          .under(TablePolicies.NONE.with("n", "counter").with("s", "set"))),
                  Map.of()),
              List.of("INSERT INTO t VALUES ('x', 5, '[1]')"),
              List.of(
                  "UPDATE t SET n = n + 2, s = json_insert(s, '$[#]', 2)",
                  "DELETE FROM t",
                  "REPLACE INTO t VALUES ('x', 1, '[3]')")));

  /** Whether the oracle knows all its policies. */
  boolean known() {
    return family.tables().stream().allMatch(table -> table.policies().areKnown());
  }

  private static Family table(String name, TablePolicies policies) {
    return new Family(
        "small " + name,
        List.of("CREATE TABLE t (id INTEGER PRIMARY KEY, a, b)"),
        List.of(TableModel.of("t", true, List.of("id"), TWO).under(policies)),
        Map.of());
  }

  private static SmallSpace table(
      String name, String columns, TableModel table, String row, String... operations) {
    Family family =
        new Family(
            "small " + name,
            List.of("CREATE TABLE t (id INTEGER PRIMARY KEY, " + columns + ")"),
            List.of(table),
            Map.of());
    return new SmallSpace(family, List.of(row), List.of(operations));
  }

  private static SmallSpace picked(String name, TablePolicies policies) {
    return new SmallSpace(table(name, policies), List.of("INSERT INTO t VALUES (1, 1, 1)"), EDITS);
  }

  private static SmallSpace one(String name, String policy, String value, String... operations) {
    return new SmallSpace(
        table(name, TablePolicies.NONE.with("a", policy)),
        List.of("INSERT INTO t VALUES (1, " + value + ", 1)"),
        List.of(operations));
  }

  /** Columns of which one write is shown as a whole. */
  private static SmallSpace group() {
    String policy = "last-writer-wins in group 'both'";
    return new SmallSpace(
        table("group", TablePolicies.NONE.with("a", policy).with("b", policy)),
        List.of("INSERT INTO t VALUES (1, 1, 1)"),
        List.of("UPDATE t SET a = a + 1", "UPDATE t SET b = b + 1", "DELETE FROM t"));
  }

  private static SmallSpace referring(String name, String action, OnDelete onDelete) {
    Family family =
        new Family(
            "small " + name,
            List.of(
                "CREATE TABLE p (k TEXT PRIMARY KEY NOT NULL, a)",
                "CREATE TABLE t (id INTEGER PRIMARY KEY, p TEXT REFERENCES p ON DELETE "
                    + action
                    + ", a)"),
            List.of(
                TableModel.of("p", false, List.of("k"), List.of("a")),
                TableModel.of("t", true, List.of("id"), List.of("p", "a"))
                    .referring(Map.of("p", "p"), onDelete)),
            Map.of(),
            Map.of(),
            true);
    return new SmallSpace(
        family,
        List.of("INSERT INTO p VALUES ('x', 1), ('y', 1)", "INSERT INTO t VALUES (1, 'y', 1)"),
        List.of(
            "DELETE FROM p WHERE k = 'x'",
            "UPDATE t SET p = 'x'",
            "INSERT INTO t (p, a) VALUES ('x', 2)"));
  }

  private static SmallSpace unique(String name, TablePolicies policies) {
    Family family =
        new Family(
            "small " + name,
            List.of("CREATE TABLE t (id INTEGER PRIMARY KEY, a UNIQUE, b)"),
            List.of(
                TableModel.of("t", true, List.of("id"), TWO)
                    .unique(UniqueIndex.on("a"))
                    .under(policies)),
            Map.of(),
            Map.of(),
            true);
    return new SmallSpace(
        family,
        List.of("INSERT INTO t VALUES (1, 1, 1), (2, 2, 1)"),
        List.of(
            "UPDATE t SET a = 3 WHERE id = 1",
            "UPDATE t SET a = 3 WHERE id = 2",
            "INSERT INTO t (a) VALUES (3)"));
  }
}
