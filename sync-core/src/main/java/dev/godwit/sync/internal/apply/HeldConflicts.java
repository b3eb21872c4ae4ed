package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Lists as conflicts what {@code godwit_held} holds back: rows whose unique value another row has,
 * and rows that hang on one that is not there.
 */
final class HeldConflicts {
  /** A row that is parked for its key is listed with the other rows that want the key. */
  private static final String MISSING =
      "SELECT h.table_number, h.life, h.unit, h.kind, h.blocker_table, h.blocker_life FROM godwit_held h"
          + " WHERE NOT EXISTS (SELECT 1 FROM godwit_sibling s WHERE s.table_number = h.table_number"
          + " AND s.life = h.life AND (s.kind = 'key collision' AND h.kind = 'parked'"
          + " OR s.unit = h.unit AND s.how = h.kind AND s.about IS coalesce(h.blocker_life, x'')))";

  private static final String GONE =
      "SELECT DISTINCT conflict FROM godwit_sibling s WHERE kind IN ('unique', 'foreign key')"
          + " AND NOT EXISTS (SELECT 1 FROM godwit_held h WHERE h.table_number = s.table_number"
          + " AND h.life = s.life AND h.unit = s.unit AND h.kind = s.how"
          + " AND s.about IS coalesce(h.blocker_life, x''))";

  private final Session session;
  private final Catalog catalog;
  private final LifeRows rows;
  private final Lister lister;
  private final Consumer<String> remover;

  /** Takes conflicts. */
  interface Lister {
    void list(TrackedTable table, LifeId life, StandingConflict conflict);
  }

  private record Held(
      int table, LifeId life, String unit, String kind, int blockerTable, byte[] blocker) {}

  HeldConflicts(
      Session session, Catalog catalog, LifeRows rows, Lister lister, Consumer<String> remover) {
    this.session = session;
    this.catalog = catalog;
    this.rows = rows;
    this.lister = lister;
    this.remover = remover;
  }

  void keep() {
    List<String> gone = new ArrayList<>();
    try (SqliteRows found = session.statement(GONE).query()) {
      while (found.next()) {
        gone.add(found.text(0));
      }
    }
    gone.forEach(remover);
    missing().forEach(this::list);
  }

  private List<Held> missing() {
    List<Held> missing = new ArrayList<>();
    try (SqliteRows found = session.statement(MISSING).query()) {
      while (found.next()) {
        missing.add(
            new Held(
                (int) found.integer(0),
                LifeId.of(found.bytes(1)),
                found.text(2),
                found.text(3),
                found.isNull(4) ? (int) found.integer(0) : (int) found.integer(4),
                found.isNull(5) ? new byte[0] : found.bytes(5)));
      }
    }
    return missing;
  }

  private void list(Held held) {
    TrackedTable table = catalog.table(held.table());
    if (table == null || table.isSystem()) {
      return;
    }
    RowState row = rows.row(held.table(), held.life());
    if (row.state().keys().isEmpty()) {
      return;
    }
    List<StandingConflict.Sibling> siblings = new ArrayList<>();
    boolean stays = held.kind().equals("pinned") || held.kind().equals("substituted");
    siblings.add(side(row, stays));
    if (held.blocker().length > 0 && catalog.table(held.blockerTable()) != null) {
      RowState blocker = rows.row(held.blockerTable(), LifeId.of(held.blocker()));
      if (!blocker.state().keys().isEmpty()) {
        siblings.add(side(blocker, blocker.isVisible()));
      }
    }
    lister.list(
        table,
        held.life(),
        new StandingConflict(
            held.unit(),
            held.kind().equals("parked") ? StandingConflict.UNIQUE : StandingConflict.FOREIGN_KEY,
            RowConflicts.key(table, row),
            false,
            held.kind(),
            null,
            held.blocker(),
            siblings));
  }

  private StandingConflict.Sibling side(RowState row, boolean shown) {
    KeyVersion key = row.state().wantedKey();
    TrackedTable table = catalog.table(row.table());
    Value value = shown && row.shownKey() != null ? Value.of(RowConflicts.key(table, row)) : null;
    return new StandingConflict.Sibling(
        row.table(), row.life(), key.dot(), key.time(), "row", value, shown);
  }
}
