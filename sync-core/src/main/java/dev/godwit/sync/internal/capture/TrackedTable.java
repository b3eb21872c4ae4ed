package dev.godwit.sync.internal.capture;

import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowExtras;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.RowShape;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.check.UniqueRule;
import dev.godwit.sync.internal.schema.TableSchema;
import dev.godwit.sync.policy.OnDelete;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A tracked table: how the file declares it, and how the space and Godwit's tables name it.
 *
 * <p>Immutable. Positions count {@link TableSchema#columns}; numbers are those of {@code
 * godwit_column}, stable when columns come and go.
 */
public final class TrackedTable {
  /** What a column that follows from another one adds to the id of a row: no value is empty. */
  private static final byte[] FOLLOWING = {};

  private final int number;
  private final String name;
  private final TableSchema schema;
  private final boolean surrogate;
  private final boolean system;
  private final Map<String, Integer> columnNumbers;
  private final List<KeyColumn> keyColumns;
  private final List<String> columnNames;
  private final Map<String, Reference> references;
  private final List<Reference> sortedReferences;
  private final Map<Reference, List<String>> valueColumns = new HashMap<>();
  private final Map<String, List<Reference>> referencesOf = new HashMap<>();
  private final Map<String, Set<String>> writtenTogether = new HashMap<>();
  private final List<Reference> keyReferences;
  private final boolean sharesColumns;
  private final RowShape rowShape;
  private final boolean conflictClauses;
  private final List<UniqueRule> uniqueRules;
  private final List<UniqueRule> unenforcedRules = new ArrayList<>();
  private final Map<String, String> holderSql = new HashMap<>();
  private final Set<String> lackingColumns = new TreeSet<>();

  /**
   * Columns that refer to another tracked table's row.
   *
   * @param column the column whose versions keep what all of them refer to: the only one, or one
   *     that is in no other foreign key
   * @param columns all of them, in the order of the columns that they refer to
   * @param parent the table referred to
   * @param referred the columns of it that are referred to, empty for its primary key
   * @param birth how a life of the parent follows from a value, null where that cannot be told from
   *     one value: its key has several columns, or is a reference itself, or is not referred to
   * @param onDelete what becomes of the row when the one that it refers to goes
   * @param substitute what the columns may show then that are in no other reference: NULL, or with
   *     SET DEFAULT the default; null where they can show nothing else
   * @param writtenOut whether it is always written out what they refer to, so that what was written
   *     by somebody who did not know of the reference can be told: that refers to nothing
   */
  public record Reference(
      String column,
      List<String> columns,
      int parent,
      List<KeyColumn> referred,
      KeyColumn.Parent birth,
      OnDelete onDelete,
      Value substitute,
      boolean writtenOut) {
    public Reference {
      columns = List.copyOf(columns);
      referred = List.copyOf(referred);
    }

    /**
     * Whether it is to the primary key of the other table. Else no key tells which row is meant, so
     * that states of both tables hold all their values themselves, and each row that refers is
     * looked up by the life that it refers to.
     */
    public boolean isToKey() {
      return referred.isEmpty();
    }

    /**
     * The life that a written value refers to, null for none.
     *
     * @param explicit what was written out besides, null for nothing
     * @param bare whether the value was nobody's key
     */
    public LifeId referred(Value written, LifeId explicit, boolean bare) {
      if (bare || written == null || written.equals(Value.NULL)) {
        return null;
      }
      return explicit != null || writtenOut ? explicit : birth.birthLife(written);
    }

    /** Whether this life follows from the value, so that it need not be written out. */
    public boolean follows(LifeId life, Value value) {
      return birth != null && life.equals(birth.birthLife(value));
    }

    /** What a row holds in the columns: a key of the table referred to, or its like. */
    public RowKey key(Function<String, Value> row) {
      List<Value> values = new ArrayList<>(columns.size());
      columns.forEach(column -> values.add(row.apply(column)));
      return new RowKey(values);
    }

    /** What a row of the table referred to holds in the columns referred to; not of a key. */
    public RowKey referredKey(Function<String, Value> row) {
      List<Value> values = new ArrayList<>(referred.size());
      referred.forEach(column -> values.add(row.apply(column.name())));
      return new RowKey(values);
    }

    /** Whether several columns refer together. */
    public boolean isOfSeveral() {
      return columns.size() > 1;
    }

    /** Whether the row referred to must stay while this one stands. */
    public boolean keepsParent() {
      return onDelete == OnDelete.RESTRICT;
    }
  }

  TrackedTable(
      int number,
      String name,
      TableSchema schema,
      boolean surrogate,
      boolean system,
      Map<String, Integer> columnNumbers,
      Map<String, Reference> references,
      List<UniqueRule> uniqueRules) {
    this.number = number;
    this.name = name;
    this.schema = schema;
    this.surrogate = surrogate;
    this.system = system;
    this.columnNumbers = Map.copyOf(columnNumbers);
    this.references = Map.copyOf(references);
    this.sortedReferences = List.copyOf(new TreeMap<>(references).values());
    for (Reference reference : sortedReferences) {
      List<String> outside = new ArrayList<>(reference.columns());
      outside.removeAll(schema.keyColumns());
      valueColumns.put(reference, List.copyOf(outside));
    }
    sortedReferences.forEach(this::addToColumns);
    this.sharesColumns =
        referencesOf.values().stream().anyMatch(several -> several.size() > 1)
            || sortedReferences.stream().anyMatch(this::isPartlyInKey);
    List<KeyColumn> keys = new ArrayList<>();
    for (int i = 0; i < schema.keyColumns().size(); i++) {
      Reference reference = references.get(schema.keyColumns().get(i));
      keys.add(
          new KeyColumn(
              schema.keyColumns().get(i),
              KeyColumn.Collation.named(schema.keyCollations().get(i)),
              reference == null ? null : reference.birth()));
    }
    this.keyColumns = List.copyOf(keys);
    List<Reference> ofKey = new ArrayList<>(sortedReferences);
    ofKey.removeIf(reference -> !schema.keyColumns().contains(reference.column()));
    this.keyReferences = List.copyOf(ofKey);
    this.columnNames = List.copyOf(schema.columnNames());
    this.conflictClauses = schema.sql().toUpperCase(Locale.ROOT).contains("ON CONFLICT");
    this.uniqueRules = List.copyOf(uniqueRules);
    compareRules();
    this.rowShape = new RowShape(name, keyColumns, schema.valueColumnNames());
  }

  private void addToColumns(Reference reference) {
    List<String> shown =
        schema.keyColumns().contains(reference.column())
            ? reference.columns()
            : valueColumns(reference);
    Set<String> together = new TreeSet<>(shown);
    for (String column : shown) {
      List<Reference> known = referencesOf.computeIfAbsent(column, none -> new ArrayList<>(1));
      known.add(column.equals(reference.column()) ? 0 : known.size(), reference);
      together.addAll(writtenTogether.getOrDefault(column, Set.of()));
    }
    if (together.size() > 1) {
      together.forEach(column -> writtenTogether.put(column, together));
    }
  }

  private void compareRules() {
    Set<String> enforced = uniqueRules.isEmpty() ? Set.of() : UniqueRule.meanings(schema);
    for (UniqueRule rule : uniqueRules) {
      if (!enforced.contains(rule.meaning())) {
        unenforcedRules.add(rule);
      }
      lackingColumns.addAll(rule.columns());
      holderSql.put(rule.name(), rule.holderSql(schema));
    }
    lackingColumns.removeAll(columnNames);
  }

  /** The local number, for Godwit's tables. */
  public int number() {
    return number;
  }

  /** The stable name in the space. */
  public String name() {
    return name;
  }

  /** The table as the file declares it. */
  public TableSchema schema() {
    return schema;
  }

  /** Whether the same new key on two devices means two rows. */
  public boolean isSurrogate() {
    return surrogate;
  }

  /** Whether it holds the space's policy and schema rather than the application's data. */
  public boolean isSystem() {
    return system;
  }

  /**
   * The number of a column in {@code godwit_column} and, as {@code c<number>}, in {@code
   * godwit_pending}.
   */
  public int columnNumber(String column) {
    return columnNumbers.get(column);
  }

  public Map<String, Integer> columnNumbers() {
    return columnNumbers;
  }

  /** Names of all ordinary columns by position. */
  public List<String> columnNames() {
    return columnNames;
  }

  /** Names of the ordinary columns that are not in the key. */
  public List<String> valueColumnNames() {
    return rowShape.columns();
  }

  public List<KeyColumn> keyColumns() {
    return keyColumns;
  }

  /** Whether some column of the key is a reference. */
  public boolean keyRefers() {
    return !keyReferences.isEmpty();
  }

  /** The references that columns of the key make, in the order of the columns that keep them. */
  public List<Reference> keyReferences() {
    return keyReferences;
  }

  /** The place in the key of the column that keeps a reference of the key. */
  public int keyPosition(Reference reference) {
    return schema.keyColumns().indexOf(reference.column());
  }

  /**
   * Whether a reference takes some of its columns from the key, and others not. Such a one is kept
   * by a column outside; its columns in the key show what the key says, whatever it refers to.
   */
  public boolean isPartlyInKey(Reference reference) {
    int outside = valueColumns.get(reference).size();
    return outside < reference.columns().size()
        && !schema.keyColumns().contains(reference.column());
  }

  /** The columns of a reference that are outside the key. */
  public List<String> valueColumns(Reference reference) {
    return valueColumns.get(reference);
  }

  /** What a key holds in the columns of a reference of the key, as a key of the other table. */
  public RowKey tuple(Reference reference, RowKey key) {
    return reference.key(column -> key.values().get(schema.keyColumns().indexOf(column)));
  }

  /**
   * The life that a reference of the key refers to, null for none.
   *
   * @param extras what the key's references refer to where it does not follow
   */
  public LifeId referred(Reference reference, RowKey key, RowExtras extras) {
    int position = keyPosition(reference);
    return reference.referred(
        key.values().get(position),
        extras.references().get(position),
        extras.bare().contains(position));
  }

  /**
   * The life of the row born under this key.
   *
   * @param extras what the key's references refer to
   */
  public LifeId birthLife(RowKey key, RowExtras extras) {
    return LifeId.natural(name, canonicalKey(key, extras));
  }

  /**
   * The canonical parts of a key, for {@link LifeId}: those of its shape, but for references whose
   * life is written out. Such a one enters as that life, in the place of the column that keeps it;
   * its other columns add nothing, since they follow: the row is the same one whatever key the row
   * that it refers to has at the moment.
   */
  public List<byte[]> canonicalKey(RowKey key, RowExtras extras) {
    List<byte[]> parts = rowShape.canonicalKey(key, extras);
    for (Reference reference : keyReferences) {
      int kept = keyPosition(reference);
      LifeId life = extras.references().get(kept);
      if (reference.writtenOut() && life != null) {
        for (String column : reference.columns()) {
          parts.set(schema.keyColumns().indexOf(column), FOLLOWING);
        }
        parts.set(kept, KeyColumn.canonical(life));
      }
    }
    return parts;
  }

  /**
   * What each column of a key says: of a reference the row that it means, whatever key that has at
   * the moment; of any other the value, as it is spelled.
   *
   * @param extras what the key's references refer to
   */
  public List<Object> meaning(RowKey key, RowExtras extras) {
    List<Object> meaning = new ArrayList<>(key.values());
    if (!keyReferences.isEmpty()) {
      List<byte[]> parts = canonicalKey(key, extras);
      for (Reference reference : keyReferences) {
        for (String column : reference.columns()) {
          int place = schema.keyColumns().indexOf(column);
          meaning.set(place, ByteBuffer.wrap(parts.get(place)));
        }
      }
    }
    return meaning;
  }

  /**
   * Whether a constraint may say {@code ON CONFLICT}: an insert that names no clause of its own
   * could then remove another row.
   */
  public boolean hasConflictClauses() {
    return conflictClauses;
  }

  /** The shape of a change that carries every column. */
  public RowShape rowShape() {
    return rowShape;
  }

  /** References by the column that keeps what they mean. */
  public Map<String, Reference> references() {
    return references;
  }

  /** All columns that show what a reference says. */
  public Set<String> referringColumns() {
    return referencesOf.keySet();
  }

  /**
   * The references that a column shows: the one that it keeps first, the others in the order of
   * {@link #sortedReferences}. A column of the key shows those that are in it as a whole.
   */
  public List<Reference> referencesOf(String column) {
    return referencesOf.getOrDefault(column, List.of());
  }

  /** Whether a column is part of one reference only. */
  public boolean isOfOneReference(String column) {
    return referencesOf(column).size() == 1;
  }

  /**
   * Whether some column is part of two references, or of one and of the key that it is not in as a
   * whole: the rows that they mean may have keys that the column cannot show both.
   */
  public boolean sharesColumns() {
    return sharesColumns;
  }

  /**
   * These columns, and all that a write to one of them writes too: those which refer together with
   * it, and with those.
   */
  public List<String> completed(List<String> columns) {
    if (writtenTogether.isEmpty()) {
      return columns;
    }
    Set<String> completed = new LinkedHashSet<>(columns);
    columns.forEach(column -> completed.addAll(writtenTogether.getOrDefault(column, Set.of())));
    return completed.size() == columns.size() ? columns : new ArrayList<>(completed);
  }

  /**
   * The unique constraints and indexes that are judged when states merge: those of the space, by
   * name.
   */
  public List<UniqueRule> uniqueRules() {
    return uniqueRules;
  }

  /** Those which no index of the file enforces: SQLite refuses no row for them. */
  public List<UniqueRule> unenforcedRules() {
    return unenforcedRules;
  }

  /** Whether SQLite refuses rows that break it. */
  public boolean isEnforced(String rule) {
    return unenforcedRules.stream().noneMatch(one -> one.name().equals(rule));
  }

  /** Columns that the rules mention and the file's table does not have. */
  public Set<String> lackingColumns() {
    return lackingColumns;
  }

  /** The query for the keys of rows that have a tuple of a rule; null where it cannot be asked. */
  public String holderSql(UniqueRule rule) {
    return holderSql.get(rule.name());
  }

  /** The one of this name, null for none. */
  public UniqueRule uniqueRule(String name) {
    for (UniqueRule rule : uniqueRules) {
      if (rule.name().equals(name)) {
        return rule;
      }
    }
    return null;
  }

  /** References in the order of their columns' names. */
  public Collection<Reference> sortedReferences() {
    return sortedReferences;
  }

  /** The names of columns by their numbers. */
  public Map<Integer, String> columnsByNumber() {
    Map<Integer, String> names = new HashMap<>();
    columnNumbers.forEach((column, columnNumber) -> names.put(columnNumber, column));
    return names;
  }
}
