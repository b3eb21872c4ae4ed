package dev.godwit.sync.internal.state;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowExtras;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.merge.LifeState;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.internal.schema.Sql;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteStatement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads and writes {@code godwit_row}.
 *
 * <pre>
 * simple life   replica, sequence, time = the base; units = what was written later; state = NULL
 *               the table shows it, and holds its values
 * any other     state = everything
 * key           the key under which the table shows the life; NULL while it does not, and for a simple life whose id
 *               follows from the key: whoever reads such a life came by its key
 * </pre>
 */
public final class RowStates {
  private static final int LIVES_A_QUERY = 64;
  private static final String COLUMNS =
      "SELECT life, replica, sequence, time, key, units, state FROM godwit_row";

  private final Session session;
  private final Catalog catalog;
  private final Replicas replicas;
  private final StateCodec codec;

  public RowStates(Session session, Catalog catalog, Replicas replicas) {
    this.session = session;
    this.catalog = catalog;
    this.replicas = replicas;
    this.codec = new StateCodec(catalog, replicas);
  }

  /** The states of these lives of one table; lives that the file does not know get an empty one. */
  public Map<LifeId, RowState> load(int table, Collection<LifeId> lives) {
    Map<LifeId, RowState> states = new HashMap<>();
    List<LifeId> wanted = new ArrayList<>(lives);
    for (int from = 0; from < wanted.size(); from += LIVES_A_QUERY) {
      loadSome(table, wanted.subList(from, Math.min(wanted.size(), from + LIVES_A_QUERY)), states);
    }
    for (LifeId life : wanted) {
      states.computeIfAbsent(
          life, unknown -> new RowState(table, unknown, LifeState.empty(), false));
    }
    return states;
  }

  /** The state of one life, or an empty one. */
  public RowState load(int table, LifeId life) {
    return load(table, List.of(life)).get(life);
  }

  private void loadSome(int table, List<LifeId> lives, Map<LifeId, RowState> states) {
    int places = lives.size() == 1 ? 1 : LIVES_A_QUERY;
    SqliteStatement query =
        session.statement(
            COLUMNS + " WHERE table_number = ? AND life IN (" + Sql.parameters(places) + ")");
    query.bind(1, table);
    for (int i = 0; i < places; i++) {
      query.bind(i + 2, lives.get(Math.min(i, lives.size() - 1)).bytes());
    }
    try (SqliteRows rows = query.query()) {
      while (rows.next()) {
        RowState state = read(table, rows);
        states.put(state.life(), state);
      }
    }
  }

  private RowState read(int table, SqliteRows rows) {
    LifeId life = LifeId.of(rows.bytes(0));
    RowKey key = rows.isNull(4) ? null : KeyCodec.decode(rows.bytes(4));
    RowState state;
    if (rows.isNull(6)) {
      Dot dot = new Dot(replicas.of(rows.integer(1)).id(), rows.integer(2));
      HybridTimestamp time = new HybridTimestamp(rows.integer(3));
      Version base = new Version(dot, time, false, null, null, false);
      Map<String, Version> overrides =
          rows.isNull(5) ? Map.of() : codec.units(table, rows.bytes(5));
      KeyVersion keyVersion = new KeyVersion(dot, time, false, null, RowExtras.NONE);
      state = new RowState(table, life, LifeState.simple(base, overrides, keyVersion), true);
      state.visible(true);
    } else {
      state = new RowState(table, life, LifeState.empty(), true);
      codec.state(rows.bytes(6), state);
    }
    state.shownKey(key);
    return state;
  }

  /**
   * The life whose stored key this is, or null: lives whose id follows from their key store none.
   */
  public LifeId storedAt(TrackedTable table, RowKey key) {
    try (SqliteRows rows =
        session
            .statement("SELECT life FROM godwit_row WHERE table_number = ? AND key = ?")
            .bind(1, table.number())
            .bind(2, KeyCodec.encode(key, table.keyColumns()))
            .query()) {
      return rows.next() ? LifeId.of(rows.bytes(0)) : null;
    }
  }

  /** The lives of a table whose states hold values of their own, in order. */
  public List<LifeId> livesWithState(int table) {
    List<LifeId> lives = new ArrayList<>();
    try (SqliteRows rows =
        session
            .statement(
                "SELECT life FROM godwit_row WHERE table_number = ? AND state IS NOT NULL ORDER BY life")
            .bind(1, table)
            .query()) {
      while (rows.next()) {
        lives.add(LifeId.of(rows.bytes(0)));
      }
    }
    return lives;
  }

  /** Whether any life of the table stores its key. */
  public boolean hasStoredKeys(int table) {
    return any(
        "SELECT 1 FROM godwit_row WHERE table_number = ? AND key IS NOT NULL LIMIT 1", table);
  }

  /** Whether any life of the table waits for a key that another one shows. */
  public boolean hasWaiting(int table) {
    return any("SELECT 1 FROM godwit_waiting WHERE table_number = ? LIMIT 1", table);
  }

  private boolean any(String sql, int table) {
    try (SqliteRows rows = session.statement(sql).bind(1, table).query()) {
      return rows.next();
    }
  }

  /**
   * Writes these states.
   *
   * @param derivable tells whether a life's id follows from the key that the table shows
   * @param asIs tells whether the table shows a row as it is
   */
  public void save(Collection<RowState> states, KeyDerivation derivable, Predicate<RowState> asIs) {
    SqliteStatement replace =
        session.statement(
            "INSERT OR REPLACE INTO godwit_row (table_number, life, replica, sequence, time, key, units, state)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    for (RowState row : states) {
      boolean simple =
          row.isVisible()
              && row.masked() == null
              && row.state().isSimple()
              && !row.isDangling()
              && !row.isElsewhere()
              && asIs.test(row)
              && isHeldByTable(row);
      KeyVersion key = row.state().keys().isEmpty() ? null : row.state().wantedKey();
      Dot dot = key == null ? row.state().existence().get(0).dot() : key.dot();
      HybridTimestamp time = key == null ? HybridTimestamp.ZERO : key.time();
      simple = simple && (row.state().base() == null || row.state().base().dot().equals(dot));
      replace
          .bind(1, row.table())
          .bind(2, row.life().bytes())
          .bind(3, replicas.of(dot.replica()).number())
          .bind(4, dot.sequence())
          .bind(5, time.packed())
          .bind(
              6,
              row.isVisible() && !(simple && derivable.follows(row))
                  ? Value.of(key(row))
                  : Value.NULL)
          .bind(7, simple ? Value.of(codec.units(row, dot)) : Value.NULL)
          .bind(8, simple ? Value.NULL : Value.of(codec.state(row)));
      replace.addToBatch();
    }
    replace.updateBatch();
  }

  /**
   * Writes the state of a life anew that is shown as before, and so has nothing else to be written;
   * unless it is no smaller than what is stored.
   *
   * @return the size of what is stored now, in bytes
   */
  public int shrink(RowState row, int storedBytes) {
    byte[] state = codec.state(row);
    if (state.length >= storedBytes) {
      return storedBytes;
    }
    session
        .statement("UPDATE godwit_row SET state = ? WHERE table_number = ? AND life = ?")
        .bind(1, state)
        .bind(2, row.table())
        .bind(3, row.life().bytes())
        .update();
    return state.length;
  }

  /** The size in bytes of the state of a life, as it is stored. */
  public int stateBytes(int table, LifeId life) {
    try (SqliteRows rows =
        session
            .statement("SELECT length(state) FROM godwit_row WHERE table_number = ? AND life = ?")
            .bind(1, table)
            .bind(2, life.bytes())
            .query()) {
      return rows.next() ? (int) rows.integer(0) : 0;
    }
  }

  /** Whether the table has all the columns that were written. */
  public boolean isHeldByTable(RowState row) {
    Set<String> columns = catalog.table(row.table()).columnNumbers().keySet();
    return row.state().isNewborn()
        ? row.state().hasOnly(columns)
        : columns.containsAll(row.state().units().keySet());
  }

  /** Whether the id of a life follows from the key that the table shows for it. */
  public interface KeyDerivation {
    boolean follows(RowState row);
  }

  private byte[] key(RowState row) {
    return KeyCodec.encode(row.shownKey(), catalog.table(row.table()).keyColumns());
  }
}
