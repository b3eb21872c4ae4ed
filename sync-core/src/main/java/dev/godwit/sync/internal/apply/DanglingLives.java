package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.KeyPlace;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code godwit_dangling}: lives that must be looked at again when another life comes to be seen,
 * goes, or moves, although the table does not tell that they refer to it. By other columns than the
 * key it never does.
 */
final class DanglingLives {
  private final Session session;
  private final LifeRows rows;
  private final View view;
  private final HeldRows held;
  private Boolean any;

  DanglingLives(Session session, LifeRows rows, View view, HeldRows held) {
    this.session = session;
    this.rows = rows;
    this.view = view;
    this.held = held;
  }

  /** The lives of a table that hang on this one. */
  List<LifeId> of(LifeId parent, int table) {
    return lives(
        "SELECT life FROM godwit_dangling WHERE parent_life = ? AND table_number = ?",
        parent.bytes(),
        table);
  }

  /** The lives on which this row hangs, as it was kept last. */
  List<LifeId> parentsOf(RowState row) {
    return lives(
        "SELECT parent_life FROM godwit_dangling WHERE life = ? AND table_number = ?",
        row.life().bytes(),
        row.table());
  }

  private List<LifeId> lives(String sql, byte[] life, int table) {
    List<LifeId> lives = new ArrayList<>();
    if (!any()) {
      return lives;
    }
    try (SqliteRows found = session.statement(sql).bind(1, life).bind(2, table).query()) {
      while (found.next()) {
        lives.add(LifeId.of(found.bytes(0)));
      }
    }
    return lives;
  }

  private boolean any() {
    if (any == null) {
      try (SqliteRows rows = session.statement("SELECT 1 FROM godwit_dangling LIMIT 1").query()) {
        any = rows.next();
      }
    }
    return any;
  }

  /**
   * Remembers what this row refers to where the table does not tell. Returns whether there is such,
   * so that the state must be kept apart from the table.
   */
  boolean keep(TrackedTable table, RowState row) {
    if (row.isStored() && any()) {
      session
          .statement("DELETE FROM godwit_dangling WHERE life = ? AND table_number = ?")
          .bind(1, row.life().bytes())
          .bind(2, row.table())
          .update();
    }
    boolean untold = false;
    for (TrackedTable.Reference reference : table.references().values()) {
      untold |=
          table.keyReferences().contains(reference)
              ? keepKey(table, row, reference)
              : mayBeSeen(table, row) && keepValue(table, row, reference);
    }
    return untold;
  }

  private boolean keepValue(TrackedTable table, RowState row, TrackedTable.Reference reference) {
    ReferringValues values = rows.keys().referring(table, row, reference);
    if (!values.isTold()) {
      return false;
    }
    LifeId parent = values.meant();
    if (parent == null) {
      // The table would say that it refers to whoever has that key.
      return true;
    }
    if (!reference.isToKey()) {
      add(parent, row);
      return true;
    }
    RowState referred = rows.row(reference.parent(), parent);
    boolean plain = referred.isVisible() && isPresent(reference, referred);
    if (row.isVisible() && plain) {
      // Where the parent has another key than when it was referred to, the table no longer tells
      // what was written; that is shown again when the parent goes.
      return !values.key().equals(rows.keys().shownKey(reference, parent, values.key()));
    }
    add(parent, row);
    LifeId fallback = rows.keys().fallback(reference);
    if (fallback != null) {
      add(fallback, row);
    }
    return true;
  }

  private boolean mayBeSeen(TrackedTable table, RowState row) {
    return row.isVisible() || held.exists(table, row);
  }

  private boolean isPresent(TrackedTable.Reference reference, RowState parent) {
    return view.isPresent(rows.table(reference).name(), parent.state());
  }

  /** A row that does not show the key it wants follows the parents of that key, unseen. */
  private boolean keepKey(TrackedTable table, RowState row, TrackedTable.Reference reference) {
    if (row.state().keys().isEmpty()) {
      return false;
    }
    KeyVersion key = row.state().wantedKey();
    KeyVersion birth = row.state().birth();
    if (birth != null) {
      addParent(table, row, reference, birth);
      addParent(table, row, reference, key);
      return true;
    }
    if (key.key() == null) {
      return false;
    }
    LifeId parent = table.referred(reference, key.key(), key.extras());
    if (parent == null) {
      // The table would say that it refers to whoever has that key.
      return true;
    }
    RowState referred = rows.row(reference.parent(), parent);
    boolean shown = referred.isVisible() && isPresent(reference, referred);
    RowKey wanted = rows.keys().resolved(table, key.key(), key.extras());
    boolean seated = row.isVisible() && KeyPlace.same(table, row.shownKey(), wanted);
    if (!(shown && seated)) {
      add(parent, row);
    }
    RowKey written = table.tuple(reference, key.key());
    return !shown || !written.equals(table.tuple(reference, wanted));
  }

  private void addParent(
      TrackedTable table, RowState row, TrackedTable.Reference reference, KeyVersion key) {
    LifeId parent = key.key() == null ? null : table.referred(reference, key.key(), key.extras());
    if (parent != null) {
      add(parent, row);
    }
  }

  private void add(LifeId parent, RowState row) {
    any = true;
    session
        .statement(
            "INSERT OR IGNORE INTO godwit_dangling (parent_life, table_number, life) VALUES (?, ?, ?)")
        .bind(1, parent.bytes())
        .bind(2, row.table())
        .bind(3, row.life().bytes())
        .update();
  }
}
