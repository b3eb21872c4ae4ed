package dev.godwit.sync.internal.apply;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.check.UniqueRule;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.RowStates;
import dev.godwit.sync.internal.state.TableRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

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
  private final TableRows tables;
  private final RowWrites writes;
  private final KeptStates kept;
  private final MaskedRows masked;
  private final View view;
  private final DanglingLives dangling;
  private final RowValues shown;
  private final UniqueClaims claims;
  private final Map<TrackedTable, Set<UniqueClaims.Claim>> freedValues = new LinkedHashMap<>();
  private final Map<TrackedTable, Set<RowState>> contestedAnew = new LinkedHashMap<>();
  private final HeldRows held;
  private final Causality causality;
  private final List<Freed> freed = new ArrayList<>();
  private final Set<RowState> writtenHere = new HashSet<>();

  /** Rows to be judged later, with the keys they show; null while they are at once. */
  private Map<TrackedTable, Map<LifeId, RowKey>> later;

  private final Map<RowState, List<RowKey>> movedHere = new LinkedHashMap<>();
  private final Map<RowState, List<Map<String, Value>>> showedBefore = new HashMap<>();

  private record Freed(TrackedTable table, RowKey key) {}

  Display(
      Session session,
      Catalog catalog,
      LifeRows rows,
      RowStates states,
      TableRows tables,
      ApplicationTriggers triggers,
      View view,
      HeldRows held,
      Causality causality,
      Siblings siblings) {
    this.session = session;
    this.catalog = catalog;
    this.rows = rows;
    this.tables = tables;
    this.view = view;
    this.masked = new MaskedRows(session, catalog);
    this.dangling = new DanglingLives(session, rows, view, held);
    this.held = held;
    this.shown = new RowValues(rows, tables, view, held);
    this.claims = new UniqueClaims(session);
    this.causality = causality;
    TableWriter writer = new TableWriter(session, tables, triggers, masked);
    this.writes = new RowWrites(catalog, rows, tables, view, shown, writer, masked);
    HeldByCheck heldByCheck = new HeldByCheck(session, view, held);
    this.kept =
        new KeptStates(catalog, rows, tables, states, dangling, held, heldByCheck, siblings);
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
    if (before != null && catalog.isReferredToByValue(table)) {
      showedBefore.computeIfAbsent(row, none -> new ArrayList<>()).add(before);
    }
    if (before != null && claims.any(table)) {
      free(table, before);
    }
  }

  /**
   * The writes of references to a row that the tables do not show: those of rows out of their
   * tables, of rows that show another key than they want, references that show NULL or their
   * default (the row is back, and gone again before they could show it), or NULL as the row
   * referred to does, and moves that would close a cycle.
   */
  List<Dot> referencesOutOfSight(RowState parent) {
    Set<Dot> dots = new TreeSet<>();
    ReferenceRows references = new ReferenceRows(catalog, rows, tables, view, dangling);
    for (RowState child : references.referringTo(parent, List.of())) {
      TrackedTable table = catalog.table(child.table());
      for (ReferenceRows.Link link : references.of(child)) {
        boolean ofKey = table.schema().keyColumns().contains(link.column());
        boolean shown =
            child.isVisible()
                && !(ofKey && kept.showsAnotherKey(table, child))
                && !held.substitutes(child, link.column())
                && !references.showsNull(link);
        if (link.parent() == parent && !shown && held.exists(table, child)) {
          dots.add(link.dot());
        }
      }
    }
    dots.addAll(references.movesOutOfSight(parent, held.undone(parent.table())));
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
    return writes.changedTables();
  }

  /** Whether the space's own tables were among those written. */
  boolean changedSystemTables() {
    return writes.changedSystemTables();
  }

  /** Tries again to show what SQLite has refused before. */
  void retryMasked() {
    int left = masked.touch(rows);
    int before = left + 1;
    // What refers to one that is shown again can be shown then.
    while (left > 0 && left < before) {
      flush();
      before = left;
      left = masked.touch(rows);
    }
    rows.clear();
  }

  /** Forgets who wants which unique values of a table; the lives that may look different then. */
  Set<LifeId> forgetClaims(TrackedTable table) {
    return claims.forget(table);
  }

  /** Tells that other rules than before are about the unique values of these rows. */
  void contestAnew(TrackedTable table, Collection<RowState> about) {
    contestedAnew.computeIfAbsent(table, none -> new LinkedHashSet<>()).addAll(about);
  }

  /** Writes to the tables what they do not show yet, then the states; forgets the states. */
  void flush() {
    List<RowState> touched = new ArrayList<>();
    for (RowState row : rows.all()) {
      if (row.isTouched()) {
        touched.add(row);
      }
    }
    Set<RowState> wereMasked = refusedOf(touched);
    ReferenceRows references = new ReferenceRows(catalog, rows, tables, view, dangling);
    if (later == null) {
      TreePass trees = new TreePass(catalog, rows, view, held, dangling, writtenHere);
      touched.addAll(trees.judge(touched));
    } else {
      touched.forEach(this::noteForLater);
    }
    judge(touched, references);
    KeyPlacement placement = new KeyPlacement(session, catalog, rows, held);
    Map<RowState, RowKey> targets = placement.targets();
    rows.keys().placing(targets, placement::seat);
    FollowingRows following =
        new FollowingRows(catalog, rows, tables, dangling, placement, references);
    // Keys that are no references first: a key that is one shows what its parent shows.
    for (int depth = 0; depth <= catalog.keyDepth(); depth++) {
      place(touched, depth, placement, following);
      following.reshow(depth, movedHere);
      movedHere.clear();
    }
    freed.clear();
    touched.forEach(placement::stays);
    following.followValues(showedBefore);
    showedBefore.clear();
    shown.keys(placement);
    park(placement, references, List.of());
    targets.keySet().forEach(this::freeBefore);
    BelowMasked below = new BelowMasked(catalog, tables, shown, held, masked, references);
    writes.write(new ArrayList<>(targets.keySet()), targets, below);
    // What refers to a row that this parks may come to want other values, and leave what it wanted.
    do {
      contest(placement, references, below);
    } while (!freedValues.keySet().stream().allMatch(this::isContestedLater));
    mask(below, placement);
    noteMasked(placement, wereMasked);
    kept.save(new LinkedHashSet<>(targets.keySet()));
    causality.forget();
    writtenHere.clear();
    rows.clear();
  }

  /**
   * Leaves trees, and rows that may show NULL for a taken value, as they are until {@link
   * #judgeNow}: the tables hold what later transactions of our own have written. Where a row hangs
   * is read there, and NULL would take the place of a value that is still to be read.
   */
  void judgeLater() {
    later = new LinkedHashMap<>();
  }

  /** Judges what was left, where anything was. */
  void judgeNow() {
    if (later == null) {
      return;
    }
    Map<TrackedTable, Map<LifeId, RowKey>> left = later;
    later = null;
    left.forEach(
        (table, lives) ->
            LocalMerge.inFlushes(
                new ArrayList<>(lives.entrySet()),
                some -> {
                  for (Map.Entry<LifeId, RowKey> one : some) {
                    RowState row = rows.row(table.number(), one.getKey());
                    if (row.isVisible() && row.shownKey() == null) {
                      row.shownKey(one.getValue());
                    }
                    row.changedUnits().addAll(view.trees(table.name()));
                    row.touched(true);
                  }
                  flush();
                }));
  }

  private void noteForLater(RowState row) {
    TrackedTable table = catalog.table(row.table());
    if (table != null && (!view.trees(table.name()).isEmpty() || isContestedLater(table))) {
      later.computeIfAbsent(table, none -> new LinkedHashMap<>()).put(row.life(), row.shownKey());
    }
  }

  /** Takes up the rows whose standing references have changed. */
  private void judge(List<RowState> touched, ReferenceRows references) {
    ReferencePass pass =
        new ReferencePass(catalog, view, held, causality, references, writtenHere, movedHere);
    for (RowState row : pass.judge(touched)) {
      boolean turns = row.isVisible() != held.stands(catalog.table(row.table()), row);
      // One that was kept and had lost its key is out of its table before and after.
      boolean turnsOrHangs =
          turns || held.isChanged(row) || !row.changedUnits().isEmpty() || pass.hangs(row);
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
    List<RowState> turned = new BelowPass(catalog, held, references, shown).judge(placed, parked);
    turned.forEach(row -> row.touched(true));
    placeByDepth(turned, placement);
    for (RowState row : turned) {
      TrackedTable table = catalog.table(row.table());
      if (!table.uniqueRules().isEmpty()) {
        Collection<UniqueClaims.Claim> left = unique(table).note(row);
        if (!left.isEmpty()) {
          freedValues.computeIfAbsent(table, none -> new LinkedHashSet<>()).addAll(left);
        }
      }
    }
    for (RowState row : targets.keySet()) {
      if (isOut(row)) {
        placement.withdraw(row);
      }
    }
    return turned;
  }

  /** Places rows, those first to which the keys of others refer. */
  private void placeByDepth(Collection<RowState> rowsToPlace, KeyPlacement placement) {
    TreeMap<Integer, List<RowState>> byDepth = new TreeMap<>();
    for (RowState row : rowsToPlace) {
      int depth = catalog.keyDepth(catalog.table(row.table()));
      byDepth.computeIfAbsent(depth, none -> new ArrayList<>()).add(row);
    }
    for (List<RowState> ofOneDepth : byDepth.values()) {
      ofOneDepth.forEach(placement::place);
      placement.settle();
    }
  }

  private boolean isContestedLater(TrackedTable table) {
    return later != null && !view.nullsWhereTaken(table.name()).isEmpty() && isContested(table);
  }

  /** Whether other rows may want what a row has that SQLite took. */
  private boolean isContested(TrackedTable table) {
    return claims.any(table) || !table.unenforcedRules().isEmpty();
  }

  /** Decides between rows that want the same unique values, where any do. */
  private void contest(KeyPlacement placement, ReferenceRows references, BelowMasked below) {
    Map<TrackedTable, Set<RowState>> seeds = new LinkedHashMap<>();
    freedValues.keySet().forEach(table -> seeds.put(table, new LinkedHashSet<>()));
    contestedAnew.forEach(
        (table, rows) -> seeds.computeIfAbsent(table, none -> new LinkedHashSet<>()).addAll(rows));
    contestedAnew.clear();
    Set<RowState> again = new LinkedHashSet<>();
    for (RowState row : placement.targets().keySet()) {
      TrackedTable table = catalog.table(row.table());
      if (table != null && !table.uniqueRules().isEmpty()) {
        boolean refused = MaskedRows.isUnique(row.masked());
        if (refused) {
          again.add(row);
        }
        // SQLite does not refuse for that what is out of the table for another reason.
        if (row.masked() != null || isContested(table) || held.isOut(table, row)) {
          seeds.computeIfAbsent(table, none -> new LinkedHashSet<>()).add(row);
        }
      }
    }
    List<RowState> changed = new ArrayList<>();
    seeds.keySet().removeIf(this::isContestedLater);
    seeds.forEach(
        (table, contested) ->
            changed.addAll(
                unique(table).judge(contested, freedValues.getOrDefault(table, Set.of()))));
    freedValues.keySet().removeIf(table -> !isContestedLater(table));
    again.addAll(changed);
    if (again.isEmpty()) {
      return;
    }
    placeByDepth(again, placement);
    again.addAll(park(placement, references, changed));
    again.forEach(row -> row.touched(true));
    writes.write(again, placement.targets(), below);
  }

  /** Takes out what hangs on what SQLite has refused. */
  private void mask(BelowMasked below, KeyPlacement placement) {
    if (!masked.any()) {
      return;
    }
    Collection<RowState> changed = List.copyOf(placement.targets().keySet());
    List<RowState> hanging = new ArrayList<>(changed);
    hanging.removeIf(row -> !below.hangsOtherwise(row, placement.targets().get(row)));
    writes.takeOut(hanging, below);
    while (!changed.isEmpty()) {
      changed = below.of(changed, placement.targets());
      for (RowState row : changed) {
        row.touched(true);
        placement.stays(row);
      }
      writes.write(changed, placement.targets(), below);
    }
  }

  /**
   * Notes which keys rows have and which unique values they want that SQLite has refused, as long
   * as it does: no query finds them.
   *
   * @param before rows that it refused before
   */
  private void noteMasked(KeyPlacement placement, Collection<RowState> before) {
    Set<RowState> refused = refusedOf(placement.targets().keySet());
    refused.forEach(placement::refused);
    refused.addAll(before);
    for (RowState row : refused) {
      TrackedTable table = catalog.table(row.table());
      if (table != null && !table.uniqueRules().isEmpty()) {
        unique(table).note(row);
      }
    }
  }

  private static Set<RowState> refusedOf(Collection<RowState> among) {
    return among.stream()
        .filter(row -> row.masked() != null)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private UniquePass unique(TrackedTable table) {
    return new UniquePass(table, rows, tables, held, claims, causality, shown);
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

  /** Places the rows of tables of one depth, of which those that they refer to have their keys. */
  private void place(
      List<RowState> touched, int depth, KeyPlacement placement, FollowingRows following) {
    for (RowState row : touched) {
      TrackedTable table = catalog.table(row.table());
      boolean moves =
          table == null
              || row.keyChanged()
              || row.masked() != null
              || row.isVisible() != held.stands(table, row)
              || rows.hasWaiting(table);
      if (moves && depth == (table == null ? 0 : catalog.keyDepth(table))) {
        placement.place(row);
      }
    }
    following.follow(depth);
    for (Freed key : freed) {
      if (depth == catalog.keyDepth(key.table())) {
        placement.freed(key.table(), key.key());
      }
    }
    placement.settle();
    following.stay(depth);
  }
}
