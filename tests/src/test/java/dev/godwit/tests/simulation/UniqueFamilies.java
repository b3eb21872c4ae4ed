package dev.godwit.tests.simulation;

import static dev.godwit.tests.simulation.ConstrainedFamilies.surrogate;
import static dev.godwit.tests.simulation.Family.LETTERS;
import static dev.godwit.tests.simulation.Family.NUMBERS;

import dev.godwit.sync.change.Value;
import dev.godwit.tests.oracle.OnDelete;
import dev.godwit.tests.oracle.TableModel;
import dev.godwit.tests.oracle.UniqueIndex;
import java.util.List;
import java.util.Map;

/** Schemas in which rows of two devices can want the same unique values. */
final class UniqueFamilies {
  private static final List<String> NAMES = List.of("'n'", "'m'", "'o'");

  private UniqueFamilies() {}

  static List<Family> all() {
    return List.of(
        oneColumn(),
        caseless(),
        naturalKey(),
        positions("CASCADE", OnDelete.CASCADE),
        positions("SET NULL", OnDelete.SET_NULL),
        partial(),
        twoIndexes(),
        aboveOthers("SET NULL", OnDelete.SET_NULL),
        aboveOthers("RESTRICT", OnDelete.RESTRICT));
  }

  private static Family oneTable(
      String name,
      String sql,
      TableModel table,
      List<String> keys,
      Map<String, List<String>> meet) {
    return new Family(name, List.of(sql), List.of(table), Map.of("t", List.of(keys)), meet, true);
  }

  private static Family oneColumn() {
    return oneTable(
        "unique",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, name UNIQUE, a)",
        surrogate("t", "name", "a").unique(UniqueIndex.on("name")),
        NUMBERS,
        Map.of("t.name", List.of("1", "1.0", "'n'", "'m'", "NULL")));
  }

  private static Family caseless() {
    return oneTable(
        "unique without case",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL COLLATE NOCASE UNIQUE, a)",
        surrogate("t", "name", "a")
            .unique(UniqueIndex.on("name").ignoringCaseOf("name"))
            .notNull("name"),
        NUMBERS,
        Map.of("t.name", List.of("'n'", "'N'", "'m'", "'M'")));
  }

  private static Family naturalKey() {
    return oneTable(
        "unique beside a natural key",
        "CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL, name UNIQUE, a)",
        TableModel.of("t", false, List.of("k"), List.of("name", "a"))
            .unique(UniqueIndex.on("name")),
        LETTERS,
        Map.of("t.name", NAMES));
  }

  private static Family positions(String action, OnDelete onDelete) {
    return new Family(
        "unique positions, " + action,
        List.of(
            "CREATE TABLE list (k TEXT PRIMARY KEY NOT NULL, a)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, list TEXT REFERENCES list ON DELETE "
                + action
                + ", position, a, UNIQUE (list, position))"),
        List.of(
            TableModel.of("list", false, List.of("k"), List.of("a")),
            surrogate("t", "list", "position", "a")
                .referring(Map.of("list", "list"), onDelete)
                .unique(UniqueIndex.on("list", "position"))),
        Map.of("list", List.of(List.of("'a'", "'b'")), "t", List.of(NUMBERS)),
        Map.of("t.position", List.of("1", "2", "3")),
        true);
  }

  private static Family partial() {
    return new Family(
        "unique in part",
        List.of(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, name, done, a)",
            "CREATE UNIQUE INDEX open_name ON t (name) WHERE done = 0"),
        List.of(
            surrogate("t", "name", "done", "a")
                .unique(
                    UniqueIndex.on("name")
                        .where(row -> row.get("done").equals(Value.of(0L)), "done"))),
        Map.of("t", List.of(NUMBERS)),
        Map.of("t.name", NAMES, "t.done", List.of("0", "0", "1")),
        true);
  }

  private static Family twoIndexes() {
    return new Family(
        "two unique indexes",
        List.of(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, name UNIQUE, mail UNIQUE, a)",
            "INSERT INTO t VALUES (1, 'n', 'm', 'seed')"),
        List.of(
            surrogate("t", "name", "mail", "a")
                .unique(UniqueIndex.on("name"), UniqueIndex.on("mail"))),
        Map.of("t", List.of(NUMBERS)),
        Map.of("t.name", NAMES, "t.mail", NAMES),
        true);
  }

  private static Family aboveOthers(String action, OnDelete onDelete) {
    return new Family(
        "unique above others, " + action,
        List.of(
            "CREATE TABLE p (id INTEGER PRIMARY KEY, name UNIQUE, a)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p ON DELETE "
                + action
                + ", a)"),
        List.of(
            surrogate("p", "name", "a").unique(UniqueIndex.on("name")),
            surrogate("t", "p", "a").referring(Map.of("p", "p"), onDelete)),
        Map.of("p", List.of(NUMBERS), "t", List.of(NUMBERS)),
        Map.of("p.name", NAMES),
        true);
  }
}
