package dev.godwit.sync.internal.apply;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.merge.Conflict;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.KeyCodec;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which life shows which key: one life a key.
 *
 * <p>Of several lives that want one key the first by (outranked, revived, time of the key, dot)
 * shows it. The others show a derived key where SQLite hands keys out, their birth key where the
 * application chooses them and it is free, and otherwise stay out of the table. All of it follows
 * from the states alone.
 *
 * <p>Derived keys are negative, below {@value #DERIVED_FROM}, so that neither {@code max(rowid)+1}
 * nor {@code sqlite_sequence} is drawn along.
 */
final class KeyPlacement {
  /** Derived keys are at most this. */
  static final long DERIVED_FROM = -(1L << 32);

  /** Derived keys are above this: whole numbers that a double still holds exactly. */
  static final long DERIVED_TO = -(1L << 52);

  private final Session session;
  private final Catalog catalog;
  private final LifeRows rows;
  private final Journal journal;
  private final View view;
  private final Map<RowState, RowKey> targets = new LinkedHashMap<>();

  KeyPlacement(Session session, Catalog catalog, LifeRows rows, Journal journal, View view) {
    this.session = session;
    this.catalog = catalog;
    this.rows = rows;
    this.journal = journal;
    this.view = view;
  }

  /** The rows that were placed, each with the key that it is to show; null for none. */
  Map<RowState, RowKey> targets() {
    return targets;
  }

  /**
   * Decides where this life is to be seen; other lives may have to move for it, and are decided
   * too.
   */
  void place(RowState row) {
    TrackedTable table = catalog.table(row.table());
    if (table == null) {
      targets.put(row, null);
      return;
    }
    if (!view.isPresent(table.name(), row.state())) {
      withdraw(table, row);
      return;
    }
    settle(table, wanted(table, row), row);
  }

  /** Lets waiting lives have a key that the table has freed. */
  void freed(TrackedTable table, RowKey key) {
    if (!waiting(table, key).isEmpty()) {
      contest(table, key, null);
    }
  }

  private void withdraw(TrackedTable table, RowState row) {
    forgetWaiting(table, row);
    RowKey shown = current(row);
    targets.put(row, null);
    if (shown != null) {
      rows.shows(table, shown, null);
      freed(table, shown);
    }
  }

  private RowKey wanted(TrackedTable table, RowState row) {
    KeyVersion key = row.state().wantedKey();
    return key.key() == null ? row.shownKey() : rows.resolved(table, key.key(), key.extras());
  }

  private void settle(TrackedTable table, RowKey key, RowState row) {
    LifeId occupant = rows.shownAt(table, key);
    boolean free = occupant == null || occupant.equals(row.life());
    if (free && waiting(table, key).isEmpty()) {
      assign(table, row, key);
    } else {
      contest(table, key, row);
    }
  }

  private void assign(TrackedTable table, RowState row, RowKey key) {
    RowKey shown = current(row);
    targets.put(row, key);
    if (shown != null && !same(table, shown, key)) {
      if (row.life().equals(rows.shownAt(table, shown))) {
        rows.shows(table, shown, null);
      }
      rows.shows(table, key, row.life());
      freed(table, shown);
    } else {
      rows.shows(table, key, row.life());
    }
  }

  private RowKey current(RowState row) {
    if (targets.containsKey(row)) {
      return targets.get(row);
    }
    return row.isVisible() ? row.shownKey() : null;
  }

  private static boolean same(TrackedTable table, RowKey left, RowKey right) {
    byte[] one = KeyCodec.encode(left, table.keyColumns());
    return java.util.Arrays.equals(one, KeyCodec.encode(right, table.keyColumns()));
  }

  private void contest(TrackedTable table, RowKey key, RowState newcomer) {
    Set<RowState> contenders = new HashSet<>();
    RowState guest = null;
    if (newcomer != null) {
      contenders.add(newcomer);
    }
    LifeId occupant = rows.shownAt(table, key);
    if (occupant != null) {
      RowState row = rows.row(table.number(), occupant);
      if (same(table, wanted(table, row), key)) {
        contenders.add(row);
      } else {
        guest = row;
      }
    }
    for (LifeId life : waiting(table, key)) {
      RowState row = rows.row(table.number(), life);
      if (view.isPresent(table.name(), row.state()) && same(table, wanted(table, row), key)) {
        contenders.add(row);
      }
    }
    if (contenders.isEmpty()) {
      return;
    }
    List<RowState> ranked = ranked(contenders);
    if (guest != null) {
      rows.shows(table, key, null);
      targets.put(guest, null);
    }
    seat(table, key, ranked);
    if (guest != null) {
      lose(table, wanted(table, guest), guest);
    }
  }

  private void seat(TrackedTable table, RowKey key, List<RowState> ranked) {
    RowState winner = ranked.get(0);
    List<RowState> losers = ranked.subList(1, ranked.size());
    for (RowState loser : losers) {
      if (loser.life().equals(rows.shownAt(table, key))) {
        rows.shows(table, key, null);
        targets.put(loser, null);
      }
    }
    unwait(table, key, winner);
    assign(table, winner, key);
    for (RowState loser : losers) {
      note(table, key, winner, loser);
      lose(table, key, loser);
    }
  }

  private void lose(TrackedTable table, RowKey key, RowState loser) {
    rows.waitingBegan(table);
    session
        .statement(
            "INSERT OR IGNORE INTO godwit_waiting (table_number, key, life) VALUES (?, ?, ?)")
        .bind(1, table.number())
        .bind(2, KeyCodec.encode(key, table.keyColumns()))
        .bind(3, loser.life().bytes())
        .update();
    if (table.isSurrogate()) {
      assign(table, loser, derivedKey(table, loser.life()));
      return;
    }
    RowKey birth = birthKey(table, loser);
    boolean free = birth != null && !same(table, birth, key) && waiting(table, birth).isEmpty();
    LifeId occupant = free ? rows.shownAt(table, birth) : null;
    if (free && (occupant == null || occupant.equals(loser.life()))) {
      assign(table, loser, birth);
    } else {
      RowKey shown = current(loser);
      targets.put(loser, null);
      if (shown != null && loser.life().equals(rows.shownAt(table, shown))) {
        rows.shows(table, shown, null);
        freed(table, shown);
      }
    }
  }

  /** The key from which the life's id follows, when some version of its register still tells it. */
  private RowKey birthKey(TrackedTable table, RowState row) {
    for (KeyVersion version : row.state().keys()) {
      RowKey key =
          version.extras().keyBefore() == null ? version.key() : version.extras().keyBefore();
      if (key != null && row.life().equals(table.rowShape().birthLife(key, version.extras()))) {
        return rows.resolved(table, key, version.extras());
      }
    }
    return null;
  }

  private RowKey derivedKey(TrackedTable table, LifeId life) {
    long range = DERIVED_FROM - DERIVED_TO;
    long start = Long.remainderUnsigned(life.high(), range);
    for (long probe = 0; ; probe++) {
      RowKey key = RowKey.of(Value.of(DERIVED_FROM - (start + probe) % range));
      LifeId occupant = rows.shownAt(table, key);
      if (occupant == null || occupant.equals(life)) {
        return key;
      }
    }
  }

  private static List<RowState> ranked(Collection<RowState> contenders) {
    Set<Dot> claimed = new HashSet<>();
    contenders.forEach(row -> claimed.addAll(row.state().wantedKey().extras().claims()));
    Comparator<RowState> order =
        Comparator.<RowState, Boolean>comparing(
                row -> claimed.contains(row.state().wantedKey().dot()))
            .thenComparing(row -> row.state().isRevived())
            .thenComparing(row -> row.state().wantedKey().time())
            .thenComparing(row -> row.state().wantedKey().dot())
            .thenComparing(RowState::life);
    List<RowState> ranked = new ArrayList<>(contenders);
    ranked.sort(order);
    return ranked;
  }

  /** The lives that want this key and do not show it. */
  List<LifeId> waiting(TrackedTable table, RowKey key) {
    List<LifeId> lives = new ArrayList<>();
    if (!rows.hasWaiting(table)) {
      return lives;
    }
    try (SqliteRows found =
        session
            .statement("SELECT life FROM godwit_waiting WHERE table_number = ? AND key = ?")
            .bind(1, table.number())
            .bind(2, KeyCodec.encode(key, table.keyColumns()))
            .query()) {
      while (found.next()) {
        lives.add(LifeId.of(found.bytes(0)));
      }
    }
    return lives;
  }

  private void unwait(TrackedTable table, RowKey key, RowState row) {
    session
        .statement("DELETE FROM godwit_waiting WHERE table_number = ? AND key = ? AND life = ?")
        .bind(1, table.number())
        .bind(2, KeyCodec.encode(key, table.keyColumns()))
        .bind(3, row.life().bytes())
        .update();
  }

  private void forgetWaiting(TrackedTable table, RowState row) {
    if (!row.state().keys().isEmpty() && row.state().wantedKey().key() != null) {
      unwait(table, wanted(table, row), row);
    }
  }

  private void note(TrackedTable table, RowKey key, RowState winner, RowState loser) {
    KeyVersion kept = winner.state().wantedKey();
    KeyVersion moved = loser.state().wantedKey();
    Conflict conflict =
        new Conflict(
            Conflict.Kind.KEY_COLLISION,
            table.schema().keyColumns().get(0),
            new Conflict.Side(kept.dot(), kept.time(), null),
            new Conflict.Side(moved.dot(), moved.time(), null));
    String resolution = table.isSurrogate() ? "renumbered" : "first-claim";
    journal.note(loser, key.toString(), conflict, null, resolution);
  }

  /**
   * What a write that takes this key must claim: the key versions of the lives that wait for it.
   */
  List<Dot> claims(TrackedTable table, RowKey key) {
    List<Dot> claims = new ArrayList<>();
    for (LifeId life : waiting(table, key)) {
      claims.add(rows.row(table.number(), life).state().wantedKey().dot());
    }
    return claims;
  }
}
