package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Keeps the list of conflicts in step with what {@code godwit_held} holds back. */
final class HeldConflicts {
  private static final String MISSING =
      "SELECT h.table_number, h.life, h.unit, h.kind, h.blocker_table, h.blocker_life FROM godwit_held h"
          + " WHERE NOT EXISTS (SELECT 1 FROM godwit_sibling s WHERE s.table_number = h.table_number"
          + " AND s.life = h.life AND s.held = h.kind || ' ' || h.unit"
          + " AND s.about IS coalesce(h.blocker_life, x''))";

  private static final String GONE =
      "SELECT DISTINCT conflict FROM godwit_sibling s WHERE held IS NOT NULL"
          + " AND NOT EXISTS (SELECT 1 FROM godwit_held h WHERE h.table_number = s.table_number"
          + " AND h.life = s.life AND h.kind || ' ' || h.unit = s.held"
          + " AND s.about IS coalesce(h.blocker_life, x''))";

  private final Session session;
  private final Catalog catalog;
  private final LifeRows rows;
  private final View view;
  private final HeldSides sides;
  private final Lister lister;
  private final Consumer<String> remover;

  /** Takes conflicts. */
  interface Lister {
    void list(TrackedTable table, LifeId life, StandingConflict conflict);
  }

  private record Held(
      int table, LifeId life, String unit, String kind, int blockerTable, byte[] blocker) {}

  HeldConflicts(
      Session session,
      Catalog catalog,
      LifeRows rows,
      View view,
      Lister lister,
      Consumer<String> remover) {
    this.session = session;
    this.catalog = catalog;
    this.rows = rows;
    this.view = view;
    this.sides = new HeldSides(session, catalog, rows, view);
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
    if (row.state().keys().isEmpty() || isOfGoneRow(held, table, row)) {
      return;
    }
    RowState blocker = null;
    if (held.blocker().length > 0 && catalog.table(held.blockerTable()) != null) {
      blocker = rows.row(held.blockerTable(), LifeId.of(held.blocker()));
      blocker = blocker.state().keys().isEmpty() ? null : blocker;
    }
    StandingConflict found =
        switch (held.kind()) {
          case "parked", "nulled" -> unique(held, table, row, blocker);
          case "check" -> check(held, table, row);
          case "returned", "rooted" -> cycle(held, table, row, blocker);
          case "pinned" -> reference(held, table, row, sides.deletion(row), pinning(row, blocker));
          default ->
              reference(
                  held, table, row, sides.referring(row, held.unit(), blocker), away(blocker));
        };
    lister.list(table, held.life(), found);
  }

  /** A move of a row that was deleted concerns nobody, as long as nobody brings the row back. */
  private boolean isOfGoneRow(Held held, TrackedTable table, RowState row) {
    boolean isMove = held.kind().equals("returned") || held.kind().equals("rooted");
    return isMove && !row.isToBeSeen() && !view.isPresent(table.name(), row.state());
  }

  /** The move that is not shown, and the latest other one of those that would make a cycle. */
  private StandingConflict cycle(Held held, TrackedTable table, RowState row, RowState other) {
    List<StandingConflict.Sibling> siblings = new ArrayList<>();
    siblings.add(sides.moving(row, held.unit()));
    if (other != null) {
      sides.locateAbove(row, other, held.unit());
      siblings.add(sides.moving(other, held.unit()));
    }
    return conflict(held, table, row, StandingConflict.CYCLE, held.unit(), false, siblings);
  }

  private StandingConflict.Sibling pinning(RowState row, RowState child) {
    if (child == null) {
      return null;
    }
    sides.locateChild(child, row);
    return sides.referring(child, sides.columnTo(child, row), row);
  }

  private StandingConflict.Sibling away(RowState parent) {
    return parent == null ? null : sides.deletion(parent);
  }

  private StandingConflict unique(Held held, TrackedTable table, RowState row, RowState blocker) {
    List<StandingConflict.Sibling> siblings = new ArrayList<>();
    siblings.add(sides.claiming(row, held.unit(), false));
    if (blocker != null) {
      sides.locateHolder(blocker, row, held.unit());
      siblings.add(sides.claiming(blocker, held.unit(), blocker.isToBeSeen()));
    }
    String unit = String.join(", ", sides.columns(table, held.unit()));
    // Where the policy says what is shown instead nobody has to decide.
    boolean waits = held.kind().equals("parked");
    return conflict(held, table, row, StandingConflict.UNIQUE, unit, waits, siblings);
  }

  /** Of a whole row the last writers of its columns are listed, of a column its versions. */
  private StandingConflict check(Held held, TrackedTable table, RowState row) {
    boolean whole = held.unit().isEmpty();
    List<StandingConflict.Sibling> siblings =
        whole ? sides.writing(row) : sides.versions(row, held.unit());
    return conflict(held, table, row, StandingConflict.CHECK, held.unit(), whole, siblings);
  }

  private StandingConflict reference(
      Held held,
      TrackedTable table,
      RowState row,
      StandingConflict.Sibling own,
      StandingConflict.Sibling other) {
    List<StandingConflict.Sibling> siblings = new ArrayList<>();
    siblings.add(own);
    if (other != null) {
      siblings.add(other);
    }
    // What refers to a row that is only hidden or parked itself waits for nobody but that one.
    boolean waits =
        held.kind().equals("hidden") && (other == null || other.action().equals("delete"));
    return conflict(held, table, row, StandingConflict.FOREIGN_KEY, held.unit(), waits, siblings);
  }

  private StandingConflict conflict(
      Held held,
      TrackedTable table,
      RowState row,
      String kind,
      String unit,
      boolean waits,
      List<StandingConflict.Sibling> siblings) {
    String reason = held.unit().isEmpty() ? "parked" : "last writer";
    return new StandingConflict(
        unit,
        kind,
        rows.keys().listed(table, row),
        waits,
        held.kind().equals("check") ? reason : held.kind(),
        null,
        held.blocker(),
        held.kind() + " " + held.unit(),
        siblings);
  }
}
