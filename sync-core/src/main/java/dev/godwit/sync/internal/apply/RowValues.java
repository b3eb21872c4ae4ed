package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.check.UniqueRule;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.KeyPlace;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.TableRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What rows are to show, once it is decided which keys they have. */
final class RowValues {
  private final LifeRows rows;
  private final TableRows tables;
  private final View view;
  private final HeldRows held;
  private KeyPlacement placement;

  RowValues(LifeRows rows, TableRows tables, View view, HeldRows held) {
    this.rows = rows;
    this.tables = tables;
    this.view = view;
    this.held = held;
  }

  /** Sets who knows which keys the rows of this flush are to have. */
  void keys(KeyPlacement placed) {
    placement = placed;
  }

  /** The key that a row has or is to have, null for none. */
  RowKey seat(RowState row) {
    return placement.seat(row);
  }

  /** The value that the table is to show: NULL where another row has a unique value. */
  Value shown(TrackedTable table, String column, Version version, RowState row) {
    return held.nulls(table, row, column) ? Value.NULL : wanted(table, column, version, row);
  }

  /** The same of a column, also where nobody has written it. */
  Value shown(TrackedTable table, RowState row, String column) {
    Version version = view.shown(table.name(), row.state(), column);
    return version == null || version.value() == null
        ? Value.NULL
        : shown(table, column, version, row);
  }

  /** The value that a row has, whoever else has it: a reference shows what its parent has. */
  private Value wanted(TrackedTable table, String column, Version version, RowState row) {
    return rows.keys().value(table, column, version, row);
  }

  /**
   * Whether a row cannot show that it refers to another one: a column that the reference shares
   * with others shows what one of those says.
   *
   * @param parent the row that it refers to
   */
  boolean areAtOdds(
      TrackedTable table, RowState row, TrackedTable.Reference reference, RowState parent) {
    if (table.keyReferences().contains(reference)) {
      return areAtOdds(table, row.state().wantedKey(), reference);
    }
    ReferringValues values = rows.keys().referring(table, row, reference);
    if (!values.isTold() || held.substitutes(row, reference.column())) {
      return false;
    }
    RowKey key = rows.keys().shownKey(reference, parent.life(), values.key());
    RowKey own = table.isPartlyInKey(reference) ? key(table, row) : null;
    List<Value> shown = new ArrayList<>();
    for (int i = 0; i < values.versions().size(); i++) {
      String column = reference.columns().get(i);
      int place = own == null ? -1 : table.schema().keyColumns().indexOf(column);
      shown.add(
          place < 0
              ? wanted(table, column, values.versions().get(i), row)
              : own.values().get(place));
    }
    return key != null
        && !shown.contains(Value.NULL)
        && !KeyPlace.same(rows.table(reference), reference, key, new RowKey(shown));
  }

  /**
   * Whether a row cannot show what it refers to by other columns than the key: the row referred to
   * has no key, or shows NULL for a taken value, or has NULL there and this one can show none.
   *
   * @param parent the row that it refers to, which stands
   */
  boolean lacksReferred(TrackedTable table, TrackedTable.Reference reference, RowState parent) {
    RowKey has = reference.isToKey() ? null : rows.keys().referredKey(reference, parent);
    if (has == null) {
      return false;
    }
    boolean lacks = seat(parent) == null;
    for (int i = 0; i < has.values().size(); i++) {
      boolean isNull = has.values().get(i).equals(Value.NULL);
      lacks |= isNull && !table.schema().mayBeNull(reference.columns().get(i));
      lacks |= held.nulls(rows.table(reference), parent, reference.referred().get(i).name());
    }
    return lacks;
  }

  /** The same of a reference of the key. */
  private boolean areAtOdds(
      TrackedTable table, KeyVersion wanted, TrackedTable.Reference reference) {
    if (wanted.key() == null) {
      return false;
    }
    RowKey key = rows.keys().shownKey(table, reference, wanted.key(), wanted.extras());
    RowKey resolved = rows.keys().resolved(table, wanted.key(), wanted.extras());
    return key != null
        && !KeyPlace.same(rows.table(reference), key, table.tuple(reference, resolved));
  }

  /** All that a row shows or is to show, by column, were every unique value free. */
  Map<String, Value> row(TrackedTable table, RowState row) {
    Map<String, Value> values = new HashMap<>();
    Map<String, Value> tableRow =
        row.isVisible() && row.shownKey() != null && row.state().leansOnTable()
            ? tables.read(table, row.shownKey())
            : null;
    for (String column : table.valueColumnNames()) {
      Version version = view.shown(table.name(), row.state(), column);
      if (version != null && version.value() != null) {
        values.put(column, wanted(table, column, version, row));
      } else {
        values.put(column, tableRow == null ? Value.NULL : tableRow.get(column));
      }
    }
    for (String column : table.lackingColumns()) {
      values.put(column, view.value(table.name(), row.state(), column));
    }
    RowKey key = key(table, row);
    for (int i = 0; i < key.values().size(); i++) {
      values.put(table.schema().keyColumns().get(i), key.values().get(i));
    }
    return values;
  }

  /** The key that a row has or is to have; where it has none, the one that it wants. */
  private RowKey key(TrackedTable table, RowState row) {
    RowKey seat = seat(row);
    if (seat != null) {
      return seat;
    }
    KeyVersion wanted = row.state().wantedKey();
    return rows.keys().resolved(table, wanted.key(), wanted.extras());
  }

  /** Whether a row has a value in a column about which there are rules and which the file lacks. */
  boolean areBeyond(TrackedTable table, RowState row) {
    for (String column : table.lackingColumns()) {
      if (!view.value(table.name(), row.state(), column).equals(Value.NULL)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The column that a row may show as NULL where another one has what it wants by this rule; null
   * for none.
   */
  String yielding(TrackedTable table, UniqueRule rule) {
    String column = view.yielding(table.name(), rule);
    return column == null || table.schema().keyColumns().contains(column) ? null : column;
  }

  /**
   * Whether a row may show NULL in these columns, as far as the rules of its table tell.
   *
   * @param shown what it would show then
   */
  boolean mayShowNull(
      TrackedTable table, RowState row, Set<String> columns, Map<String, Value> shown) {
    return view.allowsNull(
        table.name(),
        columns,
        column ->
            shown.containsKey(column)
                ? shown.get(column)
                : view.value(table.name(), row.state(), column));
  }

  /**
   * The columns of a rule whose writes tell that their author's table had no other row with the
   * tuple: where one of them may have shown NULL, a write of the others tells nothing.
   */
  Collection<String> telling(TrackedTable table, UniqueRule rule) {
    String yielding = yielding(table, rule);
    return yielding == null ? rule.columns() : Set.of(yielding);
  }

  /** The writes of which these columns of a row come. */
  List<Written> written(TrackedTable table, RowState row, Collection<String> columns) {
    return Written.of(view, table, row, columns);
  }
}
