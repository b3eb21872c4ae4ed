package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.check.UniqueRule;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.internal.state.KeyPlace;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.TableRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks again at rows that nothing was written to, since what they are to show depends on more than
 * their states: policies, rules, the columns of the file. Part of the write transaction of its
 * {@link LocalMerge}.
 */
public final class Review {
  private final LocalMerge merge;
  private final Catalog catalog;
  private final LifeRows rows;
  private final TableRows tables;
  private final Display display;
  private final Siblings siblings;
  private final Journal journal;

  Review(
      LocalMerge merge,
      Catalog catalog,
      LifeRows rows,
      TableRows tables,
      Display display,
      Siblings siblings,
      Journal journal) {
    this.merge = merge;
    this.catalog = catalog;
    this.rows = rows;
    this.tables = tables;
    this.display = display;
    this.siblings = siblings;
    this.journal = journal;
  }

  /** Makes the table show what the states hold of columns that it did not have before. */
  public void showColumns(TrackedTable table, Set<String> columns) {
    for (LifeId life : rows.livesWithState(table)) {
      RowState row = rows.row(table.number(), life);
      for (String column : columns) {
        boolean held = row.state().siblings(column).stream().anyMatch(one -> one.value() != null);
        boolean tree = merge.view().trees(table.name()).contains(column);
        if (held && (row.isVisible() || tree)) {
          row.changedUnits().add(column);
          row.touched(true);
        }
      }
    }
    merge.flush();
  }

  /**
   * Looks at lives of which more is known than the table shows: their rows may have to look
   * different under the policies of now. To be followed by {@link LocalMerge#flush}.
   *
   * @param columns columns of which it is known that they mean something else than before
   */
  public void reshow(TrackedTable table, Collection<LifeId> lives, Set<String> columns) {
    rows.preload(table.number(), lives);
    for (LifeId life : lives) {
      RowState row = rows.row(table.number(), life);
      row.touched(true);
      row.changedUnits().addAll(columns);
      row.changedUnits().removeAll(table.schema().keyColumns());
      if (row.isVisible() && row.masked() == null && !row.state().keys().isEmpty()) {
        RowKey key = merge.shownKey(table, row);
        // Its key may have come to refer to another row, or to none.
        row.keyChanged(
            row.keyChanged() || !KeyPlace.same(table, key, rows.keys().wantedKey(table, row)));
        Map<String, Value> shown = tables.read(table, key);
        for (String column : table.schema().valueColumnNames()) {
          Version version = merge.view().shown(table.name(), row.state(), column);
          // A reference to another row may have been written as what is shown of this one.
          boolean refers = table.referringColumns().contains(column);
          boolean differs =
              shown != null && version != null && !shown.get(column).equals(version.value());
          if (differs || refers && version != null) {
            row.changedUnits().add(column);
          }
        }
      }
    }
  }

  /**
   * Looks at every row of a table, and shows it.
   *
   * @param columns columns of which it is known that they mean something else than before
   */
  public void reshowAll(TrackedTable table, Set<String> columns) {
    List<RowKey> keys = new ArrayList<>();
    tables.each(table, keys::add);
    LocalMerge.inFlushes(
        keys,
        some -> {
          for (RowKey key : some) {
            LifeId life = rows.shownAt(table, key);
            if (life != null) {
              RowState row = rows.row(table.number(), life);
              row.shownKey(key);
              row.changedUnits().addAll(columns);
              row.touched(true);
            }
          }
          merge.flush();
        });
  }

  /**
   * Decides anew who gets which unique values of a table, whose rules or indexes have changed, and
   * flushes.
   */
  public void contestAnew(TrackedTable table) {
    Set<LifeId> concerned = display.forgetClaims(table);
    if (!table.lackingColumns().isEmpty()) {
      concerned.addAll(rows.livesWithState(table));
    }
    LocalMerge.inFlushes(
        new ArrayList<>(concerned),
        some -> {
          rows.preload(table.number(), some);
          contestAnew(table, some);
        });
    for (UniqueRule rule : table.unenforcedRules()) {
      LocalMerge.inFlushes(
          tables.keysOfShared(table, rule),
          some -> {
            List<LifeId> lives = new ArrayList<>();
            for (RowKey key : some) {
              LifeId life = rows.standsAt(table, key);
              if (life != null) {
                lives.add(life);
              }
            }
            contestAnew(table, lives);
          });
    }
  }

  private void contestAnew(TrackedTable table, List<LifeId> lives) {
    List<RowState> about = new ArrayList<>();
    lives.forEach(life -> about.add(rows.row(table.number(), life)));
    display.contestAnew(table, about);
    merge.flush();
  }

  /** Lists anew what conflicts in these lives, which nothing has touched. */
  public void relist(TrackedTable table, Collection<LifeId> lives) {
    rows.preload(table.number(), lives);
    List<RowState> found = new ArrayList<>();
    lives.forEach(life -> found.add(rows.row(table.number(), life)));
    siblings.keep(found);
    rows.clear();
  }

  /** Names the conflicts of the journal anew. */
  public void relistJournal() {
    journal.rename(catalog);
  }

  /** Ends what {@link #relist} and {@link #relistJournal} did. */
  public void endRelisting() {
    siblings.finish();
    rows.clear();
  }
}
