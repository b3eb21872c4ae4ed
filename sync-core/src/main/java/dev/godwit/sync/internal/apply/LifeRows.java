package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowExtras;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.policy.View;
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
  private final ShownKeys keys;
  private final Map<Integer, Map<LifeId, RowState>> rows = new LinkedHashMap<>();
  private final Map<KeyPlace, LifeId> taken = new HashMap<>();
  private final Map<Integer, Boolean> storedKeys = new HashMap<>();
  private final Map<Integer, Boolean> waiting = new HashMap<>();
  private final Map<KeyPlace, LifeId> before = new HashMap<>();
  private final Map<KeyPlace, LifeId> beforeOwn = new HashMap<>();
  private final Map<KeyPlace, LifeId> written = new HashMap<>();
  private boolean keepsBefore;
  private ReferredHolders holders = this::holder;

  LifeRows(Catalog catalog, RowStates states, TableRows tables, HeldRows held, View view) {
    this.catalog = catalog;
    this.states = states;
    this.tables = tables;
    this.keys = new ShownKeys(catalog, this, tables, held, view);
  }

  /** Which keys they show. */
  ShownKeys keys() {
    return keys;
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
    keys.placed();
    if (!keepsBefore) {
      before.clear();
      beforeOwn.clear();
    }
  }

  /** Takes note that a transaction of our own begins. */
  void beginOwn() {
    beforeOwn.clear();
  }

  /** Sets who knows which rows hold what others refer to; null where the tables tell. */
  void holders(ReferredHolders known) {
    holders = known == null ? this::holder : known;
  }

  /** The life to which the values of a reference refer, or will; null for none. */
  LifeId referredTo(TrackedTable.Reference reference, RowKey shown) {
    TrackedTable table = table(reference);
    RowKey key = reference.isToKey() ? shown : holders.holder(reference, shown);
    return key == null ? null : shownAt(table, key);
  }

  private RowKey holder(TrackedTable.Reference reference, RowKey shown) {
    List<RowKey> keys = tables.keysOfReferred(table(reference), reference, shown);
    return keys.isEmpty() ? null : keys.get(0);
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
  LifeId storedAt(TrackedTable table, RowKey key) {
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
  RowExtras meantBefore(TrackedTable table, RowKey key) {
    return meant(table, key, this::storedAt);
  }

  /** What they referred to before the transaction of our own at hand. */
  RowExtras meantBeforeOwn(TrackedTable table, RowKey key) {
    return meant(table, key, this::referredToBeforeOwn);
  }

  /** The row that values of a reference meant then, null for none. */
  LifeId meantBeforeOwn(TrackedTable.Reference reference, RowKey shown) {
    return shown.values().contains(Value.NULL) ? null : showedBeforeOwn(table(reference), shown);
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
      meant(
          reference,
          tuple,
          table.keyPosition(reference),
          (one, shown) -> lives.apply(table(one), shown),
          references,
          bare);
    }
    return RowExtras.NONE.withReferences(references, bare);
  }

  /**
   * What the shown values of a reference refer to, put where it belongs unless it follows from the
   * value. With a NULL among them they refer to nothing.
   *
   * @param position of the column that keeps it
   * @param lives whom these values mean, null for nobody
   */
  void meant(
      TrackedTable.Reference reference,
      RowKey shown,
      int position,
      BiFunction<TrackedTable.Reference, RowKey, LifeId> lives,
      Map<Integer, LifeId> references,
      Set<Integer> bare) {
    if (shown.values().contains(Value.NULL)) {
      return;
    }
    LifeId life = lives.apply(reference, shown);
    if (life == null) {
      bare.add(position);
    } else if (reference.writtenOut() || !reference.follows(life, shown.values().get(0))) {
      references.put(position, life);
    }
  }
}
