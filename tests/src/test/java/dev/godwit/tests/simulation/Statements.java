package dev.godwit.tests.simulation;

import dev.godwit.tests.oracle.Reference;
import dev.godwit.tests.oracle.TableModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

/** Random SQL over few keys, so that statements of different devices meet. */
final class Statements {
  /** Where a program keeps what its form has shown. */
  static final String FORM = "CREATE TABLE form (token TEXT)";

  private final Family family;
  private final Random random;
  private int number;

  Statements(Family family, Random random) {
    this.family = family;
    this.random = random;
  }

  /** The statements of one transaction. */
  List<String> transaction() {
    List<String> statements = new ArrayList<>();
    int form = random.nextInt(16);
    if (form == 0) {
      statements.add("DELETE FROM form");
      statements.add("INSERT INTO form SELECT token FROM godwit_version");
    } else if (form < 3) {
      statements.add(basedOnForm());
    }
    int count = 1 + random.nextInt(random.nextInt(4) + 1);
    for (int i = 0; i < count; i++) {
      if (declaresAnew() && random.nextInt(15) == 0) {
        statements.add(declaration());
      } else if (ChangedPolicies.in(family) && random.nextInt(10) == 0) {
        statements.add(ChangedPolicies.sql(family, random.nextInt(600)));
      } else if (IndexedFamilies.change(family) && random.nextInt(10) == 0) {
        statements.add(IndexedFamilies.change(family, random.nextInt(60)));
      } else if (random.nextInt(12) == 0) {
        statements.add("SAVEPOINT s");
        statements.add(statement());
        statements.add("ROLLBACK TO s");
        statements.add("RELEASE s");
      } else if (!family.literals().isEmpty() && random.nextInt(10) == 0) {
        swapValues(statements);
      } else if (random.nextInt(14) == 0) {
        swap(statements);
      } else {
        statements.add(statement());
      }
    }
    return statements;
  }

  /** What is written to a table is upon what the form showed, where there is one. */
  private String basedOnForm() {
    TableModel table = family.tables().get(random.nextInt(family.tables().size()));
    List<String> names = new ArrayList<>();
    table.key().forEach(column -> names.add("key" + (names.size() + 1)));
    String key = String.join(", ", table.key());
    return "INSERT INTO godwit_based_on (token, table_name, "
        + String.join(", ", names)
        + ") SELECT token, '"
        + table.name()
        + "', "
        + key
        + " FROM form, "
        + table.name()
        + " WHERE "
        + table.key().get(0)
        + " IS NOT NULL";
  }

  private boolean declaresAnew() {
    return DeclaredFamilies.time(family) == DeclaredFamilies.Time.CHANGING;
  }

  private String declaration() {
    List<TableModel> children = new ArrayList<>(family.tables());
    children.removeIf(table -> table.references().isEmpty());
    TableModel table = children.get(random.nextInt(children.size()));
    String column = pick(new ArrayList<>(new TreeSet<>(table.references().keySet())));
    return DeclaredFamilies.change(
        table.name(), column, table.references().get(column), random.nextInt(6));
  }

  /** Some rows of every table, those that others refer to first. */
  List<String> rows() {
    List<String> rows = new ArrayList<>();
    for (TableModel table : family.tables()) {
      for (int i = 0; i < 3; i++) {
        rows.add(insert(table, "INSERT OR IGNORE"));
      }
    }
    return rows;
  }

  private String statement() {
    TableModel table = family.tables().get(random.nextInt(family.tables().size()));
    if (family.contested()) {
      return contested(table);
    }
    return switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4 -> insert(table, "INSERT");
      case 5 -> insert(table, "INSERT OR REPLACE");
      case 6 -> insert(table, "INSERT OR IGNORE");
      case 7 -> upsert(table);
      case 8, 9, 10, 11 -> update(table, 1);
      case 12 -> update(table, 1 + random.nextInt(table.values().size()));
      case 13 -> "UPDATE " + table.name() + " SET " + column(table) + " = " + value(null);
      case 14 -> noChange(table);
      case 15, 16 -> "DELETE FROM " + table.name() + where(table);
      case 17, 18 -> move(table);
      default -> many(table);
    };
  }

  /** Deletes of rows that others refer to, references that move, values that meet. */
  private String contested(TableModel table) {
    return switch (random.nextInt(22)) {
      case 0, 1, 2, 3, 4, 5 -> insert(table, "INSERT");
      case 6 -> insert(table, "INSERT OR REPLACE");
      case 7 -> insert(table, "INSERT OR IGNORE");
      case 8 -> upsert(table);
      case 9, 10, 11 -> update(table, 1);
      case 12 -> update(table, 1 + random.nextInt(table.values().size()));
      case 13, 14, 15 -> refer(table);
      case 16, 17, 18 -> "DELETE FROM " + parent(table).name() + where(parent(table));
      case 19 -> "DELETE FROM " + table.name() + where(table);
      case 20 -> move(table);
      default -> noChange(table);
    };
  }

  /** What two devices do: one deletes a row, the other refers to it or edits it. */
  List<List<String>> quarrel() {
    List<TableModel> children = new ArrayList<>(family.tables());
    children.removeIf(table -> table.parents().isEmpty());
    if (!trees().isEmpty() && random.nextInt(3) > 0) {
      return moves();
    }
    if (!family.policies().isEmpty() && random.nextInt(3) > 0) {
      return sameRow();
    }
    if (children.isEmpty() || !family.literals().isEmpty() && random.nextBoolean()) {
      return sameValue();
    }
    TableModel child = children.get(random.nextInt(children.size()));
    String column = pick(new ArrayList<>(new TreeSet<>(child.parents().keySet())));
    TableModel parent = family.table(child.parents().get(column));
    String row = existing(parent, "rowid");
    String delete = "DELETE FROM " + parent.name() + " WHERE rowid = " + row;
    if (together(child, column).size() > 1 && random.nextInt(3) == 0) {
      delete = move(parent, " WHERE rowid = " + row);
    }
    String referred = referred(child, column).get(0);
    if (!parent.key().contains(referred) && random.nextBoolean()) {
      delete =
          "UPDATE "
              + parent.name()
              + " SET "
              + referred
              + " = "
              + value(parent, referred)
              + " WHERE rowid = "
              + row;
    }
    return List.of(List.of(delete), List.of(refersTo(parent, row, child, column)));
  }

  /** The columns that are declared trees, named table.column. */
  private List<String> trees() {
    List<String> trees = new ArrayList<>();
    for (TableModel table : family.tables()) {
      table
          .policies()
          .columns()
          .forEach(
              (column, policy) -> {
                if (policy.isTree()) {
                  trees.add(table.name() + "." + column);
                }
              });
    }
    return trees;
  }

  /** Each of two rows is moved below the other one, or near it. */
  private List<List<String>> moves() {
    String[] tree = pick(trees()).split("\\.");
    TableModel table = family.table(tree[0]);
    String one = existing(table, "rowid");
    String other = existing(table, "rowid");
    return List.of(
        List.of(moves(table, tree[1], one, other)), List.of(moves(table, tree[1], other, one)));
  }

  private static String moves(TableModel table, String column, String row, String below) {
    return "UPDATE "
        + table.name()
        + " SET "
        + column
        + " = (SELECT "
        + table.key().get(0)
        + " FROM "
        + table.name()
        + " WHERE rowid = "
        + below
        + ") WHERE rowid = "
        + row;
  }

  private String refersTo(TableModel parent, String row, TableModel child, String column) {
    Map<String, String> values = new LinkedHashMap<>();
    List<String> columns = together(child, column);
    for (int i = 0; i < columns.size(); i++) {
      String key = referred(child, column).get(i);
      String value = "(SELECT " + key + " FROM " + parent.name() + " WHERE rowid = " + row + ")";
      values.put(columns.get(i), value);
    }
    String update = "UPDATE " + child.name() + " SET ";
    return switch (random.nextInt(6)) {
      case 0, 1 -> insert(child, "INSERT", values);
      case 2 -> update + column(child) + " = 'kept' WHERE " + equal(values, " AND ");
      case 3 ->
          "UPDATE " + parent.name() + " SET " + column(parent) + " = 'kept' WHERE rowid = " + row;
      default -> update + equal(values, ", ") + where(child);
    };
  }

  private static String equal(Map<String, String> values, String between) {
    List<String> terms = new ArrayList<>();
    values.forEach((column, value) -> terms.add(column + " = " + value));
    return String.join(between, terms);
  }

  /** The columns that refer to another row together with this one, in the order of its key. */
  private static List<String> together(TableModel table, String column) {
    Reference reference = table.references().get(column);
    return reference == null ? List.of(column) : reference.columns(column);
  }

  /** The columns to which those refer. */
  private List<String> referred(TableModel table, String column) {
    Reference reference = table.references().get(column);
    return reference.referred(family.table(reference.table()));
  }

  /** What several columns get that are to refer to one row together. */
  private Map<String, String> together(TableModel table) {
    Map<String, String> given = new LinkedHashMap<>();
    for (String column : new TreeSet<>(table.references().keySet())) {
      List<String> columns = together(table, column);
      if (columns.size() > 1 && random.nextInt(4) > 0) {
        TableModel parent = family.table(table.references().get(column).table());
        int offset = random.nextInt(3);
        for (int i = 0; i < columns.size(); i++) {
          given.put(columns.get(i), existing(parent, referred(table, column).get(i), offset));
        }
      }
    }
    return given;
  }

  /** Both write to one row: what the one changes, what the other one changes, or its end. */
  private List<List<String>> sameRow() {
    TableModel table = family.tables().get(random.nextInt(family.tables().size()));
    String row = " WHERE rowid = " + existing(table, "rowid");
    List<List<String>> both = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      int columns = 1 + random.nextInt(random.nextInt(table.values().size()) + 1);
      boolean ends = random.nextInt(6) == 0;
      both.add(List.of(ends ? "DELETE FROM " + table.name() + row : update(table, columns, row)));
    }
    return both;
  }

  /** Two rows get one value of a column that holds each only once. */
  private List<List<String>> sameValue() {
    String[] column = pick(new ArrayList<>(new TreeSet<>(family.literals().keySet()))).split("\\.");
    String value = pick(family.literals().get(column[0] + "." + column[1]));
    TableModel table = family.table(column[0]);
    List<List<String>> both = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      String update = "UPDATE " + table.name() + " SET " + column[1] + " = " + value + where(table);
      String insert = insert(table, "INSERT", Map.of(column[1], value));
      both.add(List.of(random.nextBoolean() ? update : insert));
    }
    return both;
  }

  /** A table to which this one refers; itself where it refers to none. */
  private TableModel parent(TableModel table) {
    List<String> parents = new ArrayList<>(new TreeSet<>(table.parents().values()));
    return parents.isEmpty() ? table : family.table(pick(parents));
  }

  /** Has a row refer to another one. */
  private String refer(TableModel table) {
    List<String> columns = new ArrayList<>(new TreeSet<>(table.parents().keySet()));
    if (columns.isEmpty()) {
      return update(table, 1);
    }
    String column = pick(columns);
    List<String> together = together(table, column);
    if (together.size() > 1) {
      TableModel parent = family.table(table.parents().get(column));
      String referred = String.join(", ", referred(table, column));
      String row = existing(parent, referred, random.nextInt(3));
      String set = " SET (" + String.join(", ", together) + ") = " + row;
      return "UPDATE " + table.name() + set + where(table);
    }
    String value = value(table, column);
    return "UPDATE " + table.name() + " SET " + column + " = " + value + where(table);
  }

  /** Rows that have one of two values of a column trade them. */
  private void swapValues(List<String> statements) {
    List<String> columns = new ArrayList<>(new TreeSet<>(family.literals().keySet()));
    String[] column = pick(columns).split("\\.");
    List<String> literals = family.literals().get(column[0] + "." + column[1]);
    String one = pick(literals);
    String other = pick(literals);
    String set = "UPDATE " + column[0] + " SET " + column[1] + " = ";
    statements.add(set + "'-' WHERE " + column[1] + " = " + one);
    statements.add(set + one + " WHERE " + column[1] + " = " + other);
    statements.add(set + other + " WHERE " + column[1] + " = '-'");
  }

  private String insert(TableModel table, String verb) {
    return insert(table, verb, together(table));
  }

  /** An insert in which these columns get these values. */
  private String insert(TableModel table, String verb, Map<String, String> given) {
    List<String> columns = new ArrayList<>();
    List<String> values = new ArrayList<>();
    List<String> key = key(table);
    boolean handedOut = table.surrogate() && random.nextInt(3) == 0;
    for (int i = 0; i < key.size() && !handedOut; i++) {
      String column = table.key().get(i);
      columns.add(column);
      values.add(given.containsKey(column) ? given.get(column) : parent(table, column, key.get(i)));
    }
    for (String column : table.values()) {
      if (given.containsKey(column) || random.nextInt(4) > 0) {
        columns.add(column);
        values.add(given.containsKey(column) ? given.get(column) : value(table, column));
      }
    }
    if (columns.isEmpty()) {
      return verb + " INTO " + table.name() + " DEFAULT VALUES";
    }
    return verb
        + " INTO "
        + table.name()
        + " ("
        + String.join(", ", columns)
        + ") VALUES ("
        + String.join(", ", values)
        + ")";
  }

  private String upsert(TableModel table) {
    String column = column(table);
    return "INSERT INTO "
        + table.name()
        + " ("
        + String.join(", ", table.key())
        + ", "
        + column
        + ") VALUES ("
        + String.join(", ", key(table))
        + ", "
        + value(table, column)
        + ") ON CONFLICT ("
        + String.join(", ", table.key())
        + ") DO UPDATE SET "
        + column
        + " = excluded."
        + column;
  }

  private String update(TableModel table, int columns) {
    return update(table, columns, where(table));
  }

  private String update(TableModel table, int columns, String where) {
    List<String> sets = new ArrayList<>();
    int first = random.nextInt(table.values().size());
    for (int i = 0; i < columns; i++) {
      String column = table.values().get((first + i) % table.values().size());
      sets.add(column + " = " + stepped(table, column));
    }
    return "UPDATE " + table.name() + " SET " + String.join(", ", sets) + where;
  }

  private String noChange(TableModel table) {
    String column = column(table);
    return "UPDATE " + table.name() + " SET " + column + " = " + column + where(table);
  }

  private String move(TableModel table) {
    return move(table, null);
  }

  /** Gives a row another key: any where it is not said which. */
  private String move(TableModel table, String row) {
    String column = table.key().get(random.nextInt(table.key().size()));
    List<String> literals = family.keys().get(table.name()).get(table.key().indexOf(column));
    String verb = random.nextInt(4) == 0 ? "UPDATE OR REPLACE " : "UPDATE ";
    return verb
        + table.name()
        + " SET "
        + column
        + " = "
        + pick(literals)
        + (row == null ? where(table) : row);
  }

  private String many(TableModel table) {
    if (table.surrogate()) {
      return random.nextBoolean()
          ? "INSERT INTO "
              + table.name()
              + " ("
              + column(table)
              + ") SELECT 'many' FROM "
              + table.name()
          : "UPDATE " + table.name() + " SET id = id + 10 WHERE id BETWEEN 0 AND 20";
    }
    return random.nextInt(3) == 0
        ? "DELETE FROM " + table.name()
        : "UPDATE " + table.name() + " SET " + column(table) + " = " + value(null);
  }

  /** Two rows of a surrogate table trade their keys. */
  private void swap(List<String> statements) {
    for (TableModel table : family.tables()) {
      if (table.surrogate()) {
        String set = "UPDATE " + table.name() + " SET id = ";
        statements.add(set + "99 WHERE id = 1");
        statements.add(set + "1 WHERE id = 2");
        statements.add(set + "2 WHERE id = 99");
        return;
      }
    }
    statements.add(statement());
  }

  private String where(TableModel table) {
    if (family.contested() && random.nextInt(5) > 0) {
      return " WHERE rowid = " + existing(table, "rowid");
    }
    if (table.surrogate() && random.nextInt(5) == 0) {
      return " WHERE id < 0";
    }
    List<String> terms = new ArrayList<>();
    List<String> key = key(table);
    for (int i = 0; i < key.size(); i++) {
      terms.add(table.key().get(i) + " = " + parent(table, table.key().get(i), key.get(i)));
    }
    return " WHERE " + String.join(" AND ", terms);
  }

  private List<String> key(TableModel table) {
    List<String> key = new ArrayList<>();
    family.keys().get(table.name()).forEach(literals -> key.add(pick(literals)));
    return key;
  }

  /** Where a key column refers, sometimes to a row that was given a derived key. */
  private String parent(TableModel table, String column, String literal) {
    String parent = table.parents().get(column);
    return parent == null || random.nextInt(4) > 0 ? literal : existing(parent);
  }

  /** A column of one of the first rows of a table; rows under keys that nobody draws stay alone. */
  private String existing(TableModel table, String column) {
    return existing(table, column, random.nextInt(3));
  }

  private String existing(TableModel table, String column, int offset) {
    String key = table.key().get(0);
    List<String> drawn = family.keys().get(table.name()).get(0);
    String among =
        table.surrogate() ? "" : " WHERE " + key + " IN (" + String.join(", ", drawn) + ")";
    return "(SELECT "
        + column
        + " FROM "
        + table.name()
        + among
        + " ORDER BY "
        + String.join(", ", table.key())
        + " LIMIT 1 OFFSET "
        + offset
        + ")";
  }

  private String existing(String table) {
    if (family.contested()) {
      return existing(family.table(table), family.table(table).key().get(0));
    }
    String key = family.table(table).key().get(0);
    return "(SELECT min(" + key + ") FROM " + table + ")";
  }

  /** What an update sets a column to: often what follows from what it holds. */
  private String stepped(TableModel table, String column) {
    List<String> steps = family.steps().get(table.name() + "." + column);
    return steps == null || random.nextInt(5) == 0 ? value(table, column) : pick(steps);
  }

  private String value(TableModel table, String column) {
    Reference reference = table.references().get(column);
    if (reference != null && !reference.isToKey() && reference.columns().size() == 1) {
      return byValue(reference);
    }
    List<String> literals = family.literals().get(table.name() + "." + column);
    if (literals == null && isPart(table, column)) {
      return random.nextInt(5) == 0 ? "NULL" : pick(partsOf(table, column));
    }
    return literals == null ? value(table.parents().get(column)) : pick(literals);
  }

  /** A value by which a row may refer to another one of which it is no key. */
  private String byValue(Reference reference) {
    TableModel parent = family.table(reference.table());
    String referred = reference.referred().get(0);
    return switch (random.nextInt(6)) {
      case 0 -> "NULL";
      case 1 -> value(parent, referred);
      default -> existing(parent, referred);
    };
  }

  private static boolean isPart(TableModel table, String column) {
    return table.references().keySet().stream()
        .map(keeping -> together(table, keeping))
        .anyMatch(columns -> columns.size() > 1 && columns.contains(column));
  }

  /** The literals of a column that refers together with others. */
  private List<String> partsOf(TableModel table, String column) {
    List<String> parts = new ArrayList<>();
    for (String keeping : new TreeSet<>(table.references().keySet())) {
      int place = together(table, keeping).indexOf(column);
      if (place >= 0) {
        parts.addAll(literals(table, keeping, place));
      }
    }
    return parts;
  }

  /** Those of the column to which one of several refers. */
  private List<String> literals(TableModel table, String keeping, int place) {
    TableModel parent = family.table(table.references().get(keeping).table());
    String column = referred(table, keeping).get(place);
    int part = parent.key().indexOf(column);
    return part < 0
        ? family.literals().get(parent.name() + "." + column)
        : family.keys().get(parent.name()).get(part);
  }

  private String value(String parent) {
    if (parent != null && family.contested() && random.nextBoolean()) {
      return existing(parent);
    }
    if (parent != null) {
      return switch (random.nextInt(6)) {
        case 0 -> "NULL";
        case 1, 2 -> existing(parent);
        default -> pick(family.keys().get(parent).get(0));
      };
    }
    return switch (random.nextInt(12)) {
      case 0 -> "NULL";
      case 1 -> "1";
      case 2 -> "1.0";
      case 3 -> "x'00ff'";
      case 4, 5 -> "'same'";
      default -> "'v" + ++number + "'";
    };
  }

  private String column(TableModel table) {
    List<String> plain = new ArrayList<>(table.values());
    plain.removeAll(table.parents().keySet());
    plain.removeIf(column -> isPart(table, column));
    return pick(plain);
  }

  private String pick(List<String> literals) {
    return literals.get(random.nextInt(literals.size()));
  }
}
