package dev.godwit.tests.simulation;

import static dev.godwit.tests.simulation.ConstrainedFamilies.surrogate;
import static dev.godwit.tests.simulation.Family.LETTERS;
import static dev.godwit.tests.simulation.Family.NUMBERS;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.tests.oracle.CheckRule;
import dev.godwit.tests.oracle.OnDelete;
import dev.godwit.tests.oracle.TableModel;
import dev.godwit.tests.oracle.TablePolicies;
import dev.godwit.tests.oracle.UniqueIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Schemas in which a row shows NULL where another one has its unique value: by a policy that all
 * have, or that any device changes at any time.
 */
final class TakenFamilies {
  private static final List<String> NAMES = List.of("'n'", "'m'", "'o'");
  private static final String POLICY = "null where taken";

  /** All of them. */
  static final List<Family> ALL = all();

  private TakenFamilies() {}

  private static List<Family> all() {
    List<Family> all =
        new ArrayList<>(
            List.of(
                name(),
                several("taken, several", "position"),
                several("taken, any of several", "list", "position"),
                twoRules("taken, one of two rules", "name"),
                twoRules("taken, two rules", "name", "mail"),
                sharedColumn(),
                caseless(),
                naturalKey(),
                partial(),
                partialOverNull(),
                check(),
                grouped(),
                byValue(),
                positions("CASCADE", OnDelete.CASCADE),
                positions("SET NULL", OnDelete.SET_NULL),
                aboveOthers("SET NULL", OnDelete.SET_NULL),
                aboveOthers("RESTRICT", OnDelete.RESTRICT)));
    List.copyOf(all).forEach(family -> all.add(ChangedPolicies.anew(family)));
    return List.copyOf(all);
  }

  /** Those that may have their indexes from the space alone. */
  static List<Family> indexed() {
    return List.of(name(), several("taken, several", "position"), partial());
  }

  private static TablePolicies policies(String... columns) {
    TablePolicies policies = TablePolicies.NONE;
    for (String column : columns) {
      policies = policies.with(column, POLICY);
    }
    return policies;
  }

  private static Family one(
      String name,
      String columns,
      String index,
      TableModel table,
      Map<String, List<String>> literals) {
    List<String> schema = new ArrayList<>();
    schema.add("CREATE TABLE t (id INTEGER PRIMARY KEY, " + columns + ")");
    if (index != null) {
      schema.add("CREATE UNIQUE INDEX " + index);
    }
    return new Family(name, schema, List.of(table), Map.of("t", List.of(NUMBERS)), literals, true);
  }

  private static Family name() {
    return one(
        "taken, name",
        "name UNIQUE, a",
        null,
        surrogate("t", "name", "a").unique(UniqueIndex.on("name")).under(policies("name")),
        Map.of("t.name", List.of("1", "1.0", "'n'", "'m'", "NULL")));
  }

  private static Family several(String name, String... nulls) {
    return one(
        name,
        "list, position, name, UNIQUE (list, position)",
        null,
        surrogate("t", "list", "position", "name")
            .unique(UniqueIndex.on("list", "position"))
            .under(policies(nulls)),
        Map.of("t.list", List.of("'x'", "'y'"), "t.position", List.of("1", "2", "3")));
  }

  private static Family twoRules(String name, String... nulls) {
    return one(
        name,
        "name UNIQUE, mail UNIQUE, a",
        null,
        surrogate("t", "name", "mail", "a")
            .unique(UniqueIndex.on("mail"), UniqueIndex.on("name"))
            .under(policies(nulls)),
        Map.of("t.name", NAMES, "t.mail", NAMES));
  }

  /** What one rule takes away another one does not want any more. */
  private static Family sharedColumn() {
    return one(
        "taken, shared column",
        "name UNIQUE, mail, a, UNIQUE (mail, name), UNIQUE (mail, a)",
        null,
        surrogate("t", "name", "mail", "a")
            .unique(
                UniqueIndex.on("mail", "a"), UniqueIndex.on("mail", "name"), UniqueIndex.on("name"))
            .under(policies("name", "a")),
        Map.of("t.name", NAMES, "t.mail", List.of("1", "2"), "t.a", List.of("1", "2")));
  }

  private static Family caseless() {
    return one(
        "taken, caseless",
        "name TEXT COLLATE NOCASE UNIQUE, a",
        null,
        surrogate("t", "name", "a")
            .unique(UniqueIndex.on("name").ignoringCaseOf("name"))
            .under(policies("name")),
        Map.of("t.name", List.of("'n'", "'N'", "'m'", "'M'")));
  }

  private static Family naturalKey() {
    return new Family(
        "taken, natural key",
        List.of("CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL, name UNIQUE, a)"),
        List.of(
            TableModel.of("t", false, List.of("k"), List.of("name", "a"))
                .unique(UniqueIndex.on("name"))
                .under(policies("name"))),
        Map.of("t", List.of(LETTERS)),
        Map.of("t.name", NAMES),
        true);
  }

  private static Family partial() {
    return one(
        "taken, in part",
        "name, done, a",
        "open_name ON t (name) WHERE done = 0",
        surrogate("t", "name", "done", "a")
            .unique(
                UniqueIndex.on("name").where(row -> row.get("done").equals(Value.of(0L)), "done"))
            .under(policies("name")),
        Map.of("t.name", NAMES, "t.done", List.of("0", "0", "1")));
  }

  /** Who shows no name comes to want a mail that it did not want before. */
  private static Family partialOverNull() {
    return one(
        "taken, where there is none",
        "name UNIQUE, mail, a",
        "nameless ON t (mail) WHERE name IS NULL",
        surrogate("t", "name", "mail", "a")
            .unique(
                UniqueIndex.on("mail").where(row -> row.get("name").equals(Value.NULL), "name"),
                UniqueIndex.on("name"))
            .under(policies("name")),
        Map.of("t.name", List.of("'n'", "'m'", "NULL"), "t.mail", List.of("1", "2", "NULL")));
  }

  private static Family check() {
    CheckRule some = CheckRule.of("name IS NOT NULL OR mail IS NOT NULL", "name", "mail");
    return one(
        "taken, check",
        "name UNIQUE, mail UNIQUE, a, CHECK (name IS NOT NULL OR mail IS NOT NULL)",
        null,
        surrogate("t", "name", "mail", "a")
            .unique(UniqueIndex.on("mail"), UniqueIndex.on("name"))
            .checking(some)
            .under(policies("name", "mail")),
        Map.of("t.name", List.of("'n'", "'m'", "NULL"), "t.mail", List.of("'n'", "'m'", "NULL")));
  }

  private static Family grouped() {
    ColumnPolicy policy = ColumnPolicy.manual().nullWhereTaken();
    return one(
        "taken, group",
        "list, position, name UNIQUE, a, UNIQUE (list, position)",
        null,
        surrogate("t", "list", "position", "name", "a")
            .unique(UniqueIndex.on("list", "position"), UniqueIndex.on("name"))
            .under(policies("name").grouping(policy, "list", "position")),
        Map.of(
            "t.list", List.of("'x'", "'y'"),
            "t.position", List.of("1", "2"),
            "t.name", NAMES));
  }

  private static Family byValue() {
    return one(
        "taken, by value",
        "name UNIQUE, mail UNIQUE, a",
        null,
        surrogate("t", "name", "mail", "a")
            .unique(UniqueIndex.on("mail"), UniqueIndex.on("name"))
            .under(
                TablePolicies.deletesWin()
                    .with("name", ColumnPolicy.max().nullWhereTaken())
                    .with("mail", ColumnPolicy.replicaPriority("C", "A").nullWhereTaken())),
        Map.of("t.name", NAMES, "t.mail", NAMES));
  }

  private static Family positions(String action, OnDelete onDelete) {
    return new Family(
        "taken, positions, " + action,
        List.of(
            "CREATE TABLE list (k TEXT PRIMARY KEY NOT NULL, a)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, list TEXT REFERENCES list ON DELETE "
                + action
                + ", position, a, UNIQUE (list, position))"),
        List.of(
            TableModel.of("list", false, List.of("k"), List.of("a")),
            surrogate("t", "list", "position", "a")
                .referring(Map.of("list", "list"), onDelete)
                .unique(UniqueIndex.on("list", "position"))
                .under(policies("position"))),
        Map.of("list", List.of(List.of("'a'", "'b'")), "t", List.of(NUMBERS)),
        Map.of("t.position", List.of("1", "2", "3")),
        true);
  }

  private static Family aboveOthers(String action, OnDelete onDelete) {
    return new Family(
        "taken, above others, " + action,
        List.of(
            "CREATE TABLE p (id INTEGER PRIMARY KEY, name UNIQUE, a)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p ON DELETE "
                + action
                + ", name UNIQUE)"),
        List.of(
            surrogate("p", "name", "a").unique(UniqueIndex.on("name")).under(policies("name")),
            surrogate("t", "p", "name")
                .referring(Map.of("p", "p"), onDelete)
                .unique(UniqueIndex.on("name"))
                .under(policies("name"))),
        Map.of("p", List.of(NUMBERS), "t", List.of(NUMBERS)),
        Map.of("p.name", NAMES, "t.name", NAMES),
        true);
  }
}
