package dev.godwit.sync.internal.inspect;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.internal.apply.LocalMerge;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.engine.Workspace;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.RowStates;
import dev.godwit.sync.report.HeldBackRow;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.List;

/** Lists the rows that the tables do not show as the space has them. */
final class HeldBackRows {
  private final Workspace workspace;
  private final RowStates states;
  private final LocalMerge merge;

  HeldBackRows(Workspace workspace) {
    this.workspace = workspace;
    this.states = new RowStates(workspace.session(), workspace.catalog(), workspace.replicas());
    this.merge = workspace.merge();
  }

  List<HeldBackRow> read(int limit) {
    List<HeldBackRow> found = new ArrayList<>();
    for (TrackedTable table : workspace.catalog().tables()) {
      if (found.size() < limit) {
        masked(table, limit - found.size(), found);
      }
      if (found.size() < limit) {
        waiting(table, limit - found.size(), found);
      }
      if (found.size() < limit) {
        constrained(table, limit - found.size(), found);
      }
    }
    return found;
  }

  private void masked(TrackedTable table, int limit, List<HeldBackRow> found) {
    List<LifeId> lives = new ArrayList<>();
    try (SqliteRows rows =
        workspace
            .session()
            .statement(
                "SELECT life FROM godwit_masked WHERE table_number = ? ORDER BY life LIMIT ?")
            .bind(1, table.number())
            .bind(2, limit)
            .query()) {
      while (rows.next()) {
        lives.add(LifeId.of(rows.bytes(0)));
      }
    }
    for (LifeId life : lives) {
      RowState row = states.load(table.number(), life);
      if (row.masked() != null) {
        found.add(row(HeldBackRow.Kind.MASKED, table, key(row), row.masked()));
      }
    }
  }

  private static RowKey key(RowState row) {
    if (row.refusedKey() != null) {
      return row.refusedKey();
    }
    boolean wanted = row.state().wantedKey().key() != null;
    return wanted ? row.state().wantedKey().key() : row.shownKey();
  }

  private void waiting(TrackedTable table, int limit, List<HeldBackRow> found) {
    new KeyCollisions(workspace, states, merge)
        .each(
            table,
            limit,
            collision -> {
              if (collision.loser().masked() != null) {
                return;
              }
              boolean visible = collision.loser().isVisible();
              String key = ReadableKey.of(collision.key());
              RowKey shown = visible ? collision.loser().shownKey() : collision.key();
              String reason =
                  visible
                      ? "another row has the key " + key
                      : "another row has its key, and it has no other one to show";
              found.add(
                  row(
                      visible ? HeldBackRow.Kind.RENUMBERED : HeldBackRow.Kind.PARKED,
                      table,
                      shown == null ? collision.key() : shown,
                      reason));
            });
  }

  /** What constraints hold back, as the list of conflicts has it. */
  private void constrained(TrackedTable table, int limit, List<HeldBackRow> found) {
    try (SqliteRows rows =
        workspace
            .session()
            .statement(
                "SELECT s.held, s.unit, s.key, t.name, o.side_key, o.action, o.shown FROM godwit_sibling s"
                    + " LEFT JOIN godwit_sibling o ON o.conflict = s.conflict AND o.sibling_life <> s.life"
                    + " LEFT JOIN godwit_table t ON t.number = o.sibling_table"
                    + " WHERE s.table_number = ? AND s.held IS NOT NULL AND s.number = 1"
                    + " ORDER BY s.life, s.unit LIMIT ?")
            .bind(1, table.number())
            .bind(2, limit)
            .query()) {
      while (rows.next()) {
        String held = rows.text(0).substring(0, rows.text(0).indexOf(' '));
        String unit = rows.text(1);
        String other =
            rows.isNull(3)
                ? "a row that is not known"
                : rows.text(3) + " " + (rows.isNull(4) ? "" : rows.text(4));
        boolean deleted = !rows.isNull(5) && rows.text(5).equals("delete");
        boolean shown = !rows.isNull(6) && rows.integer(6) != 0;
        String key = rows.isNull(2) ? "" : ReadableKey.bounded(rows.text(2));
        found.add(
            new HeldBackRow(
                kind(held, unit),
                table.schema().name(),
                key,
                reason(held, unit, other, deleted, shown)));
      }
    }
  }

  private static HeldBackRow.Kind kind(String held, String unit) {
    return switch (held) {
      case "hidden", "below" -> HeldBackRow.Kind.HIDDEN;
      case "pinned" -> HeldBackRow.Kind.PINNED;
      case "substituted" -> HeldBackRow.Kind.SUBSTITUTED;
      case "nulled" -> HeldBackRow.Kind.NULLED;
      case "returned", "rooted" -> HeldBackRow.Kind.MOVED_BACK;
      case "check" -> unit.isEmpty() ? HeldBackRow.Kind.PARKED : HeldBackRow.Kind.CHECK;
      default -> HeldBackRow.Kind.PARKED;
    };
  }

  private static String reason(
      String held, String unit, String other, boolean deleted, boolean shown) {
    String gone = other + (deleted ? " was deleted" : " is not shown itself");
    return switch (held) {
      case "hidden" -> gone;
      case "below" -> shown ? other + " has a key that it cannot refer to" : gone;
      case "pinned" -> "was deleted, but " + other + " refers to it";
      case "substituted" -> unit + ": " + gone;
      case "returned", "rooted" -> unit + ": moved below itself, as " + other + " was moved, too";
      case "check" ->
          unit.isEmpty()
              ? "its values together break a CHECK"
              : unit + ": merged, it would break a CHECK";
      default -> other + " has its " + unit;
    };
  }

  private static HeldBackRow row(
      HeldBackRow.Kind kind, TrackedTable table, RowKey key, String reason) {
    return new HeldBackRow(kind, table.schema().name(), ReadableKey.of(key), reason);
  }
}
