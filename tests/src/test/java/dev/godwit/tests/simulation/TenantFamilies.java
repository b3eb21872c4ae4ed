package dev.godwit.tests.simulation;

import static dev.godwit.tests.simulation.ConstrainedFamilies.surrogate;
import static dev.godwit.tests.simulation.Family.NUMBERS;

import dev.godwit.tests.oracle.OnDelete;
import dev.godwit.tests.oracle.Reference;
import dev.godwit.tests.oracle.TableModel;
import dev.godwit.tests.oracle.UniqueIndex;
import java.util.List;
import java.util.Map;

/**
 * Schemas with foreign keys that take a column of the row's own key and another one: rows refer to
 * rows of their own tenant.
 */
final class TenantFamilies {
  private static final List<String> PAIR = List.of("1", "2");
  private static final List<String> TWO_LETTERS = List.of("'a'", "'b'");
  private static final List<String> WITHIN = List.of("o", "l");
  private static final String KEPT = "ON UPDATE CASCADE ON DELETE CASCADE";
  private static final String LISTS =
      "CREATE TABLE list (o TEXT NOT NULL, n INTEGER NOT NULL, a, PRIMARY KEY (o, n))";

  /** Items of lists, which go with them. */
  static final Family ITEMS = items("CASCADE", KEPT, OnDelete.CASCADE);

  static final List<Family> ALL =
      List.of(
          ITEMS,
          items("CASCADE, keys stay", "ON DELETE CASCADE", OnDelete.CASCADE),
          items("RESTRICT", "ON UPDATE CASCADE ON DELETE RESTRICT", OnDelete.RESTRICT),
          items("NO ACTION", "", OnDelete.RESTRICT),
          items("SET NULL", "ON UPDATE CASCADE ON DELETE SET NULL", OnDelete.SET_NULL),
          itemsBeforeTracking(),
          ofTenants("CASCADE", OnDelete.CASCADE),
          ofTenants("RESTRICT", OnDelete.RESTRICT),
          tree("CASCADE", OnDelete.CASCADE),
          tree("RESTRICT", OnDelete.RESTRICT),
          twoLists(),
          unique(),
          caseless());

  private TenantFamilies() {}

  private static Family family(
      String name,
      List<String> schema,
      List<TableModel> tables,
      Map<String, List<List<String>>> keys) {
    return new Family("tenants, " + name, schema, tables, keys, Map.of(), true);
  }

  private static TableModel lists() {
    return TableModel.of("list", false, List.of("o", "n"), List.of("a"));
  }

  private static TableModel items(OnDelete action) {
    return TableModel.of("item", false, List.of("o", "i"), List.of("l", "a"))
        .referring("l", Reference.to("list", action, WITHIN));
  }

  private static String items(String clause) {
    return "CREATE TABLE item (o TEXT NOT NULL, i INTEGER NOT NULL, l INTEGER, a, PRIMARY KEY (o, i),"
        + " FOREIGN KEY (o, l) REFERENCES list "
        + clause
        + ")";
  }

  private static Family items(String name, String clause, OnDelete action) {
    return items("items, " + name, List.of(LISTS, items(clause)), items(action));
  }

  private static Family items(String name, List<String> schema, TableModel items) {
    return family(
        name,
        schema,
        List.of(lists(), items),
        Map.of("list", List.of(TWO_LETTERS, PAIR), "item", List.of(TWO_LETTERS, PAIR)));
  }

  private static Family itemsBeforeTracking() {
    return items(
        "items before tracking",
        List.of(
            LISTS,
            items(KEPT),
            "INSERT INTO list VALUES ('a', 1, 'seed'), ('b', 2, 'seed')",
            "INSERT INTO item VALUES ('a', 1, 1, 'seed'), ('b', 2, NULL, 'seed')"),
        items(OnDelete.CASCADE));
  }

  /** The tenant is a row itself, which SQLite numbers. */
  private static Family ofTenants(String action, OnDelete onDelete) {
    String tenant = "o INTEGER NOT NULL REFERENCES tenant " + KEPT;
    return family(
        "of tenants, " + action,
        List.of(
            "CREATE TABLE tenant (id INTEGER PRIMARY KEY, a)",
            "CREATE TABLE list (" + tenant + ", n INTEGER NOT NULL, a, PRIMARY KEY (o, n))",
            "CREATE TABLE item ("
                + tenant
                + ", i INTEGER NOT NULL, l INTEGER, a, PRIMARY KEY (o, i),"
                + " FOREIGN KEY (o, l) REFERENCES list ON UPDATE CASCADE ON DELETE "
                + action
                + ")"),
        List.of(
            surrogate("tenant", "a"),
            lists().referring("o", Reference.to("tenant", OnDelete.CASCADE)),
            items(onDelete).referring("o", Reference.to("tenant", OnDelete.CASCADE))),
        Map.of(
            "tenant", List.of(PAIR),
            "list", List.of(PAIR, PAIR),
            "item", List.of(PAIR, PAIR)));
  }

  /** Folders of a tenant below folders of the same. */
  private static Family tree(String action, OnDelete onDelete) {
    return family(
        "tree, " + action,
        List.of(
            "CREATE TABLE t (o TEXT NOT NULL, i INTEGER NOT NULL, l INTEGER, a, PRIMARY KEY (o, i),"
                + " FOREIGN KEY (o, l) REFERENCES t ON UPDATE CASCADE ON DELETE "
                + action
                + ")"),
        List.of(
            TableModel.of("t", false, List.of("o", "i"), List.of("l", "a"))
                .referring("l", Reference.to("t", onDelete, WITHIN))),
        Map.of("t", List.of(TWO_LETTERS, PAIR)));
  }

  /** Two references that share the column of the key. */
  private static Family twoLists() {
    return family(
        "two lists",
        List.of(
            LISTS,
            "CREATE TABLE item (i INTEGER NOT NULL, o TEXT NOT NULL, l INTEGER, m INTEGER, a, PRIMARY KEY (i, o),"
                + " FOREIGN KEY (l, o) REFERENCES list (n, o) ON UPDATE CASCADE ON DELETE RESTRICT,"
                + " FOREIGN KEY (o, m) REFERENCES list "
                + KEPT
                + ")"),
        List.of(
            lists(),
            TableModel.of("item", false, List.of("i", "o"), List.of("l", "m", "a"))
                .referring("l", Reference.to("list", OnDelete.RESTRICT, WITHIN))
                .referring("m", Reference.to("list", OnDelete.CASCADE, List.of("o", "m")))),
        Map.of("list", List.of(TWO_LETTERS, PAIR), "item", List.of(PAIR, TWO_LETTERS)));
  }

  /** A place in a list is only one item's. */
  private static Family unique() {
    return items(
        "positions",
        List.of(
            LISTS,
            "CREATE TABLE item (o TEXT NOT NULL, i INTEGER NOT NULL, l INTEGER, a, PRIMARY KEY (o, i),"
                + " FOREIGN KEY (o, l) REFERENCES list ON UPDATE CASCADE ON DELETE CASCADE,"
                + " UNIQUE (o, l, a))"),
        items(OnDelete.CASCADE).unique(UniqueIndex.on("o", "l", "a")));
  }

  private static Family caseless() {
    List<String> letters = List.of("'a'", "'A'", "'b'");
    return family(
        "caseless",
        List.of(
            "CREATE TABLE list (o TEXT COLLATE NOCASE NOT NULL, n TEXT COLLATE NOCASE NOT NULL, a,"
                + " PRIMARY KEY (o, n))",
            "CREATE TABLE item (o TEXT COLLATE NOCASE NOT NULL, i INTEGER NOT NULL,"
                + " l TEXT COLLATE NOCASE, a, PRIMARY KEY (o, i),"
                + " FOREIGN KEY (o, l) REFERENCES list "
                + KEPT
                + ")"),
        List.of(lists().ignoringCase(), items(OnDelete.CASCADE).ignoringCase()),
        Map.of("list", List.of(letters, letters), "item", List.of(letters, NUMBERS)));
  }
}
