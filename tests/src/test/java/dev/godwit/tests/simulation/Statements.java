package dev.godwit.tests.simulation;

import dev.godwit.tests.oracle.TableModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random SQL over few keys, so that statements of different devices meet. */
final class Statements {
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
    int count = 1 + random.nextInt(random.nextInt(4) + 1);
    for (int i = 0; i < count; i++) {
      if (random.nextInt(12) == 0) {
        statements.add("SAVEPOINT s");
        statements.add(statement());
        statements.add("ROLLBACK TO s");
        statements.add("RELEASE s");
      } else if (random.nextInt(14) == 0) {
        swap(statements);
      } else {
        statements.add(statement());
      }
    }
    return statements;
  }

  private String statement() {
    TableModel table = family.tables().get(random.nextInt(family.tables().size()));
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

  private String insert(TableModel table, String verb) {
    List<String> columns = new ArrayList<>();
    List<String> values = new ArrayList<>();
    List<String> key = key(table);
    boolean handedOut = table.surrogate() && random.nextInt(3) == 0;
    for (int i = 0; i < key.size() && !handedOut; i++) {
      columns.add(table.key().get(i));
      values.add(parent(table, table.key().get(i), key.get(i)));
    }
    for (String column : table.values()) {
      if (random.nextInt(4) > 0) {
        columns.add(column);
        values.add(value(table.parents().get(column)));
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
        + value(table.parents().get(column))
        + ") ON CONFLICT ("
        + String.join(", ", table.key())
        + ") DO UPDATE SET "
        + column
        + " = excluded."
        + column;
  }

  private String update(TableModel table, int columns) {
    List<String> sets = new ArrayList<>();
    int first = random.nextInt(table.values().size());
    for (int i = 0; i < columns; i++) {
      String column = table.values().get((first + i) % table.values().size());
      sets.add(column + " = " + value(table.parents().get(column)));
    }
    return "UPDATE " + table.name() + " SET " + String.join(", ", sets) + where(table);
  }

  private String noChange(TableModel table) {
    String column = column(table);
    return "UPDATE " + table.name() + " SET " + column + " = " + column + where(table);
  }

  private String move(TableModel table) {
    String column = table.key().get(random.nextInt(table.key().size()));
    List<String> literals = family.keys().get(table.name()).get(table.key().indexOf(column));
    String verb = random.nextInt(4) == 0 ? "UPDATE OR REPLACE " : "UPDATE ";
    return verb + table.name() + " SET " + column + " = " + pick(literals) + where(table);
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

  private String existing(String table) {
    String key = family.table(table).key().get(0);
    return "(SELECT min(" + key + ") FROM " + table + ")";
  }

  private String value(String parent) {
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
    return pick(plain);
  }

  private String pick(List<String> literals) {
    return literals.get(random.nextInt(literals.size()));
  }
}
