package dev.godwit.sync.internal.engine;

import dev.godwit.crdt.causality.HybridClock;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.RowExtras;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.RowShape;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.apply.LocalMerge;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.internal.seal.Sealing;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.TableRows;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.Resolver;
import dev.godwit.sync.policy.Settlement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Settles conflicts: seals a write that has seen all versions of a unit, and so closes the conflict
 * everywhere. What people decide, and what an application's resolvers compute.
 */
public final class Resolving {
  private final long nowMillis;
  private final Set<String> changedTables = new TreeSet<>();
  private final List<String> problems = new ArrayList<>();

  /** A row and the values that it is to have. */
  private record Resolution(
      TrackedTable table, LifeId life, RowKey key, Map<String, Value> values) {}

  public Resolving(long nowMillis) {
    this.nowMillis = nowMillis;
  }

  /** Names of the application's tables that changed. */
  public Set<String> changedTables() {
    return changedTables;
  }

  /** What resolvers could not do, one line each; their conflicts stay open. */
  public List<String> problems() {
    return problems;
  }

  /** Runs the resolvers on all open conflicts of columns that name one of them. */
  public void run(Workspace workspace, Map<String, Resolver> resolvers) {
    if (workspace.policies().tablesWith(ColumnPolicy.Kind.CUSTOM).isEmpty()) {
      return;
    }
    workspace.pack();
    OpenUnits open = new OpenUnits(workspace);
    List<OpenUnits.OpenUnit> units = open.find(ColumnPolicy.Kind.CUSTOM);
    units.removeIf(unit -> !resolvers.containsKey(unit.policy().arguments().get(0)));
    Map<OpenUnits.OpenUnit, Value> bases = new BaseValues(workspace).of(units);
    Map<LifeId, Resolution> resolutions = new LinkedHashMap<>();
    for (OpenUnits.OpenUnit unit : units) {
      Value value = computed(resolvers, open, unit, bases.get(unit));
      if (value != null) {
        resolutions
            .computeIfAbsent(
                unit.life(),
                life -> new Resolution(unit.table(), life, unit.key(), new LinkedHashMap<>()))
            .values()
            .put(unit.column(), value);
      }
    }
    seal(workspace, new ArrayList<>(resolutions.values()));
  }

  private Value computed(
      Map<String, Resolver> resolvers, OpenUnits open, OpenUnits.OpenUnit unit, Value base) {
    String name = unit.policy().arguments().get(0);
    String where = unit.table().schema().name() + "." + unit.column();
    try {
      Value value = resolvers.get(name).resolve(base, List.copyOf(open.siblings(unit)));
      if (value == null) {
        problems.add(
            "expected a value from resolver '" + name + "' for " + where + " but got null");
      }
      return value;
    } catch (RuntimeException e) {
      problems.add(
          "expected a value from resolver '" + name + "' for " + where + " but it threw " + e);
      return null;
    }
  }

  /**
   * Settles one row's columns as somebody decided; the columns of a group together.
   *
   * @throws IllegalArgumentException when there is no such row, or no such column
   */
  public void resolve(Workspace workspace, String table, RowKey key, Map<String, Value> values) {
    workspace.pack();
    TrackedTable tracked = Tracking.find(workspace.catalog(), table);
    LocalMerge merge = workspace.merge();
    LifeId life = tracked == null ? null : merge.shownAt(tracked, key);
    if (life == null) {
      throw new IllegalArgumentException(
          "expected a row of a tracked table but there is none under that key in '" + table + "'");
    }
    for (String column : values.keySet()) {
      if (!tracked.schema().valueColumnNames().contains(column)) {
        throw new IllegalArgumentException(
            "expected columns of " + table + " outside its key but got '" + column + "'");
      }
    }
    Map<String, Value> row = new TableRows(workspace.session()).read(tracked, key);
    Map<String, Value> all = new LinkedHashMap<>();
    for (String column : merge.references().completed(tracked, new ArrayList<>(values.keySet()))) {
      if (row.containsKey(column)) {
        all.put(column, values.getOrDefault(column, row.get(column)));
      }
    }
    seal(workspace, List.of(new Resolution(tracked, life, key, all)));
  }

  /** Settles one conflict of the list (see {@link Settling#settle}). */
  public void settle(Workspace workspace, String conflict, Settlement settlement) {
    Settling.settle(workspace, this, nowMillis, conflict, settlement);
  }

  /** Seals a change of a row as a whole, without values, whether a table shows the row or not. */
  void sealRow(
      Workspace workspace,
      TrackedTable table,
      RowChange.Kind kind,
      LifeId life,
      RowKey key,
      RowExtras extras) {
    seal(
        workspace,
        List.of(new Resolution(table, life, key, Map.of())),
        (resolution, merge, tables, time) ->
            new RowChange(
                new RowShape(table.name(), table.keyColumns(), List.of()),
                kind,
                life,
                key,
                time,
                List.of(),
                List.of(),
                extras));
  }

  /** Seals values of columns of a row that no table shows. */
  void sealHidden(Workspace workspace, TrackedTable table, LifeId life, Map<String, Value> values) {
    LocalMerge before = workspace.merge();
    RowState row = before.row(table, life);
    KeyVersion wanted = row.state().wantedKey();
    Map<String, Value> all = new LinkedHashMap<>(values);
    for (String column : table.completed(new ArrayList<>(values.keySet()))) {
      Version version = before.view().shown(table.name(), row.state(), column);
      if (version != null && version.value() != null) {
        all.putIfAbsent(column, before.references().shownHere(table, row, column, version));
      }
    }
    List<String> columns = new ArrayList<>(all.keySet());
    seal(
        workspace,
        List.of(new Resolution(table, life, wanted.key(), all)),
        (resolution, merge, tables, time) ->
            new RowChange(
                new RowShape(table.name(), table.keyColumns(), columns),
                RowChange.Kind.RESOLUTION,
                life,
                wanted.key(),
                time,
                new ArrayList<>(all.values()),
                List.of(),
                meant(table, wanted, merge, all)));
  }

  /** What the references among these columns mean, and those of the key as it was written. */
  private static RowExtras meant(
      TrackedTable table, KeyVersion wanted, LocalMerge merge, Map<String, Value> values) {
    RowExtras written =
        merge
            .references()
            .of(
                table,
                wanted.key(),
                new ArrayList<>(values.keySet()),
                new ArrayList<>(values.values()));
    int keys = table.keyColumns().size();
    Map<Integer, LifeId> references = new TreeMap<>(written.references());
    references.keySet().removeIf(at -> at < keys);
    Set<Integer> bare = new TreeSet<>(written.bare());
    bare.removeIf(at -> at < keys);
    // The write of the key had other columns behind it.
    for (int at = 0; at < keys; at++) {
      LifeId meant = wanted.extras().references().get(at);
      if (meant != null) {
        references.put(at, meant);
      } else if (wanted.extras().bare().contains(at)) {
        bare.add(at);
      }
    }
    return RowExtras.NONE.withReferences(references, bare);
  }

  /** Makes the change that a resolution is. */
  private interface ChangeOf {
    RowChange of(Resolution resolution, LocalMerge merge, TableRows tables, HybridTimestamp time);
  }

  private void seal(Workspace workspace, List<Resolution> resolutions) {
    seal(workspace, resolutions, Resolving::change);
  }

  private void seal(Workspace workspace, List<Resolution> resolutions, ChangeOf changes) {
    if (resolutions.isEmpty()) {
      return;
    }
    HybridTimestamp time = HybridClock.tick(workspace.meta().latestTime(), nowMillis);
    Sealing sealing =
        new Sealing(
            workspace.session(), workspace.meta(), workspace.replicas(), workspace.log(), time);
    LocalMerge merge = workspace.merge();
    TableRows tables = new TableRows(workspace.session());
    merge.beginApply();
    int joined = 0;
    for (Resolution resolution : resolutions) {
      RowChange change =
          merge.settling(
              changes.of(resolution, merge, tables, time), sealing.dot(), sealing.dependencies());
      sealing.add(change);
      merge.join(change, sealing.dot(), sealing.dependencies());
      joined++;
      if (joined % LocalMerge.CHANGES_A_FLUSH == 0) {
        merge.flush();
      }
    }
    merge.flush();
    // What is listed of the resolution is read from the log, so that it must be there.
    sealing.finish();
    merge.endApply();
    workspace.meta().latestTime(time);
    changedTables.addAll(merge.changedTables());
  }

  private static RowChange change(
      Resolution resolution, LocalMerge merge, TableRows tables, HybridTimestamp time) {
    TrackedTable table = resolution.table();
    Map<String, Value> row = tables.read(table, resolution.key());
    List<String> columns = table.completed(new ArrayList<>(resolution.values().keySet()));
    List<Value> values = new ArrayList<>();
    columns.forEach(
        column -> values.add(resolution.values().getOrDefault(column, row.get(column))));
    RowState state = merge.row(table, resolution.life());
    List<Value> shown = new ArrayList<>();
    columns.forEach(column -> shown.add(row.get(column)));
    List<RowChange.Before> before = new ArrayList<>();
    shown.forEach(value -> before.add(RowChange.Before.shortened(value)));
    RowExtras extras =
        merge
            .references()
            .ofChosen(table, state, resolution.key(), columns, values)
            .withOrigins(merge.references().origins(table, columns, shown));
    return new RowChange(
        new RowShape(table.name(), table.keyColumns(), columns),
        RowChange.Kind.RESOLUTION,
        state.life(),
        resolution.key(),
        time,
        values,
        before,
        extras);
  }
}
