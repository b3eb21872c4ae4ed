package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowExtras;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.merge.LifeState;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.KeyPlace;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.TableRows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Which keys lives show, and what refers to them: the way back from {@link LifeRows}, which knows
 * the lives of keys.
 */
final class ShownKeys {
  private final Catalog catalog;
  private final LifeRows rows;
  private final TableRows tables;
  private final HeldRows held;
  private final View view;
  private Map<RowState, RowKey> placed = Map.of();
  private Function<RowState, RowKey> seats = row -> null;

  ShownKeys(Catalog catalog, LifeRows rows, TableRows tables, HeldRows held, View view) {
    this.view = view;
    this.catalog = catalog;
    this.rows = rows;
    this.tables = tables;
    this.held = held;
  }

  /**
   * Takes these rows to show these keys, null for none, although the table does not yet: references
   * among rows that come in together must agree.
   *
   * @param keptSeats tells the keys of rows that stand and are out of their tables
   */
  void placing(Map<RowState, RowKey> targets, Function<RowState, RowKey> keptSeats) {
    placed = targets;
    seats = keptSeats;
  }

  /** Forgets what rows are to show: the tables show it. */
  void placed() {
    placed = Map.of();
    seats = row -> null;
  }

  /** The life that a version of the one column of a reference refers to, null for none. */
  LifeId referenced(TrackedTable.Reference reference, Version version) {
    return reference.referred(version.value(), version.reference(), version.bare());
  }

  /**
   * The row that the default of a reference column means, null where it is none or no key from
   * which a life follows.
   */
  LifeId fallback(TrackedTable.Reference reference) {
    Value substitute = reference.substitute();
    boolean follows =
        substitute != null
            && !substitute.equals(Value.NULL)
            && reference.birth() != null
            && !rows.table(reference).isSurrogate();
    return follows ? reference.birth().birthLife(substitute) : null;
  }

  /** As {@link #shownKey(TrackedTable.Reference, LifeId, RowKey)}, of one column. */
  Value shownValue(TrackedTable.Reference reference, LifeId life, Value written) {
    RowKey shown = shownKey(reference, life, RowKey.of(written));
    return shown == null ? null : shown.values().get(0);
  }

  /**
   * The key that a reference to this life shows: as it was written where that is the life's key,
   * else the key. Of a row that is out of its table the key that it keeps, of one that waits for
   * its key that one, which another row has; null of a row that is away.
   */
  RowKey shownKey(TrackedTable.Reference reference, LifeId life, RowKey written) {
    RowState parent = rows.row(reference.parent(), life);
    TrackedTable table = rows.table(reference);
    if (!reference.isToKey()) {
      RowKey held = referredKey(reference, parent);
      return held != null && KeyPlace.same(table, reference, held, written) ? written : held;
    }
    RowKey key;
    if (placed.containsKey(parent)) {
      key = placed.get(parent);
    } else if (!parent.isVisible() || parent.masked() != null) {
      key = null;
    } else if (parent.shownKey() == null && reference.follows(life, written.values().get(0))) {
      return written;
    } else {
      key = shownKey(table, parent, written, RowExtras.NONE);
    }
    if (key == null && held.stands(table, parent) && !parent.state().keys().isEmpty()) {
      key = seat(table, parent);
    }
    return key != null && KeyPlace.same(table, key, written)
        ? written
        : spelled(table, parent, key);
  }

  /**
   * What a row has in the columns that a reference refers to, were every unique value free; null of
   * a row that is away.
   */
  RowKey referredKey(TrackedTable.Reference reference, RowState parent) {
    TrackedTable table = rows.table(reference);
    return held.stands(table, parent) && !parent.state().keys().isEmpty()
        ? reference.referredKey(column -> value(table, parent, column))
        : null;
  }

  /** What a row has in a column, were every unique value free. */
  Value value(TrackedTable table, RowState row, String column) {
    int place = table.schema().keyColumns().indexOf(column);
    if (place >= 0) {
      RowKey shown = placed.containsKey(row) ? placed.get(row) : shownToOthers(row);
      return (shown == null ? seat(table, row) : shown).values().get(place);
    }
    Version version = view.shown(table.name(), row.state(), column);
    return version == null || version.value() == null
        ? Value.NULL
        : value(table, column, version, row);
  }

  /**
   * The value that a row has, whoever else has it: a reference shows its parent's key. A column of
   * several shows what the first of them says, the one that it keeps before the others.
   */
  Value value(TrackedTable table, String column, Version version, RowState row) {
    for (TrackedTable.Reference reference : table.referencesOf(column)) {
      ReferringValues values = referring(table, row, reference);
      LifeId parent = values.meant();
      boolean substituted = parent != null && held.substitutes(row, reference.column());
      if (substituted && (column.equals(reference.column()) || table.isOfOneReference(column))) {
        return HeldRows.substitute(row, reference);
      }
      RowKey shown =
          parent == null || substituted ? null : shownKey(reference, parent, values.key());
      if (shown != null) {
        return shown.values().get(reference.columns().indexOf(column));
      }
    }
    return version.value();
  }

  /** The key that a row keeps while it is out of its table; without one, the key that it wants. */
  private RowKey seat(TrackedTable table, RowState row) {
    boolean seated = row.masked() != null || held.isOut(table, row);
    RowKey kept = seated ? seats.apply(row) : null;
    kept = kept == null ? row.refusedKey() : kept;
    return kept == null ? wantedKey(table, row) : kept;
  }

  /** A key that a life shows in the spelling of whoever gave it to the life. */
  private RowKey spelled(TrackedTable table, RowState row, RowKey key) {
    KeyVersion wanted = row.state().keys().isEmpty() ? null : row.state().wantedKey();
    if (key == null || wanted == null || wanted.key() == null) {
      return key;
    }
    RowKey resolved = resolved(table, wanted.key(), wanted.extras());
    return KeyPlace.same(table, resolved, key) ? resolved : key;
  }

  /** The key of a row in its table; of one that SQLite refuses here that which it has elsewhere. */
  RowKey shownToOthers(RowState row) {
    if (row.masked() != null) {
      return placed.containsKey(row) ? placed.get(row) : row.refusedKey();
    }
    return row.isVisible() ? row.shownKey() : null;
  }

  /**
   * The key by which a conflict names a row: the one that the table shows, in the spelling that it
   * has there; of a row that it does not show the key that was written.
   */
  String listed(TrackedTable table, RowState row) {
    RowKey wanted = row.state().keys().isEmpty() ? null : row.state().wantedKey().key();
    RowKey shown = shownToOthers(row);
    RowKey key = shown == null ? wanted : spelled(table, row, shown);
    return key == null ? null : SaidWrites.readable(key);
  }

  /**
   * The key that a life's key register means here: references replaced by what their parents show.
   */
  RowKey resolved(TrackedTable table, RowKey key, RowExtras extras) {
    if (!table.keyRefers()) {
      return key;
    }
    List<Value> values = new ArrayList<>(key.values());
    for (int i = 0; i < values.size(); i++) {
      values.set(i, resolved(table, key, extras, i));
    }
    return values.equals(key.values()) ? key : new RowKey(values);
  }

  /** One part of it: of several references the one that the column keeps counts first. */
  private Value resolved(TrackedTable table, RowKey key, RowExtras extras, int part) {
    String column = table.schema().keyColumns().get(part);
    for (TrackedTable.Reference reference : table.referencesOf(column)) {
      RowKey shown = shownKey(table, reference, key, extras);
      if (shown != null) {
        return shown.values().get(reference.columns().indexOf(column));
      }
    }
    return key.values().get(part);
  }

  /**
   * The key that a reference of a key shows, null where it refers to nothing, or to a row that is
   * away.
   */
  RowKey shownKey(
      TrackedTable table, TrackedTable.Reference reference, RowKey key, RowExtras extras) {
    LifeId parent = table.referred(reference, key, extras);
    return parent == null ? null : shownKey(reference, parent, table.tuple(reference, key));
  }

  /** What the columns of a reference outside the key hold, of a row as the view has it. */
  ReferringValues referring(TrackedTable table, RowState row, TrackedTable.Reference reference) {
    return ReferringValues.of(
        table,
        reference,
        column -> view.shown(table.name(), row.state(), column),
        keyFor(table, row, reference));
  }

  /** The key of which a reference takes columns, null where it takes none or none is known. */
  RowKey keyFor(TrackedTable table, RowState row, TrackedTable.Reference reference) {
    return table.isPartlyInKey(reference) && !row.state().keys().isEmpty()
        ? wantedKey(table, row)
        : null;
  }

  /** The key that a life wants, as {@link #resolved}; the one that it shows where that says it. */
  RowKey wantedKey(TrackedTable table, RowState row) {
    KeyVersion key = row.state().wantedKey();
    return key.key() == null ? row.shownKey() : resolved(table, key.key(), key.extras());
  }

  /**
   * The key under which the table shows a visible life: known, or following from the life's id.
   *
   * @param hint a key that some replica showed for it
   */
  RowKey shownKey(TrackedTable table, RowState row, RowKey hint, RowExtras extras) {
    if (row.shownKey() == null) {
      RowKey resolved = resolved(table, hint, extras);
      boolean follows =
          row.life().equals(table.birthLife(resolved, rows.meantBefore(table, resolved)));
      row.shownKey(follows ? resolved : searched(table, row.life()));
    }
    return row.shownKey();
  }

  /**
   * A life, with the key under which its table shows it.
   *
   * @param hint a key that some replica showed for it, null when none is known
   */
  RowState located(TrackedTable table, LifeId life, RowKey hint) {
    RowState row = rows.row(table.number(), life);
    if (row.isVisible() && row.shownKey() == null && hint != null) {
      shownKey(table, row, hint, RowExtras.NONE);
    }
    return row;
  }

  /** Gives the versions that lean on the table the values that this row of it holds. */
  void expand(TrackedTable table, RowState row, Map<String, Value> tableRow) {
    Map<String, LifeState.Held> held = new HashMap<>();
    for (String column : table.valueColumnNames()) {
      Value value = tableRow.get(column);
      TrackedTable.Reference reference = table.references().get(column);
      Map<Integer, LifeId> references = new HashMap<>();
      Set<Integer> bare = new HashSet<>();
      if (reference != null) {
        rows.meant(reference, reference.key(tableRow::get), 0, this::storedAt, references, bare);
      }
      held.put(column, new LifeState.Held(value, references.get(0), !bare.isEmpty()));
    }
    row.state().expand(held);
    List<Value> key = new ArrayList<>();
    table.schema().keyColumns().forEach(column -> key.add(tableRow.get(column)));
    RowKey shown = new RowKey(key);
    row.state().expandKey(shown, rows.meantBefore(table, shown));
  }

  private LifeId storedAt(TrackedTable.Reference reference, RowKey shown) {
    return reference.isToKey()
        ? rows.storedAt(rows.table(reference), shown)
        : rows.referredTo(reference, shown);
  }

  /** Gives a visible life that leans on its row what the row holds, before it changes there. */
  void expandShown(TrackedTable table, RowState row) {
    if (row.isVisible() && row.shownKey() != null && row.state().leansOnTable()) {
      Map<String, Value> tableRow = tables.read(table, row.shownKey());
      if (tableRow != null) {
        expand(table, row, tableRow);
      }
    }
  }

  /**
   * The slow way, for the rare life whose key was elsewhere when the change at hand was made: looks
   * at every row.
   */
  private RowKey searched(TrackedTable table, LifeId life) {
    List<RowKey> keys = new ArrayList<>();
    tables.each(table, keys::add);
    for (RowKey key : keys) {
      if (life.equals(table.birthLife(key, rows.meantBefore(table, key)))) {
        return key;
      }
    }
    throw new IllegalStateException(
        "expected table "
            + table.name()
            + " to show row "
            + life
            + " but it does not: run doctor on this file");
  }
}
