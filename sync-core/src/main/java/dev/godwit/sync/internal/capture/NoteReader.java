package dev.godwit.sync.internal.capture;

import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.schema.ColumnSchema;
import dev.godwit.sync.internal.schema.Sql;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Reads the notes of one table, each with the row that its table has under the key now. */
public final class NoteReader implements AutoCloseable {
  private final TrackedTable table;
  private final List<ColumnSchema> columns;
  private final int[] keyPositions;
  private final int maskCount;
  private final int[] maskBits;
  private final Value[] key;
  private final SqliteRows rows;

  /**
   * Reads notes behind {@code after} up to {@code through}, in order.
   *
   * @param after an id of a note, 0 to begin with the first
   */
  public NoteReader(Session session, TrackedTable table, long after, long through) {
    this.table = table;
    this.columns = table.schema().columns();
    this.keyPositions = keyPositions(table);
    this.key = new Value[keyPositions.length];
    this.maskBits = new int[columns.size()];
    int highest = 0;
    for (int i = 0; i < columns.size(); i++) {
      maskBits[i] = table.columnNumber(columns.get(i).name());
      highest = Math.max(highest, maskBits[i]);
    }
    this.maskCount = highest / CaptureTriggers.MASK_BITS + 1;
    this.rows =
        session.statement(sql()).bind(1, table.number()).bind(2, after).bind(3, through).query();
  }

  /** The kinds of notes in a range, by table. */
  public static TreeMap<Integer, List<Integer>> kinds(Session session, long after, long through) {
    TreeMap<Integer, List<Integer>> kinds = new TreeMap<>();
    try (SqliteRows rows =
        session
            .statement(
                "SELECT DISTINCT table_number, kind FROM godwit_pending WHERE id > ? AND id <= ?")
            .bind(1, after)
            .bind(2, through)
            .query()) {
      while (rows.next()) {
        kinds
            .computeIfAbsent((int) rows.integer(0), none -> new ArrayList<>())
            .add((int) rows.integer(1));
      }
    }
    return kinds;
  }

  /** Whether no two notes of these kinds can be about one key. */
  public static boolean areOnePerKey(List<Integer> kinds) {
    return kinds.size() == 1
        && (kinds.get(0) == CaptureTriggers.INSERTED || kinds.get(0) == CaptureTriggers.DELETED);
  }

  /**
   * Whether rows change their keys, so that a key may mean one row before and another afterwards.
   */
  public static boolean tellOfMoves(List<Integer> kinds) {
    return kinds.contains(CaptureTriggers.LEFT) || kinds.contains(CaptureTriggers.ARRIVED);
  }

  /** What {@link #eachKey} hands every note to. */
  public interface KeyConsumer {
    void accept(int kind, RowKey key);
  }

  /**
   * Hands over kind and key of the notes in a range, in order, without the rows behind them. Those
   * whose key holds NULL are passed over.
   */
  public static void eachKey(
      Session session, TrackedTable table, long after, long through, KeyConsumer consumer) {
    List<String> key = table.schema().keyColumns();
    StringBuilder sql = new StringBuilder("SELECT kind");
    key.forEach(column -> sql.append(", c").append(table.columnNumber(column)));
    sql.append(" FROM godwit_pending WHERE table_number = ? AND id > ? AND id <= ? ORDER BY id");
    try (SqliteRows rows =
        session
            .statement(sql.toString())
            .bind(1, table.number())
            .bind(2, after)
            .bind(3, through)
            .query()) {
      while (rows.next()) {
        List<Value> values = new ArrayList<>(key.size());
        for (int i = 0; i < key.size(); i++) {
          values.add(rows.value(i + 1));
        }
        if (!values.contains(Value.NULL)) {
          consumer.accept((int) rows.integer(0), new RowKey(values));
        }
      }
    }
  }

  /**
   * Moves on; false behind the last note. Notes whose key holds NULL are passed over: such rows are
   * not synced.
   */
  public boolean next() {
    while (rows.next()) {
      if (!hasNullKey()) {
        return true;
      }
    }
    return false;
  }

  private boolean hasNullKey() {
    for (int i = 0; i < key.length; i++) {
      key[i] = rows.value(noteColumn(keyPositions[i]));
      if (key[i].equals(Value.NULL)) {
        return true;
      }
    }
    return false;
  }

  public Note note() {
    int kind = (int) rows.integer(1);
    return new Note(rows.integer(0), kind, rows.integer(2), RowKey.of(key), before(kind));
  }

  private Value[] before(int kind) {
    Value[] before = new Value[columns.size()];
    if (kind == CaptureTriggers.INSERTED || kind == CaptureTriggers.ARRIVED) {
      return before;
    }
    long[] masks = new long[maskCount];
    for (int i = 0; i < maskCount && kind == CaptureTriggers.UPDATED; i++) {
      masks[i] = rows.integer(3 + i);
    }
    for (int i = 0; i < before.length; i++) {
      long mask = masks[maskBits[i] / CaptureTriggers.MASK_BITS];
      boolean told =
          kind != CaptureTriggers.UPDATED
              || isKey(i)
              || (mask >> maskBits[i] % CaptureTriggers.MASK_BITS & 1) != 0;
      before[i] = told ? rows.value(noteColumn(i)) : null;
    }
    return before;
  }

  private boolean isKey(int position) {
    for (int key : keyPositions) {
      if (key == position) {
        return true;
      }
    }
    return false;
  }

  /** The row that the table has under the note's key now, by column position; null for none. */
  public Value[] tableRow() {
    Value[] row = new Value[columns.size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = rows.value(tableColumn(i));
    }
    return row[keyPositions[0]].equals(Value.NULL) ? null : row;
  }

  @Override
  public void close() {
    rows.close();
  }

  private int noteColumn(int position) {
    return 3 + maskCount + position;
  }

  private int tableColumn(int position) {
    return 3 + maskCount + columns.size() + position;
  }

  private String sql() {
    StringBuilder sql = new StringBuilder("SELECT p.id, p.kind, p.time");
    for (int i = 0; i < maskCount; i++) {
      sql.append(", p.m").append(i);
    }
    columns.forEach(column -> sql.append(", p.c").append(table.columnNumber(column.name())));
    columns.forEach(column -> sql.append(", t.").append(Sql.name(column.name())));
    sql.append(" FROM godwit_pending p LEFT JOIN ")
        .append(Sql.name(table.schema().name()))
        .append(" t ON ");
    List<String> matches = new ArrayList<>();
    for (String key : table.schema().keyColumns()) {
      matches.add("t." + Sql.name(key) + " = p.c" + table.columnNumber(key));
    }
    return sql.append(String.join(" AND ", matches))
        .append(" WHERE p.table_number = ? AND p.id > ? AND p.id <= ? ORDER BY p.id")
        .toString();
  }

  private static int[] keyPositions(TrackedTable table) {
    List<String> names = table.schema().columnNames();
    int[] positions = new int[table.schema().keyColumns().size()];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = names.indexOf(table.schema().keyColumns().get(i));
    }
    return positions;
  }
}
