package dev.godwit.sync.internal.capture;

import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.check.Rules;
import dev.godwit.sync.internal.check.UniqueRule;
import dev.godwit.sync.internal.log.Meta;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.schema.ColumnSchema;
import dev.godwit.sync.internal.schema.ForeignKey;
import dev.godwit.sync.internal.schema.SchemaReader;
import dev.godwit.sync.internal.schema.TableSchema;
import dev.godwit.sync.internal.schema.UniqueIndex;
import dev.godwit.sync.policy.OnDelete;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tables and columns that Godwit knows in a file, by local number and by stable name. Read when
 * it is made; adding unknown names of other replicas writes through.
 */
public final class Catalog {
  private static final String VERSION = "catalog_version";

  private final Session session;
  private final Map<Integer, TrackedTable> byNumber = new TreeMap<>();
  private final Map<String, TrackedTable> byName = new LinkedHashMap<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<Integer, String> names = new HashMap<>();
  private final Map<Integer, Map<String, Integer>> columnNumbers = new HashMap<>();
  private final Map<Integer, List<Child>> children = new HashMap<>();
  private final Map<Integer, List<Child>> childrenByValue = new HashMap<>();
  private final List<DeclaredReference> declared;
  private final List<DeclaredReference> fitting = new ArrayList<>();
  private final KeyOrder keyOrder = new KeyOrder();
  private final Rules rules;
  private final Map<String, List<UniqueRule>> unique;
  private final long schemaVersion;
  private long version;

  /** A column of a tracked table that refers to a given parent. */
  public record Child(TrackedTable table, TrackedTable.Reference reference) {}

  private record Row(
      int number,
      String name,
      String localName,
      boolean tracked,
      boolean surrogate,
      boolean system) {}

  public Catalog(Session session) {
    this.session = session;
    this.schemaVersion = schemaVersion(session);
    this.version = version(session);
    this.rules = SpaceRules.read(session);
    this.unique = rules.unique();
    readColumns();
    this.declared = DeclaredReferences.read(session);
    List<Row> rows = readTables();
    Map<Row, TableSchema> schemas = new LinkedHashMap<>();
    SchemaReader reader = new SchemaReader(session.connection());
    for (Row row : rows) {
      TableSchema schema = row.tracked() ? reader.table(row.localName()) : null;
      if (schema != null && !schema.keyColumns().isEmpty()) {
        schemas.put(row, schema);
      }
    }
    findFitting(schemas);
    schemas.forEach((row, schema) -> keep(row, schema, schemas));
  }

  /** Which written out references the schemas of both tables can have. */
  private void findFitting(Map<Row, TableSchema> schemas) {
    Map<String, TableSchema> byStableName = new HashMap<>();
    schemas.forEach((row, schema) -> byStableName.put(row.name(), schema));
    for (DeclaredReference one : declared) {
      TableSchema child = byStableName.get(one.table());
      TableSchema parent = byStableName.get(one.parent());
      boolean known = child != null && parent != null;
      if (known && child.columnNames().contains(one.column()) && one.fits(child, parent)) {
        fitting.add(one);
      }
    }
    schemas.forEach(
        (row, schema) ->
            references(schema, schemas)
                .forEach(
                    (column, reference) -> {
                      if (schema.keyColumns().contains(column)) {
                        keyOrder.add(row.name(), names.get(reference.parent()));
                      }
                    }));
    keyOrder.keepAcyclic(fitting, one -> one.isInKey(byStableName.get(one.table())));
    DeclaredReference.keepAcyclic(fitting);
  }

  /**
   * How many tables' keys must be known before those of this one, since a key that refers shows
   * what the row referred to has: 0 where its key is plain.
   */
  public int keyDepth(TrackedTable table) {
    return keyOrder.depth(table.name());
  }

  /** The greatest {@link #keyDepth(TrackedTable)} of all tables. */
  public int keyDepth() {
    return keyOrder.depth();
  }

  /** Whether the file's schema, or what it says about tables and columns, was changed by others. */
  public boolean isOutdated() {
    return schemaVersion(session) != schemaVersion || version(session) != version;
  }

  /** Counts up with every change to the tables that this class reads. */
  public static void changed(Session session) {
    new Meta(session).set(VERSION, Value.of(version(session) + 1));
  }

  private static long version(Session session) {
    return new Meta(session).integer(VERSION);
  }

  private void changed() {
    changed(session);
    version = version(session);
  }

  private static long schemaVersion(Session session) {
    try (SqliteRows rows = session.statement("PRAGMA schema_version").query()) {
      rows.next();
      return rows.integer(0);
    }
  }

  /** Tracked tables by local number, system tables first. */
  public Collection<TrackedTable> tables() {
    return byNumber.values();
  }

  /** The tracked table with this local number, or null. */
  public TrackedTable table(int number) {
    return byNumber.get(number);
  }

  /** The tracked table with this stable name, or null. */
  public TrackedTable table(String name) {
    return byName.get(name);
  }

  /** The stable name of the table with this number, tracked here or not. */
  public String name(int number) {
    return names.get(number);
  }

  /** The local number of the table with this stable name, given out now when it is unknown. */
  public int number(String name) {
    Integer known = numbers.get(name);
    if (known != null) {
      return known;
    }
    int number = numbers.size() + 1;
    session
        .statement(
            "INSERT INTO godwit_table (number, name, tracked, surrogate) VALUES (?, ?, 0, 0)")
        .bind(1, number)
        .bind(2, name)
        .update();
    changed();
    numbers.put(name, number);
    names.put(number, name);
    return number;
  }

  /** The local number of a column, given out now when it is unknown. */
  public int columnNumber(int table, String column) {
    Map<String, Integer> known = columnNumbers.computeIfAbsent(table, none -> new HashMap<>());
    Integer number = known.get(column);
    if (number != null) {
      return number;
    }
    int next = next(known);
    session
        .statement("INSERT INTO godwit_column (table_number, number, name) VALUES (?, ?, ?)")
        .bind(1, table)
        .bind(2, next)
        .bind(3, column)
        .update();
    changed();
    known.put(column, next);
    return next;
  }

  private static int next(Map<String, Integer> known) {
    int next = 0;
    for (int number : known.values()) {
      next = Math.max(next, number + 1);
    }
    return next;
  }

  /** The name of a column by its local number. */
  public String columnName(int table, int column) {
    for (Map.Entry<String, Integer> entry :
        columnNumbers.getOrDefault(table, Map.of()).entrySet()) {
      if (entry.getValue() == column) {
        return entry.getKey();
      }
    }
    throw new IllegalStateException(
        "expected column " + column + " of table " + names.get(table) + " in godwit_column");
  }

  /** The columns of tracked tables that refer to this table. */
  public List<Child> children(TrackedTable parent) {
    return children.getOrDefault(parent.number(), List.of());
  }

  /** Whether rows of a table refer to others of this one by other columns than its key. */
  public boolean isReferredToByValue(TrackedTable parent) {
    return childrenByValue.containsKey(parent.number());
  }

  /** Those of {@link #children} that refer by other columns than its key. */
  public List<Child> childrenByValue(TrackedTable parent) {
    return childrenByValue.getOrDefault(parent.number(), List.of());
  }

  private void readColumns() {
    try (SqliteRows rows =
        session.statement("SELECT table_number, number, name FROM godwit_column").query()) {
      while (rows.next()) {
        columnNumbers
            .computeIfAbsent((int) rows.integer(0), none -> new HashMap<>())
            .put(rows.text(2), (int) rows.integer(1));
      }
    }
  }

  /** The references that are always written out, under which states are kept in this file. */
  public List<DeclaredReference> declaredReferences() {
    return declared;
  }

  /** Names the rules about unique values that the tables have: see {@link Rules}. */
  public String uniqueFingerprint() {
    return rules.uniqueFingerprint();
  }

  private List<Row> readTables() {
    List<Row> found = new ArrayList<>();
    try (SqliteRows rows =
        session
            .statement(
                "SELECT number, name, local_name, tracked, surrogate, system FROM godwit_table")
            .query()) {
      while (rows.next()) {
        Row row =
            new Row(
                (int) rows.integer(0),
                rows.text(1),
                rows.text(2),
                rows.integer(3) != 0,
                rows.integer(4) != 0,
                rows.integer(5) != 0);
        numbers.put(row.name(), row.number());
        names.put(row.number(), row.name());
        found.add(row);
      }
    }
    return found;
  }

  private void keep(Row row, TableSchema schema, Map<Row, TableSchema> schemas) {
    Map<String, Integer> columns = new HashMap<>();
    Map<String, Integer> known =
        columnNumbers.computeIfAbsent(row.number(), none -> new HashMap<>());
    // A number given out here is kept when capture begins to use it: reading writes nothing.
    schema
        .columnNames()
        .forEach(
            column -> {
              known.putIfAbsent(column, next(known));
              columns.put(column, known.get(column));
            });
    Map<String, TrackedTable.Reference> references = references(schema, schemas);
    addDeclared(row, schema, schemas, references);
    TrackedTable table =
        new TrackedTable(
            row.number(),
            row.name(),
            schema,
            row.surrogate(),
            row.system(),
            columns,
            references,
            row.system() ? List.of() : unique.getOrDefault(row.name(), List.of()));
    byNumber.put(row.number(), table);
    byName.put(row.name(), table);
    for (TrackedTable.Reference reference : references.values()) {
      Child child = new Child(table, reference);
      children.computeIfAbsent(reference.parent(), none -> new ArrayList<>()).add(child);
      if (!reference.isToKey()) {
        childrenByValue.computeIfAbsent(reference.parent(), none -> new ArrayList<>()).add(child);
      }
    }
  }

  /**
   * References whose life follows from one value: one column, to the one key column of a tracked
   * table, which is itself no reference.
   */
  private Map<String, TrackedTable.Reference> references(
      TableSchema schema, Map<Row, TableSchema> schemas) {
    Map<String, TrackedTable.Reference> references = new HashMap<>();
    for (ForeignKey key : schema.foreignKeys()) {
      schemas.forEach(
          (parentRow, parent) -> {
            if (key.columns().size() == 1
                && refersToKey(key, parent)
                && !ForeignKeyReferences.isWrittenOut(key, parent)) {
              String column = nameAsDeclared(key.columns().get(0), schema);
              OnDelete onDelete = onDelete(key.onDelete());
              references.put(
                  column,
                  new TrackedTable.Reference(
                      column,
                      List.of(column),
                      parentRow.number(),
                      List.of(),
                      birth(parentRow, parent),
                      onDelete,
                      substitute(schema, column, onDelete),
                      false));
            }
          });
    }
    return references;
  }

  /** Adds those that are written out and the schemas of both tables can have. */
  private void addDeclared(
      Row row,
      TableSchema schema,
      Map<Row, TableSchema> schemas,
      Map<String, TrackedTable.Reference> references) {
    for (DeclaredReference one : fitting) {
      if (one.table().equals(row.name())) {
        schemas.forEach(
            (parentRow, parent) -> {
              if (one.parent().equals(parentRow.name())) {
                references.put(one.column(), reference(schema, one, parentRow, parent));
              }
            });
      }
    }
  }

  private TrackedTable.Reference reference(
      TableSchema schema, DeclaredReference one, Row parentRow, TableSchema parent) {
    return new TrackedTable.Reference(
        one.column(),
        one.columns(),
        parentRow.number(),
        referred(one, parent),
        one.isForeignKey() ? null : birth(parentRow, parent),
        one.onDelete(),
        one.isForeignKey()
            ? substitute(schema, one)
            : substitute(schema, one.column(), one.onDelete()),
        true);
  }

  /** The columns referred to, compared as the index does that makes them unique. */
  private static List<KeyColumn> referred(DeclaredReference one, TableSchema parent) {
    List<KeyColumn> columns = new ArrayList<>();
    for (String column : one.referred()) {
      for (UniqueIndex.Term term : DeclaredReference.uniqueIndex(parent, one.referred()).terms()) {
        if (term.column().equals(column)) {
          columns.add(new KeyColumn(column, KeyColumn.Collation.named(term.collation()), null));
        }
      }
    }
    return columns;
  }

  private static KeyColumn.Parent birth(Row row, TableSchema schema) {
    KeyColumn.Collation collation = KeyColumn.Collation.named(schema.keyCollations().get(0));
    return new KeyColumn.Parent(row.name(), collation);
  }

  /**
   * What the columns can show where it does not follow from a value which row a default means: NULL
   * in all of them, or nothing.
   */
  private Value substitute(TableSchema schema, DeclaredReference one) {
    boolean toNull =
        one.onDelete() == OnDelete.SET_NULL
            || one.columns().size() == 1 && one.onDelete() == OnDelete.SET_DEFAULT;
    for (String column : one.columns()) {
      toNull &= Value.NULL.equals(substitute(schema, column, one.onDelete()));
    }
    return toNull ? Value.NULL : null;
  }

  /** An action as SQLite or this file names it; NO ACTION is as RESTRICT. */
  static OnDelete onDelete(String text) {
    for (OnDelete action : OnDelete.values()) {
      if (action.toString().equalsIgnoreCase(text)) {
        return action;
      }
    }
    return OnDelete.RESTRICT;
  }

  /** What the column can show when the row that it refers to is away, null for nothing. */
  private Value substitute(TableSchema schema, String column, OnDelete onDelete) {
    ColumnSchema declared =
        schema.columns().stream().filter(one -> one.name().equals(column)).findFirst().get();
    boolean substitutes = onDelete == OnDelete.SET_NULL || onDelete == OnDelete.SET_DEFAULT;
    if (!substitutes || schema.keyColumns().contains(column)) {
      return null;
    }
    Value value = Value.NULL;
    boolean hasDefault = declared.defaultSql() != null && !declared.defaultIsExpression();
    if (onDelete == OnDelete.SET_DEFAULT && hasDefault) {
      try (SqliteRows rows = session.statement("SELECT " + declared.defaultSql()).query()) {
        rows.next();
        value = rows.value(0);
      }
    }
    return value.equals(Value.NULL) && declared.notNull() ? null : value;
  }

  static String nameAsDeclared(String column, TableSchema schema) {
    return schema.columnNames().stream()
        .filter(column::equalsIgnoreCase)
        .findFirst()
        .orElse(column);
  }

  private static boolean refersToKey(ForeignKey key, TableSchema parent) {
    if (!key.parentTable().equalsIgnoreCase(parent.name()) || parent.keyColumns().size() != 1) {
      return false;
    }
    return key.parentColumns().isEmpty()
        || key.parentColumns().get(0).equalsIgnoreCase(parent.keyColumns().get(0));
  }
}
