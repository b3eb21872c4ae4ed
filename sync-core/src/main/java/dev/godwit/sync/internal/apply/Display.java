package dev.godwit.sync.internal.apply;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.check.UniqueRule;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.KeyPlace;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.RowStates;
import dev.godwit.sync.internal.state.TableRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
  private final RowValues shown;
  private final UniqueClaims claims;
  private final Map<TrackedTable, Set<UniqueClaims.Claim>> freedValues = new LinkedHashMap<>();
  private final HeldRows held;
  private final Causality causality;
  private final HeldByCheck heldByCheck;
  private final Siblings siblings;
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
      Causality causality,
      Siblings siblings) {
    this.session = session;
    this.catalog = catalog;
    this.rows = rows;
    this.states = states;
    this.tables = tables;
    this.journal = journal;
    this.view = view;
    this.siblings = siblings;
    this.writer = new TableWriter(session, tables, triggers);
    this.masked = new MaskedRows(session, catalog);
    this.dangling = new DanglingLives(session, rows, view, held);
    this.held = held;
    this.shown = new RowValues(rows, tables, view, held);
    this.claims = new UniqueClaims(session);
    this.causality = causality;
    this.heldByCheck = new HeldByCheck(session, view, held);
  }

  /** Tells that a local write has freed this key: another life may be waiting for it. */
  void freed(TrackedTable table, RowKey key) {
    freed.add(new Freed(table, key));
  }

  /**
   * Tells that a local write has made or changed this row.
   *
   * @param before what the table showed of it, null for nothing
   */
  void wrote(RowState row, Map<String, Value> before) {
    TrackedTable table = catalog.table(row.table());
    if (!table.references().isEmpty()) {
      writtenHere.add(row);
    }
    if (before != null && claims.any(table)) {
      free(table, before);
    }
  }

  /** The writes of references to a row that rows out of the table have made. */
  List<Dot> referencesOutOfSight(RowState parent) {
    Set<Dot> dots = new TreeSet<>();
    ReferenceRows references = new ReferenceRows(catalog, rows, tables, view, dangling);
    for (RowState child : references.referringTo(parent, List.of())) {
      if (!child.isVisible() && held.exists(catalog.table(child.table()), child)) {
        for (ReferenceRows.Link link : references.of(child)) {
          if (link.parent() == parent) {
            dots.add(link.dot());
          }
        }
      }
    }
    return new ArrayList<>(dots);
  }

  /** Notes the unique values of a row that may be about to lose them. */
  private void free(TrackedTable table, Map<String, Value> before) {
    for (UniqueRule rule : table.uniqueRules()) {
      List<Value> tuple = rule.tuple(before::get);
      if (tuple != null) {
        freedValues
            .computeIfAbsent(table, none -> new LinkedHashSet<>())
            .add(new UniqueClaims.Claim(rule.name(), rule.canonical(tuple)));
      }
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
    shown.targets(targets);
    park(placement, references, List.of());
    targets.keySet().forEach(this::freeBefore);
    write(targets.keySet(), targets);
    contest(placement, references);
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

  private void freeBefore(RowState row) {
    TrackedTable table = catalog.table(row.table());
    if (table != null && row.isVisible() && row.shownKey() != null && claims.any(table)) {
      Map<String, Value> before = tables.read(table, row.shownKey());
      if (before != null) {
        free(table, before);
      }
    }
  }

  /**
   * Takes out what refers to rows that are parked.
   *
   * @param changed rows that were parked a moment ago, or are no more
   * @return rows that go out of the table for that, or come back
   */
  private List<RowState> park(
      KeyPlacement placement, ReferenceRows references, Collection<RowState> changed) {
    Map<RowState, RowKey> targets = placement.targets();
    List<RowState> placed = new ArrayList<>(targets.keySet());
    Set<RowState> parked = new LinkedHashSet<>(changed);
    placed.stream().filter(row -> turnsByCheck(row, targets.get(row))).forEach(parked::add);
    List<RowState> turned = new BelowPass(catalog, held, references).judge(placed, parked);
    for (RowState row : turned) {
      row.touched(true);
      placement.place(row);
    }
    placement.settle();
    for (RowState row : turned) {
      TrackedTable table = catalog.table(row.table());
      if (!table.uniqueRules().isEmpty()) {
        unique(table).note(row);
      }
    }
    for (Map.Entry<RowState, RowKey> target : targets.entrySet()) {
      if (isOut(target.getKey())) {
        target.setValue(null);
        placement.await(target.getKey());
      }
    }
    return turned;
  }

  /** Decides between rows that want the same unique values, where any do. */
  private void contest(KeyPlacement placement, ReferenceRows references) {
    Map<TrackedTable, Set<RowState>> seeds = new LinkedHashMap<>();
    freedValues.keySet().forEach(table -> seeds.put(table, new LinkedHashSet<>()));
    Set<RowState> again = new LinkedHashSet<>();
    for (RowState row : placement.targets().keySet()) {
      TrackedTable table = catalog.table(row.table());
      if (table != null && !table.uniqueRules().isEmpty()) {
        boolean refused = MaskedRows.isUnique(row.masked());
        if (refused) {
          again.add(row);
        }
        if (refused || claims.any(table)) {
          seeds.computeIfAbsent(table, none -> new LinkedHashSet<>()).add(row);
        }
      }
    }
    List<RowState> changed = new ArrayList<>();
    seeds.forEach(
        (table, contested) ->
            changed.addAll(
                unique(table).judge(contested, freedValues.getOrDefault(table, Set.of()))));
    freedValues.clear();
    again.addAll(changed);
    if (again.isEmpty()) {
      return;
    }
    again.forEach(placement::place);
    again.addAll(park(placement, references, changed));
    again.forEach(row -> row.touched(true));
    write(again, placement.targets());
  }

  private UniquePass unique(TrackedTable table) {
    return new UniquePass(table, rows, tables, held, claims, causality, shown);
  }

  /** Makes the tables show these rows under their keys, as far as SQLite lets them. */
  private void write(Collection<RowState> changed, Map<RowState, RowKey> targets) {
    List<TableWrite> writes = new ArrayList<>();
    changed.forEach(row -> addWrite(row, targets.get(row), writes));
    writer.run(writes);
    writes.forEach(this::settle);
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
        values.put(column, shown.shown(table, column, version, row));
      }
    }
    if (!row.isVisible()) {
      writes.add(TableWrite.insert(table, row, key, values));
    } else if (!values.isEmpty()) {
      writes.add(TableWrite.update(table, row, row.shownKey(), key, values));
    }
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
    siblings.keep(changed);
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
