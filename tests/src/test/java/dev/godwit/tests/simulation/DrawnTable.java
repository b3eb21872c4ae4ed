package dev.godwit.tests.simulation;

import static dev.godwit.tests.simulation.Family.LETTERS;
import static dev.godwit.tests.simulation.Family.NUMBERS;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.tests.oracle.CheckRule;
import dev.godwit.tests.oracle.OnDelete;
import dev.godwit.tests.oracle.Reference;
import dev.godwit.tests.oracle.TableModel;
import dev.godwit.tests.oracle.TablePolicies;
import dev.godwit.tests.oracle.UniqueIndex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Draws one table: its key, columns, references, constraints and policies. */
final class DrawnTable {
  private static final List<String> SMALL = List.of("1", "2", "3", "4", "5");
  private static final List<String> WORDS = List.of("'n'", "'N'", "'m'", "NULL");
  private static final List<OnDelete> ACTIONS =
      List.of(OnDelete.CASCADE, OnDelete.RESTRICT, OnDelete.SET_NULL, OnDelete.SET_DEFAULT);

  private final Random random;
  private final Random choices;
  private final String name;
  private final List<TableModel> others;
  private final List<Referable> values;
  private final List<String> alone = new ArrayList<>();
  private final List<String> parts = new ArrayList<>();
  private final List<String> statements = new ArrayList<>();
  private final List<DrawnColumn> columns = new ArrayList<>();
  private final List<List<String>> keys = new ArrayList<>();
  private final Map<String, List<String>> literals = new HashMap<>();
  private final Map<String, List<String>> steps = new HashMap<>();
  private TableModel model;

  /** A column outside the key that others may refer to: no two rows have the same value in it. */
  record Referable(TableModel table, String column, String type) {}

  /**
   * Draws it.
   *
   * @param choices decides between the key and another column of a table referred to
   * @param others the tables that it may refer to
   * @param values columns of these that it may refer to
   */
  DrawnTable(
      Random random, Random choices, String name, List<TableModel> others, List<Referable> values) {
    this.random = random;
    this.choices = choices;
    this.values = List.copyOf(values);
    this.name = name;
    this.others = others.stream().filter(DrawnTable::canBeReferredTo).toList();
    drawKey();
    drawColumns();
    drawUnique();
    drawChecks();
    drawPolicies();
    statements.add(0, "CREATE TABLE " + name + " (" + String.join(", ", parts) + ")");
  }

  TableModel model() {
    return model;
  }

  /** The columns that others may refer to; with another collation than BINARY none. */
  List<Referable> referable() {
    List<Referable> referable = new ArrayList<>();
    for (DrawnColumn column : columns) {
      if (alone.contains(column.name()) && !column.type().endsWith("NOCASE")) {
        referable.add(new Referable(model, column.name(), column.type()));
      }
    }
    return referable;
  }

  List<String> statements() {
    return statements;
  }

  List<List<String>> keys() {
    return keys;
  }

  Map<String, List<String>> literals() {
    return literals;
  }

  Map<String, List<String>> steps() {
    return steps;
  }

  private static boolean canBeReferredTo(TableModel table) {
    return table.key().size() == 1 && table.references().get(table.key().get(0)) == null;
  }

  private void drawKey() {
    // SQLite compares all columns of a key that the oracle knows alike.
    boolean canRefer = !others.isEmpty() && !others.get(0).ignoresCase();
    int kind = random.nextInt(canRefer ? 6 : 4);
    switch (kind) {
      case 0, 1 -> key(TableModel.of(name, true, List.of("id"), List.of()), List.of(NUMBERS));
      case 2 -> key(TableModel.of(name, false, List.of("k"), List.of()), List.of(LETTERS));
      case 3 -> {
        if (random.nextBoolean()) {
          TableModel caseless = TableModel.of(name, false, List.of("k"), List.of()).ignoringCase();
          key(caseless, List.of(List.of("'a'", "'A'", "'b'")));
        } else {
          key(
              TableModel.of(name, false, List.of("x", "y"), List.of()),
              List.of(List.of("1", "2"), List.of("'p'", "'q'")));
        }
      }
      default -> keyThatRefers();
    }
    if (model.surrogate()) {
      parts.add("id INTEGER PRIMARY KEY");
    } else if (model.key().equals(List.of("k"))) {
      parts.add("k " + keyType(model) + " PRIMARY KEY NOT NULL");
    } else if (model.key().equals(List.of("x", "y"))) {
      parts.add("x INTEGER NOT NULL, y TEXT NOT NULL");
    }
  }

  private void key(TableModel drawn, List<List<String>> literalsOfEach) {
    model = drawn;
    keys.addAll(literalsOfEach);
  }

  private void keyThatRefers() {
    TableModel parent = others.get(0);
    OnDelete action = ACTIONS.get(random.nextInt(3));
    DrawnColumn column = new DrawnColumn("o", keyType(parent), true, parent, null, action);
    parts.add(column.sql() + ", n TEXT NOT NULL");
    key(
        TableModel.of(name, false, List.of("o", "n"), List.of())
            .referring("o", Reference.to(parent.name(), action)),
        List.of(parent.surrogate() ? NUMBERS : LETTERS, List.of("'x'", "'y'")));
  }

  private static String keyType(TableModel table) {
    return table.surrogate() ? "INTEGER" : table.ignoresCase() ? "TEXT COLLATE NOCASE" : "TEXT";
  }

  private void drawColumns() {
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      columns.add(column(String.valueOf((char) ('a' + i)), i + 1 == count));
    }
    List<String> names = columns.stream().map(DrawnColumn::name).toList();
    TableModel drawn = TableModel.of(name, model.surrogate(), model.key(), names).withKeyOf(model);
    List<String> notNull = new ArrayList<>();
    for (DrawnColumn column : columns) {
      parts.add(column.sql());
      if (column.refers()) {
        drawn = drawn.referring(column.name(), reference(column));
      }
      if (column.notNull()) {
        notNull.add(column.name());
      }
    }
    model = drawn.notNull(notNull.toArray(new String[0]));
    if (model.key().size() > 1) {
      parts.add("PRIMARY KEY (" + String.join(", ", model.key()) + ")");
    }
  }

  private static Reference reference(DrawnColumn column) {
    return column.referred() == null
        ? new Reference(column.parent().name(), column.action(), Value.NULL)
        : Reference.to(
            column.parent().name(),
            List.of(column.referred()),
            column.action(),
            List.of(column.name()));
  }

  /** One column at least is plain: statements need one to write to. */
  private DrawnColumn column(String column, boolean last) {
    List<TableModel> parents = new ArrayList<>(others);
    if (canBeReferredTo(model)) {
      parents.add(model);
    }
    boolean notNull = random.nextInt(5) == 0;
    if (!last && !parents.isEmpty() && random.nextInt(2) == 0) {
      TableModel parent = parents.get(random.nextInt(parents.size()));
      OnDelete action = ACTIONS.get(random.nextInt(ACTIONS.size()));
      List<Referable> byValue = values.stream().filter(one -> one.table() == parent).toList();
      if (!byValue.isEmpty() && choices.nextInt(3) > 0) {
        Referable value = byValue.get(choices.nextInt(byValue.size()));
        return new DrawnColumn(column, value.type(), notNull, parent, value.column(), action);
      }
      // A column need not be compared as the key to which it refers.
      boolean otherwise = parent.ignoresCase() && choices.nextInt(3) == 0;
      String type = otherwise ? "TEXT" : keyType(parent);
      return new DrawnColumn(column, type, notNull, parent, null, action);
    }
    String type =
        List.of("INTEGER", "INTEGER", "TEXT", "TEXT COLLATE NOCASE").get(random.nextInt(4));
    literals.put(name + "." + column, type.equals("INTEGER") ? SMALL : WORDS);
    return new DrawnColumn(column, type, notNull, null, null, OnDelete.NOT_JUDGED);
  }

  private void drawUnique() {
    List<UniqueIndex> indexes = new ArrayList<>();
    for (int count = random.nextInt(3) * random.nextInt(2); count > 0; count--) {
      List<DrawnColumn> terms = some(columns, 1 + random.nextInt(2));
      List<String> names = terms.stream().map(DrawnColumn::name).toList();
      List<String> caseless = new ArrayList<>();
      for (DrawnColumn term : terms) {
        if (term.type().endsWith("NOCASE")) {
          caseless.add(term.name());
        }
      }
      UniqueIndex index =
          UniqueIndex.on(names.toArray(new String[0]))
              .ignoringCaseOf(caseless.toArray(new String[0]));
      String of = " (" + String.join(", ", names) + ")";
      List<DrawnColumn> integers = columns.stream().filter(DrawnColumn::isPlainInteger).toList();
      if (!integers.isEmpty() && random.nextInt(3) == 0) {
        String about = integers.get(0).name();
        statements.add(
            "CREATE UNIQUE INDEX part_of_"
                + name
                + count
                + " ON "
                + name
                + of
                + " WHERE "
                + about
                + " = 1");
        indexes.add(index.where(row -> row.get(about).equals(Value.of(1L)), about));
      } else {
        parts.add("UNIQUE" + of);
        if (names.size() == 1) {
          alone.add(names.get(0));
        }
        indexes.add(index);
      }
    }
    List<DrawnColumn> named = new ArrayList<>(columns);
    named.removeIf(
        column ->
            column.refers() || column.type().endsWith("NOCASE") || alone.contains(column.name()));
    if (!named.isEmpty() && choices.nextInt(3) == 0) {
      String column = named.get(choices.nextInt(named.size())).name();
      parts.add("UNIQUE (" + column + ")");
      indexes.add(UniqueIndex.on(column));
      alone.add(column);
    }
    model = model.unique(indexes.toArray(new UniqueIndex[0]));
  }

  private void drawChecks() {
    List<DrawnColumn> integers = columns.stream().filter(DrawnColumn::isPlainInteger).toList();
    List<CheckRule> rules = new ArrayList<>();
    for (int count = random.nextInt(3); count > 0 && !integers.isEmpty(); count--) {
      List<DrawnColumn> two = some(integers, 2);
      String one = two.get(0).name();
      String other = two.get(two.size() - 1).name();
      String text =
          two.size() == 1
              ? List.of("%s BETWEEN 1 AND 5", "%s >= 0", "%s <> 3 OR %s IS NULL")
                  .get(random.nextInt(3))
              : List.of("%s <= %s", "%s <> %s", "%s + %s < 8", "%s IS NULL OR %s IS NOT NULL")
                  .get(random.nextInt(4));
      String expression = String.format(text, one, other);
      List<String> declarations = new ArrayList<>();
      two.forEach(column -> declarations.add(column.name() + " INTEGER"));
      rules.add(new CheckRule(expression, declarations));
      parts.add("CHECK (" + expression + ")");
    }
    model = model.checking(rules.toArray(new CheckRule[0]));
  }

  private void drawPolicies() {
    TablePolicies policies =
        random.nextInt(5) == 0 ? TablePolicies.deletesWin() : TablePolicies.NONE;
    List<DrawnColumn> left = new ArrayList<>(columns);
    if (random.nextInt(4) == 0 && left.size() > 1) {
      List<DrawnColumn> group = some(left, 2 + random.nextInt(2));
      policies = policies.grouping(ofWholes(), names(group));
      left.removeAll(group);
    }
    for (DrawnColumn column : left) {
      boolean hangs = column.refers() && column.parent().name().equals(name) && !column.notNull();
      if (hangs && random.nextBoolean()) {
        policies = policies.with(column.name(), tree());
      } else if (random.nextInt(2) == 0) {
        policies = policies.with(column.name(), policy(column));
      }
    }
    model = model.under(policies);
  }

  private static String[] names(List<DrawnColumn> columns) {
    return columns.stream().map(DrawnColumn::name).toArray(String[]::new);
  }

  private ColumnPolicy ofWholes() {
    return List.of(
            ColumnPolicy.lastWriterWins(),
            ColumnPolicy.replicaPriority("B", "C"),
            ColumnPolicy.manual())
        .get(random.nextInt(3));
  }

  private ColumnPolicy tree() {
    return (random.nextInt(3) == 0 ? ColumnPolicy.manual() : ColumnPolicy.lastWriterWins())
        .asTree();
  }

  private ColumnPolicy policy(DrawnColumn column) {
    boolean free =
        !column.refers()
            && model.unique().stream()
                .noneMatch(
                    index ->
                        index.columns().contains(column.name())
                            || index.conditionColumns().contains(column.name()));
    if (!free || random.nextInt(2) == 0) {
      ColumnPolicy policy =
          random.nextBoolean()
              ? ofWholes()
              : random.nextBoolean() ? ColumnPolicy.max() : ColumnPolicy.min();
      return mayShowNull(column) && random.nextBoolean() ? policy.nullWhereTaken() : policy;
    }
    String place = name + "." + column.name();
    if (column.isInteger()) {
      steps.put(place, MergeFamilies.of(column.name(), MergeFamilies.COUNTER_STEPS));
      model = model.typed(column.name(), "INTEGER");
      return ColumnPolicy.counter();
    }
    return switch (random.nextInt(3)) {
      case 0 -> merged(ColumnPolicy.set(), column, MergeFamilies.SETS, MergeFamilies.SET_STEPS);
      case 1 -> merged(ColumnPolicy.map(), column, MergeFamilies.MAPS, MergeFamilies.MAP_STEPS);
      default -> merged(ColumnPolicy.text(), column, MergeFamilies.TEXTS, MergeFamilies.TEXT_STEPS);
    };
  }

  private ColumnPolicy merged(
      ColumnPolicy policy, DrawnColumn column, List<String> values, List<String> edits) {
    String place = name + "." + column.name();
    literals.put(place, values);
    steps.put(place, MergeFamilies.of(column.name(), edits));
    return policy;
  }

  private boolean mayShowNull(DrawnColumn column) {
    return !column.refers()
        && !column.notNull()
        && model.unique().stream().anyMatch(index -> index.columns().contains(column.name()));
  }

  /** Different ones, as many as there are at most. */
  private List<DrawnColumn> some(List<DrawnColumn> among, int count) {
    List<DrawnColumn> left = new ArrayList<>(among);
    List<DrawnColumn> some = new ArrayList<>();
    while (some.size() < count && !left.isEmpty()) {
      some.add(left.remove(random.nextInt(left.size())));
    }
    return some;
  }
}
