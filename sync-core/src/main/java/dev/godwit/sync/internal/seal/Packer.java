package dev.godwit.sync.internal.seal;

import dev.godwit.crdt.causality.HybridClock;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.apply.LocalMerge;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.NetEffect;
import dev.godwit.sync.internal.capture.Note;
import dev.godwit.sync.internal.capture.NoteReader;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.Boundaries;
import dev.godwit.sync.internal.log.EnvelopeTable;
import dev.godwit.sync.internal.log.Meta;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.log.VersionTables;
import dev.godwit.sync.internal.state.KeyPlace;
import dev.godwit.sync.internal.state.TableRows;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns sealed notes into envelopes and states: what was written here, at the vector under which it
 * was written.
 *
 * <p>Runs inside a write transaction, before anything is applied. Notes are read once, in order.
 * Where all notes are of one transaction the row behind them is the table's; where later
 * transactions wait behind it, their notes tell what they found.
 *
 * <p>Memory: one chunk of changes, plus what is noted more than once in a transaction, plus all
 * notes behind the first transaction when several wait. {@link #NOTES_WAITING_MAX} bounds the
 * latter.
 */
public final class Packer {
  /**
   * With more notes than this the next local write packs first, so that later ones need not be held
   * in memory.
   */
  public static final long NOTES_WAITING_MAX = 10_000;

  private final Session session;
  private final Catalog catalog;
  private final Meta meta;
  private final Replicas replicas;
  private final EnvelopeTable log;
  private final Boundaries boundaries;
  private final LocalMerge merge;
  private final TableRows tables;
  private final FormWrites forms;
  private final LaterNotes later;
  private long packed;

  public Packer(
      Session session,
      Catalog catalog,
      Meta meta,
      Replicas replicas,
      EnvelopeTable log,
      LocalMerge merge) {
    this.session = session;
    this.catalog = catalog;
    this.meta = meta;
    this.replicas = replicas;
    this.log = log;
    this.boundaries = new Boundaries(session);
    this.merge = merge;
    this.tables = new TableRows(session);
    this.later = new LaterNotes(session, catalog, tables);
    this.forms = new FormWrites(log, replicas, merge.view());
  }

  /**
   * Seals what bypassed the library, and packs all that is sealed. Returns the number of
   * transactions made.
   */
  public long pack() {
    boundaries.sealForeign();
    List<Boundaries.Boundary> waiting = boundaries.all();
    if (waiting.isEmpty()) {
      return 0;
    }
    merge.beginPack(boundaries.lastNote() - waiting.get(0).after() <= NOTES_WAITING_MAX);
    if (waiting.size() > 1) {
      later.read(waiting.get(0).through());
    }
    merge.holders(later);
    for (Boundaries.Boundary boundary : waiting) {
      later.begin(boundary.through());
      pack(boundary);
    }
    merge.holders(null);
    merge.endPack();
    boundaries.clear();
    later.clear();
    return packed;
  }

  private void pack(Boundaries.Boundary boundary) {
    HybridTimestamp latest = meta.latestTime();
    long wallMillis =
        boundary.millis() == Boundaries.TOLD_BY_NOTES ? lastMillis(boundary) : boundary.millis();
    HybridTimestamp time =
        wallMillis == 0 ? HybridTimestamp.ZERO : HybridClock.tick(latest, wallMillis);
    Sealing sealing = new Sealing(session, meta, replicas, log, time);
    Map<Integer, List<Integer>> kinds =
        NoteReader.kinds(session, boundary.after(), boundary.through());
    ChangeMaker maker =
        new ChangeMaker(merge, sealing, boundary, latest, time, basedOn(kinds, boundary), forms);
    for (TrackedTable table : parentsFirst(kinds.keySet())) {
      packTable(table, kinds.get(table.number()), boundary, maker);
    }
    packReferring(maker);
    maker.finish();
    if (sealing.finish()) {
      packed++;
      if (time.compareTo(latest) > 0) {
        meta.latestTime(time);
      }
    }
  }

  private BasedOn basedOn(Map<Integer, List<Integer>> kinds, Boundaries.Boundary boundary) {
    return kinds.containsKey(VersionTables.TABLE_NUMBER)
        ? BasedOn.within(session, catalog, boundary)
        : new BasedOn();
  }

  private long lastMillis(Boundaries.Boundary boundary) {
    try (SqliteRows rows =
        session
            .statement("SELECT max(time) FROM godwit_pending WHERE id > ? AND id <= ?")
            .bind(1, boundary.after())
            .bind(2, boundary.through())
            .query()) {
      rows.next();
      return rows.integer(0);
    }
  }

  /**
   * Parents before children, so that a child finds the life that its reference means; cycles in
   * order of numbers.
   */
  private List<TrackedTable> parentsFirst(Set<Integer> numbers) {
    List<TrackedTable> ordered = new ArrayList<>();
    Set<Integer> begun = new HashSet<>();
    numbers.forEach(number -> visit(number, numbers, begun, ordered));
    return ordered;
  }

  private void visit(
      int number, Set<Integer> numbers, Set<Integer> begun, List<TrackedTable> ordered) {
    TrackedTable table = catalog.table(number);
    if (table == null || !begun.add(number)) {
      return;
    }
    for (TrackedTable.Reference reference : table.references().values()) {
      if (numbers.contains(reference.parent())) {
        visit(reference.parent(), numbers, begun, ordered);
      }
    }
    ordered.add(table);
  }

  private void packTable(
      TrackedTable table, List<Integer> kinds, Boundaries.Boundary boundary, ChangeMaker maker) {
    Set<KeyPlace> several = NoteReader.areOnePerKey(kinds) ? Set.of() : several(table, boundary);
    Map<KeyPlace, NetEffect.Slot> slots = new LinkedHashMap<>();
    boolean refersToItself =
        table.references().values().stream().anyMatch(one -> one.parent() == table.number());
    maker.begin(table, refersToItself || NoteReader.tellOfMoves(kinds));
    try (NoteReader reader = new NoteReader(session, table, boundary.after(), boundary.through())) {
      while (reader.next()) {
        Note note = reader.note();
        boolean alone = several.isEmpty() && later.isEmpty();
        KeyPlace place = alone ? null : KeyPlace.of(table, note.key());
        boolean single = alone || !several.contains(place);
        NetEffect.Slot slot =
            single
                ? new NetEffect.Slot(note.key())
                : slots.computeIfAbsent(place, none -> new NetEffect.Slot(note.key()));
        slot.add(note);
        slot.after(place == null ? reader.tableRow() : later.behind(place, reader.tableRow()));
        NetEffect effect = single ? NetEffect.of(slot) : null;
        if (effect != null) {
          maker.add(effect);
        }
      }
    }
    NetEffect.of(slots).forEach(maker::add);
    maker.end();
  }

  /** What refers to keys that other rows have taken refers to those. */
  private void packReferring(ChangeMaker maker) {
    for (ChangeMaker.Taken parent : maker.taken()) {
      for (Catalog.Child child : catalog.children(parent.table())) {
        TrackedTable table = child.table();
        if (!parent.isBy(child.reference())) {
          continue;
        }
        maker.begin(table, false);
        for (RowKey key :
            tables.keysReferring(table, child.reference(), parent.table(), parent.key())) {
          Value[] now = tables.read(table, key).values().toArray(new Value[0]);
          Value[] row = later.behind(KeyPlace.of(table, key), now);
          if (row != null) {
            maker.addReferring(parent, key, row);
          }
        }
        maker.end();
      }
    }
  }

  /** Keys that are noted more than once, or from or to which a row moved. */
  private Set<KeyPlace> several(TrackedTable table, Boundaries.Boundary boundary) {
    Set<KeyPlace> seen = new HashSet<>();
    Set<KeyPlace> several = new HashSet<>();
    NoteReader.eachKey(
        session,
        table,
        boundary.after(),
        boundary.through(),
        (kind, key) -> {
          KeyPlace place = KeyPlace.of(table, key);
          if (!seen.add(place) || Note.isMove(kind)) {
            several.add(place);
          }
        });
    return several;
  }
}
