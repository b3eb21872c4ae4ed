package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.KeyPlace;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.RowStates;
import dev.godwit.sync.internal.state.TableRows;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes the application's tables show what the states say, and writes the states: the view above
 * the state.
 *
 * <p>For every life touched: where it is to be seen ({@link KeyPlacement}), what its references
 * show, and the one write to its table that follows. A write that SQLite refuses masks the row;
 * everything else goes on.
 */
final class Display {
  private final Session session;
  private final Catalog catalog;
  private final LifeRows rows;
  private final RowStates states;
  private final TableRows tables;
  private final Journal journal;
  private final TableWriter writer;
  private final MaskedRows masked;
  private final View view;
  private final DanglingLives dangling;
  private final HeldRows held;
  private final Causality causality;
  private final HeldByCheck heldByCheck;
  private final Set<String> changedTables = new TreeSet<>();
  private final List<Freed> freed = new ArrayList<>();
  private final Set<RowState> writtenHere = new HashSet<>();
  private final Map<RowState, List<RowKey>> movedHere = new LinkedHashMap<>();

  private boolean changedSystemTables;

  private record Freed(TrackedTable table, RowKey key) {}

  Display(
      Session session,
      Catalog catalog,
      LifeRows rows,
      RowStates states,
      TableRows tables,
      Journal journal,
      ApplicationTriggers triggers,
      View view,
      HeldRows held,
      Causality causality) {
    this.session = session;
    this.catalog = catalog;
    this.rows = rows;
    this.states = states;
    this.tables = tables;
    this.journal = journal;
    this.view = view;
    this.writer = new TableWriter(session, tables, triggers);
    this.masked = new MaskedRows(session, catalog);
    this.dangling = new DanglingLives(session, rows, view, held);
    this.held = held;
    this.causality = causality;
    this.heldByCheck = new HeldByCheck(session, view, held);
  }

  /** Tells that a local write has freed this key: another life may be waiting for it. */
  void freed(TrackedTable table, RowKey key) {
    freed.add(new Freed(table, key));
  }

  /** Tells that a local write has made or changed this row. */
  void wrote(RowState row) {
    if (!catalog.table(row.table()).references().isEmpty()) {
      writtenHere.add(row);
    }
  }

  /**
   * Tells that a local write has moved this row from that key: what refers to it follows.
   *
   * @param before null where the table did not show it
   */
  void moved(RowState row, RowKey before) {
    if (!catalog.children(catalog.table(row.table())).isEmpty()) {
      List<RowKey> keys = movedHere.computeIfAbsent(row, none -> new ArrayList<>());
      if (before != null) {
        keys.add(before);
      }
    }
  }

  /** Names of the tables whose rows have changed. */
  Set<String> changedTables() {
    return changedTables;
  }

  /** Whether the space's own tables were among those written. */
  boolean changedSystemTables() {
    return changedSystemTables;
  }

  /** Tries again to show what SQLite has refused before. */
  void retryMasked() {
    if (masked.touch(rows) > 0) {
      flush();
    }
  }

  /** Writes to the tables what they do not show yet, then the states; forgets the states. */
  void flush() {
    List<RowState> touched = new ArrayList<>();
    for (RowState row : rows.all()) {
      if (row.isTouched()) {
        touched.add(row);
      }
    }
    ReferenceRows references = new ReferenceRows(catalog, rows, tables, view, dangling);
    judge(touched, references);
    KeyPlacement placement = new KeyPlacement(session, catalog, rows, journal, held);
    Map<RowState, RowKey> targets = placement.targets();
    rows.placing(targets);
    // Keys that are no references first: a key that is one shows what its parent shows.
    place(touched, false, placement);
    reshowChildren(placement);
    place(touched, true, placement);
    freed.clear();
    touched.forEach(row -> stays(row, targets));
    park(placement, references);
    List<TableWrite> writes = new ArrayList<>();
    targets.forEach((row, key) -> addWrite(row, key, writes));
    writer.run(writes);
    for (TableWrite write : writes) {
      settle(write);
    }
    save(targets.keySet());
    rows.clear();
  }

  /** Takes up the rows whose standing references have changed. */
  private void judge(List<RowState> touched, ReferenceRows references) {
    ReferencePass pass =
        new ReferencePass(catalog, view, held, causality, references, writtenHere, movedHere);
    for (RowState row : pass.judge(touched)) {
      boolean turns = row.isVisible() != held.stands(catalog.table(row.table()), row);
      boolean turnsOrHangs = turns || !row.changedUnits().isEmpty() || pass.hangs(row);
      if (!row.isTouched() && turnsOrHangs) {
        row.touched(true);
        touched.add(row);
      }
    }
  }

  /** Takes out what refers to rows that are parked. */
  private void park(KeyPlacement placement, ReferenceRows references) {
    Map<RowState, RowKey> targets = placement.targets();
    List<RowState> changed = new ArrayList<>();
    List<RowState> placed = new ArrayList<>(targets.keySet());
    placed.stream().filter(row -> turnsByCheck(row, targets.get(row))).forEach(changed::add);
    for (RowState row : new BelowPass(catalog, held, references).judge(placed, changed)) {
      row.touched(true);
      stays(row, targets);
      if (!held.has(row, Hold.Kind.BELOW)) {
        placement.place(row);
      }
    }
    placement.settle();
    for (Map.Entry<RowState, RowKey> target : targets.entrySet()) {
      if (isOut(target.getKey())) {
        target.setValue(null);
        placement.await(target.getKey());
      }
    }
  }

  private boolean isOut(RowState row) {
    TrackedTable table = catalog.table(row.table());
    return table != null && held.isOut(table, row);
  }

  /** Whether a CHECK may keep a row out that was in the table, or the other way round. */
  private boolean turnsByCheck(RowState row, RowKey target) {
    TrackedTable table = catalog.table(row.table());
    if (table == null || !row.isStored() || catalog.children(table).isEmpty()) {
      return false;
    }
    return row.isVisible() ? held.isParked(table, row) : target != null;
  }

  private void place(List<RowState> touched, boolean dependent, KeyPlacement placement) {
    for (RowState row : touched) {
      TrackedTable table = catalog.table(row.table());
      boolean moves =
          table == null
              || row.keyChanged()
              || row.isVisible() != held.stands(table, row)
              || rows.hasWaiting(table);
      if (moves && dependent == (table != null && keyRefers(table))) {
        placement.place(row);
      }
    }
    for (Freed key : freed) {
      if (dependent == keyRefers(key.table())) {
        placement.freed(key.table(), key.key());
      }
    }
    placement.settle();
  }

  private static boolean keyRefers(TrackedTable table) {
    return table.keyColumns().stream().anyMatch(column -> column.parent() != null);
  }

  /**
   * Where a row is shown under another key than before, or no more, or again, what refers to it
   * must show that.
   */
  private void reshowChildren(KeyPlacement placement) {
    Map<RowState, List<RowKey>> moved = new LinkedHashMap<>(movedHere);
    movedHere.clear();
    placement
        .targets()
        .forEach(
            (row, key) -> {
              TrackedTable table = catalog.table(row.table());
              RowKey before = row.isVisible() ? row.shownKey() : null;
              boolean same =
                  before == null ? key == null : key != null && KeyPlace.same(table, before, key);
              if (!same) {
                List<RowKey> keys = moved.computeIfAbsent(row, none -> new ArrayList<>());
                if (before != null) {
                  keys.add(before);
                }
              }
            });
    moved.forEach(
        (row, before) -> {
          TrackedTable table = catalog.table(row.table());
          if (table != null) {
            reshow(table, row, before, placement);
          }
        });
  }

  private void reshow(
      TrackedTable table, RowState parent, List<RowKey> before, KeyPlacement placement) {
    for (Catalog.Child child : catalog.children(table)) {
      String column = child.reference().column();
      for (RowKey from : before) {
        for (RowKey key : tables.keysWhere(child.table(), column, from.values().get(0))) {
          LifeId life = rows.heldAt(child.table(), key);
          if (life != null) {
            reshow(child, rows.row(child.table().number(), life), parent, placement);
          }
        }
      }
      for (LifeId life : dangling.of(parent.life(), child.table().number())) {
        reshow(child, rows.row(child.table().number(), life), parent, placement);
      }
    }
  }

  private void reshow(Catalog.Child child, RowState row, RowState parent, KeyPlacement placement) {
    TrackedTable table = child.table();
    String column = child.reference().column();
    if (table.schema().keyColumns().contains(column)) {
      if (row.isVisible() && row.state().leansOnTable()) {
        rows.expand(table, row, tables.read(table, row.shownKey()));
      }
      placement.place(row);
    } else {
      if (row.isVisible() && row.state().leansOnTable()) {
        rows.expand(table, row, tables.read(table, row.shownKey()));
      }
      Version version = view.shown(table.name(), row.state(), column);
      if (version == null || !parent.life().equals(rows.referenced(child.reference(), version))) {
        return;
      }
      row.changedUnits().add(column);
      stays(row, placement.targets());
    }
    row.touched(true);
  }

  /** A row that was not placed shows what it showed; a target of null says that it goes. */
  private static void stays(RowState row, Map<RowState, RowKey> targets) {
    if (!targets.containsKey(row)) {
      targets.put(row, row.isVisible() ? row.shownKey() : null);
    }
  }

  private void addWrite(RowState row, RowKey key, List<TableWrite> writes) {
    TrackedTable table = catalog.table(row.table());
    if (table == null) {
      return;
    }
    boolean moves = key == null || row.isVisible() && !KeyPlace.same(table, row.shownKey(), key);
    boolean leavesTable = moves || !row.state().isSimple() || row.masked() != null;
    if (row.isVisible() && leavesTable && row.state().leansOnTable()) {
      rows.expand(table, row, tables.read(table, row.shownKey()));
    }
    if (key == null) {
      if (row.isVisible()) {
        writes.add(TableWrite.delete(table, row, row.shownKey()));
      } else {
        masked.mask(row, null);
      }
      return;
    }
    Map<String, Value> values = new LinkedHashMap<>();
    boolean whole = !row.isVisible() || row.masked() != null;
    if (whole || row.keyChanged() || moves) {
      for (int i = 0; i < key.values().size(); i++) {
        values.put(table.schema().keyColumns().get(i), key.values().get(i));
      }
    }
    for (String column : whole ? table.valueColumnNames() : row.changedUnits()) {
      Version version = view.shown(table.name(), row.state(), column);
      if (version != null && version.value() != null && table.columnNumbers().containsKey(column)) {
        values.put(column, shown(table, column, version, row));
      }
    }
    if (!row.isVisible()) {
      writes.add(TableWrite.insert(table, row, key, values));
    } else if (!values.isEmpty()) {
      writes.add(TableWrite.update(table, row, row.shownKey(), key, values));
    }
  }

  /** The value that the table is to show: a reference shows its parent's key. */
  private Value shown(TrackedTable table, String column, Version version, RowState row) {
    TrackedTable.Reference reference = table.references().get(column);
    if (reference == null) {
      return version.value();
    }
    LifeId parent = rows.referenced(reference, version);
    if (parent == null) {
      return version.value();
    }
    if (held.substitutes(row, column)) {
      return reference.substitute();
    }
    Value shown = rows.shownValue(reference, parent, version.value());
    return shown == null ? version.value() : shown;
  }

  private void settle(TableWrite write) {
    RowState row = write.row();
    masked.mask(row, write.refusal());
    if (write.refusal() == null) {
      row.visible(write.after() != null);
      row.shownKey(write.after());
    }
    if (write.table().isSystem()) {
      changedSystemTables = true;
    } else {
      changedTables.add(write.table().schema().name());
    }
  }

  private void save(Set<RowState> changed) {
    for (RowState row : changed) {
      TrackedTable table = catalog.table(row.table());
      row.elsewhere(table != null && showsAnotherKey(table, row));
      if (table != null) {
        row.dangling(!table.references().isEmpty() && dangling.keep(table, row));
      }
      boolean complex =
          !row.isVisible()
              || row.masked() != null
              || row.isDangling()
              || row.isElsewhere()
              || !held.of(row).isEmpty()
              || !row.state().isSimple()
              || table != null && !states.isHeldByTable(row);
      if (table != null && complex && row.isVisible() && row.state().leansOnTable()) {
        rows.expand(table, row, tables.read(table, row.shownKey()));
      }
    }
    states.save(changed, this::followsFromKey, row -> held.of(row).isEmpty());
    held.save();
    changed.forEach(row -> heldByCheck.note(catalog.table(row.table()), row));
    causality.forget();
    writtenHere.clear();
  }

  private boolean showsAnotherKey(TrackedTable table, RowState row) {
    if (!row.isVisible() || row.state().keys().isEmpty()) {
      return false;
    }
    KeyVersion wanted = row.state().wantedKey();
    return wanted.key() != null
        && !wanted.key().equals(row.shownKey())
        && !KeyPlace.same(
            table, rows.resolved(table, wanted.key(), wanted.extras()), row.shownKey());
  }

  private boolean followsFromKey(RowState row) {
    TrackedTable table = catalog.table(row.table());
    boolean several = table.isSurrogate() && row.isStored() && row.state().keys().size() > 1;
    boolean hangs = row.isDangling() && keyRefers(table);
    if (several || hangs || row.state().birth() != null) {
      return false;
    }
    return row.life()
        .equals(table.rowShape().birthLife(row.shownKey(), rows.meant(table, row.shownKey())));
  }
}
