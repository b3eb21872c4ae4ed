package dev.godwit.sync.internal.apply;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.check.UniqueRule;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code godwit_held}: the rows that the table shows otherwise than they are, and why. Read when
 * they are asked for, held until {@link #save}.
 */
public final class HeldRows {
  private final Session session;
  private final View view;
  private final Map<RowState, List<Hold>> known = new HashMap<>();
  private final Map<RowState, List<Hold>> changed = new HashMap<>();
  private final Map<Integer, Boolean> any = new HashMap<>();

  public HeldRows(Session session, View view) {
    this.session = session;
    this.view = view;
  }

  /** Whether any row of a table is held. */
  boolean any(int table) {
    return any.computeIfAbsent(
        table,
        none -> {
          String sql =
              "SELECT 1 FROM godwit_held WHERE table_number = ? AND kind <> 'check' LIMIT 1";
          try (SqliteRows rows = session.statement(sql).bind(1, table).query()) {
            return rows.next();
          }
        });
  }

  /** What holds a row, in the order of units. */
  public List<Hold> of(RowState row) {
    boolean plain = !row.isStored() || row.state().base() != null;
    if (changed.containsKey(row)) {
      return changed.get(row);
    }
    return plain || !any(row.table()) ? List.of() : known.computeIfAbsent(row, this::read);
  }

  private List<Hold> read(RowState row) {
    List<Hold> holds = new ArrayList<>();
    try (SqliteRows rows =
        session
            .statement(
                "SELECT unit, kind, blocker_table, blocker_life FROM godwit_held"
                    + " WHERE table_number = ? AND life = ? AND kind <> 'check'")
            .bind(1, row.table())
            .bind(2, row.life().bytes())
            .query()) {
      while (rows.next()) {
        LifeId blocker = LifeId.of(rows.bytes(3));
        holds.add(
            new Hold(Hold.Kind.of(rows.text(1)), rows.text(0), (int) rows.integer(2), blocker));
      }
    }
    Collections.sort(holds);
    return holds;
  }

  public boolean has(RowState row, Hold.Kind kind) {
    for (Hold hold : of(row)) {
      if (hold.kind() == kind) {
        return true;
      }
    }
    return false;
  }

  /** Whether a reference of a row shows something else than the row that it refers to. */
  public boolean substitutes(RowState row, String column) {
    for (Hold hold : of(row)) {
      if (hold.kind() == Hold.Kind.SUBSTITUTED && hold.unit().equals(column)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a column of a row shows NULL, since another row has the unique value. */
  public boolean nulls(TrackedTable table, RowState row, String column) {
    if (view.nullsWhereTaken(table.name()).isEmpty()) {
      return false;
    }
    for (Hold hold : of(row)) {
      UniqueRule rule = hold.kind() == Hold.Kind.NULLED ? table.uniqueRule(hold.unit()) : null;
      if (rule != null && column.equals(view.yielding(table.name(), rule))) {
        return true;
      }
    }
    return false;
  }

  /** What a column shows instead of a row that is away (see {@link #substitutes}). */
  public static Value substitute(RowState row, TrackedTable.Reference reference) {
    // Where a row was before is no place to insist on: the root is one, too.
    return row.state().undone(reference.column()) == null ? reference.substitute() : Value.NULL;
  }

  /** The rows of a table whose moves are not shown. */
  List<LifeId> undone(int table) {
    List<LifeId> lives = new ArrayList<>();
    if (any(table)) {
      try (SqliteRows rows =
          session
              .statement(
                  "SELECT DISTINCT life FROM godwit_held WHERE table_number = ?"
                      + " AND kind IN ('returned', 'rooted')")
              .bind(1, table)
              .query()) {
        while (rows.next()) {
          lives.add(LifeId.of(rows.bytes(0)));
        }
      }
    }
    return lives;
  }

  /** Whether something else holds a row than before this flush. */
  boolean isChanged(RowState row) {
    return changed.containsKey(row);
  }

  /** Says what holds a row from now on. */
  void hold(RowState row, List<Hold> holds) {
    if (!holds.equals(of(row))) {
      changed.put(row, holds);
    }
  }

  /**
   * Whether a row stands after the passes over existence, pins and references: present or pinned,
   * and not hidden.
   */
  public boolean stands(TrackedTable table, RowState row) {
    if (has(row, Hold.Kind.HIDDEN)) {
      return false;
    }
    return exists(table, row);
  }

  /** Whether a row is present or pinned, hidden or not. */
  boolean exists(TrackedTable table, RowState row) {
    return view.isPresent(table.name(), row.state()) || has(row, Hold.Kind.PINNED);
  }

  /** Whether a row stands and is out of the table all the same, for a row that stands as well. */
  public boolean isOut(TrackedTable table, RowState row) {
    return has(row, Hold.Kind.BELOW) || isParked(table, row);
  }

  /** Whether a row is out since another one has its key or value, or for a CHECK of its table. */
  boolean isParked(TrackedTable table, RowState row) {
    return has(row, Hold.Kind.PARKED) || failsCheck(table, row);
  }

  /** Whether a row is out for a rule of its table that none of its versions keeps. */
  boolean failsCheck(TrackedTable table, RowState row) {
    return view.checked(table.name(), row.state()).parked();
  }

  /** Rows that stand and want the same key, in the order in which they get it. */
  List<RowState> ranked(Collection<RowState> wanting) {
    Set<Dot> claimed = new HashSet<>();
    wanting.forEach(row -> claimed.addAll(row.state().wantedKey().extras().claims()));
    Comparator<RowState> order =
        Comparator.<RowState, Boolean>comparing(
                row -> claimed.contains(row.state().wantedKey().dot()))
            .thenComparing(row -> row.state().isRevived() || has(row, Hold.Kind.PINNED))
            .thenComparing(row -> row.state().wantedKey().time())
            .thenComparing(row -> row.state().wantedKey().dot())
            .thenComparing(RowState::life);
    List<RowState> ranked = new ArrayList<>(wanting);
    ranked.sort(order);
    return ranked;
  }

  /** Writes what has changed, and forgets everything. */
  void save() {
    changed.forEach(
        (row, holds) -> {
          session
              .statement(
                  "DELETE FROM godwit_held WHERE table_number = ? AND life = ? AND kind <> 'check'")
              .bind(1, row.table())
              .bind(2, row.life().bytes())
              .update();
          holds.forEach(hold -> insert(row, hold));
          if (!holds.isEmpty()) {
            any.put(row.table(), true);
          }
        });
    changed.clear();
    known.clear();
  }

  private void insert(RowState row, Hold hold) {
    session
        .statement(
            "INSERT OR REPLACE INTO godwit_held (table_number, life, unit, kind, blocker_table, blocker_life)"
                + " VALUES (?, ?, ?, ?, ?, ?)")
        .bind(1, row.table())
        .bind(2, row.life().bytes())
        .bind(3, hold.unit())
        .bind(4, hold.kind().toString())
        .bind(5, hold.blockerTable())
        .bind(6, hold.blocker().bytes())
        .update();
  }
}
