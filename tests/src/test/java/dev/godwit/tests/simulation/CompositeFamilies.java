package dev.godwit.tests.simulation;

import static dev.godwit.tests.simulation.ConstrainedFamilies.surrogate;
import static dev.godwit.tests.simulation.Family.LETTERS;
import static dev.godwit.tests.simulation.Family.NUMBERS;

import dev.godwit.tests.oracle.OnDelete;
import dev.godwit.tests.oracle.Reference;
import dev.godwit.tests.oracle.TableModel;
import java.util.List;
import java.util.Map;

/** Schemas with foreign keys of several columns, and with some to keys that are references. */
final class CompositeFamilies {
  private static final List<String> PAIR = List.of("1", "2");
  private static final List<String> TWO_LETTERS = List.of("'a'", "'b'");
  private static final List<List<String>> KEYS = List.of(PAIR, LETTERS);
  private static final List<String> PX_PY = List.of("px", "py");
  private static final String PARENT =
      "CREATE TABLE p (x INTEGER NOT NULL, y TEXT NOT NULL, a, PRIMARY KEY (x, y))";

  static final List<Family> ALL =
      List.of(
          child("cascade", "ON UPDATE CASCADE ON DELETE CASCADE", OnDelete.CASCADE),
          child("restrict", "ON DELETE RESTRICT", OnDelete.RESTRICT),
          child(
              "restrict, keys cascade", "ON UPDATE CASCADE ON DELETE RESTRICT", OnDelete.RESTRICT),
          child("no action, keys cascade", "ON UPDATE CASCADE", OnDelete.RESTRICT),
          child("set null", "ON UPDATE CASCADE ON DELETE SET NULL", OnDelete.SET_NULL),
          child("set default", "ON DELETE SET DEFAULT", OnDelete.SET_DEFAULT),
          setNullNotNull(),
          rowsBeforeTracking(),
          caseless("caseless", " COLLATE NOCASE"),
          caseless("caseless parents", ""),
          tree(),
          restrictChain(),
          shared("CASCADE", OnDelete.CASCADE, "SET NULL", OnDelete.SET_NULL),
          shared("RESTRICT", OnDelete.RESTRICT, "CASCADE", OnDelete.CASCADE),
          sharedWithOne(),
          toLines("CASCADE", OnDelete.CASCADE),
          toLines("RESTRICT", OnDelete.RESTRICT),
          toLines("SET NULL", OnDelete.SET_NULL),
          toNumberedLines("CASCADE", OnDelete.CASCADE),
          toNumberedLines("RESTRICT", OnDelete.RESTRICT),
          oneToOne("CASCADE", OnDelete.CASCADE),
          oneToOne("SET NULL", OnDelete.SET_NULL),
          oneToOneOfNumbers());

  private CompositeFamilies() {}

  private static Family family(
      String name,
      List<String> schema,
      List<TableModel> tables,
      Map<String, List<List<String>>> keys) {
    return new Family("several columns, " + name, schema, tables, keys, Map.of(), true);
  }

  private static TableModel parent() {
    return TableModel.of("p", false, List.of("x", "y"), List.of("a"));
  }

  private static Family child(String name, String clause, OnDelete action) {
    return family(
        name,
        List.of(
            PARENT,
            "CREATE TABLE t (id INTEGER PRIMARY KEY, px INTEGER, py TEXT, a,"
                + " FOREIGN KEY (px, py) REFERENCES p "
                + clause
                + ")"),
        List.of(
            parent(),
            surrogate("t", "px", "py", "a").referring("py", Reference.to("p", action, PX_PY))),
        Map.of("p", KEYS, "t", List.of(NUMBERS)));
  }

  private static Family setNullNotNull() {
    return family(
        "set null not null",
        List.of(
            PARENT,
            "CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL, px INTEGER NOT NULL, py TEXT, a,"
                + " FOREIGN KEY (py, px) REFERENCES p (y, x) ON UPDATE CASCADE ON DELETE SET NULL)"),
        List.of(
            parent(),
            TableModel.of("t", false, List.of("k"), List.of("px", "py", "a"))
                .referring("px", Reference.to("p", OnDelete.SET_NULL, PX_PY))
                .notNull("px")),
        Map.of("p", KEYS, "t", List.of(LETTERS)));
  }

  private static Family rowsBeforeTracking() {
    return family(
        "rows before tracking",
        List.of(
            PARENT,
            "CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL, px INTEGER, a, py TEXT,"
                + " FOREIGN KEY (px, py) REFERENCES p (x, y) ON UPDATE CASCADE ON DELETE CASCADE)",
            "INSERT INTO p VALUES (1, 'a', 'seed'), (2, 'b', 'seed')",
            "INSERT INTO t VALUES ('a', 1, 'seed', 'a'), ('b', 2, 'seed', NULL)"),
        List.of(
            parent(),
            TableModel.of("t", false, List.of("k"), List.of("px", "a", "py"))
                .referring("py", Reference.to("p", OnDelete.CASCADE, PX_PY))),
        Map.of("p", KEYS, "t", List.of(LETTERS)));
  }

  /** The columns that refer are compared as those referred to, or otherwise. */
  private static Family caseless(String name, String collation) {
    List<String> letters = List.of("'a'", "'A'", "'b'");
    return family(
        name,
        List.of(
            "CREATE TABLE p (x TEXT COLLATE NOCASE NOT NULL, y TEXT COLLATE NOCASE NOT NULL, a,"
                + " PRIMARY KEY (x, y))",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, px TEXT"
                + collation
                + ", py TEXT"
                + collation
                + ", a,"
                + " FOREIGN KEY (px, py) REFERENCES p ON UPDATE CASCADE ON DELETE CASCADE)"),
        List.of(
            parent().ignoringCase(),
            surrogate("t", "px", "py", "a")
                .referring("py", Reference.to("p", OnDelete.CASCADE, PX_PY))),
        Map.of("p", List.of(letters, letters), "t", List.of(NUMBERS)));
  }

  private static Family tree() {
    return family(
        "tree",
        List.of(
            "CREATE TABLE t (x INTEGER NOT NULL, y TEXT NOT NULL, px INTEGER, py TEXT, a, PRIMARY KEY (x, y),"
                + " FOREIGN KEY (px, py) REFERENCES t ON UPDATE CASCADE ON DELETE CASCADE)"),
        List.of(
            TableModel.of("t", false, List.of("x", "y"), List.of("px", "py", "a"))
                .referring("py", Reference.to("t", OnDelete.CASCADE, PX_PY))),
        Map.of("t", KEYS));
  }

  private static Family restrictChain() {
    return family(
        "restrict chain",
        List.of(
            "CREATE TABLE g (x INTEGER NOT NULL, y TEXT NOT NULL, a, PRIMARY KEY (x, y))",
            "CREATE TABLE p (x INTEGER NOT NULL, y TEXT NOT NULL, gx INTEGER, gy TEXT, a, PRIMARY KEY (x, y),"
                + " FOREIGN KEY (gx, gy) REFERENCES g ON UPDATE CASCADE ON DELETE RESTRICT)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, px INTEGER, py TEXT, a,"
                + " FOREIGN KEY (px, py) REFERENCES p ON DELETE RESTRICT)"),
        List.of(
            TableModel.of("g", false, List.of("x", "y"), List.of("a")),
            TableModel.of("p", false, List.of("x", "y"), List.of("gx", "gy", "a"))
                .referring("gy", Reference.to("g", OnDelete.RESTRICT, List.of("gx", "gy"))),
            surrogate("t", "px", "py", "a")
                .referring("py", Reference.to("p", OnDelete.RESTRICT, PX_PY))),
        Map.of("g", KEYS, "p", KEYS, "t", List.of(PAIR)));
  }

  /** A column says to whom both rows belong that a third one refers to. */
  private static Family shared(
      String action, OnDelete onDelete, String otherAction, OnDelete onOtherDelete) {
    return family(
        "shared, " + action + " and " + otherAction,
        List.of(
            PARENT,
            "CREATE TABLE q (x INTEGER NOT NULL, y TEXT NOT NULL, a, PRIMARY KEY (x, y))",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, x INTEGER, py TEXT, qy TEXT, a,"
                + " FOREIGN KEY (x, py) REFERENCES p ON UPDATE CASCADE ON DELETE "
                + action
                + ", FOREIGN KEY (x, qy) REFERENCES q ON UPDATE CASCADE ON DELETE "
                + otherAction
                + ")"),
        List.of(
            parent(),
            TableModel.of("q", false, List.of("x", "y"), List.of("a")),
            surrogate("t", "x", "py", "qy", "a")
                .referring("py", Reference.to("p", onDelete, List.of("x", "py")))
                .referring("qy", Reference.to("q", onOtherDelete, List.of("x", "qy")))),
        Map.of(
            "p", List.of(PAIR, TWO_LETTERS), "q", List.of(PAIR, TWO_LETTERS), "t", List.of(PAIR)));
  }

  private static Family sharedWithOne() {
    return family(
        "shared with one of one",
        List.of(
            "CREATE TABLE g (id INTEGER PRIMARY KEY, a)",
            "CREATE TABLE p (g INTEGER NOT NULL REFERENCES g ON UPDATE CASCADE ON DELETE CASCADE,"
                + " n TEXT NOT NULL, a, PRIMARY KEY (g, n))",
            "CREATE TABLE t (id INTEGER PRIMARY KEY,"
                + " g INTEGER REFERENCES g ON UPDATE CASCADE ON DELETE CASCADE, p TEXT, a,"
                + " FOREIGN KEY (g, p) REFERENCES p ON UPDATE CASCADE ON DELETE SET NULL)"),
        List.of(
            surrogate("g", "a"),
            TableModel.of("p", false, List.of("g", "n"), List.of("a"))
                .referring("g", Reference.to("g", OnDelete.CASCADE)),
            surrogate("t", "g", "p", "a")
                .referring("g", Reference.to("g", OnDelete.CASCADE))
                .referring("p", Reference.to("p", OnDelete.SET_NULL, List.of("g", "p")))),
        Map.of("g", List.of(PAIR), "p", List.of(PAIR, TWO_LETTERS), "t", List.of(NUMBERS)));
  }

  private static Family toNumberedLines(String action, OnDelete onDelete) {
    return toLines(
        "to lines of numbered orders, " + action,
        "id INTEGER PRIMARY KEY",
        action,
        surrogate("orders", "a"),
        PAIR,
        onDelete);
  }

  private static Family toLines(String action, OnDelete onDelete) {
    return toLines(
        "to lines, " + action,
        "k TEXT PRIMARY KEY NOT NULL",
        action,
        TableModel.of("orders", false, List.of("k"), List.of("a")),
        LETTERS,
        onDelete);
  }

  private static Family toLines(
      String name,
      String key,
      String action,
      TableModel orders,
      List<String> keys,
      OnDelete onDelete) {
    String type = orders.surrogate() ? "INTEGER" : "TEXT";
    return family(
        name,
        List.of(
            "CREATE TABLE orders (" + key + ", a)",
            "CREATE TABLE line (o "
                + type
                + " NOT NULL REFERENCES orders ON UPDATE CASCADE ON DELETE CASCADE,"
                + " n TEXT NOT NULL, a, PRIMARY KEY (o, n))",
            "CREATE TABLE shipment (id INTEGER PRIMARY KEY, o "
                + type
                + ", n TEXT, a, FOREIGN KEY (o, n) REFERENCES line ON UPDATE CASCADE ON DELETE "
                + action
                + ")"),
        List.of(
            orders,
            TableModel.of("line", false, List.of("o", "n"), List.of("a"))
                .referring("o", Reference.to("orders", OnDelete.CASCADE)),
            surrogate("shipment", "o", "n", "a")
                .referring("n", Reference.to("line", onDelete, List.of("o", "n")))),
        Map.of(
            "orders", List.of(keys),
            "line", List.of(keys, TWO_LETTERS),
            "shipment", List.of(NUMBERS)));
  }

  private static Family oneToOne(String action, OnDelete onDelete) {
    return family(
        "one to one, " + action,
        List.of(
            "CREATE TABLE person (k TEXT PRIMARY KEY NOT NULL, a)",
            "CREATE TABLE profile (p TEXT PRIMARY KEY NOT NULL"
                + " REFERENCES person ON UPDATE CASCADE ON DELETE CASCADE, a)",
            "CREATE TABLE badge (k TEXT PRIMARY KEY NOT NULL,"
                + " of TEXT REFERENCES profile ON UPDATE CASCADE ON DELETE "
                + action
                + ", a)"),
        List.of(
            TableModel.of("person", false, List.of("k"), List.of("a")),
            TableModel.of("profile", false, List.of("p"), List.of("a"))
                .referring("p", Reference.to("person", OnDelete.CASCADE)),
            TableModel.of("badge", false, List.of("k"), List.of("of", "a"))
                .referring("of", Reference.to("profile", onDelete))),
        Map.of("person", List.of(LETTERS), "profile", List.of(LETTERS), "badge", List.of(LETTERS)));
  }

  private static Family oneToOneOfNumbers() {
    return family(
        "one to one of numbers",
        List.of(
            "CREATE TABLE person (id INTEGER PRIMARY KEY, a)",
            "CREATE TABLE profile (p INTEGER PRIMARY KEY NOT NULL"
                + " REFERENCES person ON UPDATE CASCADE ON DELETE CASCADE, a)",
            "CREATE TABLE badge (id INTEGER PRIMARY KEY,"
                + " of INTEGER REFERENCES profile ON UPDATE CASCADE ON DELETE RESTRICT, a)"),
        List.of(
            surrogate("person", "a"),
            TableModel.of("profile", false, List.of("p"), List.of("a"))
                .referring("p", Reference.to("person", OnDelete.CASCADE)),
            surrogate("badge", "of", "a")
                .referring("of", Reference.to("profile", OnDelete.RESTRICT))),
        Map.of("person", List.of(PAIR), "profile", List.of(PAIR), "badge", List.of(NUMBERS)));
  }
}
