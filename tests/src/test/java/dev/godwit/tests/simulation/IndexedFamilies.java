package dev.godwit.tests.simulation;

import dev.godwit.sync.change.Value;
import dev.godwit.tests.oracle.Oracle;
import dev.godwit.tests.oracle.TableModel;
import dev.godwit.tests.oracle.Transaction;
import dev.godwit.tests.oracle.UniqueIndex;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Schemas whose unique indexes are known to the space and not to every file: those of {@link
 * UniqueFamilies} with their constraints made indexes.
 *
 * <p>Who has not heard of an index shows its rows without it, so what a device is to show depends
 * on what of the space's schema it has applied.
 */
final class IndexedFamilies {
  private static final String CONSTRAINT = ",? UNIQUE( \\(\\w+, \\w+\\))?";

  private static final TableModel OBJECTS =
      TableModel.of("godwit_space_object", false, List.of("type", "name"), List.of("sql"));

  private static final String BY_ONE = "indexed by one, ";
  private static final String ANEW = "indexed anew, ";

  /** All of them. */
  static final List<Family> ALL = all();

  private IndexedFamilies() {}

  private static List<Family> all() {
    List<Family> all = new ArrayList<>();
    List<Family> families = new ArrayList<>(UniqueFamilies.all());
    families.addAll(TakenFamilies.indexed());
    for (Family family : families) {
      all.add(of(BY_ONE, family));
      all.add(of(ANEW, family));
    }
    return List.copyOf(all);
  }

  private static Family of(String prefix, Family family) {
    List<String> schema = new ArrayList<>(family.schema());
    schema.removeIf(sql -> sql.startsWith("CREATE UNIQUE INDEX"));
    schema.replaceAll(sql -> sql.replaceAll(CONSTRAINT, ""));
    return new Family(
        prefix + family.name(),
        schema,
        family.tables(),
        family.keys(),
        family.literals(),
        family.contested());
  }

  /** Whether any device changes at any time what indexes the space has. */
  static boolean change(Family family) {
    return family.name().startsWith(ANEW);
  }

  private static boolean isOne(Family family) {
    return change(family) || family.name().startsWith(BY_ONE);
  }

  /** What the file of a device has besides its family's schema. */
  static List<String> schema(Family family, int device) {
    return device == 0 && isOne(family) && !change(family)
        ? List.copyOf(indexes(family).values())
        : List.of();
  }

  /** The indexes of a family by name. */
  private static Map<String, String> indexes(Family family) {
    Map<String, String> indexes = new HashMap<>();
    for (TableModel table : family.tables()) {
      for (int i = 0; i < table.unique().size(); i++) {
        UniqueIndex index = table.unique().get(i);
        String name = name(table, i);
        boolean partial = family.name().endsWith("in part");
        indexes.put(
            name,
            "CREATE UNIQUE INDEX "
                + name
                + " ON "
                + table.name()
                + " ("
                + String.join(", ", index.columns())
                + ")"
                + (partial ? " WHERE done = 0" : ""));
      }
    }
    return indexes;
  }

  private static String name(TableModel table, int number) {
    return "unique_" + table.name() + "_" + number;
  }

  /** SQL that tells the space of one of the family's indexes, or that it is no more. */
  static String change(Family family, int choice) {
    Map<String, String> indexes = indexes(family);
    List<String> names = indexes.keySet().stream().sorted().toList();
    String name = names.get(choice / 3 % names.size());
    return choice % 3 == 0
        ? "DELETE FROM godwit_space_object WHERE name = '" + name + "'"
        : "INSERT OR REPLACE INTO godwit_space_object (type, name, sql) VALUES ('index', '"
            + name
            + "', '"
            + indexes.get(name)
            + "')";
  }

  /** The tables of a family as they are to who has applied these transactions. */
  static List<TableModel> tables(Family family, Collection<Transaction> applied) {
    if (!isOne(family)) {
      return ChangedPolicies.tables(family, applied);
    }
    Set<String> known = new HashSet<>();
    for (List<Value> row : new Oracle(List.of(OBJECTS), applied).values(OBJECTS.name())) {
      known.add(((Value.Text) row.get(1)).text());
    }
    List<TableModel> tables = new ArrayList<>();
    for (TableModel table : family.tables()) {
      List<UniqueIndex> judged = new ArrayList<>();
      for (int i = 0; i < table.unique().size(); i++) {
        if (known.contains(name(table, i))) {
          judged.add(table.unique().get(i));
        }
      }
      tables.add(table.unique(judged.toArray(UniqueIndex[]::new)));
    }
    return tables;
  }
}
