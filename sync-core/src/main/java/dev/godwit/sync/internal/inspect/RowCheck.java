package dev.godwit.sync.internal.inspect;

import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.apply.HeldRows;
import dev.godwit.sync.internal.apply.ReferringValues;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.engine.Workspace;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.KeyCodec;
import dev.godwit.sync.internal.state.KeyPlace;
import dev.godwit.sync.internal.state.TableRows;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.report.Finding;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteStatement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Checks that the application's table shows what the state of a life says: the row is there iff the
 * life is visible, under the key that it wants unless another row has that, with the values that
 * won.
 */
final class RowCheck {
  private static final String ADVICE =
      "keep a copy of the file, then untrack the table and track it again, or join with a new file";

  private final Workspace workspace;
  private final Findings findings;
  private final TableRanks ranks;
  private final ShownRows shown;
  private final View view;
  private final HeldRows held;
  private final TableRows tables;

  RowCheck(Workspace workspace, Findings findings, TableRanks ranks, ShownRows shown) {
    this.workspace = workspace;
    this.findings = findings;
    this.ranks = ranks;
    this.shown = shown;
    this.view = workspace.view();
    this.held = new HeldRows(workspace.session(), view);
    this.tables = new TableRows(workspace.session());
  }

  /**
   * Checks one life.
   *
   * @param row what the table shows of it, null for nothing
   */
  void check(CheckedLife one, Map<String, Value> row) {
    boolean visible = one.stored() != null && one.stored().isVisible();
    if (!visible && !one.keys().isEmpty()) {
      damage(
          one, "expected a row that the state knows but it does not: it was written past capture");
    }
    if (visible && one.keys().size() > 1) {
      damage(one, "expected one row of this life but the table has " + one.keys().size());
    }
    if (visible && row == null) {
      damage(one, "expected the row in the table but it is not there: it was removed past capture");
    }
    if (one.stored() == null || one.stored().masked() != null) {
      return;
    }
    boolean stands =
        held.stands(one.table(), one.stored()) && !held.isOut(one.table(), one.stored());
    if (visible && !stands) {
      damage(one, "expected no row, since it was deleted or is held back, but the table shows one");
    } else if (stands && !visible && !isWaiting(one)) {
      damage(
          one, "expected the row in the table, since nothing holds it back, but it is not there");
    } else if (visible && row != null && one.replayed() != null) {
      key(one, row);
      values(one, row);
    }
  }

  private void key(CheckedLife one, Map<String, Value> row) {
    KeyVersion wanted = one.replayed().wantedKey();
    List<KeyColumn> columns = one.table().keyColumns();
    List<Value> shownKey = new ArrayList<>();
    columns.forEach(column -> shownKey.add(row.get(column.name())));
    boolean same = true;
    for (int i = 0; i < columns.size(); i++) {
      same &= isShownInKey(one.table(), wanted, i, shownKey.get(i));
    }
    if (!same && !isWaiting(one)) {
      damage(
          one,
          "expected it under the key "
              + ReadableKey.of(wanted.key())
              + " but the table shows it under "
              + ReadableKey.of(new RowKey(shownKey)));
    }
  }

  /** As {@link #isShown}, of a column of the key. */
  private boolean isShownInKey(TrackedTable table, KeyVersion wanted, int part, Value actual) {
    String column = table.keyColumns().get(part).name();
    boolean mayBeTold = false;
    for (TrackedTable.Reference reference : table.referencesOf(column)) {
      LifeId parent = table.referred(reference, wanted.key(), wanted.extras());
      if (parent != null) {
        TrackedTable parentTable = workspace.catalog().table(reference.parent());
        byte[] key = shown.key(ranks.rank(parentTable.name()), parent);
        if (key != null) {
          return isPart(key, parentTable, reference.columns().indexOf(column), actual);
        }
        mayBeTold = true;
      }
    }
    return mayBeTold || Fingerprint.of(actual).equals(wanted.key().values().get(part));
  }

  private void values(CheckedLife one, Map<String, Value> row) {
    for (String column : one.table().schema().valueColumnNames()) {
      Version pick = shown(one, column);
      if (pick != null && pick.value() != null) {
        if (!isShown(one, column, pick, row.get(column))) {
          damage(
              one,
              "column "
                  + column
                  + ": expected the value that "
                  + pick.dot()
                  + " wrote but the table shows another one");
        }
      }
    }
  }

  /**
   * Whether a column shows what it is to: where it refers, its part of the key of the row that it
   * means; one whose row is not shown may show anything that it was told.
   */
  private boolean isShown(CheckedLife one, String column, Version pick, Value actual) {
    TrackedTable table = one.table();
    boolean mayBeTold = false;
    if (held.nulls(table, one.stored(), column)) {
      return actual.equals(Value.NULL);
    }
    for (TrackedTable.Reference reference : table.referencesOf(column)) {
      LifeId parent =
          ReferringValues.of(
                  table, reference, other -> shown(one, other), one.replayed().wantedKey().key())
              .meant();
      if (parent != null && held.substitutes(one.stored(), reference.column())) {
        if (column.equals(reference.column()) || table.isOfOneReference(column)) {
          return actual.equals(HeldRows.substitute(one.stored(), reference));
        }
      } else if (parent != null) {
        TrackedTable parentTable = workspace.catalog().table(reference.parent());
        byte[] key = shown.key(ranks.rank(parentTable.name()), parent);
        if (key != null) {
          int part = reference.columns().indexOf(column);
          return reference.isToKey()
              ? isPart(key, parentTable, part, actual)
              : isPartOfReferred(reference, parentTable, key, part, actual);
        }
        mayBeTold = true;
      }
    }
    return mayBeTold || isStored(actual, pick.value());
  }

  private boolean isPartOfReferred(
      TrackedTable.Reference reference, TrackedTable parent, byte[] key, int part, Value actual) {
    Map<String, Value> row = tables.read(parent, KeyCodec.decode(key));
    if (row == null) {
      return false;
    }
    RowKey held = reference.referredKey(row::get);
    List<Value> values = new ArrayList<>(held.values());
    values.set(part, actual);
    return KeyPlace.same(parent, reference, held, new RowKey(values));
  }

  private static boolean isPart(byte[] key, TrackedTable table, int part, Value actual) {
    List<Value> values = new ArrayList<>(KeyCodec.decode(key).values());
    values.set(part, actual);
    return Arrays.equals(key, KeyCodec.encode(new RowKey(values), table.keyColumns()));
  }

  /**
   * The version that the table is to show. Replayed versions have large values by hash only, which
   * the default policy need not look into.
   */
  private Version shown(CheckedLife one, String column) {
    String table = one.table().name();
    boolean byDefault =
        view.policies().isEmpty()
            || view.policy(table, column).equals(ColumnPolicy.lastWriterWins());
    if (byDefault) {
      return one.replayed().pick(column);
    }
    Version stored = view.shown(table, one.stored().state(), column);
    return stored == null || stored.value() == null
        ? stored
        : stored.holding(Fingerprint.of(stored.value()), stored.reference(), stored.bare());
  }

  /** A column may store a real number without a fraction as an integer. */
  private static boolean isStored(Value actual, Value expected) {
    boolean asReal =
        actual instanceof Value.Integer whole
            && expected instanceof Value.Real
            && Value.of((double) whole.number()).equals(expected);
    return asReal || Fingerprint.of(actual).equals(expected);
  }

  /** Whether the life waits for the key that it wants, which another one has. */
  private boolean isWaiting(CheckedLife one) {
    KeyVersion wanted = one.replayed() == null ? null : one.replayed().wantedKey();
    boolean keyIsPlain = wanted != null && !one.table().keyRefers();
    String sql = "SELECT 1 FROM godwit_waiting WHERE table_number = ? AND life = ?";
    SqliteStatement query =
        workspace.session().statement(keyIsPlain ? sql + " AND key = ?" : sql + " LIMIT 1");
    query.bind(1, one.table().number()).bind(2, one.life().bytes());
    if (keyIsPlain) {
      query.bind(3, KeyCodec.encode(wanted.key(), one.table().keyColumns()));
    }
    try (SqliteRows rows = query.query()) {
      return rows.next();
    }
  }

  private void damage(CheckedLife one, String problem) {
    findings.damage(Finding.Check.ROWS, LifeNames.where(one), problem, ADVICE);
  }
}
