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
import dev.godwit.sync.internal.state.KeyPlace;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.RowStates;
import dev.godwit.sync.internal.state.TableRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * The lives that one write transaction has touched so far, as they will be; and which life a key or
 * a reference means.
 *
 * <p>States are loaded once, changed in memory, and written together by {@link Display}.
 */
final class LifeRows {
  private final Catalog catalog;
  private final RowStates states;
  private final TableRows tables;
  private final HeldRows held;
  private final Map<Integer, Map<LifeId, RowState>> rows = new LinkedHashMap<>();
  private final Map<KeyPlace, LifeId> taken = new HashMap<>();
  private final Map<Integer, Boolean> storedKeys = new HashMap<>();
  private final Map<Integer, Boolean> waiting = new HashMap<>();
  private final Map<KeyPlace, LifeId> before = new HashMap<>();
  private final Map<KeyPlace, LifeId> beforeOwn = new HashMap<>();
  private final Map<KeyPlace, LifeId> written = new HashMap<>();
  private Map<RowState, RowKey> placed = Map.of();
  private boolean keepsBefore;

  LifeRows(Catalog catalog, RowStates states, TableRows tables, HeldRows held) {
    this.held = held;
    this.catalog = catalog;
    this.states = states;
    this.tables = tables;
  }

  /** Loads what is not loaded yet. */
  void preload(int table, Collection<LifeId> lives) {
    Map<LifeId, RowState> known = rows.computeIfAbsent(table, none -> new LinkedHashMap<>());
    Set<LifeId> missing = new HashSet<>(lives);
    missing.removeAll(known.keySet());
    known.putAll(states.load(table, missing));
  }

  RowState row(int table, LifeId life) {
    Map<LifeId, RowState> known = rows.computeIfAbsent(table, none -> new LinkedHashMap<>());
    RowState row = known.get(life);
    if (row == null) {
      row = states.load(table, life);
      known.put(life, row);
    }
    return row;
  }

  /** The table to which a reference is. */
  TrackedTable table(TrackedTable.Reference reference) {
    return catalog.table(reference.parent());
  }

  /** The lives of a table whose states hold values of their own. */
  List<LifeId> livesWithState(TrackedTable table) {
    return states.livesWithState(table.number());
  }

  /** Everything loaded. */
  List<RowState> all() {
    List<RowState> all = new ArrayList<>();
    rows.values().forEach(known -> all.addAll(known.values()));
    return all;
  }

  /** Forgets everything, after it was written. */
  void clear() {
    rows.clear();
    taken.clear();
    written.clear();
    storedKeys.values().removeIf(stored -> !stored);
    placed = Map.of();
    if (!keepsBefore) {
      before.clear();
      beforeOwn.clear();
    }
  }

  /** Takes note that a transaction of our own begins. */
  void beginOwn() {
    beforeOwn.clear();
  }

  /** The life that shows this key, or will; null for none. */
  LifeId shownAt(TrackedTable table, RowKey key) {
    return known(taken, table, key);
  }

  /** What was noted of this key, else what the states as they are stored show under it. */
  private LifeId known(Map<KeyPlace, LifeId> noted, TrackedTable table, RowKey key) {
    KeyPlace place = KeyPlace.of(table, key);
    return noted.containsKey(place)
        ? noted.get(place)
        : shownAt(table, key, meantBefore(table, key));
  }

  private LifeId shownAt(TrackedTable table, RowKey key, RowExtras meant) {
    RowState birth = row(table.number(), table.birthLife(key, meant));
    if (birth.isVisible() && birth.shownKey() == null) {
      birth.shownKey(key);
      return birth.life();
    }
    if (birth.isVisible() && KeyPlace.same(table, birth.shownKey(), key)) {
      return birth.life();
    }
    return table.isSurrogate() || hasStoredKeys(table) ? states.storedAt(table, key) : null;
  }

  /** Whether any life of the table shows a key from which its id does not follow. */
  private boolean hasStoredKeys(TrackedTable table) {
    return storedKeys.computeIfAbsent(table.number(), states::hasStoredKeys);
  }

  /** Whether any life of the table waits for a key. */
  boolean hasWaiting(TrackedTable table) {
    return waiting.computeIfAbsent(table.number(), states::hasWaiting);
  }

  /** Takes note that a life of the table waits for a key from now on. */
  void waitingBegan(TrackedTable table) {
    waiting.put(table.number(), true);
  }

  /** The life that the states as they are stored show under this key. */
  private LifeId storedAt(TrackedTable table, RowKey key) {
    return known(before, table, key);
  }

  /** The life whose row the table holds under this key at the moment. */
  LifeId heldAt(TrackedTable table, RowKey key) {
    return known(written, table, key);
  }

  /** The life whose row the table holds under this key, while rows are being written. */
  LifeId standsAt(TrackedTable table, RowKey key) {
    LifeId planned = shownAt(table, key);
    return planned != null && isHeldAt(table, planned, key) ? planned : heldAt(table, key);
  }

  private boolean isHeldAt(TrackedTable table, LifeId life, RowKey key) {
    RowState row = row(table.number(), life);
    return row.isVisible() && (row.shownKey() == null || KeyPlace.same(table, row.shownKey(), key));
  }

  /** The life that the table showed under this key before the transaction of our own at hand. */
  LifeId showedBeforeOwn(TrackedTable table, RowKey key) {
    KeyPlace place = KeyPlace.of(table, key);
    if (beforeOwn.containsKey(place)) {
      return beforeOwn.get(place);
    }
    if (written.containsKey(place)) {
      return written.get(place);
    }
    // Where an earlier transaction of our own has moved the parent, the row has not followed yet.
    LifeId life = shownAt(table, key, meantBefore(table, key));
    return life == null ? shownAt(table, key, meantBeforeOwn(table, key)) : life;
  }

  /**
   * The same for a key that some other row referred to, which need not be anybody's. Of a row that
   * has not followed its parent it tells no key.
   */
  private LifeId referredToBeforeOwn(TrackedTable table, RowKey key) {
    KeyPlace place = KeyPlace.of(table, key);
    if (!table.keyRefers() || beforeOwn.containsKey(place) || written.containsKey(place)) {
      return showedBeforeOwn(table, key);
    }
    LifeId life = shownAt(table, key, meantBefore(table, key));
    if (life != null) {
      return life;
    }
    RowState born = row(table.number(), table.birthLife(key, meantBeforeOwn(table, key)));
    boolean there =
        born.shownKey() == null
            ? tables.read(table, key) != null
            : KeyPlace.same(table, born.shownKey(), key);
    return born.isVisible() && there ? born.life() : null;
  }

  /**
   * Takes these rows to show these keys, null for none, although the table does not yet: references
   * among rows that come in together must agree.
   */
  void placing(Map<RowState, RowKey> targets) {
    placed = targets;
  }

  /** Takes note that this life, or nobody, is to show the key. */
  void shows(TrackedTable table, RowKey key, LifeId life) {
    KeyPlace place = KeyPlace.of(table, key);
    if (!before.containsKey(place) && !catalog.children(table).isEmpty()) {
      before.put(place, shownAt(table, key));
    }
    taken.put(place, life);
  }

  /** Takes note that the table shows this life, or nobody, under the key: it was written here. */
  void showsOwn(TrackedTable table, RowKey key, LifeId life) {
    KeyPlace place = KeyPlace.of(table, key);
    if (life != null && life.equals(written.get(place)) && life.equals(taken.get(place))) {
      return;
    }
    if (!beforeOwn.containsKey(place)) {
      LifeId earlier = written.containsKey(place) ? written.get(place) : shownAt(table, key);
      boolean matters = earlier != null && life != null || !catalog.children(table).isEmpty();
      if (matters) {
        beforeOwn.put(place, earlier);
      }
    }
    shows(table, key, life);
    written.put(place, life);
  }

  /**
   * Keeps in mind what keys meant before, also over {@link #clear}: rows that the transaction at
   * hand has written are in the table already, what refers to them is not judged yet.
   */
  void keepBefore(boolean keeps) {
    keepsBefore = keeps;
    if (!keeps) {
      before.clear();
      beforeOwn.clear();
    }
  }

  /** What the reference columns of a key that a table shows refer to. */
  RowExtras meant(TrackedTable table, RowKey key) {
    return meant(table, key, this::shownAt);
  }

  /** What they referred to in the states as they are stored. */
  private RowExtras meantBefore(TrackedTable table, RowKey key) {
    return meant(table, key, this::storedAt);
  }

  /** What they referred to before the transaction of our own at hand. */
  RowExtras meantBeforeOwn(TrackedTable table, RowKey key) {
    return meant(table, key, this::referredToBeforeOwn);
  }

  /** The row that a value of a reference column meant then, null for none. */
  LifeId meantBeforeOwn(TrackedTable.Reference reference, Value value) {
    return value.equals(Value.NULL) ? null : showedBeforeOwn(table(reference), RowKey.of(value));
  }

  private RowExtras meant(
      TrackedTable table, RowKey key, BiFunction<TrackedTable, RowKey, LifeId> lives) {
    if (!table.keyRefers()) {
      return RowExtras.NONE;
    }
    Map<Integer, LifeId> references = new HashMap<>();
    Set<Integer> bare = new HashSet<>();
    for (TrackedTable.Reference reference : table.keyReferences()) {
      RowKey tuple = table.tuple(reference, key);
      meant(reference, tuple, table.keyPosition(reference), lives, references, bare);
    }
    return RowExtras.NONE.withReferences(references, bare);
  }

  /**
   * What the shown values of a reference refer to, put where it belongs unless it follows from the
   * value. With a NULL among them they refer to nothing.
   *
   * @param position of the column that keeps it
   */
  void meant(
      TrackedTable.Reference reference,
      RowKey shown,
      int position,
      Map<Integer, LifeId> references,
      Set<Integer> bare) {
    meant(reference, shown, position, this::shownAt, references, bare);
  }

  private void meant(
      TrackedTable.Reference reference,
      RowKey shown,
      int position,
      BiFunction<TrackedTable, RowKey, LifeId> lives,
      Map<Integer, LifeId> references,
      Set<Integer> bare) {
    if (shown.values().contains(Value.NULL)) {
      return;
    }
    LifeId life = lives.apply(table(reference), shown);
    if (life == null) {
      bare.add(position);
    } else if (reference.writtenOut() || !reference.follows(life, shown.values().get(0))) {
      references.put(position, life);
    }
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
            && !table(reference).isSurrogate();
    return follows ? reference.birth().birthLife(substitute) : null;
  }

  /** As {@link #shownKey(TrackedTable.Reference, LifeId, RowKey)}, of one column. */
  Value shownValue(TrackedTable.Reference reference, LifeId life, Value written) {
    RowKey shown = shownKey(reference, life, RowKey.of(written));
    return shown == null ? null : shown.values().get(0);
  }

  /**
   * The key that a reference to this life shows: as it was written where that is the life's key,
   * else the key. Of a row that waits for its key that one, which another row has; null of a row
   * that is away.
   */
  RowKey shownKey(TrackedTable.Reference reference, LifeId life, RowKey written) {
    RowState parent = row(reference.parent(), life);
    TrackedTable table = table(reference);
    RowKey key;
    if (placed.containsKey(parent)) {
      key = placed.get(parent);
    } else if (!parent.isVisible()) {
      key = null;
    } else if (parent.shownKey() == null && reference.follows(life, written.values().get(0))) {
      return written;
    } else {
      key = shownKey(table, parent, written, RowExtras.NONE);
    }
    if (key == null && waitsForKey(parent)) {
      key = wantedKey(table, parent);
    }
    return key != null && KeyPlace.same(table, key, written)
        ? written
        : spelled(table, parent, key);
  }

  /** Whether nothing but another row that has its key keeps a row that has none out. */
  private boolean waitsForKey(RowState row) {
    TrackedTable table = catalog.table(row.table());
    return !row.state().keys().isEmpty() && held.stands(table, row) && !held.isOut(table, row);
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
    int position = table.keyPosition(reference);
    LifeId parent =
        reference.referred(
            key.values().get(position),
            extras.references().get(position),
            extras.bare().contains(position));
    return parent == null ? null : shownKey(reference, parent, table.tuple(reference, key));
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
      boolean follows = row.life().equals(table.birthLife(resolved, meantBefore(table, resolved)));
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
    RowState row = row(table.number(), life);
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
        meant(reference, reference.key(tableRow::get), 0, this::storedAt, references, bare);
      }
      held.put(column, new LifeState.Held(value, references.get(0), !bare.isEmpty()));
    }
    row.state().expand(held);
    List<Value> key = new ArrayList<>();
    table.schema().keyColumns().forEach(column -> key.add(tableRow.get(column)));
    RowKey shown = new RowKey(key);
    row.state().expandKey(shown, meantBefore(table, shown));
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
      if (life.equals(table.birthLife(key, meantBefore(table, key)))) {
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
