package dev.godwit.tests.simulation;

import static dev.godwit.tests.simulation.Family.LETTERS;
import static dev.godwit.tests.simulation.Family.NUMBERS;

import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.tests.oracle.OnDelete;
import dev.godwit.tests.oracle.TableModel;
import dev.godwit.tests.oracle.TablePolicies;
import dev.godwit.tests.oracle.UniqueIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Schemas whose columns follow all kinds of policies. */
final class PolicyFamilies {
  private static final String TABLE = "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, c)";
  private static final ColumnPolicy BY_DEVICE = ColumnPolicy.replicaPriority("C", "A");

  static final List<Family> ALL = all();

  private PolicyFamilies() {}

  private static List<Family> all() {
    List<Family> families = new ArrayList<>();
    families.add(
        three(
            "by device and size",
            TablePolicies.NONE.with("a", BY_DEVICE).with("b", "max").with("c", "min")));
    families.add(three("manual", TablePolicies.NONE.with("a", "manual").with("b", "manual")));
    families.add(
        three("group", TablePolicies.NONE.grouping(ColumnPolicy.lastWriterWins(), "a", "b")));
    families.add(
        three(
            "group by device",
            TablePolicies.deletesWin().grouping(BY_DEVICE, "a", "b").with("c", "manual")));
    families.add(
        three("manual group", TablePolicies.NONE.grouping(ColumnPolicy.manual(), "a", "b", "c")));
    families.add(
        three(
            "custom",
            TablePolicies.NONE
                .with("a", ColumnPolicy.custom("joined"))
                .with("b", "manual")
                .with("c", ColumnPolicy.custom("middle"))));
    families.add(customAndConstraints());
    families.add(naturalKey());
    families.add(groupWithReference());
    families.add(referenceByDevice());
    families.add(uniqueInGroup());
    families.addAll(MergeFamilies.all());
    for (Family family : List.copyOf(families)) {
      if (!family.name().contains("custom")) {
        families.add(ChangedPolicies.anew(family));
      }
    }
    families.addAll(CheckFamilies.all());
    families.addAll(TreeFamilies.all());
    return List.copyOf(families);
  }

  private static Family three(String name, TablePolicies policies) {
    return new Family(
        "policies, " + name,
        List.of(TABLE),
        List.of(TableModel.of("t", true, List.of("id"), List.of("a", "b", "c")).under(policies)),
        Map.of("t", List.of(NUMBERS)),
        Map.of(
            "t.a", List.of("1", "2", "2.5", "'x'"),
            "t.b", List.of("1", "2", "NULL", "x'07'")),
        true);
  }

  private static Family naturalKey() {
    TablePolicies policies =
        TablePolicies.NONE.grouping(BY_DEVICE, "a", "b").with("c", "manual").with("d", "min");
    return new Family(
        "policies, natural key",
        List.of("CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL, a, b, c, d)"),
        List.of(
            TableModel.of("t", false, List.of("k"), List.of("a", "b", "c", "d")).under(policies)),
        Map.of("t", List.of(LETTERS)),
        Map.of("t.a", NUMBERS, "t.b", NUMBERS, "t.c", LETTERS),
        true);
  }

  /** One write says what a row refers to and what it says of it. */
  private static Family groupWithReference() {
    TablePolicies policies = TablePolicies.NONE.grouping(ColumnPolicy.manual(), "p", "a");
    return new Family(
        "policies, group with a reference",
        List.of(
            "CREATE TABLE p (id INTEGER PRIMARY KEY, a)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p ON DELETE CASCADE, a, b)"),
        List.of(
            TableModel.of("p", true, List.of("id"), List.of("a"))
                .under(TablePolicies.NONE.with("a", BY_DEVICE)),
            TableModel.of("t", true, List.of("id"), List.of("p", "a", "b"))
                .referring(Map.of("p", "p"), OnDelete.CASCADE)
                .under(policies)),
        Map.of("p", List.of(NUMBERS), "t", List.of(NUMBERS)),
        Map.of("t.a", NUMBERS),
        true);
  }

  /** What a resolver makes of several values may be somebody else's, or refer to who is gone. */
  private static Family customAndConstraints() {
    return new Family(
        "policies, custom under constraints",
        List.of(
            "CREATE TABLE p (k TEXT PRIMARY KEY NOT NULL, a)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, p TEXT REFERENCES p ON DELETE CASCADE,"
                + " name UNIQUE, a)"),
        List.of(
            TableModel.of("p", false, List.of("k"), List.of("a"))
                .under(TablePolicies.NONE.with("a", ColumnPolicy.custom("joined"))),
            TableModel.of("t", true, List.of("id"), List.of("p", "name", "a"))
                .referring(Map.of("p", "p"), OnDelete.CASCADE)
                .unique(UniqueIndex.on("name"))
                .under(
                    TablePolicies.NONE
                        .with("p", ColumnPolicy.custom("middle"))
                        .with("name", ColumnPolicy.custom("joined"))
                        .with("a", ColumnPolicy.custom("middle")))),
        Map.of("p", List.of(LETTERS), "t", List.of(NUMBERS)),
        Map.of("t.name", List.of("'n'", "'m'", "7")),
        true);
  }

  private static Family referenceByDevice() {
    return new Family(
        "policies, reference by device",
        List.of(
            "CREATE TABLE p (k TEXT PRIMARY KEY NOT NULL, a)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, p TEXT REFERENCES p ON DELETE SET NULL,"
                + " q TEXT REFERENCES p, a)"),
        List.of(
            TableModel.of("p", false, List.of("k"), List.of("a"))
                .under(TablePolicies.NONE.with("a", "manual")),
            TableModel.of("t", true, List.of("id"), List.of("p", "q", "a"))
                .referring(Map.of("p", "p"), OnDelete.SET_NULL)
                .referring(Map.of("q", "p"), OnDelete.RESTRICT)
                .under(TablePolicies.NONE.with("p", BY_DEVICE).with("q", "max"))),
        Map.of("p", List.of(LETTERS), "t", List.of(NUMBERS)),
        Map.of(),
        true);
  }

  private static Family uniqueInGroup() {
    TablePolicies policies =
        TablePolicies.NONE.grouping(BY_DEVICE, "list", "position").with("name", "max");
    return new Family(
        "policies, unique in a group",
        List.of(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, list, position, name UNIQUE, a,"
                + " UNIQUE (list, position))"),
        List.of(
            TableModel.of("t", true, List.of("id"), List.of("list", "position", "name", "a"))
                .unique(UniqueIndex.on("name"), UniqueIndex.on("list", "position"))
                .under(policies)),
        Map.of("t", List.of(NUMBERS)),
        Map.of(
            "t.list", List.of("'x'", "'y'"),
            "t.position", List.of("1", "2"),
            "t.name", List.of("'n'", "'m'", "7")),
        true);
  }
}
