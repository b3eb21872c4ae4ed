package dev.godwit.tests.oracle;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.RowExtras;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.RowShape;
import dev.godwit.sync.change.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Transactions of a few devices, written one by one: each is later than the one before, and knows
 * what its device has learned.
 */
final class WrittenHistory {
  private static final int DEVICES = 4;

  private final List<TableModel> tables;
  private final List<Transaction> transactions = new ArrayList<>();
  private final VersionVector[] known = new VersionVector[DEVICES];
  private final Map<LifeId, RowChange> latest = new HashMap<>();
  private RowExtras extras = RowExtras.NONE;

  WrittenHistory(TableModel... tables) {
    this.tables = List.of(tables);
    Arrays.fill(known, VersionVector.empty());
  }

  Oracle oracle() {
    return new Oracle(tables, transactions);
  }

  List<String> rows(String table) {
    return oracle().rows(table);
  }

  /** All devices learn everything. */
  void meet() {
    VersionVector all = VersionVector.empty();
    for (VersionVector one : known) {
      all = all.join(one);
    }
    Arrays.fill(known, all);
  }

  /** One device learns what another one knows. */
  void learn(int device, int from) {
    known[device] = known[device].join(known[from]);
  }

  /** The next change has these extras. */
  WrittenHistory with(RowExtras next) {
    extras = next;
    return this;
  }

  /** Inserts a row of which these are the values in the order of the table's columns. */
  LifeId insert(int device, String table, Object... row) {
    TableModel model = model(table);
    List<Value> values = Arrays.stream(row).map(WrittenHistory::value).toList();
    RowKey key = new RowKey(values.subList(0, model.key().size()));
    RowShape shape = shape(model, model.values());
    Dot dot = nextDot(device);
    LifeId life = model.surrogate() ? LifeId.surrogate(dot, 0) : shape.birthLife(key, extras);
    RowExtras numbered = model.surrogate() ? extras.withBirthNumber(0) : extras;
    List<Value> rest = values.subList(model.key().size(), values.size());
    add(device, change(shape, RowChange.Kind.INSERT, life, key, rest, numbered));
    return life;
  }

  void update(int device, LifeId life, String column, Object value) {
    RowChange row = latest.get(life);
    TableModel model = model(row.shape().table());
    RowShape shape = shape(model, List.of(column));
    List<Value> values = List.of(value(value));
    add(device, change(shape, RowChange.Kind.UPDATE, life, row.key(), values, extras));
  }

  void move(int device, LifeId life, Object... newKey) {
    RowChange row = latest.get(life);
    RowShape shape = shape(model(row.shape().table()), List.of());
    RowKey key = new RowKey(Arrays.stream(newKey).map(WrittenHistory::value).toList());
    RowExtras moved = extras.withKeyBefore(row.key());
    add(device, change(shape, RowChange.Kind.UPDATE, life, key, List.of(), moved));
  }

  void delete(int device, LifeId life) {
    RowChange row = latest.get(life);
    RowShape shape = shape(model(row.shape().table()), List.of());
    add(device, change(shape, RowChange.Kind.DELETE, life, row.key(), List.of(), extras));
  }

  /** The dot of the last transaction. */
  Dot last() {
    return transactions.get(transactions.size() - 1).dot();
  }

  private RowChange change(
      RowShape shape,
      RowChange.Kind kind,
      LifeId life,
      RowKey key,
      List<Value> values,
      RowExtras with) {
    HybridTimestamp time = HybridTimestamp.of(1 + transactions.size(), 0);
    return new RowChange(shape, kind, life, key, time, values, List.of(), with);
  }

  private void add(int device, RowChange change) {
    Dot dot = nextDot(device);
    transactions.add(new Transaction(dot, known[device], List.of(change)));
    known[device] = known[device].with(dot);
    latest.put(change.life(), change);
    extras = RowExtras.NONE;
  }

  private Dot nextDot(int device) {
    byte[] id = new byte[ReplicaId.LENGTH_BYTES];
    id[0] = (byte) (device + 1);
    ReplicaId author = ReplicaId.of(id);
    return new Dot(author, known[device].sequence(author) + 1);
  }

  private TableModel model(String table) {
    return tables.stream().filter(one -> one.name().equals(table)).findFirst().orElseThrow();
  }

  private static RowShape shape(TableModel model, List<String> columns) {
    List<KeyColumn> key = new ArrayList<>();
    for (String column : model.key()) {
      Reference reference = model.references().get(column);
      KeyColumn.Collation collation =
          model.ignoresCase() ? KeyColumn.Collation.NOCASE : KeyColumn.Collation.BINARY;
      key.add(
          new KeyColumn(
              column,
              collation,
              reference == null
                  ? null
                  : new KeyColumn.Parent(reference.table(), KeyColumn.Collation.BINARY)));
    }
    return new RowShape(model.name(), key, columns);
  }

  private static Value value(Object object) {
    if (object == null) {
      return Value.NULL;
    }
    return object instanceof String text ? Value.of(text) : Value.of((int) object);
  }
}
