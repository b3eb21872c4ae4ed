package dev.godwit.tests.simulation;

import static dev.godwit.tests.simulation.Family.LETTERS;
import static dev.godwit.tests.simulation.Family.NUMBERS;

import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.tests.oracle.CheckRule;
import dev.godwit.tests.oracle.OnDelete;
import dev.godwit.tests.oracle.TableModel;
import dev.godwit.tests.oracle.TablePolicies;
import dev.godwit.tests.oracle.UniqueIndex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Schemas whose CHECKs the writes of two devices can break together. */
final class CheckFamilies {
  private static final List<String> HOURS = List.of("1", "2", "3", "4", "5");
  private static final List<String> SMALL_STEPS =
      MergeFamilies.of("n", List.of("%s + 1", "%s - 1", "%s - 3", "%s - 4", "%s + 2"));

  private CheckFamilies() {}

  static List<Family> all() {
    List<Family> families = new ArrayList<>();
    families.add(counter());
    families.add(group());
    families.add(severalChecks());
    families.add(apart());
    families.add(counterAndLimit());
    families.add(setOfLength());
    families.add(byDeviceInGroup());
    families.add(unique());
    families.add(aboveOthers("CASCADE", OnDelete.CASCADE));
    families.add(aboveOthers("RESTRICT", OnDelete.RESTRICT));
    return families;
  }

  private static Family one(
      String name, String columns, TableModel table, Map<String, List<String>> literals) {
    boolean counts = table.policies().columns().containsKey("n");
    return new Family(
        "check, " + name,
        List.of("CREATE TABLE t (id INTEGER PRIMARY KEY, " + columns + ")"),
        List.of(table),
        Map.of("t", List.of(NUMBERS)),
        literals,
        counts ? Map.of("t.n", SMALL_STEPS) : Map.of(),
        true);
  }

  private static TableModel table(String... values) {
    return TableModel.of("t", true, List.of("id"), List.of(values));
  }

  private static Family counter() {
    return one(
        "counter",
        "n INTEGER NOT NULL CHECK (n >= 0), a",
        table("n", "a")
            .notNull("n")
            .checking(CheckRule.of("n >= 0", "n INTEGER"))
            .under(TablePolicies.NONE.with("n", "counter")),
        Map.of("t.n", HOURS));
  }

  private static Family group() {
    return one(
        "group",
        "begins INTEGER, ends INTEGER, a TEXT NOT NULL DEFAULT 'x', CHECK (begins <= ends)",
        table("begins", "ends", "a")
            .notNull("a")
            .checking(CheckRule.of("begins <= ends", "begins INTEGER", "ends INTEGER")),
        Map.of("t.begins", HOURS, "t.ends", HOURS, "t.a", LETTERS));
  }

  private static Family severalChecks() {
    return one(
        "several",
        "a INTEGER CHECK (a < 5), b INTEGER, c INTEGER, d TEXT COLLATE NOCASE,"
            + " CHECK (a <= b OR b IS NULL), CHECK (b + c < 8 OR d = 'X')",
        table("a", "b", "c", "d")
            .checking(
                CheckRule.of("a < 5", "a INTEGER"),
                CheckRule.of("a <= b OR b IS NULL", "a INTEGER", "b INTEGER"),
                CheckRule.of(
                    "b + c < 8 OR d = 'X'", "b INTEGER", "c INTEGER", "d TEXT COLLATE NOCASE")),
        Map.of("t.a", HOURS, "t.b", HOURS, "t.c", HOURS, "t.d", List.of("'x'", "'y'", "NULL")));
  }

  /** Columns of one CHECK that are no group, since something else is said of them. */
  private static Family apart() {
    return one(
        "apart",
        "a INTEGER, b INTEGER, c INTEGER, CHECK (a <= b), CHECK (c IS NULL OR c > a)",
        table("a", "b", "c")
            .checking(
                CheckRule.of("a <= b", "a INTEGER", "b INTEGER"),
                CheckRule.of("c IS NULL OR c > a", "c INTEGER", "a INTEGER"))
            .under(TablePolicies.NONE.with("a", "max").with("b", "min").with("c", "manual")),
        Map.of("t.a", HOURS, "t.b", HOURS, "t.c", HOURS));
  }

  private static Family counterAndLimit() {
    return one(
        "counter and limit",
        "n INTEGER, least INTEGER, most INTEGER, CHECK (n BETWEEN least AND most)",
        table("n", "least", "most")
            .checking(
                CheckRule.of(
                    "n BETWEEN least AND most", "n INTEGER", "least INTEGER", "most INTEGER"))
            .under(TablePolicies.NONE.with("n", "counter")),
        Map.of(
            "t.n", List.of("3", "4", "5"),
            "t.least", List.of("0", "1", "2"),
            "t.most", List.of("5", "6", "8")));
  }

  private static Family setOfLength() {
    Family family =
        one(
            "set of some length",
            "s TEXT CHECK (length(s) < 9), a CHECK (typeof(a) <> 'blob')",
            table("s", "a")
                .checking(
                    CheckRule.of("length(s) < 9", "s TEXT"),
                    CheckRule.of("typeof(a) <> 'blob'", "a"))
                .under(TablePolicies.NONE.with("s", "set")),
            Map.of("t.s", List.of("'[1,2]'", "'[3]'", "'[]'")));
    return new Family(
        family.name(),
        family.schema(),
        family.tables(),
        family.keys(),
        family.literals(),
        Map.of("t.s", MergeFamilies.of("s", MergeFamilies.SET_STEPS)),
        true);
  }

  private static Family byDeviceInGroup() {
    return one(
        "group by device",
        "a INTEGER, b INTEGER, n INTEGER CHECK (n > a), CHECK (a <> b)",
        table("a", "b", "n")
            .checking(
                CheckRule.of("n > a", "n INTEGER", "a INTEGER"),
                CheckRule.of("a <> b", "a INTEGER", "b INTEGER"))
            .under(
                TablePolicies.deletesWin()
                    .grouping(ColumnPolicy.replicaPriority("B"), "a", "b")
                    .with("n", "counter")),
        Map.of("t.a", HOURS, "t.b", HOURS, "t.n", List.of("5", "6")));
  }

  private static Family unique() {
    return one(
        "unique",
        "a INTEGER, b INTEGER, name UNIQUE, n INTEGER, CHECK (a < b), CHECK (n > 0), UNIQUE (a, b)",
        table("a", "b", "name", "n")
            .checking(
                CheckRule.of("a < b", "a INTEGER", "b INTEGER"), CheckRule.of("n > 0", "n INTEGER"))
            .unique(UniqueIndex.on("name"), UniqueIndex.on("a", "b"))
            .under(TablePolicies.NONE.with("a", "max").with("n", "counter")),
        Map.of(
            "t.a", List.of("1", "2"), "t.b", List.of("2", "3"), "t.name", LETTERS, "t.n", HOURS));
  }

  private static Family aboveOthers(String action, OnDelete onDelete) {
    Map<String, List<String>> steps = new HashMap<>();
    steps.put("t.n", SMALL_STEPS);
    return new Family(
        "check, above others, " + action,
        List.of(
            "CREATE TABLE p (k TEXT PRIMARY KEY NOT NULL, a INTEGER, b INTEGER, CHECK (a < b))",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, p TEXT REFERENCES p ON UPDATE CASCADE ON DELETE "
                + action
                + ", n INTEGER CHECK (n > 0))"),
        List.of(
            TableModel.of("p", false, List.of("k"), List.of("a", "b"))
                .checking(CheckRule.of("a < b", "a INTEGER", "b INTEGER"))
                .under(TablePolicies.NONE.with("a", "last-writer-wins")),
            TableModel.of("t", true, List.of("id"), List.of("p", "n"))
                .referring(Map.of("p", "p"), onDelete)
                .checking(CheckRule.of("n > 0", "n INTEGER"))
                .under(TablePolicies.NONE.with("n", "counter"))),
        Map.of("p", List.of(LETTERS), "t", List.of(NUMBERS)),
        Map.of("p.a", List.of("1", "2"), "p.b", List.of("2", "3"), "t.n", HOURS),
        steps,
        true);
  }
}
