package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.RowStates;
import dev.godwit.sync.internal.state.TableRows;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes out what states leave to the rows of a table: before it changes which columns are
 * references, since a row tells something else then.
 */
public final class SeparateStates {
  private final RowStates states;
  private final TableRows tables;
  private final LifeRows rows;

  public SeparateStates(Session session, Catalog catalog, Replicas replicas, View view) {
    this.states = new RowStates(session, catalog, replicas);
    this.tables = new TableRows(session);
    this.rows = new LifeRows(catalog, states, tables, new HeldRows(session, view), view);
  }

  /** Makes every state of a table hold all of its values itself. */
  public void write(TrackedTable table) {
    List<RowKey> keys = new ArrayList<>();
    tables.each(
        table,
        key -> {
          keys.add(key);
          if (keys.size() == LocalMerge.CHANGES_A_FLUSH) {
            write(table, keys);
            keys.clear();
          }
        });
    write(table, keys);
  }

  private void write(TrackedTable table, List<RowKey> keys) {
    List<RowState> leaning = new ArrayList<>();
    for (RowKey key : keys) {
      LifeId life = rows.shownAt(table, key);
      RowState row = life == null ? null : rows.row(table.number(), life);
      if (row != null && row.state().leansOnTable()) {
        row.shownKey(key);
        rows.keys().expand(table, row, tables.read(table, key));
        leaning.add(row);
      }
    }
    states.save(leaning, row -> false, row -> false);
    rows.clear();
  }
}
