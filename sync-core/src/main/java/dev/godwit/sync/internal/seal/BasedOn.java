package dev.godwit.sync.internal.seal;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.Boundaries;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.log.VersionTables;
import dev.godwit.sync.internal.merge.LifeState;
import dev.godwit.sync.internal.merge.Presence;
import dev.godwit.sync.internal.state.KeyPlace;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * On what the writes of one transaction are based, where their authors said so through {@code
 * godwit_based_on}: what came to a row after that counts as unseen, so that the write stands beside
 * it.
 */
final class BasedOn {
  private final Map<KeyPlace, VersionVector> seen = new HashMap<>();

  /** What was said within a boundary. */
  static BasedOn within(Session session, Catalog catalog, Boundaries.Boundary boundary) {
    BasedOn basedOn = new BasedOn();
    try (SqliteRows rows =
        session
            .statement(
                "SELECT c0, c1, c2, c3, c4, c5 FROM godwit_pending WHERE table_number = ? AND kind = ?"
                    + " AND id > ? AND id <= ? ORDER BY id")
            .bind(1, VersionTables.TABLE_NUMBER)
            .bind(2, VersionTables.KIND)
            .bind(3, boundary.after())
            .bind(4, boundary.through())
            .query()) {
      while (rows.next()) {
        basedOn.add(catalog, rows);
      }
    }
    return basedOn;
  }

  private void add(Catalog catalog, SqliteRows rows) {
    for (TrackedTable table : catalog.tables()) {
      int columns = table.keyColumns().size();
      boolean named = table.schema().name().equalsIgnoreCase(rows.text(1));
      if (named && !table.isSystem() && columns <= VersionTables.KEY_COLUMNS_MAX) {
        List<Value> key = new ArrayList<>();
        for (int i = 0; i < columns && !rows.isNull(2 + i); i++) {
          key.add(rows.value(2 + i));
        }
        if (key.size() == columns) {
          seen.put(KeyPlace.of(table, new RowKey(key)), VersionTables.seen(rows.text(0)));
        }
      }
    }
  }

  /**
   * The versions that the author of an update did not see.
   *
   * @param key the row's key before
   * @param units the columns that the update writes
   */
  List<Dot> unseenByUpdate(TrackedTable table, RowKey key, LifeState state, List<String> units) {
    VersionVector shown = shown(table, key);
    if (shown == null) {
      return List.of();
    }
    Set<Dot> unseen = new LinkedHashSet<>();
    for (String unit : units) {
      state.writesTo(unit).forEach(dot -> addUnlessShown(dot, shown, unseen));
    }
    for (Presence presence : state.existence()) {
      if (!presence.present()) {
        addUnlessShown(presence.dot(), shown, unseen);
      }
    }
    return new ArrayList<>(unseen);
  }

  /** The versions that somebody who deleted the row or inserted it anew did not see. */
  List<Dot> unseenByWhole(TrackedTable table, RowKey key, LifeState state) {
    VersionVector shown = shown(table, key);
    if (shown == null) {
      return List.of();
    }
    Set<Dot> unseen = new LinkedHashSet<>();
    state.existence().forEach(presence -> addUnlessShown(presence.dot(), shown, unseen));
    for (String unit : table.valueColumnNames()) {
      state.writesTo(unit).forEach(dot -> addUnlessShown(dot, shown, unseen));
    }
    return new ArrayList<>(unseen);
  }

  /** What the author of a write to a row said that he had been shown; null when he did not. */
  VersionVector shown(TrackedTable table, RowKey key) {
    return seen.isEmpty() || key == null ? null : seen.get(KeyPlace.of(table, key));
  }

  private static void addUnlessShown(Dot dot, VersionVector shown, Set<Dot> unseen) {
    if (!shown.covers(dot)) {
      unseen.add(dot);
    }
  }
}
