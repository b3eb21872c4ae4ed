package dev.godwit.sync.internal.capture;

import dev.godwit.sync.internal.schema.ColumnSchema;
import dev.godwit.sync.internal.schema.IndexExpressions;
import dev.godwit.sync.internal.schema.Sql;
import dev.godwit.sync.internal.schema.TableSchema;
import dev.godwit.sync.internal.schema.UniqueIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The triggers of one tracked table: plain SQL that SQLite 3.18 knows, without functions of ours.
 *
 * <p>They write notes, an undo log, to {@code godwit_pending}: which key was touched, how, when,
 * and what was there before. What is there now is read from the table when the notes are packed. So
 * nothing that another trigger rewrites after ours can be missed, whatever the order in which
 * SQLite fires them.
 *
 * <pre>
 * kind            fires                         c columns
 * 0 displaced     before an insert, or an       all, of each row that holds the key or a unique value that the new
 *                 update of a unique column     row takes: REPLACE removes it without firing any delete trigger
 * 1 inserted      before an insert; after it    the new key
 *                 where SQLite hands out keys
 * 2 updated       before an update that         the old key, and the old value of each column whose bit is set in the
 *                 changes a value               masks m0, m1 … ({@value #MASK_BITS} columns each)
 *                 (storage classes alone by a
 *                 trigger of their own)
 * 3 deleted       before a delete               all
 * 4 left          after an update of the key    all, with the old key
 * 5 arrived       likewise                      the new key
 * </pre>
 *
 * Before-triggers, because what an application's after-trigger does to the same row then always
 * comes later in the notes. A statement that is ignored in the end leaves notes without effect; the
 * table tells. Only a move is noted when it has happened: between rows that stand where they stood
 * the table cannot tell.
 */
final class CaptureTriggers {
  /** Columns a mask: what fits the positive half of an integer, with room. */
  static final int MASK_BITS = 60;

  static final int DISPLACED = 0;
  static final int INSERTED = 1;
  static final int UPDATED = 2;
  static final int DELETED = 3;
  static final int LEFT = 4;
  static final int ARRIVED = 5;

  static final String NOW = "CAST((julianday('now')-2440587.5)*86400000 AS INTEGER)";
  private static final String WHEN_ON = " WHEN EXISTS (SELECT 1 FROM godwit_capture)";

  private final TrackedTable table;
  private final TableSchema schema;
  private final String name;

  CaptureTriggers(TrackedTable table) {
    this.table = table;
    this.schema = table.schema();
    this.name = Sql.name(schema.name());
  }

  /** The names of all triggers that a table with this number may have. */
  static List<String> names(int tableNumber) {
    List<String> names = new ArrayList<>();
    for (String what :
        new String[] {
          "insert", "inserted", "update", "class", "key", "moved", "unique", "delete"
        }) {
      names.add("godwit_" + what + "_" + tableNumber);
    }
    return names;
  }

  /** The statements that create them. */
  List<String> create() {
    List<String> statements = new ArrayList<>();
    String arrival = note(INSERTED, schema.keyColumns(), "NEW");
    if (schema.rowidAlias() || keyIsMadeUp()) {
      statements.add(trigger("insert", "BEFORE INSERT", WHEN_ON, displacedByInsert()));
      statements.add(trigger("inserted", "AFTER INSERT", WHEN_ON, arrival));
    } else {
      statements.add(trigger("insert", "BEFORE INSERT", WHEN_ON, displacedByInsert() + arrival));
    }
    String keyChanged = anyKeyChanged();
    String left = note(LEFT, schema.columnNames(), "OLD");
    String arrived = note(ARRIVED, schema.keyColumns(), "NEW");
    if (!schema.valueColumnNames().isEmpty()) {
      statements.add(
          updateTrigger(
              "update", "BEFORE UPDATE", valueColumns(column -> true), CaptureTriggers::differs));
    }
    List<ColumnSchema> ambiguous = valueColumns(column -> !column.distinguishesByComparison());
    if (!ambiguous.isEmpty()) {
      String names =
          Sql.names(ambiguous.stream().map(ColumnSchema::name).collect(Collectors.toList()));
      statements.add(
          updateTrigger(
              "class", "BEFORE UPDATE OF " + names, ambiguous, CaptureTriggers::differsInClass));
    }
    statements.add(
        trigger(
            "key",
            "BEFORE UPDATE OF " + Sql.names(schema.keyColumns()),
            WHEN_ON + " AND " + keyChanged,
            displaced(keyMatches())));
    statements.add(
        trigger(
            "moved",
            "AFTER UPDATE OF " + Sql.names(schema.keyColumns()),
            WHEN_ON + " AND " + keyChanged,
            left + arrived));
    List<String> uniqueColumns = uniqueColumns();
    if (!uniqueColumns.isEmpty()) {
      statements.add(
          trigger(
              "unique",
              "BEFORE UPDATE OF " + Sql.names(uniqueColumns),
              WHEN_ON,
              displacedByUpdate()));
    }
    statements.add(
        trigger("delete", "BEFORE DELETE", WHEN_ON, note(DELETED, schema.columnNames(), "OLD")));
    return statements;
  }

  /**
   * Whether the key may come from an expression. Before 3.32 SQLite works that out twice: once for
   * triggers before the insert, once for the row.
   */
  private boolean keyIsMadeUp() {
    return schema.columns().stream()
        .anyMatch(
            column -> schema.keyColumns().contains(column.name()) && column.defaultIsExpression());
  }

  private String trigger(String what, String event, String when, String body) {
    return "CREATE TRIGGER godwit_"
        + what
        + "_"
        + table.number()
        + " "
        + event
        + " ON "
        + name
        + when
        + " BEGIN "
        + body
        + "END";
  }

  private String pendingColumns(List<String> columns) {
    return columns.stream().map(this::pendingColumn).collect(Collectors.joining(", "));
  }

  private String pendingColumn(String column) {
    return "c" + table.columnNumber(column);
  }

  private String note(int kind, List<String> columns, String row) {
    String values =
        columns.stream()
            .map(column -> row + "." + Sql.name(column))
            .collect(Collectors.joining(", "));
    return "INSERT INTO godwit_pending (table_number, kind, time, "
        + pendingColumns(columns)
        + ") VALUES ("
        + table.number()
        + ", "
        + kind
        + ", "
        + NOW
        + ", "
        + values
        + "); ";
  }

  private List<ColumnSchema> valueColumns(Predicate<ColumnSchema> which) {
    return schema.columns().stream()
        .filter(column -> !schema.keyColumns().contains(column.name()) && which.test(column))
        .collect(Collectors.toList());
  }

  /**
   * A trigger that notes the old values of those of the columns that changed.
   *
   * @param changed the condition under which a column counts as changed
   */
  private String updateTrigger(
      String what, String event, List<ColumnSchema> columns, Function<String, String> changed) {
    List<String> masks = new ArrayList<>();
    List<String> conditions = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (ColumnSchema column : columns) {
      String quoted = Sql.name(column.name());
      String condition = changed.apply(quoted);
      int number = table.columnNumber(column.name());
      while (masks.size() <= number / MASK_BITS) {
        masks.add("0");
      }
      String bit = "((" + condition + ") << " + number % MASK_BITS + ")";
      String mask = masks.get(number / MASK_BITS);
      masks.set(number / MASK_BITS, mask.equals("0") ? bit : mask + " | " + bit);
      conditions.add("(" + condition + ")");
      values.add("CASE WHEN " + condition + " THEN OLD." + quoted + " END");
    }
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < masks.size(); i++) {
      names.append("m").append(i).append(", ");
    }
    String keyValues =
        schema.keyColumns().stream()
            .map(column -> "OLD." + Sql.name(column))
            .collect(Collectors.joining(", "));
    String body =
        "INSERT INTO godwit_pending (table_number, kind, time, "
            + names
            + pendingColumns(schema.keyColumns())
            + ", "
            + pendingColumns(columns.stream().map(ColumnSchema::name).collect(Collectors.toList()))
            + ") VALUES ("
            + table.number()
            + ", "
            + UPDATED
            + ", "
            + NOW
            + ", "
            + String.join(", ", masks)
            + ", "
            + keyValues
            + ", "
            + String.join(", ", values)
            + "); ";
    return trigger(what, event, WHEN_ON + " AND (" + String.join(" OR ", conditions) + ")", body);
  }

  /** Binary comparison whatever the column's collation. */
  private static String differs(String quoted) {
    return "OLD." + quoted + " IS NOT NEW." + quoted + " COLLATE BINARY";
  }

  /** Equal numbers of another storage class. A trigger of its own: looking at types is slow. */
  private static String differsInClass(String quoted) {
    return "OLD."
        + quoted
        + " IS NEW."
        + quoted
        + " COLLATE BINARY AND typeof(OLD."
        + quoted
        + ") <> typeof(NEW."
        + quoted
        + ")";
  }

  private String anyKeyChanged() {
    return schema.keyColumns().stream()
        .map(
            column -> {
              String quoted = Sql.name(column);
              return differs(quoted) + " OR " + differsInClass(quoted);
            })
        .collect(Collectors.joining(" OR ", "(", ")"));
  }

  private String displaced(String condition) {
    List<String> columns = schema.columnNames();
    return "INSERT INTO godwit_pending (table_number, kind, time, "
        + pendingColumns(columns)
        + ") SELECT "
        + table.number()
        + ", "
        + DISPLACED
        + ", "
        + NOW
        + ", "
        + Sql.names(columns)
        + " FROM "
        + name
        + " WHERE "
        + condition
        + "; ";
  }

  private String displacedByInsert() {
    StringBuilder text = new StringBuilder(displaced(keyMatches()));
    schema.uniqueIndexes().forEach(index -> text.append(displaced(uniqueMatches(index))));
    return text.toString();
  }

  private String displacedByUpdate() {
    String other =
        schema.keyColumns().stream()
            .map(column -> Sql.name(column) + " = OLD." + Sql.name(column))
            .collect(Collectors.joining(" AND ", " AND NOT (", ")"));
    StringBuilder text = new StringBuilder();
    schema.uniqueIndexes().forEach(index -> text.append(displaced(uniqueMatches(index) + other)));
    return text.toString();
  }

  private String keyMatches() {
    return schema.keyColumns().stream()
        .map(column -> Sql.name(column) + " = " + taken(column))
        .collect(Collectors.joining(" AND "));
  }

  /**
   * What a row is about to take in a column: REPLACE puts the default where NULL was given for a
   * NOT NULL column, behind this trigger.
   */
  private String taken(String column) {
    String given = "NEW." + Sql.name(column);
    for (ColumnSchema one : schema.columns()) {
      boolean falls = one.notNull() && one.defaultSql() != null && !one.defaultIsExpression();
      if (one.name().equals(column) && falls) {
        return "coalesce(" + given + ", " + one.defaultSql() + ")";
      }
    }
    return given;
  }

  private String uniqueMatches(UniqueIndex index) {
    List<String> conditions = new ArrayList<>();
    for (UniqueIndex.Term term : index.terms()) {
      String own = term.column() == null ? "(" + term.expression() + ")" : Sql.name(term.column());
      String taken =
          term.column() == null ? "(" + aboutNew(term.expression()) + ")" : taken(term.column());
      conditions.add(own + " = " + taken + " COLLATE " + term.collation());
    }
    if (index.where() != null) {
      conditions.add("(" + index.where() + ")");
    }
    return String.join(" AND ", conditions);
  }

  private String aboutNew(String expression) {
    return IndexExpressions.qualified(expression, schema.columnNames(), "NEW");
  }

  /**
   * The columns whose update may displace another row; all, when an index has an expression or a
   * condition.
   */
  private List<String> uniqueColumns() {
    List<String> columns = new ArrayList<>();
    for (UniqueIndex index : schema.uniqueIndexes()) {
      for (UniqueIndex.Term term : index.terms()) {
        if (term.column() == null
            || index.where() != null
            || !schema.columnNames().contains(term.column())) {
          return schema.columnNames();
        }
        columns.add(term.column());
      }
    }
    return columns.stream().distinct().collect(Collectors.toList());
  }
}
