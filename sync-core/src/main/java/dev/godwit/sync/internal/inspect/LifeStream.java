package dev.godwit.sync.internal.inspect;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.engine.Workspace;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.RowStates;
import dev.godwit.sync.sqlite.SqliteException;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteStatement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every life that the log, the state or a table knows, in the order of table names and life ids:
 * the three read side by side, each once. Memory: some dozens of lives, and all changes of one.
 */
final class LifeStream implements AutoCloseable {
  private static final int STATES_A_READ = 64;

  private final Workspace workspace;
  private final TableRanks ranks;
  private final LogReplay replay;
  private final Cursor changes;
  private final Cursor shown;
  private final StateCursor states;

  /**
   * Begins to read.
   *
   * @param replay the log, replayed; null when it could not be
   */
  LifeStream(Workspace workspace, TableRanks ranks, LogReplay replay) {
    this.workspace = workspace;
    this.ranks = ranks;
    this.replay = replay;
    this.changes =
        replay == null
            ? null
            : new Cursor(
                workspace,
                "SELECT rank, life, transaction_number, change FROM temp.godwit_check_change"
                    + " ORDER BY rank, life, ordinal");
    this.shown =
        new Cursor(
            workspace,
            "SELECT rank, life, key FROM temp.godwit_check_shown ORDER BY rank, life, key");
    this.states = new StateCursor();
  }

  /** A query whose first two columns are rank and life, in their order. */
  private static final class Cursor implements AutoCloseable {
    private final SqliteStatement statement;
    private final SqliteRows rows;
    private int rank;
    private LifeId life;

    Cursor(Workspace workspace, String sql) {
      statement = workspace.session().connection().prepare(sql);
      rows = statement.query();
      advance();
    }

    void advance() {
      life = null;
      if (rows.next()) {
        rank = (int) rows.integer(0);
        life = LifeId.of(rows.bytes(1));
      }
    }

    boolean isAt(int otherRank, LifeId other) {
      return life != null && rank == otherRank && life.equals(other);
    }

    @Override
    public void close() {
      rows.close();
      statement.close();
    }
  }

  /** The lives that the file stores, table after table. */
  private final class StateCursor implements AutoCloseable {
    private final RowStates store =
        new RowStates(workspace.session(), workspace.catalog(), workspace.replicas());
    private final List<LifeId> ahead = new ArrayList<>();
    private final Map<LifeId, RowState> loaded = new HashMap<>();
    private final Map<LifeId, String> unreadable = new HashMap<>();
    private SqliteStatement statement;
    private SqliteRows rows;
    private int next;
    private int rank = -1;
    private LifeId life;

    StateCursor() {
      advance();
    }

    void advance() {
      next++;
      while (next >= ahead.size() && (rows != null || rank + 1 < ranks.count())) {
        if (rows == null) {
          rank++;
          open(ranks.table(rank));
        }
        fill();
      }
      life = next < ahead.size() ? ahead.get(next) : null;
    }

    private void open(TrackedTable table) {
      statement =
          workspace
              .session()
              .connection()
              .prepare("SELECT life FROM godwit_row WHERE table_number = ? ORDER BY life");
      rows = statement.bind(1, table.number()).query();
    }

    private void fill() {
      ahead.clear();
      loaded.clear();
      unreadable.clear();
      next = 0;
      while (ahead.size() < STATES_A_READ && rows.next()) {
        ahead.add(LifeId.of(rows.bytes(0)));
      }
      if (ahead.size() < STATES_A_READ) {
        close();
      }
      load(ranks.table(rank).number());
    }

    private void load(int table) {
      try {
        loaded.putAll(store.load(table, ahead));
      } catch (SqliteException e) {
        throw e;
      } catch (RuntimeException e) {
        // One of them is damaged: which one shows when they are read one by one.
        for (LifeId one : ahead) {
          loadAlone(table, one);
        }
      }
    }

    private void loadAlone(int table, LifeId one) {
      try {
        loaded.put(one, store.load(table, one));
      } catch (SqliteException e) {
        throw e;
      } catch (RuntimeException e) {
        unreadable.put(one, String.valueOf(e.getMessage()));
      }
    }

    boolean isAt(int otherRank, LifeId other) {
      return life != null && rank == otherRank && life.equals(other);
    }

    @Override
    public void close() {
      if (rows != null) {
        rows.close();
        statement.close();
        rows = null;
      }
    }
  }

  /** The next life, or null after the last. */
  CheckedLife next() {
    int rank = Integer.MAX_VALUE;
    LifeId life = null;
    for (int source = 0; source < 3; source++) {
      LifeId candidate = life(source);
      int candidateRank = candidate == null ? Integer.MAX_VALUE : rank(source);
      boolean earlier =
          candidateRank < rank
              || candidate != null && candidateRank == rank && candidate.compareTo(life) < 0;
      if (earlier) {
        rank = candidateRank;
        life = candidate;
      }
    }
    return life == null ? null : at(rank, life);
  }

  private LifeId life(int source) {
    if (source == 0) {
      return changes == null ? null : changes.life;
    }
    return source == 1 ? shown.life : states.life;
  }

  private int rank(int source) {
    if (source == 0) {
      return changes.rank;
    }
    return source == 1 ? shown.rank : states.rank;
  }

  private CheckedLife at(int rank, LifeId life) {
    ReplayedLife replayed = changes == null ? null : replayed(rank, life);
    RowState stored = null;
    String unreadable = null;
    if (states.isAt(rank, life)) {
      stored = states.loaded.get(life);
      unreadable = states.unreadable.get(life);
      states.advance();
    }
    List<byte[]> keys = new ArrayList<>(1);
    while (shown.isAt(rank, life)) {
      keys.add(shown.rows.bytes(2));
      shown.advance();
    }
    boolean known = replayed != null && !replayed.state().isEmpty();
    return new CheckedLife(
        rank,
        ranks.table(rank),
        life,
        known ? replayed.state() : null,
        replayed == null ? null : replayed.settled(),
        stored,
        unreadable,
        keys);
  }

  private ReplayedLife replayed(int rank, LifeId life) {
    ReplayedLife replayed = new ReplayedLife();
    while (changes.isAt(rank, life)) {
      RowChange change = replay.codec().decode(life, changes.rows.bytes(3));
      replayed.join(change, replay.origin(changes.rows.integer(2)));
      changes.advance();
    }
    return replayed;
  }

  @Override
  public void close() {
    if (changes != null) {
      changes.close();
    }
    shown.close();
    states.close();
  }
}
