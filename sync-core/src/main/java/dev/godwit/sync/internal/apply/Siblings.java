package dev.godwit.sync.internal.apply;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.KeyCodec;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteStatement;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code godwit_sibling}: what conflicts at the moment, in plain columns. Kept with the states of
 * rows, and at the end of a transaction with what is held back; where nothing conflicts, nothing is
 * read or written.
 */
final class Siblings {
  private final Session session;
  private final Catalog catalog;
  private final LifeRows rows;
  private final View view;
  private final HeldRows held;
  private final RowConflicts conflicts;
  private final SaidWrites said;
  private final WaitingLives waiting;
  private final Set<String> appeared = new LinkedHashSet<>();
  private final Set<String> stood = new LinkedHashSet<>();
  private Boolean any;
  private final Set<LifeId> touched = new LinkedHashSet<>();

  Siblings(
      Session session,
      Catalog catalog,
      LifeRows rows,
      View view,
      HeldRows held,
      RowConflicts conflicts,
      SaidWrites said) {
    this.session = session;
    this.catalog = catalog;
    this.rows = rows;
    this.view = view;
    this.held = held;
    this.conflicts = conflicts;
    this.said = said;
    this.waiting = new WaitingLives(session, rows);
  }

  /** Lists what conflicts in these rows, which are about to be saved. */
  void keep(Iterable<RowState> saved) {
    Set<TrackedTable> trees = new LinkedHashSet<>();
    for (RowState row : saved) {
      TrackedTable table = catalog.table(row.table());
      if (table == null || table.isSystem()) {
        continue;
      }
      if (!view.trees(table.name()).isEmpty() && row.isStored()) {
        trees.add(table);
      }
      boolean waits = rows.hasWaiting(table);
      boolean likely = RowConflicts.areLikely(row);
      if (!waits && !likely && !isAnyListed()) {
        continue;
      }
      if (isAnyListed()) {
        remove(row);
      }
      if (likely) {
        keepWithin(table, row);
      }
      if (waits || isAnyListed()) {
        keepCollisions(table, row, waits);
      }
    }
    trees.forEach(this::removeCycles);
  }

  /**
   * What is listed of moves names keys of rows that may have others now, or none: it is listed
   * anew.
   */
  private void removeCycles(TrackedTable table) {
    if (isAnyListed()) {
      removeAll(
          session
              .statement(
                  "SELECT DISTINCT conflict FROM godwit_sibling WHERE table_number = ? AND kind = 'cycle'")
              .bind(1, table.number()));
    }
  }

  private boolean isAnyListed() {
    if (any == null) {
      try (SqliteRows found = session.statement("SELECT 1 FROM godwit_sibling LIMIT 1").query()) {
        any = found.next();
      }
    }
    return any;
  }

  /** Removes what is listed of the row itself, and of rows that it keeps out of their tables. */
  private void remove(RowState row) {
    boolean any =
        removeAll(
            session
                .statement(
                    "SELECT conflict FROM godwit_sibling WHERE table_number = ?1 AND life = ?2"
                        + " AND kind <> 'key collision' UNION SELECT conflict FROM godwit_sibling"
                        + " WHERE sibling_table = ?1 AND sibling_life = ?2 AND held IS NOT NULL")
                .bind(1, row.table())
                .bind(2, row.life().bytes()));
    if (any) {
      touched.add(row.life());
    }
  }

  /** Removes the conflicts that a query names; whether there were any. */
  private boolean removeAll(SqliteStatement query) {
    List<String> names = new ArrayList<>();
    try (SqliteRows found = query.query()) {
      while (found.next()) {
        names.add(found.text(0));
      }
    }
    names.forEach(this::remove);
    return !names.isEmpty();
  }

  private void remove(String name) {
    session.statement("DELETE FROM godwit_sibling WHERE conflict = ?").bind(1, name).update();
    if (!appeared.contains(name)) {
      stood.add(name);
    }
  }

  private void keepWithin(TrackedTable table, RowState row) {
    for (StandingConflict conflict : conflicts.of(table, row)) {
      insert(table, row.life(), conflict);
    }
  }

  private void insert(TrackedTable table, LifeId life, StandingConflict conflict) {
    any = true;
    touched.add(life);
    String name =
        ConflictName.of(table.name(), life, conflict.unit(), conflict.kind(), conflict.dots());
    if (!stood.contains(name)) {
      appeared.add(name);
    }
    SqliteStatement insert =
        session.statement(
            "INSERT OR REPLACE INTO godwit_sibling (conflict, number, table_number, life, unit, kind, sibling_table,"
                + " sibling_life, replica, sequence, time, action, shown, key, value, state, how, by_replica, about,"
                + " side_key, held) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    int number = 0;
    for (StandingConflict.Sibling sibling : conflict.siblings()) {
      number++;
      Dot dot = sibling.dot();
      insert.bind(1, name).bind(2, number).bind(3, table.number()).bind(4, life.bytes());
      insert.bind(5, conflict.unit()).bind(6, conflict.kind()).bind(7, sibling.table());
      insert.bind(8, sibling.life().bytes()).bind(9, dot.replica().bytes());
      insert.bind(10, dot.sequence()).bind(11, sibling.time().packed());
      insert.bind(12, sibling.action()).bind(13, sibling.shown() ? 1 : 0);
      insert.bind(14, Value.of(conflict.key()));
      insert.bind(15, sibling.value() == null ? Value.NULL : sibling.value());
      insert.bind(16, conflict.open() ? "open" : "resolved").bind(17, Value.of(conflict.how()));
      insert.bind(18, Value.of(conflict.by() == null ? null : conflict.by().bytes()));
      insert.bind(19, Value.of(conflict.about()));
      insert.bind(20, Value.of(sibling.key() == null ? conflict.key() : sibling.key()));
      insert.bind(21, Value.of(conflict.held())).update();
      SaidWrites.want(session, sibling.life(), conflict.unit(), dot);
    }
  }

  /** Lists anew who wants the keys that the row wants, shows, or wanted before. */
  private void keepCollisions(TrackedTable table, RowState row, boolean waits) {
    Set<ByteBuffer> places = new LinkedHashSet<>();
    try (SqliteRows found =
        session
            .statement(
                "SELECT about FROM godwit_sibling WHERE sibling_table = ? AND sibling_life = ?"
                    + " AND kind = 'key collision'")
            .bind(1, table.number())
            .bind(2, row.life().bytes())
            .query()) {
      while (found.next()) {
        places.add(ByteBuffer.wrap(found.bytes(0)));
      }
    }
    if (waits && !row.state().keys().isEmpty()) {
      RowKey wanted = rows.keys().wantedKey(table, row);
      if (wanted != null) {
        places.add(ByteBuffer.wrap(KeyCodec.encode(wanted, table.keyColumns())));
      }
      if (row.isVisible() && row.shownKey() != null) {
        places.add(ByteBuffer.wrap(KeyCodec.encode(row.shownKey(), table.keyColumns())));
      }
    }
    places.forEach(place -> keepCollision(table, place.array()));
  }

  private void keepCollision(TrackedTable table, byte[] place) {
    removeAll(
        session
            .statement(
                "SELECT DISTINCT conflict FROM godwit_sibling WHERE table_number = ? AND about = ?"
                    + " AND kind = 'key collision'")
            .bind(1, table.number())
            .bind(2, place));
    RowKey key = KeyCodec.decode(place);
    List<RowState> wanting = wanting(table, key, place);
    if (wanting.size() > 1) {
      LifeId holder = held.ranked(wanting).get(0).life();
      List<StandingConflict.Sibling> siblings = new ArrayList<>();
      LifeId first = wanting.get(0).life();
      for (RowState row : wanting) {
        boolean holds = row.life().equals(holder);
        siblings.add(contender(row, holds ? key : rows.keys().shownToOthers(row), holds));
        first = row.life().compareTo(first) < 0 ? row.life() : first;
      }
      String how = table.isSurrogate() ? "renumbered" : "first-claim";
      String unit = table.schema().keyColumns().get(0);
      insert(
          table,
          first,
          new StandingConflict(
              unit,
              StandingConflict.KEY_COLLISION,
              SaidWrites.readable(key),
              false,
              how,
              null,
              place,
              siblings));
    }
  }

  /** The rows that stand and want this key; who of them has it may be out of the table. */
  private List<RowState> wanting(TrackedTable table, RowKey key, byte[] place) {
    Set<LifeId> lives = new LinkedHashSet<>(waiting.at(table, key));
    LifeId shown = rows.shownAt(table, key);
    if (shown != null) {
      lives.add(shown);
    }
    List<RowState> wanting = new ArrayList<>();
    for (LifeId life : lives) {
      RowState row = rows.row(table.number(), life);
      if (wants(table, row, place)) {
        wanting.add(row);
      }
    }
    return wanting;
  }

  /** Whether a life wants this key, and not only as the next best. */
  private boolean wants(TrackedTable table, RowState row, byte[] place) {
    if (row.state().keys().isEmpty() || !held.stands(table, row)) {
      return false;
    }
    RowKey wanted = rows.keys().wantedKey(table, row);
    return wanted == null || Arrays.equals(KeyCodec.encode(wanted, table.keyColumns()), place);
  }

  private static StandingConflict.Sibling contender(RowState row, RowKey shown, boolean holds) {
    KeyVersion key = row.state().wantedKey();
    Value value = shown == null ? null : readable(shown);
    return new StandingConflict.Sibling(
        row.table(), row.life(), key.dot(), key.time(), "row", value, holds);
  }

  private static Value readable(RowKey key) {
    return key.values().size() == 1 ? key.values().get(0) : Value.of(SaidWrites.readable(key));
  }

  /** Lists what is held back, and asks the log about everything listed. */
  void finish() {
    new HeldConflicts(session, catalog, rows, view, this::insert, this::remove).keep();
    said.tell();
    said.forgetUnused(touched);
    touched.clear();
  }

  /** The names of conflicts that were listed since the beginning and were not before. */
  Set<String> appeared() {
    return appeared;
  }

  /** Forgets what is known of the file, after a transaction was rolled back. */
  void forget() {
    any = null;
    touched.clear();
    appeared.clear();
    stood.clear();
  }
}
