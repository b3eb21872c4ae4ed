package dev.godwit.sync.internal.engine;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.apply.LocalMerge;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.check.UniqueRule;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.TableRows;
import dev.godwit.sync.policy.Settlement;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Settles what a constraint holds back, by a write that no table needs to show first. */
final class HeldSettling {
  private final Settling conflict;
  private final Workspace workspace;
  private final Resolving resolving;
  private final TrackedTable table;
  private final LifeId life;
  private final String kind;
  private final String unit;

  /** A row that is the cause of another one's not being shown. */
  private record Cause(TrackedTable table, LifeId life) {}

  /**
   * For one conflict.
   *
   * @param held the kind of hold, a blank, and its unit
   */
  HeldSettling(
      Settling conflict,
      Workspace workspace,
      Resolving resolving,
      TrackedTable table,
      LifeId life,
      String held) {
    this.conflict = conflict;
    this.workspace = workspace;
    this.resolving = resolving;
    this.table = table;
    this.life = life;
    this.kind = held.substring(0, held.indexOf(' '));
    this.unit = held.substring(held.indexOf(' ') + 1);
  }

  void settle(Settlement settlement) {
    switch (kind) {
      case "pinned" -> ofPinned(settlement);
      case "parked" -> ofUnique(settlement);
      case "nulled" -> ofNull(settlement);
      case "returned", "rooted" -> ofMove(settlement);
      case "check" ->
          throw refused(
              "its values break a CHECK together: INSERT the row anew with SQL, under its key and"
                  + " with values that go together");
      default -> ofReference(settlement);
    }
  }

  private IllegalArgumentException refused(String reason) {
    return conflict.refused(reason);
  }

  /** A row that was deleted while others came to refer to it. */
  private void ofPinned(Settlement settlement) {
    boolean deletes =
        settlement instanceof Settlement.Take take
            && conflict.side(take.number()).action().equals("delete");
    if (deletes || settlement instanceof Settlement.Write) {
      throw refused(
          "rows refer to it: let them refer to another one, or delete them, with SQL; then it goes"
              + " by itself. Or restore it");
    }
    conflict.seal(table, life, true);
  }

  /** A row whose reference is to one that is not in its table. */
  private void ofReference(Settlement settlement) {
    if (settlement instanceof Settlement.Write write) {
      referTo(write.value());
    } else if (settlement instanceof Settlement.Take take
        && conflict.side(take.number()).action().equals("delete")) {
      takeDelete();
    } else {
      bringBack();
    }
  }

  /** A move that would close a cycle with others. */
  private void ofMove(Settlement settlement) {
    if (settlement instanceof Settlement.Write write) {
      referTo(write.value());
    } else if (settlement instanceof Settlement.Take take
        && !conflict.side(take.number()).life().equals(life)) {
      stay();
    } else {
      throw refused(
          "the row would be below itself: move one of those above it with SQL, and it moves there"
              + " by itself; or give another value for this one");
    }
  }

  /** What is shown instead of the move is as it should be. */
  private void stay() {
    LocalMerge merge = workspace.merge();
    RowState row = merge.row(table, life);
    if (!row.isVisible()) {
      throw refused("its row is not in the table: settle first why");
    }
    RowKey key = merge.shownKey(table, row);
    write(Map.of(unit, new TableRows(workspace.session()).read(table, key).get(unit)));
  }

  private void referTo(Value value) {
    if (!table.valueColumnNames().contains(unit)) {
      throw refused("its key is the reference: INSERT it under another key with SQL");
    }
    Map<String, Value> values = values(value);
    if (!value.equals(Value.NULL) && !isShown(values)) {
      throw refused("there is no row with the key " + value + " to refer to");
    }
    LocalMerge merge = workspace.merge();
    if (merge.row(table, life).isVisible()) {
      write(values);
    } else {
      resolving.sealHidden(workspace, table, life, values);
    }
  }

  /**
   * The value, with those of the columns that refer together with it: as they were written where
   * nothing else is shown.
   */
  private Map<String, Value> values(Value value) {
    Map<String, Value> values = new LinkedHashMap<>();
    values.put(unit, value);
    LocalMerge merge = workspace.merge();
    RowState row = merge.row(table, life);
    for (String column : table.references().get(unit).columns()) {
      Version version = merge.view().shown(table.name(), row.state(), column);
      if (!value.equals(Value.NULL) && version != null && version.value() != null) {
        values.putIfAbsent(column, merge.references().shownHere(table, row, column, version));
      }
    }
    return values;
  }

  /** Whether the table referred to shows a row with this key. */
  private boolean isShown(Map<String, Value> values) {
    TrackedTable.Reference reference = table.references().get(unit);
    List<String> keyColumns = table.schema().keyColumns();
    LocalMerge merge = workspace.merge();
    RowKey own = merge.references().wantedKey(table, merge.row(table, life));
    RowKey key =
        reference.key(
            column ->
                keyColumns.contains(column)
                    ? own.values().get(keyColumns.indexOf(column))
                    : values.getOrDefault(column, Value.NULL));
    return !key.values().contains(Value.NULL) && merge.referredTo(reference, key) != null;
  }

  /** Writes what a row that its table shows is to have. */
  private void write(Map<String, Value> values) {
    LocalMerge merge = workspace.merge();
    RowKey key = merge.shownKey(table, merge.row(table, life));
    resolving.resolve(workspace, table.schema().name(), key, values);
  }

  /** What the delete led to is as it should be. */
  private void takeDelete() {
    if (!kind.equals("substituted")) {
      conflict.seal(table, life, false);
      return;
    }
    write(Map.of(unit, table.references().get(unit).substitute()));
  }

  /** Brings back the row referred to, and what that refers to, as far as it was deleted. */
  private void bringBack() {
    Set<LifeId> seen = new HashSet<>();
    Cause cause = cause();
    if (cause == null) {
      throw refused(instead());
    }
    while (cause != null && seen.add(cause.life())) {
      conflict.seal(cause.table(), cause.life(), true);
      cause = cause();
    }
  }

  /** The deleted row for which this one is not shown as it is, null when there is none. */
  private Cause cause() {
    Set<LifeId> seen = new HashSet<>();
    Cause at = blocker(table, life, kind, unit);
    while (at != null && seen.add(at.life())) {
      LocalMerge merge = workspace.merge();
      RowState row = merge.row(at.table(), at.life());
      if (!merge.view().isPresent(at.table().name(), row.state())) {
        return at;
      }
      at = blocker(at.table(), at.life(), "hidden", null);
    }
    return null;
  }

  private Cause blocker(TrackedTable of, LifeId row, String how, String at) {
    try (SqliteRows rows =
        workspace
            .session()
            .statement(
                "SELECT blocker_table, blocker_life FROM godwit_held WHERE table_number = ? AND life = ?"
                    + " AND kind = ? AND unit = coalesce(?, unit)")
            .bind(1, of.number())
            .bind(2, row.bytes())
            .bind(3, how)
            .bind(4, Value.of(at))
            .query()) {
      TrackedTable other =
          rows.next() && !rows.isNull(1) ? workspace.catalog().table((int) rows.integer(0)) : null;
      return other == null ? null : new Cause(other, LifeId.of(rows.bytes(1)));
    }
  }

  /** What can be done where nothing was deleted. */
  private String instead() {
    Cause blocker = blocker(table, life, kind, unit);
    String other = null;
    if (blocker != null) {
      try (SqliteRows rows =
          workspace
              .session()
              .statement(
                  "SELECT conflict FROM godwit_sibling WHERE table_number = ? AND life = ?"
                      + " AND held IS NOT NULL ORDER BY how = 'below' LIMIT 1")
              .bind(1, blocker.table().number())
              .bind(2, blocker.life().bytes())
              .query()) {
        other = rows.next() ? rows.text(0) : null;
      }
    }
    boolean stands =
        blocker != null && workspace.merge().row(blocker.table(), blocker.life()).isVisible();
    TrackedTable.Reference reference = table.references().get(unit);
    if (other == null && stands && reference != null && !reference.isToKey()) {
      return "the row that it refers to is there, and has NULL where it is referred to, or what its"
          + " columns cannot show beside what else they say: write another value there with SQL, or"
          + " give a value to refer to another one";
    }
    if (other == null && stands) {
      return "the row that it refers to is there, under a key that its columns cannot show beside"
          + " what else they say: give one of the two another key with SQL, or give a value to"
          + " refer to another one";
    }
    return other == null
        ? "nothing is known of the row that it refers to: insert it with SQL, or give a value to"
            + " refer to another one"
        : "the row that it refers to is out of its table itself: settle conflict "
            + other
            + " first";
  }

  /** Two rows that want one unique value. */
  private void ofUnique(Settlement settlement) {
    if (settlement instanceof Settlement.Write write) {
      List<String> columns = new ArrayList<>(rule().columns());
      if (columns.size() != 1 || !table.valueColumnNames().containsAll(columns)) {
        throw refused(
            "one value is not enough for "
                + String.join(", ", columns)
                + ": take the row, and write others for the other one with SQL");
      }
      resolving.sealHidden(workspace, table, life, Map.of(columns.get(0), write.value()));
      if (isContested()) {
        throw refused("another row has " + columns.get(0) + " " + write.value() + " too");
      }
    } else if (settlement instanceof Settlement.Take take) {
      take(conflict.side(take.number()));
    } else {
      throw refused(
          "one value is not for two rows: give the row that is out of its table another value, or"
              + " take it, and the other one is out");
    }
  }

  /** A row that shows NULL, since another one has its unique value. */
  private void ofNull(Settlement settlement) {
    String column = workspace.view().yielding(table.name(), rule());
    if (settlement instanceof Settlement.Write write) {
      writeAnyhow(Map.of(column, write.value()));
      if (isContested()) {
        throw refused("another row has " + column + " " + write.value() + " too");
      }
    } else if (settlement instanceof Settlement.Take take) {
      boolean own = conflict.side(take.number()).life().equals(life);
      writeAnyhow(own ? wanted() : Map.of(column, Value.NULL));
    } else {
      throw refused(
          "one value is not for two rows: take the row that is to have it, or give the one that"
              + " shows NULL another value");
    }
  }

  /** Writes what a row is to have, whether its table shows the row or not. */
  private void writeAnyhow(Map<String, Value> values) {
    if (workspace.merge().row(table, life).isVisible()) {
      write(values);
    } else {
      resolving.sealHidden(workspace, table, life, values);
    }
  }

  /** Whether the row is parked still, or another one for it, or one of them shows NULL. */
  private boolean isContested() {
    try (SqliteRows rows =
        workspace
            .session()
            .statement(
                "SELECT 1 FROM godwit_held WHERE table_number = ?1 AND ?2 IN (life, blocker_life)"
                    + " AND (kind = 'parked' OR kind = 'nulled' AND unit = ?3)")
            .bind(1, table.number())
            .bind(2, life.bytes())
            .bind(3, unit)
            .query()) {
      return rows.next();
    }
  }

  /** A row whose values are written anew by somebody who saw the other one outranks that. */
  private void take(Settling.Side side) {
    if (!side.life().equals(life)) {
      throw refused(
          "row " + side.number() + " has the value already: give the other one another value");
    }
    Map<String, Value> values = wanted();
    if (values.isEmpty()) {
      throw refused("the value is in its key: give the other row another value with SQL");
    }
    resolving.sealHidden(workspace, table, life, values);
  }

  /** What the row wants by the rule, outside its key. */
  private Map<String, Value> wanted() {
    LocalMerge merge = workspace.merge();
    RowState row = merge.row(table, life);
    Map<String, Value> values = new LinkedHashMap<>();
    for (String column : rule().columns()) {
      Version version = merge.view().shown(table.name(), row.state(), column);
      if (table.valueColumnNames().contains(column) && version != null) {
        values.put(column, merge.references().shownHere(table, row, column, version));
      }
    }
    return values;
  }

  private UniqueRule rule() {
    UniqueRule rule = table.uniqueRule(unit);
    if (rule == null) {
      throw refused("the index " + unit + " is no more");
    }
    return rule;
  }
}
