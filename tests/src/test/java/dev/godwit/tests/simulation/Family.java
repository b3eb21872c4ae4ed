package dev.godwit.tests.simulation;

import dev.godwit.sync.policy.ExistencePolicy;
import dev.godwit.tests.oracle.OnDelete;
import dev.godwit.tests.oracle.TableModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A schema, and what random statements need to know of it.
 *
 * @param name for messages
 * @param schema the statements that make it, rows that were there before tracking included
 * @param tables its tables, as the oracle knows them
 * @param keys for each table SQL literals of its keys, one list for each key column
 * @param literals for columns of which the values are to meet, named table.column, SQL literals
 * @param steps for columns that are mostly changed by what they hold, named table.column, SQL
 *     expressions of a row's columns
 * @param contested whether statements are drawn so that they break each other's constraints, and
 *     devices differ in whether SQLite enforces foreign keys
 */
record Family(
    String name,
    List<String> schema,
    List<TableModel> tables,
    Map<String, List<List<String>>> keys,
    Map<String, List<String>> literals,
    Map<String, List<String>> steps,
    boolean contested) {

  static final List<String> NUMBERS = List.of("1", "2", "3", "4");
  static final List<String> LETTERS = List.of("'a'", "'b'", "'c'");

  /** Those that are asked for, null for all but the declared twins of many. */
  private static final String NAMES = System.getProperty("godwit.simulation.family");

  /** A reference that says nothing forbids deletes. */
  private static final OnDelete UNSAID = OnDelete.RESTRICT;

  /** Schemas whose rows no replica can refuse. */
  static final List<Family> UNCONSTRAINED =
      List.of(
          surrogate(),
          baseline(),
          text(),
          caseless(),
          composite(),
          withoutRowid(),
          reference(),
          textReference(),
          keyReference(),
          self());

  Family(
      String name,
      List<String> schema,
      List<TableModel> tables,
      Map<String, List<List<String>>> keys) {
    this(name, schema, tables, keys, Map.of(), false);
  }

  Family(
      String name,
      List<String> schema,
      List<TableModel> tables,
      Map<String, List<List<String>>> keys,
      Map<String, List<String>> literals,
      boolean contested) {
    this(name, schema, tables, keys, literals, Map.of(), contested);
  }

  /** The policies that are declared for it: what they are for, and what they say. */
  Map<String, String> policies() {
    Map<String, String> policies = new TreeMap<>();
    for (TableModel table : tables) {
      if (table.policies().deleteWins()) {
        policies.put(table.name(), ExistencePolicy.DELETE_WINS.toString());
      }
      table
          .policies()
          .columns()
          .forEach(
              (column, policy) -> policies.put(table.name() + "." + column, policy.toString()));
    }
    return policies;
  }

  /** The schemas of random scenarios. */
  static List<Family> all() {
    List<Family> all = new ArrayList<>(UNCONSTRAINED);
    all.addAll(ConstrainedFamilies.CONSTRAINED);
    List<Family> declared = DeclaredFamilies.of(all);
    if (NAMES == null) {
      declared.removeIf(family -> !family.name().matches(DeclaredFamilies.SOME));
    }
    all.addAll(declared);
    all.addAll(CompositeFamilies.ALL);
    all.addAll(ReferredValueFamilies.ALL);
    all.addAll(IdentifyingFamilies.ALL);
    all.addAll(IndexedFamilies.ALL);
    all.addAll(TakenFamilies.ALL);
    all.addAll(TenantFamilies.ALL);
    all.addAll(PolicyFamilies.ALL);
    return chosen(all);
  }

  /** Those that {@code -Dgodwit.simulation.family=REGEX} names, all without it. */
  static List<Family> chosen(List<Family> families) {
    String names = NAMES == null ? ".*" : NAMES;
    return families.stream().filter(family -> family.name().matches(names)).toList();
  }

  /** Whether conflicts of some column wait for somebody. */
  boolean needsPeople() {
    return policies().values().stream().anyMatch(policy -> policy.startsWith("manual"));
  }

  /** Whether devices decide conflicts by themselves when they meet. */
  boolean resolvesByItself() {
    return policies().values().stream().anyMatch(policy -> policy.startsWith("custom"));
  }

  TableModel table(String table) {
    return tables.stream().filter(model -> model.name().equals(table)).findFirst().orElseThrow();
  }

  private static Family surrogate() {
    return new Family(
        "surrogate",
        List.of("CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, c)"),
        List.of(TableModel.of("t", true, List.of("id"), List.of("a", "b", "c"))),
        Map.of("t", List.of(NUMBERS)));
  }

  private static Family baseline() {
    return new Family(
        "baseline",
        List.of(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b)",
            "INSERT INTO t VALUES (1, 'seed', 10), (2, 'seed', 20)"),
        List.of(TableModel.of("t", true, List.of("id"), List.of("a", "b"))),
        Map.of("t", List.of(NUMBERS)));
  }

  private static Family text() {
    return new Family(
        "text",
        List.of("CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL, a, b)"),
        List.of(TableModel.of("t", false, List.of("k"), List.of("a", "b"))),
        Map.of("t", List.of(LETTERS)));
  }

  private static Family caseless() {
    return new Family(
        "caseless",
        List.of("CREATE TABLE t (k TEXT COLLATE NOCASE PRIMARY KEY NOT NULL, a, b)"),
        List.of(TableModel.of("t", false, List.of("k"), List.of("a", "b")).ignoringCase()),
        Map.of("t", List.of(List.of("'a'", "'A'", "'b'", "'B'"))));
  }

  private static Family composite() {
    return new Family(
        "composite",
        List.of("CREATE TABLE t (x INTEGER NOT NULL, y TEXT NOT NULL, a, b, PRIMARY KEY (x, y))"),
        List.of(TableModel.of("t", false, List.of("x", "y"), List.of("a", "b"))),
        Map.of("t", List.of(List.of("1", "2"), List.of("'p'", "'q'"))));
  }

  private static Family withoutRowid() {
    return new Family(
        "without rowid",
        List.of(
            "CREATE TABLE t (x, y, a, b, PRIMARY KEY (x, y)) WITHOUT ROWID",
            "INSERT INTO t VALUES (1, 'p', 'seed', NULL)"),
        List.of(TableModel.of("t", false, List.of("x", "y"), List.of("a", "b"))),
        Map.of("t", List.of(List.of("1", "2", "x'01'"), List.of("'p'", "1.5"))));
  }

  private static Family reference() {
    return new Family(
        "reference",
        List.of(
            "CREATE TABLE p (id INTEGER PRIMARY KEY, a)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, p REFERENCES p, a)"),
        List.of(
            TableModel.of("p", true, List.of("id"), List.of("a")),
            TableModel.of("t", true, List.of("id"), List.of("p", "a"))
                .referring(Map.of("p", "p"), UNSAID)),
        Map.of("p", List.of(NUMBERS), "t", List.of(NUMBERS)));
  }

  private static Family textReference() {
    return new Family(
        "text reference",
        List.of(
            "CREATE TABLE p (k TEXT PRIMARY KEY NOT NULL, a)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, p TEXT REFERENCES p(k), a)",
            "INSERT INTO p VALUES ('a', 'seed')",
            "INSERT INTO t VALUES (1, 'a', 'seed')"),
        List.of(
            TableModel.of("p", false, List.of("k"), List.of("a")),
            TableModel.of("t", true, List.of("id"), List.of("p", "a"))
                .referring(Map.of("p", "p"), UNSAID)),
        Map.of("p", List.of(LETTERS), "t", List.of(NUMBERS)));
  }

  private static Family keyReference() {
    return new Family(
        "reference in a key",
        List.of(
            "CREATE TABLE p (id INTEGER PRIMARY KEY, a)",
            "CREATE TABLE t (p INTEGER NOT NULL REFERENCES p(id), n TEXT NOT NULL, a, PRIMARY KEY (p, n))"),
        List.of(
            TableModel.of("p", true, List.of("id"), List.of("a")),
            TableModel.of("t", false, List.of("p", "n"), List.of("a"))
                .referring(Map.of("p", "p"), UNSAID)),
        Map.of("p", List.of(NUMBERS), "t", List.of(NUMBERS, List.of("'x'", "'y'"))));
  }

  private static Family self() {
    return new Family(
        "tree",
        List.of("CREATE TABLE t (id INTEGER PRIMARY KEY, up INTEGER REFERENCES t(id), a)"),
        List.of(
            TableModel.of("t", true, List.of("id"), List.of("up", "a"))
                .referring(Map.of("up", "t"), UNSAID)),
        Map.of("t", List.of(NUMBERS)));
  }
}
