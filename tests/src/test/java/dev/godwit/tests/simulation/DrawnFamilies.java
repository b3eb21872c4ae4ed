package dev.godwit.tests.simulation;

import dev.godwit.tests.oracle.TableModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Schemas drawn from a number: tables, references, constraints, groups and policies. */
final class DrawnFamilies {
  private static final List<String> NAMES = List.of("p", "q", "t");

  private DrawnFamilies() {}

  /** The schema of this number. */
  static Family of(long number) {
    Random random = new Random(number * 0x5DEECE66DL + 11);
    random.nextLong();
    Random choices = new Random(~number);
    List<DrawnTable.Referable> values = new ArrayList<>();
    List<TableModel> tables = new ArrayList<>();
    List<String> schema = new ArrayList<>();
    Map<String, List<List<String>>> keys = new HashMap<>();
    Map<String, List<String>> literals = new HashMap<>();
    Map<String, List<String>> steps = new HashMap<>();
    for (int left = 1 + random.nextInt(3); left > 0; left--) {
      DrawnTable table =
          new DrawnTable(random, choices, NAMES.get(NAMES.size() - left), tables, values);
      values.addAll(table.referable());
      tables.add(table.model());
      schema.addAll(table.statements());
      keys.put(table.model().name(), table.keys());
      literals.putAll(table.literals());
      steps.putAll(table.steps());
    }
    boolean byValue =
        tables.stream()
            .flatMap(table -> table.references().values().stream())
            .anyMatch(reference -> !reference.isToKey());
    String name = "drawn " + number + (byValue ? ", by value" : "");
    return new Family(name, schema, tables, keys, literals, steps, true);
  }
}
