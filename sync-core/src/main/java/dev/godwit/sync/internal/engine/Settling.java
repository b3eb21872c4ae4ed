package dev.godwit.sync.internal.engine;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.RowExtras;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.apply.LocalMerge;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.internal.schema.Sql;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.policy.Settlement;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteStatement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Settles a conflict of the list as somebody decided: each time a write that has seen all siblings,
 * so that it closes the conflict everywhere.
 */
final class Settling {
  private final Workspace workspace;
  private final Resolving resolving;
  private final long nowMillis;
  private final String name;
  private final List<Side> sides = new ArrayList<>();

  /** One sibling as it is kept. */
  record Side(int number, TrackedTable table, LifeId life, Dot dot, String action, boolean shown) {}

  private TrackedTable table;
  private LifeId life;
  private String unit;
  private String kind;
  private String how;
  private String held;

  private Settling(Workspace workspace, Resolving resolving, long nowMillis, String name) {
    this.workspace = workspace;
    this.resolving = resolving;
    this.nowMillis = nowMillis;
    this.name = name;
  }

  /**
   * Settles one.
   *
   * @param beginning of the conflict's name, as far as it tells it apart
   * @throws IllegalArgumentException when there is none, it is settled already, or cannot be
   *     settled so; nothing was changed
   */
  static void settle(
      Workspace workspace,
      Resolving resolving,
      long nowMillis,
      String beginning,
      Settlement settlement) {
    workspace.pack();
    List<String> names = named(workspace.session(), beginning);
    if (names.size() != 1 || beginning.isEmpty()) {
      throw new IllegalArgumentException(
          names.isEmpty()
              ? "there is no conflict " + beginning + ", or it has changed since it was listed"
              : "several conflicts begin with '" + beginning + "'");
    }
    Settling settling = new Settling(workspace, resolving, nowMillis, names.get(0));
    settling.read();
    boolean refusedBefore = settling.refusal() != null;
    settling.run(settlement);
    String refusal = settling.refusal();
    if (refusal != null && !refusedBefore) {
      throw settling.refused("SQLite does not take that: " + refusal);
    }
  }

  /** Why SQLite refuses the row, null where it does not. */
  private String refusal() {
    return workspace.merge().row(table, life).masked();
  }

  /** The names that begin so, at most two. */
  private static List<String> named(Session session, String beginning) {
    List<String> names = new ArrayList<>();
    try (SqliteRows rows =
        session
            .statement(
                "SELECT DISTINCT conflict FROM godwit_conflict WHERE substr(conflict, 1, ?) = ? LIMIT 2")
            .bind(1, beginning.length())
            .bind(2, beginning)
            .query()) {
      while (rows.next()) {
        names.add(rows.text(0));
      }
    }
    return names;
  }

  private void read() {
    try (SqliteRows rows =
        workspace
            .session()
            .statement(
                "SELECT table_number, life, unit, kind, how, number, sibling_table, sibling_life, replica, sequence,"
                    + " action, shown, held FROM godwit_sibling WHERE conflict = ? ORDER BY number")
            .bind(1, name)
            .query()) {
      while (rows.next()) {
        table = workspace.catalog().table((int) rows.integer(0));
        life = LifeId.of(rows.bytes(1));
        unit = rows.text(2);
        kind = rows.text(3);
        how = rows.text(4);
        held = rows.isNull(12) ? null : rows.text(12);
        sides.add(
            new Side(
                (int) rows.integer(5),
                workspace.catalog().table((int) rows.integer(6)),
                LifeId.of(rows.bytes(7)),
                new Dot(ReplicaId.of(rows.bytes(8)), rows.integer(9)),
                rows.text(10),
                rows.integer(11) != 0));
      }
    }
    if (table == null) {
      throw refused("it is settled already: write the value that you want instead with SQL");
    }
  }

  IllegalArgumentException refused(String reason) {
    return new IllegalArgumentException("conflict " + name + ": " + reason);
  }

  Side side(int number) {
    for (Side side : sides) {
      if (side.number() == number) {
        return side;
      }
    }
    throw refused("expected one of 1 … " + sides.size() + " but got " + number);
  }

  private void run(Settlement settlement) {
    switch (kind) {
      case "edit/edit" -> {
        if (table.schema().keyColumns().contains(unit)) {
          ofKey(settlement);
        } else {
          ofColumn(settlement);
        }
      }
      case "edit/delete" -> ofExistence(settlement);
      case "key collision" -> ofCollision(settlement);
      case "foreign key", "unique", "check", "cycle" -> ofConstraint(settlement);
      default ->
          throw refused(
              "this device alone refuses the row: write what it accepts with SQL, or change its"
                  + " schema; it says: "
                  + how);
    }
  }

  private void ofConstraint(Settlement settlement) {
    if (how.equals("last writer")) {
      ofColumn(settlement);
    } else {
      new HeldSettling(this, workspace, resolving, table, life, held).settle(settlement);
    }
  }

  private void ofColumn(Settlement settlement) {
    LocalMerge merge = workspace.merge();
    RowState row = merge.row(table, life);
    if (!row.isVisible()) {
      throw refused("its row is not in the table: settle first why");
    }
    Map<String, Value> values = new LinkedHashMap<>();
    if (settlement instanceof Settlement.Take take) {
      Dot dot = side(take.number()).dot();
      for (String column : merge.references().completed(table, new ArrayList<>(List.of(unit)))) {
        for (Version version : row.state().siblings(column)) {
          if (version.dot().equals(dot)) {
            values.put(column, merge.references().shownHere(table, row, column, version));
          }
        }
      }
    } else if (settlement instanceof Settlement.Write write) {
      values.put(unit, write.value());
    } else {
      throw refused("a column holds one value: take a version, or write another value");
    }
    resolving.resolve(workspace, table.schema().name(), merge.shownKey(table, row), values);
  }

  private void ofExistence(Settlement settlement) {
    boolean keeps = settlement instanceof Settlement.Restore;
    if (settlement instanceof Settlement.Take take) {
      keeps = !side(take.number()).action().equals("delete");
    } else if (!keeps) {
      throw refused("take the edit or the delete, or restore the row");
    }
    seal(table, life, keeps);
  }

  /** Seals that a row stands, or that it is deleted, by somebody who saw everything of it. */
  void seal(TrackedTable of, LifeId row, boolean stands) {
    RowState state = workspace.merge().row(of, row);
    if (state.state().keys().isEmpty()) {
      throw refused("nothing is known of the row but that it was deleted");
    }
    RowKey key = state.state().wantedKey().key();
    RowChange.Kind change = stands ? RowChange.Kind.RESOLUTION : RowChange.Kind.DELETE;
    RowExtras meant = state.state().wantedKey().extras();
    resolving.sealRow(
        workspace,
        of,
        change,
        row,
        key,
        RowExtras.NONE.withReferences(meant.references(), meant.bare()));
  }

  private void ofKey(Settlement settlement) {
    RowState row = workspace.merge().row(table, life);
    if (!row.isVisible()) {
      throw refused("its row is not in the table: settle first why");
    }
    int position = table.schema().keyColumns().indexOf(unit);
    Value value = null;
    if (settlement instanceof Settlement.Write write) {
      value = write.value();
    } else if (settlement instanceof Settlement.Take take) {
      Dot dot = side(take.number()).dot();
      value =
          row.state().keys().stream()
              .filter(version -> version.dot().equals(dot))
              .map(version -> version.key().values().get(position))
              .findFirst()
              .orElse(null);
    }
    if (value == null) {
      throw refused("a row has one key: take a version, or write another one");
    }
    RowKey shown = workspace.merge().shownKey(table, row);
    List<Value> values = new ArrayList<>(shown.values());
    values.set(position, value);
    move(table, life, shown, new RowKey(values));
  }

  private void ofCollision(Settlement settlement) {
    Side holder =
        sides.stream()
            .filter(Side::shown)
            .findFirst()
            .orElseThrow(() -> refused("nobody shows the key any more"));
    if (settlement instanceof Settlement.KeepBoth) {
      for (Side side : sides) {
        if (side != holder) {
          keepShown(side);
        }
      }
    } else if (settlement instanceof Settlement.Write write) {
      if (sides.size() != 2 || table.keyColumns().size() != 1) {
        throw refused("one value does not tell rows apart: write the keys with SQL");
      }
      Side other = sides.get(0) == holder ? sides.get(1) : sides.get(0);
      move(table, other.life(), shown(other), RowKey.of(write.value()));
    } else if (settlement instanceof Settlement.Take take) {
      swap(holder, side(take.number()));
    } else {
      throw refused("nothing was deleted: take a row, keep both, or give a key");
    }
  }

  private RowKey shown(Side side) {
    LocalMerge merge = workspace.merge();
    RowState row = merge.row(table, side.life());
    if (!row.isVisible()) {
      throw refused("row " + side.number() + " has no key to show: rename the other one with SQL");
    }
    return row.shownKey() != null ? row.shownKey() : merge.shownKey(table, row);
  }

  /** What a row shows for want of the key that it wants is its key from now on. */
  private void keepShown(Side side) {
    RowKey shown = shown(side);
    move(table, side.life(), shown, table.isSurrogate() ? RowKey.of(free()) : shown);
  }

  /** The next number that SQLite would hand out. */
  private Value free() {
    String key = Sql.name(table.schema().keyColumns().get(0));
    try (SqliteRows rows =
        workspace
            .session()
            .statement(
                "SELECT max(0, coalesce(max("
                    + key
                    + "), 0)) + 1 FROM "
                    + Sql.name(table.schema().name()))
            .query()) {
      rows.next();
      return rows.value(0);
    }
  }

  private void swap(Side holder, Side taker) {
    if (!table.isSurrogate()) {
      throw refused("rows with keys of their own: rename one of them with SQL, or keep both");
    }
    if (holder == taker) {
      for (Side side : sides) {
        if (side != holder) {
          keepShown(side);
        }
      }
      return;
    }
    RowKey key = RowKey.of(contested());
    move(table, holder.life(), key, RowKey.of(free()));
    move(table, taker.life(), shown(taker), key);
  }

  private Value contested() {
    try (SqliteRows rows =
        workspace
            .session()
            .statement("SELECT value FROM godwit_sibling WHERE conflict = ? AND shown")
            .bind(1, name)
            .query()) {
      rows.next();
      return rows.value(0);
    }
  }

  /** Gives a row another key, or settles that it has this one. */
  private void move(TrackedTable of, LifeId row, RowKey from, RowKey to) {
    if (from.equals(to)) {
      LocalMerge merge = workspace.merge();
      RowExtras meant = merge.references().of(of, to, List.of(), List.of());
      resolving.sealRow(
          workspace, of, RowChange.Kind.RESOLUTION, row, to, meant.withKeyBefore(from));
      return;
    }
    long before = workspace.boundaries().lastNote();
    List<String> columns = of.schema().keyColumns();
    SqliteStatement update =
        workspace
            .session()
            .statement(
                "UPDATE "
                    + Sql.name(of.schema().name())
                    + " SET "
                    + assigned(columns, ", ")
                    + " WHERE "
                    + assigned(columns, " AND "));
    for (int i = 0; i < columns.size(); i++) {
      update.bind(i + 1, to.values().get(i));
      update.bind(columns.size() + i + 1, from.values().get(i));
    }
    update.update();
    workspace.boundaries().sealOwn(before, nowMillis);
    workspace.pack();
    resolving.changedTables().add(of.schema().name());
  }

  private static String assigned(List<String> columns, String between) {
    return columns.stream()
        .map(column -> Sql.name(column) + " = ?")
        .collect(Collectors.joining(between));
  }
}
