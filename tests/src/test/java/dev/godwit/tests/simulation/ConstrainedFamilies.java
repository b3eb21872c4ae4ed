package dev.godwit.tests.simulation;

import static dev.godwit.tests.simulation.Family.LETTERS;
import static dev.godwit.tests.simulation.Family.NUMBERS;

import dev.godwit.sync.change.Value;
import dev.godwit.tests.oracle.OnDelete;
import dev.godwit.tests.oracle.Reference;
import dev.godwit.tests.oracle.TableModel;
import dev.godwit.tests.oracle.TablePolicies;
import dev.godwit.tests.oracle.UniqueIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Schemas whose constraints two devices can break together although each of them keeps them. */
final class ConstrainedFamilies {
  private static final List<String> PAIR = List.of("1", "2");

  /** Those of references, then those of unique values. */
  static final List<Family> CONSTRAINED = constrained();

  private ConstrainedFamilies() {}

  private static List<Family> constrained() {
    List<Family> families = new ArrayList<>();
    families.add(cascadeChain());
    families.add(cascadeChainOfTexts());
    families.add(restrictChain());
    families.add(noAction());
    families.add(child("set null", "p INTEGER REFERENCES p ON DELETE SET NULL", OnDelete.SET_NULL));
    families.add(setNullNotNull());
    families.add(setDefault());
    families.add(tree("cascade", OnDelete.CASCADE));
    families.add(tree("restrict", OnDelete.RESTRICT));
    families.add(tree("set null", OnDelete.SET_NULL));
    families.add(textTree());
    families.add(caselessParents());
    families.add(twoParents("CASCADE", OnDelete.CASCADE, "RESTRICT", OnDelete.RESTRICT));
    families.add(twoParents("CASCADE", OnDelete.CASCADE, "SET NULL", OnDelete.SET_NULL));
    families.add(twoParents("RESTRICT", OnDelete.RESTRICT, "NO ACTION", OnDelete.RESTRICT));
    families.add(membership("CASCADE", OnDelete.CASCADE, "CASCADE", OnDelete.CASCADE));
    families.add(membership("RESTRICT", OnDelete.RESTRICT, "SET NULL", OnDelete.SET_NULL));
    families.add(deletesWin("CASCADE", OnDelete.CASCADE));
    families.add(deletesWin("RESTRICT", OnDelete.RESTRICT));
    families.addAll(UniqueFamilies.all());
    return List.copyOf(families);
  }

  static TableModel surrogate(String table, String... values) {
    return TableModel.of(table, true, List.of("id"), List.of(values));
  }

  private static TableModel text(String table, String... values) {
    return TableModel.of(table, false, List.of("k"), List.of(values));
  }

  private static Family family(
      String name,
      List<String> schema,
      List<TableModel> tables,
      Map<String, List<List<String>>> keys) {
    return new Family(name, schema, tables, keys, Map.of(), true);
  }

  private static Family cascadeChain() {
    return family(
        "cascade chain",
        List.of(
            "CREATE TABLE calendar (id INTEGER PRIMARY KEY, name)",
            "CREATE TABLE event (id INTEGER PRIMARY KEY, calendar INTEGER REFERENCES calendar ON DELETE CASCADE, title)",
            "CREATE TABLE reminder (id INTEGER PRIMARY KEY,"
                + " event INTEGER NOT NULL REFERENCES event(id) ON DELETE CASCADE, at)"),
        List.of(
            surrogate("calendar", "name"),
            surrogate("event", "calendar", "title")
                .referring(Map.of("calendar", "calendar"), OnDelete.CASCADE),
            surrogate("reminder", "event", "at")
                .referring(Map.of("event", "event"), OnDelete.CASCADE)
                .notNull("event")),
        Map.of("calendar", List.of(PAIR), "event", List.of(NUMBERS), "reminder", List.of(NUMBERS)));
  }

  private static Family cascadeChainOfTexts() {
    return family(
        "cascade chain of texts",
        List.of(
            "CREATE TABLE calendar (k TEXT PRIMARY KEY NOT NULL, name)",
            "CREATE TABLE event (k TEXT PRIMARY KEY NOT NULL,"
                + " calendar TEXT REFERENCES calendar ON UPDATE CASCADE ON DELETE CASCADE, title)",
            "CREATE TABLE reminder (id INTEGER PRIMARY KEY,"
                + " event TEXT REFERENCES event(k) ON UPDATE CASCADE ON DELETE CASCADE, at)",
            "INSERT INTO calendar VALUES ('a', 'seed')",
            "INSERT INTO event VALUES ('a', 'a', 'seed')"),
        List.of(
            text("calendar", "name"),
            text("event", "calendar", "title")
                .referring(Map.of("calendar", "calendar"), OnDelete.CASCADE),
            surrogate("reminder", "event", "at")
                .referring(Map.of("event", "event"), OnDelete.CASCADE)),
        Map.of(
            "calendar", List.of(LETTERS), "event", List.of(LETTERS), "reminder", List.of(NUMBERS)));
  }

  private static Family restrictChain() {
    return family(
        "restrict chain",
        List.of(
            "CREATE TABLE g (k TEXT PRIMARY KEY NOT NULL, a)",
            "CREATE TABLE p (id INTEGER PRIMARY KEY, g TEXT REFERENCES g ON DELETE RESTRICT, a)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p ON DELETE RESTRICT, a)"),
        List.of(
            text("g", "a"),
            surrogate("p", "g", "a").referring(Map.of("g", "g"), OnDelete.RESTRICT),
            surrogate("t", "p", "a").referring(Map.of("p", "p"), OnDelete.RESTRICT)),
        Map.of("g", List.of(LETTERS), "p", List.of(NUMBERS), "t", List.of(PAIR)));
  }

  private static Family noAction() {
    return family(
        "no action",
        List.of(
            "CREATE TABLE p (id INTEGER PRIMARY KEY, a)",
            "CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL, p INTEGER REFERENCES p ON UPDATE CASCADE, a)",
            "INSERT INTO p VALUES (1, 'seed')",
            "INSERT INTO t VALUES ('a', 1, 'seed')"),
        List.of(
            surrogate("p", "a"),
            text("t", "p", "a").referring(Map.of("p", "p"), OnDelete.RESTRICT)),
        Map.of("p", List.of(NUMBERS), "t", List.of(LETTERS)));
  }

  private static Family child(String name, String column, OnDelete action) {
    return family(
        name,
        List.of(
            "CREATE TABLE p (id INTEGER PRIMARY KEY, a)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, " + column + ", a)"),
        List.of(surrogate("p", "a"), surrogate("t", "p", "a").referring(Map.of("p", "p"), action)),
        Map.of("p", List.of(NUMBERS), "t", List.of(NUMBERS)));
  }

  /** Where deletes win, and one value of a unique column may come to be shown without a write. */
  private static Family deletesWin(String action, OnDelete onDelete) {
    TablePolicies policies = TablePolicies.deletesWin().with("rank", "max");
    return new Family(
        "deletes win, " + action,
        List.of(
            "CREATE TABLE p (k TEXT PRIMARY KEY NOT NULL, rank UNIQUE, a)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, p TEXT REFERENCES p ON DELETE "
                + action
                + ", a)"),
        List.of(
            text("p", "rank", "a").unique(UniqueIndex.on("rank")).under(policies),
            surrogate("t", "p", "a")
                .referring(Map.of("p", "p"), onDelete)
                .under(TablePolicies.deletesWin())),
        Map.of("p", List.of(LETTERS), "t", List.of(NUMBERS)),
        Map.of("p.rank", NUMBERS),
        true);
  }

  private static Family setNullNotNull() {
    return family(
        "set null not null",
        List.of(
            "CREATE TABLE p (k TEXT PRIMARY KEY NOT NULL, a)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY,"
                + " p TEXT NOT NULL REFERENCES p ON UPDATE CASCADE ON DELETE SET NULL, a)"),
        List.of(
            text("p", "a"),
            surrogate("t", "p", "a").referring(Map.of("p", "p"), OnDelete.SET_NULL).notNull("p")),
        Map.of("p", List.of(LETTERS), "t", List.of(NUMBERS)));
  }

  /** The row that is the default never goes: no statement names it. */
  private static Family setDefault() {
    return family(
        "set default",
        List.of(
            "CREATE TABLE p (k TEXT PRIMARY KEY NOT NULL, a)",
            "CREATE TABLE q (id INTEGER PRIMARY KEY, a)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY,"
                + " p TEXT NOT NULL DEFAULT 'z' REFERENCES p ON DELETE SET DEFAULT,"
                + " q INTEGER REFERENCES q ON DELETE SET DEFAULT, a)",
            "INSERT INTO p VALUES ('z', 'default')"),
        List.of(
            text("p", "a"),
            surrogate("q", "a"),
            surrogate("t", "p", "q", "a")
                .referring("p", new Reference("p", OnDelete.SET_DEFAULT, Value.of("z")))
                .referring("q", Reference.to("q", OnDelete.SET_DEFAULT))
                .notNull("p")),
        Map.of("p", List.of(LETTERS), "q", List.of(PAIR), "t", List.of(NUMBERS)));
  }

  private static Family tree(String action, OnDelete onDelete) {
    return family(
        "tree, " + action,
        List.of(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, up INTEGER REFERENCES t ON DELETE "
                + action
                + ", a)"),
        List.of(surrogate("t", "up", "a").referring(Map.of("up", "t"), onDelete)),
        Map.of("t", List.of(NUMBERS)));
  }

  private static Family textTree() {
    return family(
        "tree of texts",
        List.of(
            "CREATE TABLE t (k TEXT COLLATE NOCASE PRIMARY KEY NOT NULL,"
                + " up TEXT COLLATE NOCASE REFERENCES t ON UPDATE CASCADE ON DELETE CASCADE, a)"),
        List.of(text("t", "up", "a").ignoringCase().referring(Map.of("up", "t"), OnDelete.CASCADE)),
        Map.of("t", List.of(List.of("'a'", "'A'", "'b'", "'c'"))));
  }

  /** Columns that compare otherwise than the keys to which they refer. */
  private static Family caselessParents() {
    return family(
        "caseless parents",
        List.of(
            "CREATE TABLE p (k TEXT COLLATE NOCASE PRIMARY KEY NOT NULL, a)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY,"
                + " p TEXT REFERENCES p ON UPDATE CASCADE ON DELETE CASCADE,"
                + " q TEXT REFERENCES p ON UPDATE CASCADE ON DELETE SET NULL, a)"),
        List.of(
            text("p", "a").ignoringCase(),
            surrogate("t", "p", "q", "a")
                .referring("p", Reference.to("p", OnDelete.CASCADE))
                .referring("q", Reference.to("p", OnDelete.SET_NULL))),
        Map.of("p", List.of(List.of("'a'", "'A'", "'b'")), "t", List.of(NUMBERS)));
  }

  private static Family twoParents(
      String action, OnDelete onDelete, String otherAction, OnDelete onOtherDelete) {
    return family(
        "two parents, " + action + " and " + otherAction,
        List.of(
            "CREATE TABLE p (k TEXT PRIMARY KEY NOT NULL, a)",
            "CREATE TABLE q (id INTEGER PRIMARY KEY, a)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, p TEXT REFERENCES p ON DELETE "
                + action
                + ", q INTEGER REFERENCES q ON DELETE "
                + otherAction
                + ", a)"),
        List.of(
            text("p", "a"),
            surrogate("q", "a"),
            surrogate("t", "p", "q", "a")
                .referring("p", Reference.to("p", onDelete))
                .referring("q", Reference.to("q", onOtherDelete))),
        Map.of("p", List.of(LETTERS), "q", List.of(PAIR), "t", List.of(NUMBERS)));
  }

  private static Family membership(
      String action, OnDelete onDelete, String otherAction, OnDelete onOtherDelete) {
    return family(
        "membership, " + action + " and " + otherAction,
        List.of(
            "CREATE TABLE person (id INTEGER PRIMARY KEY, a)",
            "CREATE TABLE team (k TEXT PRIMARY KEY NOT NULL, a)",
            "CREATE TABLE t (person INTEGER NOT NULL REFERENCES person ON DELETE "
                + action
                + ", team TEXT NOT NULL REFERENCES team ON UPDATE CASCADE ON DELETE "
                + otherAction
                + ", role, PRIMARY KEY (person, team))"),
        List.of(
            surrogate("person", "a"),
            text("team", "a"),
            TableModel.of("t", false, List.of("person", "team"), List.of("role"))
                .referring("person", Reference.to("person", onDelete))
                .referring("team", Reference.to("team", onOtherDelete))),
        Map.of("person", List.of(NUMBERS), "team", List.of(LETTERS), "t", List.of(PAIR, LETTERS)));
  }
}
