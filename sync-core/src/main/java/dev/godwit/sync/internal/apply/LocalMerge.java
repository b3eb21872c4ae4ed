package dev.godwit.sync.internal.apply;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.RowExtras;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.Boundaries;
import dev.godwit.sync.internal.log.EnvelopeTable;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.merge.Dominance;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.merge.LifeState;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.RowStates;
import dev.godwit.sync.internal.state.TableRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The states on one side of a write transaction: what keys and references mean in them, and joining
 * changes into them.
 *
 * <p>Changes made here are in the tables already ({@link #joinOwn}); changes made elsewhere are not
 * ({@link #join}). {@link #flush} brings both together. One for each write transaction.
 */
public final class LocalMerge {
  /** Lives whose states are held before they are written. */
  public static final int CHANGES_A_FLUSH = 512;

  private final Catalog catalog;
  private final LifeRows rows;
  private final MeantReferences references;
  private final TableRows tables;
  private final Journal journal;
  private final SettledConflicts settled;
  private final Merger merger;
  private final Siblings siblings;
  private final Display display;
  private final KeyPlacement claims;
  private final HeldRows held;
  private final ApplicationTriggers triggers;
  private final Session session;
  private boolean holds;
  private final View view;

  public LocalMerge(Session session, Catalog catalog, Replicas replicas, View view) {
    this.catalog = catalog;
    this.view = view;
    RowStates states = new RowStates(session, catalog, replicas);
    this.tables = new TableRows(session);
    this.triggers = new ApplicationTriggers(session, catalog, tables);
    this.session = session;
    this.held = new HeldRows(session, view);
    this.rows = new LifeRows(catalog, states, tables, held, view);
    this.references = new MeantReferences(rows, view);
    EnvelopeTable log = new EnvelopeTable(session, replicas);
    Causality causality = new Causality(log, replicas);
    this.journal = new Journal(session);
    this.settled = new SettledConflicts(view, causality);
    this.merger = new Merger(catalog, rows, tables, journal, causality, view, new LoggedTexts(log));
    this.siblings =
        new Siblings(
            session,
            catalog,
            rows,
            view,
            held,
            new RowConflicts(rows, view, causality),
            new SaidWrites(session, log, replicas));
    this.display =
        new Display(
            session, catalog, rows, states, tables, triggers, view, held, causality, siblings);
    this.claims = new KeyPlacement(session, catalog, rows, held);
  }

  /** Gives these in order, as many at a time as are held before they are written. */
  public static <T> void inFlushes(List<T> all, Consumer<List<T>> work) {
    for (int from = 0; from < all.size(); from += CHANGES_A_FLUSH) {
      work.accept(all.subList(from, Math.min(all.size(), from + CHANGES_A_FLUSH)));
    }
  }

  /** Loads states that are about to be needed. */
  public void preload(int table, Collection<LifeId> lives) {
    rows.preload(table, lives);
  }

  /** What references mean, in the states as they will be. */
  public MeantReferences references() {
    return references;
  }

  /**
   * Sets who knows which rows hold what others refer to by other columns than the key: the tables
   * may hold what later transactions of our own have written. Null where they do not.
   */
  public void holders(ReferredHolders known) {
    rows.holders(known);
  }

  /** The life to which the values of a reference refer, or null. */
  public LifeId referredTo(TrackedTable.Reference reference, RowKey shown) {
    return rows.referredTo(reference, shown);
  }

  /** The life that the table shows under this key, or null. */
  public LifeId shownAt(TrackedTable table, RowKey key) {
    return rows.shownAt(table, key);
  }

  /** The life that the table showed under this key before the transaction at hand, or null. */
  public LifeId showedAt(TrackedTable table, RowKey key) {
    return rows.showedBeforeOwn(table, key);
  }

  /**
   * Begins to take in what was made here. Showing it may move other rows, which are no writes of
   * the application.
   *
   * @param few whether the states of all of it can be held at once: then nothing in the tables
   *     moves until {@link #endPack}, and notes that are still to be read find the rows in place
   */
  public void beginPack(boolean few) {
    holds = few;
    triggers.watchFrom(new Boundaries(session).lastNote());
    rows.keepBefore(few);
    if (!few) {
      display.judgeLater();
    }
  }

  /** Ends what {@link #beginPack} began. */
  public void endPack() {
    if (holds) {
      holds = false;
      flush();
      rows.keepBefore(false);
    }
    display.judgeNow();
    display.retryMasked();
    siblings.finish();
    triggers.reconcile();
  }

  /** Begins a transaction that was made here. */
  public void beginOwn() {
    rows.beginOwn();
    rows.keepBefore(true);
  }

  /** Ends a transaction that was made here: brings all of it into the states. */
  public void endOwn() {
    flush();
    rows.keepBefore(holds);
  }

  /** Whether rows of other tables, or of this one, can refer to its rows. */
  public boolean isReferredTo(TrackedTable table) {
    return !catalog.children(table).isEmpty();
  }

  /** References to a table by other columns than its key. */
  public List<TrackedTable.Reference> referencesByValue(TrackedTable table) {
    List<TrackedTable.Reference> references = new ArrayList<>();
    catalog.childrenByValue(table).forEach(child -> references.add(child.reference()));
    return references;
  }

  /** The table to which a reference is. */
  public TrackedTable parent(TrackedTable.Reference reference) {
    return rows.table(reference);
  }

  /**
   * Gives a life that leans on its row what the row holds.
   *
   * @param tableRow what the table showed before the transaction at hand
   */
  public void expand(TrackedTable table, RowState row, Map<String, Value> tableRow) {
    if (row.isVisible() && row.state().leansOnTable()) {
      rows.keys().expand(table, row, tableRow);
    }
  }

  /** The state of a life, as it will be written. */
  public RowState row(TrackedTable table, LifeId life) {
    return rows.row(table.number(), life);
  }

  /** The life of a row that is inserted here under this key. */
  public LifeId birth(TrackedTable table, RowKey key, RowExtras extras) {
    LifeId life = table.birthLife(key, extras);
    while (isElsewhere(table, key, life)) {
      life = LifeId.after(table.name(), table.canonicalKey(key, extras), life);
    }
    return life;
  }

  /** Whether a life stands under another key, or would if that were not taken. */
  private boolean isElsewhere(TrackedTable table, RowKey key, LifeId life) {
    RowState row = rows.row(table.number(), life);
    boolean stands =
        row.isVisible() || row.state().birth() != null && view.isPresent(table.name(), row.state());
    return stands && !life.equals(rows.shownAt(table, key));
  }

  /** The claims of a write by which this life takes this key (see {@link RowExtras#claims}). */
  public List<Dot> claims(TrackedTable table, RowKey key, LifeId life) {
    return rows.hasWaiting(table) ? claims.claims(table, key, life) : List.of();
  }

  /** What a delete of a row must claim: references to it which the tables do not show. */
  public List<Dot> referencesOutOfSight(TrackedTable table, RowState row) {
    return isReferredTo(table) ? display.referencesOutOfSight(row) : List.of();
  }

  /**
   * The versions that a local insert covers but did not see: those of a row that stands and is kept
   * out of the table.
   */
  public List<Dot> unseen(TrackedTable table, RowState row) {
    Set<Dot> unseen = new TreeSet<>();
    if (!row.isVisible() && !row.state().isEmpty() && view.isPresent(table.name(), row.state())) {
      for (String column : row.state().units().keySet()) {
        unseen.addAll(row.state().writesTo(column));
      }
    }
    return new ArrayList<>(unseen);
  }

  /**
   * The versions that a local update covers but did not see: those of a masked row that the table
   * does not show.
   *
   * @param before what the table showed of the columns
   */
  public List<Dot> unseen(RowState row, List<String> columns, List<Value> before) {
    List<Dot> unseen = new ArrayList<>();
    if (row.masked() == null) {
      return unseen;
    }
    for (int i = 0; i < columns.size(); i++) {
      for (Version version : row.state().siblings(columns.get(i))) {
        if (version.value() != null
            && !version.value().equals(before.get(i))
            && !unseen.contains(version.dot())) {
          unseen.add(version.dot());
        }
      }
    }
    return unseen;
  }

  /**
   * A change that is about to be sealed here, with the conflicts that it settles.
   *
   * @param dot of its transaction
   * @param dependencies those of its transaction
   */
  public RowChange settling(RowChange change, Dot dot, VersionVector dependencies) {
    TrackedTable table = catalog.table(change.shape().table());
    if (table == null || table.isSystem()) {
      return change;
    }
    LifeState state = row(table, change.life()).state();
    if (!RowConflicts.areLikely(state)) {
      return change;
    }
    Map<String, List<Dot>> conflicts =
        settled.by(table, change, state, Dominance.of(change, dot, dependencies));
    return conflicts.isEmpty() ? change : change.withExtras(change.extras().withSettled(conflicts));
  }

  /** Tells that a row which is being inserted here shows this key from now on. */
  public void showsNew(TrackedTable table, RowKey key, LifeId life) {
    rows.showsOwn(table, key, life);
  }

  /**
   * Joins a change made here, which the table shows already.
   *
   * @param from the key that the table showed before, null when it showed no row
   * @param tableRow what the table showed before
   */
  public void joinOwn(
      RowChange change,
      Dot dot,
      VersionVector dependencies,
      RowKey from,
      Map<String, Value> tableRow) {
    TrackedTable table = catalog.table(change.shape().table());
    boolean keyChanged = row(table, change.life()).keyChanged();
    RowState row = merger.merge(change, dot, dependencies, tableRow);
    row.changedUnits()
        .removeIf(
            unit -> {
              Version shown = view.shown(table.name(), row.state(), unit);
              return shown == null || shown.dot().equals(dot) && isAsWritten(change, unit, shown);
            });
    // A key that the writer did not see may be spelled otherwise, and win.
    keyChanged |= change.writesKey() && !row.state().wantedKey().dot().equals(dot);
    row.keyChanged(keyChanged);
    if (from != null && !from.equals(change.key())) {
      // A parent that moved in the same transaction could not find the row under its old key.
      for (String column : table.referringColumns()) {
        if (!change.shape().columns().contains(column)) {
          row.changedUnits().add(column);
        }
      }
    }
    boolean gone = change.kind() == RowChange.Kind.DELETE;
    if (from != null && (gone || !from.equals(change.key()))) {
      if (row.life().equals(rows.shownAt(table, from))) {
        rows.showsOwn(table, from, null);
      }
      display.freed(table, from);
    }
    display.wrote(row, tableRow);
    boolean wasVisible = row.isVisible();
    row.visible(!gone);
    row.shownKey(gone ? null : change.key());
    if (!gone) {
      rows.showsOwn(table, change.key(), row.life());
    }
    if (gone ? from != null : !wasVisible || from != null && !from.equals(change.key())) {
      display.moved(row, from);
    }
  }

  /**
   * Tells that a row, to which others refer by other columns than the key, shows something else
   * than before, which is no write of its own.
   *
   * @param tableRow what the table showed before
   */
  public void followed(RowState row, Map<String, Value> tableRow) {
    row.touched(true);
    display.wrote(row, tableRow);
  }

  /**
   * Tells that a row shows another key than before, since a row to which that refers does: which is
   * no write of its own.
   *
   * @param tableRow what the table showed before
   */
  public void movedAlong(RowState row, RowKey from, RowKey to, Map<String, Value> tableRow) {
    TrackedTable table = catalog.table(row.table());
    followed(row, tableRow);
    if (row.life().equals(rows.shownAt(table, from))) {
      rows.showsOwn(table, from, null);
    }
    display.freed(table, from);
    row.shownKey(to);
    row.keyChanged(true);
    rows.showsOwn(table, to, row.life());
    display.moved(row, from);
  }

  /** Whether a merge column shows what the change wrote; others do when its version is picked. */
  private boolean isAsWritten(RowChange change, String unit, Version shown) {
    int column = change.shape().columns().indexOf(unit);
    return !view.merges(change.shape().table(), unit)
        || column < 0
        || change.values().get(column).equals(shown.value());
  }

  /**
   * Begins to apply what was made elsewhere: capture goes off, unless triggers of the application
   * must be watched.
   */
  public void beginApply() {
    triggers.watchFrom(new Boundaries(session).lastNote());
    if (!triggers.present()) {
      session.statement("DELETE FROM godwit_capture").update();
    }
  }

  /** Ends what {@link #beginApply} began, before the commit. */
  public void endApply() {
    flush();
    display.retryMasked();
    siblings.finish();
    if (triggers.present()) {
      triggers.reconcile();
    } else {
      session.statement("INSERT INTO godwit_capture (active) VALUES (1)").update();
    }
  }

  /** Joins a change made elsewhere. */
  public void join(RowChange change, Dot dot, VersionVector dependencies) {
    merger.merge(change, dot, dependencies, null);
  }

  /** The key under which the table shows a visible life. */
  public RowKey shownKey(TrackedTable table, RowState row) {
    KeyVersion key = row.state().wantedKey();
    return rows.keys().shownKey(table, row, key.key(), key.extras());
  }

  /** The lives of a table of which more is kept than its row tells, in order. */
  public List<LifeId> livesWithState(TrackedTable table) {
    return rows.livesWithState(table);
  }

  /** For looking again at rows that nothing was written to. */
  public Review review() {
    return new Review(this, catalog, rows, tables, display, siblings, journal);
  }

  /** How states are seen. */
  public View view() {
    return view;
  }

  /** Makes the tables show the states, and writes the states. */
  public void flush() {
    if (!holds) {
      display.flush();
    }
  }

  /** Forgets what was joined and not flushed, after its transaction was rolled back. */
  public void forget() {
    rows.clear();
    siblings.forget();
  }

  /** Names of the application's tables that {@link #flush} has changed. */
  public Set<String> changedTables() {
    return display.changedTables();
  }

  /** Whether the space's own tables were among those written. */
  public boolean changedSystemTables() {
    return display.changedSystemTables();
  }

  /** The names of conflicts that are listed now and were not when this transaction began. */
  public Set<String> newConflicts() {
    return siblings.appeared();
  }
}
