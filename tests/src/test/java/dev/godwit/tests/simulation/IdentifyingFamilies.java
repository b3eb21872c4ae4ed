package dev.godwit.tests.simulation;

import static dev.godwit.tests.simulation.ConstrainedFamilies.surrogate;
import static dev.godwit.tests.simulation.Family.LETTERS;
import static dev.godwit.tests.simulation.Family.NUMBERS;

import dev.godwit.tests.oracle.OnDelete;
import dev.godwit.tests.oracle.Reference;
import dev.godwit.tests.oracle.TableModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Schemas in which rows are told apart by what they refer to: foreign keys of several columns in
 * the primary key, and chains of keys each of which is the one before.
 */
final class IdentifyingFamilies {
  private static final List<String> PAIR = List.of("1", "2");
  private static final List<String> TWO_LETTERS = List.of("'a'", "'b'");
  private static final List<String> LINE = List.of("o", "n");
  private static final List<String> PART = List.of("o", "n", "p");
  private static final String KEPT = "ON UPDATE CASCADE ON DELETE CASCADE";

  /** Parts of lines of orders that SQLite numbers. */
  static final Family PARTS =
      parts(
          "of numbered orders, RESTRICT",
          "ON UPDATE CASCADE ON DELETE RESTRICT",
          OnDelete.RESTRICT,
          true);

  static final List<Family> ALL =
      List.of(
          chain("CASCADE", KEPT, OnDelete.CASCADE),
          chain("RESTRICT", "ON UPDATE CASCADE ON DELETE RESTRICT", OnDelete.RESTRICT),
          chain("NO ACTION", "", OnDelete.RESTRICT),
          chain("SET NULL", "ON UPDATE CASCADE ON DELETE SET NULL", OnDelete.SET_NULL),
          chainOfNumbers("CASCADE", KEPT, OnDelete.CASCADE),
          chainOfNumbers("RESTRICT", "ON UPDATE CASCADE ON DELETE RESTRICT", OnDelete.RESTRICT),
          parts("CASCADE", KEPT, OnDelete.CASCADE, false),
          parts("CASCADE, keys stay", "ON DELETE CASCADE", OnDelete.CASCADE, false),
          parts("RESTRICT", "ON UPDATE CASCADE ON DELETE RESTRICT", OnDelete.RESTRICT, false),
          parts("NO ACTION", "", OnDelete.RESTRICT, false),
          parts("SET NULL", "ON UPDATE CASCADE ON DELETE SET NULL", OnDelete.SET_NULL, false),
          parts(
              "SET DEFAULT",
              "ON UPDATE CASCADE ON DELETE SET DEFAULT",
              OnDelete.SET_DEFAULT,
              false),
          parts("of numbered orders, CASCADE", KEPT, OnDelete.CASCADE, true),
          PARTS,
          parts("of numbered orders, NO ACTION", "", OnDelete.RESTRICT, true),
          partsBeforeTracking(),
          partsOfOrders(),
          details(),
          screws(),
          junction("CASCADE", OnDelete.CASCADE, "CASCADE", OnDelete.CASCADE),
          junction("RESTRICT", OnDelete.RESTRICT, "CASCADE", OnDelete.CASCADE),
          tenants(),
          caseless());

  private IdentifyingFamilies() {}

  private static Family family(
      String name,
      List<String> schema,
      List<TableModel> tables,
      Map<String, List<List<String>>> keys) {
    return new Family("identifying, " + name, schema, tables, keys, Map.of(), true);
  }

  private static TableModel table(String name, String... key) {
    return TableModel.of(name, false, List.of(key), List.of("a"));
  }

  /** An employee is a person, a manager an employee; a badge is for a manager. */
  private static Family chain(String name, String clause, OnDelete action) {
    return family(
        "chain, " + name,
        List.of(
            "CREATE TABLE person (k TEXT PRIMARY KEY NOT NULL, a)",
            "CREATE TABLE employee (k TEXT PRIMARY KEY NOT NULL REFERENCES person " + KEPT + ", a)",
            "CREATE TABLE manager (k TEXT PRIMARY KEY NOT NULL REFERENCES employee "
                + clause
                + ", a)",
            "CREATE TABLE badge (id INTEGER PRIMARY KEY, of TEXT REFERENCES manager "
                + clause
                + ", a)"),
        List.of(
            table("person", "k"),
            table("employee", "k").referring("k", Reference.to("person", OnDelete.CASCADE)),
            table("manager", "k").referring("k", Reference.to("employee", action)),
            surrogate("badge", "of", "a").referring("of", Reference.to("manager", action))),
        Map.of(
            "person", List.of(LETTERS),
            "employee", List.of(LETTERS),
            "manager", List.of(LETTERS),
            "badge", List.of(PAIR)));
  }

  private static Family chainOfNumbers(String name, String clause, OnDelete action) {
    return family(
        "chain of numbers, " + name,
        List.of(
            "CREATE TABLE person (id INTEGER PRIMARY KEY, a)",
            "CREATE TABLE employee (id INTEGER PRIMARY KEY NOT NULL REFERENCES person "
                + KEPT
                + ", a)",
            "CREATE TABLE manager (id INTEGER PRIMARY KEY NOT NULL REFERENCES employee "
                + clause
                + ", a)"),
        List.of(
            surrogate("person", "a"),
            table("employee", "id").referring("id", Reference.to("person", OnDelete.CASCADE)),
            table("manager", "id").referring("id", Reference.to("employee", action))),
        Map.of("person", List.of(PAIR), "employee", List.of(PAIR), "manager", List.of(PAIR)));
  }

  private static List<String> schema(boolean numbered, String clause, String... more) {
    String type = numbered ? "INTEGER" : "TEXT";
    List<String> schema = new ArrayList<>();
    schema.add(
        numbered
            ? "CREATE TABLE orders (id INTEGER PRIMARY KEY, a)"
            : "CREATE TABLE orders (k TEXT PRIMARY KEY NOT NULL, a)");
    schema.add(
        "CREATE TABLE line (o "
            + type
            + " NOT NULL REFERENCES orders "
            + KEPT
            + ", n TEXT NOT NULL, a, PRIMARY KEY (o, n))");
    schema.add(
        "CREATE TABLE part (o "
            + type
            + " NOT NULL, n TEXT NOT NULL, p INTEGER NOT NULL, a, PRIMARY KEY (o, n, p),"
            + " FOREIGN KEY (o, n) REFERENCES line "
            + clause
            + ")");
    schema.addAll(List.of(more));
    return schema;
  }

  private static List<TableModel> models(boolean numbered, OnDelete action, TableModel... more) {
    List<TableModel> models = new ArrayList<>();
    models.add(numbered ? surrogate("orders", "a") : table("orders", "k"));
    models.add(table("line", "o", "n").referring("o", Reference.to("orders", OnDelete.CASCADE)));
    models.add(table("part", "o", "n", "p").referring("n", Reference.to("line", action, LINE)));
    models.addAll(List.of(more));
    return models;
  }

  private static Family parts(String name, String clause, OnDelete action, boolean numbered) {
    List<String> orders = numbered ? PAIR : LETTERS;
    return family(
        "parts, " + name,
        schema(numbered, clause),
        models(numbered, action),
        Map.of(
            "orders", List.of(orders),
            "line", List.of(orders, TWO_LETTERS),
            "part", List.of(orders, TWO_LETTERS, PAIR)));
  }

  private static Family partsBeforeTracking() {
    return family(
        "parts before tracking",
        schema(
            true,
            KEPT,
            "INSERT INTO orders VALUES (1, 'seed'), (2, 'seed')",
            "INSERT INTO line VALUES (1, 'a', 'seed'), (2, 'a', 'seed')",
            "INSERT INTO part VALUES (1, 'a', 1, 'seed'), (2, 'a', 1, 'seed')"),
        models(true, OnDelete.CASCADE),
        Map.of(
            "orders", List.of(PAIR),
            "line", List.of(PAIR, TWO_LETTERS),
            "part", List.of(PAIR, TWO_LETTERS, PAIR)));
  }

  /** A part says by itself, too, of which order it is. */
  private static Family partsOfOrders() {
    return family(
        "parts of orders",
        List.of(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, a)",
            "CREATE TABLE line (o INTEGER NOT NULL REFERENCES orders "
                + KEPT
                + ", n TEXT NOT NULL, a, PRIMARY KEY (o, n))",
            "CREATE TABLE part (o INTEGER NOT NULL REFERENCES orders "
                + KEPT
                + ", n TEXT NOT NULL, p INTEGER NOT NULL, a, PRIMARY KEY (o, n, p),"
                + " FOREIGN KEY (o, n) REFERENCES line ON UPDATE CASCADE ON DELETE RESTRICT)"),
        List.of(
            surrogate("orders", "a"),
            table("line", "o", "n").referring("o", Reference.to("orders", OnDelete.CASCADE)),
            table("part", "o", "n", "p")
                .referring("o", Reference.to("orders", OnDelete.CASCADE))
                .referring("n", Reference.to("line", OnDelete.RESTRICT, LINE))),
        Map.of(
            "orders", List.of(PAIR),
            "line", List.of(PAIR, TWO_LETTERS),
            "part", List.of(PAIR, TWO_LETTERS, PAIR)));
  }

  /** The whole key refers, and no column besides. */
  private static Family details() {
    return family(
        "details",
        List.of(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, a)",
            "CREATE TABLE line (o INTEGER NOT NULL REFERENCES orders "
                + KEPT
                + ", n TEXT NOT NULL, a, PRIMARY KEY (o, n))",
            "CREATE TABLE detail (n TEXT NOT NULL, o INTEGER NOT NULL, a, PRIMARY KEY (n, o),"
                + " FOREIGN KEY (o, n) REFERENCES line "
                + KEPT
                + ")"),
        List.of(
            surrogate("orders", "a"),
            table("line", "o", "n").referring("o", Reference.to("orders", OnDelete.CASCADE)),
            table("detail", "n", "o").referring("n", Reference.to("line", OnDelete.CASCADE, LINE))),
        Map.of(
            "orders", List.of(PAIR),
            "line", List.of(PAIR, TWO_LETTERS),
            "detail", List.of(TWO_LETTERS, PAIR)));
  }

  /** Four levels, and a row outside that refers to the last. */
  private static Family screws() {
    return family(
        "screws",
        schema(
            true,
            KEPT,
            "CREATE TABLE screw (o INTEGER NOT NULL, n TEXT NOT NULL, p INTEGER NOT NULL, s TEXT NOT NULL, a,"
                + " PRIMARY KEY (o, n, p, s), FOREIGN KEY (o, n, p) REFERENCES part "
                + KEPT
                + ")",
            "CREATE TABLE note (id INTEGER PRIMARY KEY, o INTEGER, n TEXT, p INTEGER, a,"
                + " FOREIGN KEY (o, n, p) REFERENCES part ON UPDATE CASCADE ON DELETE SET NULL)"),
        models(
            true,
            OnDelete.CASCADE,
            table("screw", "o", "n", "p", "s")
                .referring("p", Reference.to("part", OnDelete.CASCADE, PART)),
            surrogate("note", "o", "n", "p", "a")
                .referring("p", Reference.to("part", OnDelete.SET_NULL, PART))),
        Map.of(
            "orders", List.of(PAIR),
            "line", List.of(PAIR, TWO_LETTERS),
            "part", List.of(PAIR, TWO_LETTERS, PAIR),
            "screw", List.of(PAIR, TWO_LETTERS, PAIR, List.of("'s'")),
            "note", List.of(NUMBERS)));
  }

  /** A row for each two of one tenant that belong together. */
  private static Family junction(
      String action, OnDelete onDelete, String otherAction, OnDelete onOtherDelete) {
    return family(
        "junction, " + action + " and " + otherAction,
        List.of(
            "CREATE TABLE p (t INTEGER NOT NULL, x TEXT NOT NULL, a, PRIMARY KEY (t, x))",
            "CREATE TABLE q (t INTEGER NOT NULL, y TEXT NOT NULL, a, PRIMARY KEY (t, y))",
            "CREATE TABLE j (t INTEGER NOT NULL, x TEXT NOT NULL, y TEXT NOT NULL, a, PRIMARY KEY (t, x, y),"
                + " FOREIGN KEY (t, x) REFERENCES p ON UPDATE CASCADE ON DELETE "
                + action
                + ", FOREIGN KEY (t, y) REFERENCES q ON UPDATE CASCADE ON DELETE "
                + otherAction
                + ")"),
        List.of(
            table("p", "t", "x"),
            table("q", "t", "y"),
            table("j", "t", "x", "y")
                .referring("x", Reference.to("p", onDelete, List.of("t", "x")))
                .referring("y", Reference.to("q", onOtherDelete, List.of("t", "y")))),
        Map.of(
            "p", List.of(PAIR, TWO_LETTERS),
            "q", List.of(PAIR, TWO_LETTERS),
            "j", List.of(PAIR, TWO_LETTERS, TWO_LETTERS)));
  }

  /** The same where tenants are rows, which several devices number alike. */
  private static Family tenants() {
    return family(
        "junction of tenants",
        List.of(
            "CREATE TABLE tenant (id INTEGER PRIMARY KEY, a)",
            "CREATE TABLE p (t INTEGER NOT NULL REFERENCES tenant "
                + KEPT
                + ", x TEXT NOT NULL, a, PRIMARY KEY (t, x))",
            "CREATE TABLE q (t INTEGER NOT NULL REFERENCES tenant "
                + KEPT
                + ", y TEXT NOT NULL, a, PRIMARY KEY (t, y))",
            "CREATE TABLE j (t INTEGER NOT NULL, x TEXT NOT NULL, y TEXT NOT NULL, a, PRIMARY KEY (t, x, y),"
                + " FOREIGN KEY (t, x) REFERENCES p "
                + KEPT
                + ", FOREIGN KEY (t, y) REFERENCES q "
                + KEPT
                + ")"),
        List.of(
            surrogate("tenant", "a"),
            table("p", "t", "x").referring("t", Reference.to("tenant", OnDelete.CASCADE)),
            table("q", "t", "y").referring("t", Reference.to("tenant", OnDelete.CASCADE)),
            table("j", "t", "x", "y")
                .referring("x", Reference.to("p", OnDelete.CASCADE, List.of("t", "x")))
                .referring("y", Reference.to("q", OnDelete.CASCADE, List.of("t", "y")))),
        Map.of(
            "tenant", List.of(PAIR),
            "p", List.of(PAIR, TWO_LETTERS),
            "q", List.of(PAIR, TWO_LETTERS),
            "j", List.of(PAIR, TWO_LETTERS, TWO_LETTERS)));
  }

  private static Family caseless() {
    List<String> letters = List.of("'a'", "'A'", "'b'");
    String key = " TEXT COLLATE NOCASE NOT NULL, ";
    return family(
        "caseless",
        List.of(
            "CREATE TABLE p (x" + key + "y" + key + "a, PRIMARY KEY (x, y))",
            "CREATE TABLE t (x"
                + key
                + "y"
                + key
                + "z"
                + key
                + "a, PRIMARY KEY (x, y, z), FOREIGN KEY (x, y) REFERENCES p "
                + KEPT
                + ")"),
        List.of(
            table("p", "x", "y").ignoringCase(),
            table("t", "x", "y", "z")
                .ignoringCase()
                .referring("y", Reference.to("p", OnDelete.CASCADE, List.of("x", "y")))),
        Map.of("p", List.of(letters, letters), "t", List.of(letters, letters, TWO_LETTERS)));
  }
}
