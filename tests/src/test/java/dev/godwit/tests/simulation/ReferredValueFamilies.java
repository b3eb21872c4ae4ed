package dev.godwit.tests.simulation;

import static dev.godwit.tests.simulation.ConstrainedFamilies.surrogate;
import static dev.godwit.tests.simulation.Family.LETTERS;
import static dev.godwit.tests.simulation.Family.NUMBERS;

import dev.godwit.tests.oracle.OnDelete;
import dev.godwit.tests.oracle.Reference;
import dev.godwit.tests.oracle.TableModel;
import dev.godwit.tests.oracle.TablePolicies;
import dev.godwit.tests.oracle.UniqueIndex;
import java.util.List;
import java.util.Map;

/** Schemas with foreign keys to other columns than the primary key. */
final class ReferredValueFamilies {
  private static final List<String> PAIR = List.of("1", "2");
  private static final List<String> MAIL = List.of("m");
  private static final List<String> MAILS = List.of("'x'", "'y'", "'z'", "NULL");
  private static final String KEPT = "ON UPDATE CASCADE ON DELETE CASCADE";
  private static final String PEOPLE = "CREATE TABLE p (id INTEGER PRIMARY KEY, m TEXT UNIQUE, a)";

  static final List<Family> ALL =
      List.of(
          child("cascade", KEPT, OnDelete.CASCADE),
          child("cascade, values stay", "ON DELETE CASCADE", OnDelete.CASCADE),
          child("restrict", "ON UPDATE CASCADE ON DELETE RESTRICT", OnDelete.RESTRICT),
          child("no action", "", OnDelete.RESTRICT),
          child("set null", "ON UPDATE CASCADE ON DELETE SET NULL", OnDelete.SET_NULL),
          child("update sets null", "ON UPDATE SET NULL ON DELETE SET NULL", OnDelete.SET_NULL),
          setNullNotNull(),
          named(),
          rowsBeforeTracking(),
          oneEach(),
          both(),
          policy("largest", "max"),
          policy("taken", "null where taken"),
          tree("CASCADE", OnDelete.CASCADE),
          tree("RESTRICT", OnDelete.RESTRICT),
          chain("CASCADE", OnDelete.CASCADE),
          chain("SET NULL", OnDelete.SET_NULL),
          oneToOne("CASCADE", OnDelete.CASCADE),
          oneToOne("RESTRICT", OnDelete.RESTRICT),
          ofTenants("CASCADE", OnDelete.CASCADE),
          ofTenants("RESTRICT", OnDelete.RESTRICT),
          ofTenants("SET NULL", OnDelete.SET_NULL));

  private ReferredValueFamilies() {}

  private static Family family(
      String name,
      List<String> schema,
      List<TableModel> tables,
      Map<String, List<List<String>>> keys,
      Map<String, List<String>> literals) {
    return new Family("by value, " + name, schema, tables, keys, literals, true);
  }

  private static Family people(String name, List<String> schema, TableModel p, TableModel t) {
    return family(
        name,
        schema,
        List.of(p, t),
        Map.of("p", List.of(PAIR), "t", List.of(t.surrogate() ? NUMBERS : LETTERS)),
        Map.of("p.m", MAILS));
  }

  private static TableModel people() {
    return surrogate("p", "m", "a").unique(UniqueIndex.on("m"));
  }

  private static Reference toMail(OnDelete action) {
    return Reference.to("p", MAIL, action, MAIL);
  }

  private static TableModel children(OnDelete action) {
    return surrogate("t", "m", "a").referring("m", toMail(action));
  }

  private static String children(String unique, String clause) {
    return "CREATE TABLE t (id INTEGER PRIMARY KEY, m TEXT "
        + unique
        + " REFERENCES p (m) "
        + clause
        + ", a)";
  }

  private static Family child(String name, String clause, OnDelete action) {
    return people(name, List.of(PEOPLE, children("", clause)), people(), children(action));
  }

  private static Family setNullNotNull() {
    return people(
        "set null not null",
        List.of(
            PEOPLE,
            "CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL, m TEXT NOT NULL REFERENCES p (m)"
                + " ON UPDATE CASCADE ON DELETE SET NULL, a)"),
        people(),
        TableModel.of("t", false, List.of("k"), List.of("m", "a"))
            .referring("m", toMail(OnDelete.SET_NULL))
            .notNull("m"));
  }

  /** Rows that are told apart by their names. */
  private static Family named() {
    return family(
        "named",
        List.of(
            "CREATE TABLE p (k TEXT PRIMARY KEY NOT NULL, m TEXT NOT NULL UNIQUE, a)",
            "CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL, m TEXT REFERENCES p (m) "
                + KEPT
                + ", a)"),
        List.of(
            TableModel.of("p", false, List.of("k"), List.of("m", "a"))
                .notNull("m")
                .unique(UniqueIndex.on("m")),
            TableModel.of("t", false, List.of("k"), List.of("m", "a"))
                .referring("m", toMail(OnDelete.CASCADE))),
        Map.of("p", List.of(LETTERS), "t", List.of(LETTERS)),
        Map.of("p.m", MAILS));
  }

  private static Family rowsBeforeTracking() {
    return people(
        "rows before tracking",
        List.of(
            PEOPLE,
            children("", KEPT),
            "INSERT INTO p VALUES (1, 'x', 'seed'), (2, 'y', 'seed')",
            "INSERT INTO t VALUES (1, 'x', 'seed'), (2, NULL, 'seed')"),
        people(),
        children(OnDelete.CASCADE));
  }

  /** Only one row refers to each. */
  private static Family oneEach() {
    return people(
        "one each",
        List.of(PEOPLE, children("UNIQUE", KEPT)),
        people(),
        children(OnDelete.CASCADE).unique(UniqueIndex.on("m")));
  }

  /** One reference to the key, and one to another column. */
  private static Family both() {
    return people(
        "both",
        List.of(
            PEOPLE,
            "CREATE TABLE t (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p "
                + KEPT
                + ", m TEXT REFERENCES p (m) ON UPDATE CASCADE ON DELETE SET NULL, a)"),
        people(),
        surrogate("t", "p", "m", "a")
            .referring("p", Reference.to("p", OnDelete.CASCADE))
            .referring("m", toMail(OnDelete.SET_NULL)));
  }

  private static Family policy(String name, String policy) {
    return people(
        name,
        List.of(PEOPLE, children("", KEPT)),
        people().under(TablePolicies.NONE.with("m", policy)),
        children(OnDelete.CASCADE));
  }

  private static Family tree(String action, OnDelete onDelete) {
    return family(
        "tree, " + action,
        List.of(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, m TEXT UNIQUE,"
                + " up TEXT REFERENCES t (m) ON UPDATE CASCADE ON DELETE "
                + action
                + ", a)"),
        List.of(
            surrogate("t", "m", "up", "a")
                .referring("up", Reference.to("t", MAIL, onDelete, List.of("up")))
                .unique(UniqueIndex.on("m"))),
        Map.of("t", List.of(NUMBERS)),
        Map.of("t.m", MAILS));
  }

  /** What is referred to follows itself. */
  private static Family chain(String action, OnDelete onDelete) {
    return family(
        "chain, " + action,
        List.of(
            "CREATE TABLE g (id INTEGER PRIMARY KEY, m TEXT UNIQUE, a)",
            "CREATE TABLE p (id INTEGER PRIMARY KEY, m TEXT UNIQUE REFERENCES g (m)"
                + " ON UPDATE CASCADE ON DELETE "
                + action
                + ", a)",
            children("", KEPT)),
        List.of(
            surrogate("g", "m", "a").unique(UniqueIndex.on("m")),
            people().referring("m", Reference.to("g", MAIL, onDelete, MAIL)),
            children(OnDelete.CASCADE)),
        Map.of("g", List.of(PAIR), "p", List.of(PAIR), "t", List.of(PAIR)),
        Map.of("g.m", MAILS));
  }

  /** To a column that refers to a key. */
  private static Family oneToOne(String action, OnDelete onDelete) {
    List<String> person = List.of("person");
    return family(
        "one to one, " + action,
        List.of(
            "CREATE TABLE person (id INTEGER PRIMARY KEY, a)",
            "CREATE TABLE profile (id INTEGER PRIMARY KEY, person INTEGER UNIQUE REFERENCES person "
                + KEPT
                + ", a)",
            "CREATE TABLE badge (id INTEGER PRIMARY KEY,"
                + " of INTEGER REFERENCES profile (person) ON UPDATE CASCADE ON DELETE "
                + action
                + ", a)"),
        List.of(
            surrogate("person", "a"),
            surrogate("profile", "person", "a")
                .referring("person", Reference.to("person", OnDelete.CASCADE))
                .unique(UniqueIndex.on("person")),
            surrogate("badge", "of", "a")
                .referring("of", Reference.to("profile", person, onDelete, List.of("of")))),
        Map.of("person", List.of(PAIR), "profile", List.of(PAIR), "badge", List.of(NUMBERS)),
        Map.of());
  }

  /** Rows of a tenant, which have numbers of their own, refer to rows of the same. */
  private static Family ofTenants(String action, OnDelete onDelete) {
    List<String> within = List.of("o", "id");
    return family(
        "of tenants, " + action,
        List.of(
            "CREATE TABLE tenant (id INTEGER PRIMARY KEY, a)",
            "CREATE TABLE list (id INTEGER PRIMARY KEY, o INTEGER REFERENCES tenant "
                + KEPT
                + ", a, UNIQUE (o, id))",
            "CREATE TABLE item (id INTEGER PRIMARY KEY, o INTEGER, l INTEGER, a,"
                + " FOREIGN KEY (o, l) REFERENCES list (o, id) ON UPDATE CASCADE ON DELETE "
                + action
                + ")"),
        List.of(
            surrogate("tenant", "a"),
            surrogate("list", "o", "a")
                .referring("o", Reference.to("tenant", OnDelete.CASCADE))
                .unique(UniqueIndex.on("o", "id")),
            surrogate("item", "o", "l", "a")
                .referring("l", Reference.to("list", within, onDelete, List.of("o", "l")))),
        Map.of("tenant", List.of(PAIR), "list", List.of(PAIR), "item", List.of(NUMBERS)),
        Map.of("list.o", PAIR));
  }
}
