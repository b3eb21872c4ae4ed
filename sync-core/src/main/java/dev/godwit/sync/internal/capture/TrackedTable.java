package dev.godwit.sync.internal.capture;

import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowShape;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.check.UniqueRule;
import dev.godwit.sync.internal.schema.TableSchema;
import dev.godwit.sync.policy.OnDelete;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A tracked table: how the file declares it, and how the space and Godwit's tables name it.
 *
 * <p>Immutable. Positions count {@link TableSchema#columns}; numbers are those of {@code
 * godwit_column}, stable when columns come and go.
 */
public final class TrackedTable {
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
  private final RowShape rowShape;
  private final boolean conflictClauses;
  private final List<UniqueRule> uniqueRules;
  private final List<UniqueRule> unenforcedRules = new ArrayList<>();
  private final Map<String, String> holderSql = new HashMap<>();
  private final Set<String> lackingColumns = new TreeSet<>();

  /**
   * A column that refers to another tracked table's row.
   *
   * @param column the referring column
   * @param parent the table referred to
   * @param birth how a life of the parent follows from a value
   * @param onDelete what becomes of the row when the one that it refers to goes
   * @param substitute what the column may show then: NULL, or with SET DEFAULT its default; null
   *     where it can show nothing else
   * @param declared whether the space policy says so rather than a FOREIGN KEY. What such a column
   *     refers to is always written out, so that what was written by somebody who had not heard of
   *     it can be told: that refers to nothing
   */
  public record Reference(
      String column,
      int parent,
      KeyColumn.Parent birth,
      OnDelete onDelete,
      Value substitute,
      boolean declared) {
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
      return explicit != null || declared ? explicit : birth.birthLife(written);
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
    this.columnNames = List.copyOf(schema.columnNames());
    this.conflictClauses = schema.sql().toUpperCase(Locale.ROOT).contains("ON CONFLICT");
    this.uniqueRules = List.copyOf(uniqueRules);
    compareRules();
    this.rowShape = new RowShape(name, keyColumns, schema.valueColumnNames());
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
    return keyColumns.stream().anyMatch(column -> column.parent() != null);
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

  /** Reference columns by name. */
  public Map<String, Reference> references() {
    return references;
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
