package dev.godwit.sync.internal.apply;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.state.KeyPlace;
import dev.godwit.sync.internal.state.RowState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which life shows which key: one life a key. All of it follows from the states alone.
 *
 * <pre>
 * 1  of the lives that want a key the first by (outranked, revived, time of the key, dot) shows it
 * 2  each of the others shows the first of its alternates that nobody wants: derived keys where SQLite hands
 *    keys out; the key under which the row was born where the application chooses them
 * 3  what finds none stays out of the table
 * </pre>
 *
 * {@code godwit_waiting} holds for each life the keys that it would rather show than the one that
 * it shows. So whenever somebody comes to a key or leaves it, the lives concerned are at hand: keys
 * are decided anew, wants first, until nothing changes.
 *
 * <p>Derived keys are negative, below {@value #DERIVED_FROM}, so that neither {@code max(rowid)+1}
 * nor {@code sqlite_sequence} is drawn along.
 */
final class KeyPlacement {
  /** Derived keys are at most this. */
  static final long DERIVED_FROM = -(1L << 32);

  /** Derived keys are above this: whole numbers that a double still holds exactly. */
  static final long DERIVED_TO = -(1L << 52);

  private final LifeRows rows;
  private final Catalog catalog;
  private final WaitingLives waiting;
  private final HeldRows held;
  private final Map<RowState, RowKey> targets = new LinkedHashMap<>();
  private final Map<RowState, RowKey> seats = new HashMap<>();
  private final Set<KeyPlace> undecided = new LinkedHashSet<>();
  private final TreeMap<LifeId, RowState> losers = new TreeMap<>();
  private List<RowState> seated;

  KeyPlacement(Session session, Catalog catalog, LifeRows rows, HeldRows held) {
    this.catalog = catalog;
    this.rows = rows;
    this.waiting = new WaitingLives(session, rows);
    this.held = held;
  }

  /** The rows that were placed, each with the key that it is to show; null for none. */
  Map<RowState, RowKey> targets() {
    return targets;
  }

  /**
   * Takes up where this life is to be seen; {@link #settle} decides, for it and for others that
   * have to move for it.
   */
  void place(RowState row) {
    TrackedTable table = catalog.table(row.table());
    if (table == null) {
      targets.put(row, null);
      return;
    }
    boolean contested = rows.hasWaiting(table);
    if (contested) {
      waiting.forget(table, row).forEach(key -> undecide(table, key));
    }
    RowKey shown = current(row);
    if (!held.stands(table, row)) {
      leave(table, row);
      if (held.exists(table, row)) {
        await(row);
      }
      return;
    }
    RowKey wanted = rows.keys().wantedKey(table, row);
    if (shown != null && KeyPlace.same(table, shown, wanted)) {
      targets.put(row, wanted);
      if (contested) {
        undecide(table, wanted);
      }
      return;
    }
    leave(table, row);
    LifeId occupant = rows.shownAt(table, wanted);
    if (occupant == null && !contested) {
      take(table, row, wanted);
    } else {
      waiting.add(table, wanted, row);
      undecide(table, wanted);
    }
  }

  /**
   * Keeps the seat of a row that stands and is out of the table all the same. It waits for the key
   * that it wants, since whoever writes onto that meanwhile has not seen the row, and for the one
   * that it has, so that it hears of whoever comes there.
   */
  void withdraw(RowState row) {
    RowKey seat = targets.put(row, null);
    if (seat != null) {
      seats.put(row, seat);
      waiting.add(catalog.table(row.table()), seat, row);
    }
    await(row);
  }

  /**
   * Has a row that SQLite refuses wait for the key that it has, where others show it: the table
   * does not tell that it is not free.
   */
  void refused(RowState row) {
    TrackedTable table = catalog.table(row.table());
    RowKey key = targets.get(row);
    row.refusedKey(key);
    if (key != null && !(row.isVisible() && KeyPlace.same(table, row.shownKey(), key))) {
      waiting.add(table, key, row);
      await(row);
    }
  }

  private void await(RowState row) {
    TrackedTable table = catalog.table(row.table());
    waiting.add(table, rows.keys().wantedKey(table, row), row);
  }

  /**
   * The key that a row has or is to have, also while something else keeps it out, or SQLite refuses
   * it; null for none.
   */
  RowKey seat(RowState row) {
    boolean left = !targets.containsKey(row);
    boolean out = left && !row.isVisible() && held.isOut(catalog.table(row.table()), row);
    if (out || left && row.masked() != null) {
      List<RowState> others = placeAlone(row);
      if (out) {
        withdraw(row);
      }
      others.forEach(this::withdraw);
    }
    RowKey current = current(row);
    return current == null ? seats.get(row) : current;
  }

  /**
   * Places and settles a row besides those that are. Returns the rows that are out of their tables,
   * want the same key and were decided with it.
   */
  private List<RowState> placeAlone(RowState row) {
    // The key that it wants may hang on a row that is out as well, whose seat is asked for then.
    List<RowState> outer = seated;
    List<RowState> others = new ArrayList<>();
    seated = others;
    place(row);
    settle();
    seated = outer;
    others.removeIf(other -> !held.isOut(catalog.table(other.table()), other));
    return others;
  }

  /**
   * A row that was not placed shows what it showed; a target of null says that it goes. One that
   * stands and is out of the table keeps its seat: without it, it would count as gone. So does one
   * that SQLite has refused, which is to be seen.
   */
  void stays(RowState row) {
    if (catalog.table(row.table()) != null) {
      seat(row);
    }
    if (!targets.containsKey(row)) {
      targets.put(row, row.isVisible() ? row.shownKey() : null);
    }
  }

  /** Takes up who shows a key that the table has freed. */
  void freed(TrackedTable table, RowKey key) {
    if (rows.hasWaiting(table)) {
      undecide(table, key);
    }
  }

  /** Decides what was taken up: every want before any alternate. */
  void settle() {
    while (!undecided.isEmpty() || !losers.isEmpty()) {
      if (undecided.isEmpty()) {
        RowState loser = losers.pollFirstEntry().getValue();
        giveAlternate(catalog.table(loser.table()), loser);
      } else {
        KeyPlace place = undecided.iterator().next();
        undecided.remove(place);
        decide(catalog.table(place.table()), place.anySpelling());
      }
    }
  }

  private void undecide(TrackedTable table, RowKey key) {
    undecided.add(KeyPlace.of(table, key));
  }

  /** Whether a row that shows this key or waits for it wants it. */
  private boolean wants(TrackedTable table, RowState row, RowKey key) {
    RowKey wanted = rows.keys().wantedKey(table, row);
    return wanted == null || KeyPlace.same(table, wanted, key);
  }

  private RowKey current(RowState row) {
    if (targets.containsKey(row)) {
      return targets.get(row);
    }
    return row.isVisible() ? row.shownKey() : null;
  }

  private void take(TrackedTable table, RowState row, RowKey key) {
    targets.put(row, key);
    rows.shows(table, key, row.life());
    if (seated != null) {
      seated.add(row);
    }
  }

  private void leave(TrackedTable table, RowState row) {
    RowKey shown = current(row);
    targets.put(row, null);
    seats.remove(row);
    if (shown != null && row.life().equals(rows.shownAt(table, shown))) {
      rows.shows(table, shown, null);
      freed(table, shown);
    }
  }

  private void decide(TrackedTable table, RowKey key) {
    LifeId occupant = rows.shownAt(table, key);
    Set<LifeId> lives = new LinkedHashSet<>(waiting.at(table, key));
    if (occupant != null) {
      lives.add(occupant);
    }
    List<RowState> wanting = new ArrayList<>();
    List<RowState> others = new ArrayList<>();
    for (LifeId life : lives) {
      RowState row = rows.row(table.number(), life);
      if (held.stands(table, row)) {
        (wants(table, row, key) ? wanting : others).add(row);
      }
    }
    // Where a row comes that wants the key, one that has it unseen must go as well.
    others.removeIf(row -> !wanting.isEmpty() && !held.isOut(table, row));
    others.forEach(row -> losers.put(row.life(), row));
    if (wanting.isEmpty()) {
      return;
    }
    seat(table, key, held.ranked(wanting), occupant);
  }

  private void seat(TrackedTable table, RowKey key, List<RowState> ranked, LifeId occupant) {
    RowState winner = ranked.get(0);
    if (occupant != null && !occupant.equals(winner.life())) {
      RowState displaced = rows.row(table.number(), occupant);
      // It will show another key than the one that it wants, which its row no longer tells then.
      rows.keys().expandShown(table, displaced);
      targets.put(displaced, null);
      seats.remove(displaced);
      rows.shows(table, key, null);
      if (displaced.masked() != null && !wants(table, displaced, key)) {
        // It stood here only since SQLite refused to show it where it belongs.
        await(displaced);
        undecide(table, rows.keys().wantedKey(table, displaced));
      } else {
        waiting.add(table, key, displaced);
        losers.put(occupant, displaced);
      }
    }
    waiting.forget(table, winner);
    // A row out of the table has its seat and shows nothing, until it comes back.
    if (!winner.life().equals(occupant) || current(winner) == null) {
      leave(table, winner);
      take(table, winner, rows.keys().wantedKey(table, winner));
    }
    for (RowState loser : ranked.subList(1, ranked.size())) {
      waiting.add(table, key, loser);
      losers.put(loser.life(), loser);
    }
  }

  /** Lets a life that does not get the key it wants show the best that is left to it. */
  private void giveAlternate(TrackedTable table, RowState loser) {
    RowKey wanted = rows.keys().wantedKey(table, loser);
    if (loser.life().equals(rows.shownAt(table, wanted))) {
      return;
    }
    for (long probe = 0; ; probe++) {
      RowKey key = alternate(table, loser, probe);
      if (key == null || KeyPlace.same(table, key, wanted)) {
        leave(table, loser);
        return;
      }
      LifeId occupant = rows.shownAt(table, key);
      if (occupant == null && isWanted(table, key, loser)) {
        // By a row that is out of the table: it gets its seat first.
        undecide(table, key);
        losers.put(loser.life(), loser);
        return;
      }
      if (occupant == null || occupant.equals(loser.life())) {
        if (occupant == null || current(loser) == null) {
          leave(table, loser);
          take(table, loser, key);
        }
        waiting.remove(table, key, loser);
        return;
      }
      waiting.add(table, key, loser);
    }
  }

  private boolean isWanted(TrackedTable table, RowKey key, RowState loser) {
    for (LifeId life : waiting.at(table, key)) {
      RowState row = rows.row(table.number(), life);
      if (row != loser && held.stands(table, row) && wants(table, row, key)) {
        return true;
      }
    }
    return false;
  }

  private RowKey alternate(TrackedTable table, RowState row, long probe) {
    if (table.isSurrogate()) {
      long range = DERIVED_FROM - DERIVED_TO;
      long start = Long.remainderUnsigned(row.life().high(), range);
      return RowKey.of(Value.of(DERIVED_FROM - (start + probe) % range));
    }
    return probe == 0 ? birthKey(table, row) : null;
  }

  /**
   * The key from which the life's id follows, spelled canonically; null where none does, or where
   * it refers to a row that is away.
   */
  private RowKey birthKey(TrackedTable table, RowState row) {
    KeyVersion birth = row.state().birth();
    if (birth == null || !row.life().equals(table.birthLife(birth.key(), birth.extras()))) {
      return null;
    }
    for (TrackedTable.Reference reference : table.keyReferences()) {
      LifeId parent = table.referred(reference, birth.key(), birth.extras());
      RowState referred = parent == null ? null : rows.row(reference.parent(), parent);
      boolean known = referred != null && !referred.state().isEmpty();
      if (known && !held.stands(rows.table(reference), referred)) {
        return null;
      }
    }
    RowKey canonical = KeyPlace.of(table, birth.key()).anySpelling();
    return rows.keys().resolved(table, canonical, birth.extras());
  }

  /**
   * What a write by which this life takes this key must claim: the key versions of the others that
   * wait for it.
   */
  List<Dot> claims(TrackedTable table, RowKey key, LifeId taker) {
    List<Dot> claims = new ArrayList<>();
    for (LifeId life : waiting.at(table, key)) {
      RowState row = rows.row(table.number(), life);
      boolean other = !life.equals(taker) && held.exists(table, row);
      if (other && KeyPlace.same(table, rows.keys().wantedKey(table, row), key)) {
        claims.add(row.state().wantedKey().dot());
      }
    }
    return claims;
  }
}
