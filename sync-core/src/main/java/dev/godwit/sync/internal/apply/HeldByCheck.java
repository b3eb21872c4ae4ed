package dev.godwit.sync.internal.apply;

import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.policy.CheckPass;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.Set;
import java.util.TreeSet;

/**
 * Lists in {@code godwit_held}, under the kind {@value #KIND}, what the rules of tables keep from
 * being shown as it is merged: a column that shows its last writer's own value, and under the unit
 * "" a row that is kept out.
 */
final class HeldByCheck {
  private static final String KIND = "check";

  private final Session session;
  private final View view;
  private final HeldRows held;
  private Boolean any;

  HeldByCheck(Session session, View view, HeldRows held) {
    this.session = session;
    this.view = view;
    this.held = held;
  }

  /**
   * Lists what of this row is held back now, where nothing else decides what the same unit shows.
   *
   * @param table null where it is not tracked here
   */
  void note(TrackedTable table, RowState row) {
    if (row.state().isNewborn() && !any()) {
      return;
    }
    Set<String> units = new TreeSet<>();
    if (table != null && held.stands(table, row)) {
      CheckPass checked = view.checked(table.name(), row.state());
      units.addAll(checked.fallen());
      if (checked.parked()) {
        units.clear();
        units.add("");
      }
    }
    if (units.isEmpty() && !any()) {
      return;
    }
    session
        .statement("DELETE FROM godwit_held WHERE table_number = ? AND life = ? AND kind = ?")
        .bind(1, row.table())
        .bind(2, row.life().bytes())
        .bind(3, KIND)
        .update();
    for (String unit : units) {
      any = true;
      session
          .statement(
              "INSERT INTO godwit_held (table_number, life, unit, kind) SELECT ?1, ?2, ?3, ?4"
                  + " WHERE NOT EXISTS (SELECT 1 FROM godwit_held WHERE table_number = ?1 AND life = ?2"
                  + " AND unit = ?3 AND kind NOT IN ('returned', 'rooted', 'below'))")
          .bind(1, row.table())
          .bind(2, row.life().bytes())
          .bind(3, unit)
          .bind(4, KIND)
          .update();
    }
  }

  /** Whether anything is listed at all; most files list nothing. */
  private boolean any() {
    if (any == null) {
      try (SqliteRows rows =
          session
              .statement("SELECT 1 FROM godwit_held WHERE kind = ? LIMIT 1")
              .bind(1, KIND)
              .query()) {
        any = rows.next();
      }
    }
    return any;
  }
}
