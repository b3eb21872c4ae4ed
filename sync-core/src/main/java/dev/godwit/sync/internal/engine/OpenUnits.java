package dev.godwit.sync.internal.engine;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.apply.HeldRows;
import dev.godwit.sync.internal.apply.LocalMerge;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.internal.policy.Policies;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.TableRows;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.OpenConflict;
import dev.godwit.sync.policy.Sibling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds the units of visible rows whose conflicts wait to be settled. */
public final class OpenUnits {
  private final Workspace workspace;
  private final LocalMerge merge;

  /**
   * One of them.
   *
   * @param values of the siblings, as the table would show them: a reference shows the key that its
   *     row has now
   */
  record OpenUnit(
      TrackedTable table,
      LifeId life,
      RowKey key,
      String column,
      ColumnPolicy policy,
      List<Version> siblings,
      List<Value> values) {}

  public OpenUnits(Workspace workspace) {
    this.workspace = workspace;
    this.merge = workspace.merge();
  }

  /** All of them, for people. */
  public List<OpenConflict> conflicts() {
    List<OpenConflict> conflicts = new ArrayList<>();
    HeldRows held = new HeldRows(workspace.session(), merge.view());
    for (ColumnPolicy.Kind kind :
        new ColumnPolicy.Kind[] {ColumnPolicy.Kind.MANUAL, ColumnPolicy.Kind.CUSTOM}) {
      for (OpenUnit unit : find(kind)) {
        Version picked = merge.view().pick(unit.table().name(), unit.column(), unit.siblings());
        RowState row = merge.row(unit.table(), unit.life());
        boolean isTaken = held.nulls(unit.table(), row, unit.column());
        conflicts.add(
            new OpenConflict(
                unit.table().schema().name(),
                unit.key(),
                unit.column(),
                isTaken ? Value.NULL : unit.values().get(unit.siblings().indexOf(picked)),
                siblings(unit)));
      }
    }
    return conflicts;
  }

  /** Those in columns with policies of one kind. */
  List<OpenUnit> find(ColumnPolicy.Kind kind) {
    Policies policies = merge.view().policies();
    List<OpenUnit> found = new ArrayList<>();
    for (String name : policies.tablesWith(kind)) {
      TrackedTable table = workspace.catalog().table(name);
      if (table != null) {
        LocalMerge.inFlushes(
            merge.livesWithState(table),
            some -> {
              merge.preload(table.number(), some);
              some.forEach(life -> find(table, life, policies.columnsWith(kind, name), found));
              merge.forget();
            });
      }
    }
    return found;
  }

  private void find(
      TrackedTable table, LifeId life, Map<String, ColumnPolicy> columns, List<OpenUnit> found) {
    RowState row = merge.row(table, life);
    if (!row.isVisible()) {
      return;
    }
    columns.forEach(
        (column, policy) -> {
          if (merge.view().isOpen(table.name(), row.state(), column)) {
            List<Version> siblings = new ArrayList<>(row.state().siblings(column));
            RowKey key = asSpelled(table, merge.shownKey(table, row));
            List<Value> values = new ArrayList<>();
            siblings.forEach(
                one -> values.add(merge.references().shownHere(table, row, column, one)));
            found.add(new OpenUnit(table, life, key, column, policy, siblings, values));
          }
        });
  }

  /** A key as the table spells it: equal ones may be spelled otherwise where case is ignored. */
  private RowKey asSpelled(TrackedTable table, RowKey key) {
    Map<String, Value> row = new TableRows(workspace.session()).read(table, key);
    if (row == null) {
      return key;
    }
    List<Value> values = new ArrayList<>();
    table.schema().keyColumns().forEach(column -> values.add(row.get(column)));
    return new RowKey(values);
  }

  /** The siblings as an application sees them. */
  List<Sibling> siblings(OpenUnit unit) {
    List<Sibling> siblings = new ArrayList<>();
    for (int i = 0; i < unit.siblings().size(); i++) {
      Version version = unit.siblings().get(i);
      siblings.add(
          new Sibling(
              unit.values().get(i),
              workspace.deviceName(version.dot().replica()),
              version.time(),
              version.dot()));
    }
    return siblings;
  }
}
