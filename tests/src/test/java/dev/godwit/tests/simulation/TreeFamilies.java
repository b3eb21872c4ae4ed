package dev.godwit.tests.simulation;

import static dev.godwit.tests.simulation.Family.LETTERS;
import static dev.godwit.tests.simulation.Family.NUMBERS;

import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.tests.oracle.OnDelete;
import dev.godwit.tests.oracle.Reference;
import dev.godwit.tests.oracle.TableModel;
import dev.godwit.tests.oracle.TablePolicies;
import dev.godwit.tests.oracle.UniqueIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Schemas whose rows hang on each other, declared to be trees. */
final class TreeFamilies {
  private static final TablePolicies UP =
      TablePolicies.NONE.with("up", ColumnPolicy.lastWriterWins().asTree());

  private TreeFamilies() {}

  static List<Family> all() {
    List<Family> families = new ArrayList<>();
    families.add(numbers("SET NULL", OnDelete.SET_NULL, UP));
    families.add(numbers("CASCADE", OnDelete.CASCADE, UP));
    families.add(numbers("RESTRICT", OnDelete.RESTRICT, UP));
    families.add(
        numbers(
            "CASCADE",
            OnDelete.CASCADE,
            TablePolicies.deletesWin().with("up", ColumnPolicy.manual().asTree())));
    families.add(texts());
    families.add(declared());
    families.add(two());
    families.add(folders());
    families.add(siblings());
    return families;
  }

  private static Family numbers(String action, OnDelete onDelete, TablePolicies policies) {
    return new Family(
        "acyclic, " + action + (policies.deleteWins() ? ", deletes win" : ""),
        List.of(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, up INTEGER REFERENCES t(id) ON DELETE "
                + action
                + ", a)"),
        List.of(
            TableModel.of("t", true, List.of("id"), List.of("up", "a"))
                .referring(Map.of("up", "t"), onDelete)
                .under(policies)),
        Map.of("t", List.of(NUMBERS)),
        Map.of(),
        true);
  }

  private static Family texts() {
    return new Family(
        "acyclic, texts",
        List.of(
            "CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL,"
                + " up TEXT REFERENCES t(k) ON UPDATE CASCADE ON DELETE SET NULL, a)"),
        List.of(
            TableModel.of("t", false, List.of("k"), List.of("up", "a"))
                .referring(Map.of("up", "t"), OnDelete.SET_NULL)
                .under(UP)),
        Map.of("t", List.of(LETTERS)),
        Map.of(),
        true);
  }

  private static Family declared() {
    Reference reference = Reference.to("t", OnDelete.CASCADE).declared();
    return new Family(
        "acyclic, without a foreign key",
        List.of("CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL, up, a)"),
        List.of(
            TableModel.of("t", false, List.of("k"), List.of("up", "a"))
                .referring("up", reference)
                .under(TablePolicies.NONE.with("up", DeclaredFamilies.policy(reference).asTree()))),
        Map.of("t", List.of(LETTERS)),
        Map.of(),
        true);
  }

  /** Rows hang on each other in two ways. */
  private static Family two() {
    return new Family(
        "acyclic, two trees",
        List.of(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, up INTEGER REFERENCES t ON DELETE SET NULL,"
                + " chief INTEGER REFERENCES t ON DELETE CASCADE, a)"),
        List.of(
            TableModel.of("t", true, List.of("id"), List.of("up", "chief", "a"))
                .referring(Map.of("up", "t"), OnDelete.SET_NULL)
                .referring(Map.of("chief", "t"), OnDelete.CASCADE)
                .under(UP.with("chief", ColumnPolicy.lastWriterWins().asTree()))),
        Map.of("t", List.of(NUMBERS)),
        Map.of(),
        true);
  }

  /** What is in folders goes with them. */
  private static Family folders() {
    return new Family(
        "acyclic, folders",
        List.of(
            "CREATE TABLE f (k TEXT PRIMARY KEY NOT NULL, up TEXT REFERENCES f ON DELETE CASCADE, a)",
            "CREATE TABLE n (id INTEGER PRIMARY KEY, f TEXT NOT NULL REFERENCES f ON DELETE CASCADE, a)"),
        List.of(
            TableModel.of("f", false, List.of("k"), List.of("up", "a"))
                .referring(Map.of("up", "f"), OnDelete.CASCADE)
                .under(UP),
            TableModel.of("n", true, List.of("id"), List.of("f", "a"))
                .referring(Map.of("f", "f"), OnDelete.CASCADE)
                .notNull("f")),
        Map.of("f", List.of(LETTERS), "n", List.of(NUMBERS)),
        Map.of(),
        true);
  }

  /** The names in one folder differ. */
  private static Family siblings() {
    return new Family(
        "acyclic, unique names",
        List.of(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, up INTEGER REFERENCES t ON DELETE SET NULL,"
                + " name, UNIQUE (up, name))"),
        List.of(
            TableModel.of("t", true, List.of("id"), List.of("up", "name"))
                .referring(Map.of("up", "t"), OnDelete.SET_NULL)
                .unique(UniqueIndex.on("up", "name"))
                .under(UP)),
        Map.of("t", List.of(NUMBERS)),
        Map.of("t.name", List.of("'n'", "'m'")),
        true);
  }
}
