package dev.godwit.sync.internal.apply;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.merge.Conflict;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.policy.ExistencePolicy;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteStatement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Writes down what lost, so that it can be read and restored; in {@code godwit_journal}. */
final class Journal {
  private final Session session;
  private long written;
  private boolean any;

  Journal(Session session) {
    this.session = session;
  }

  /** The number of entries written. */
  long written() {
    return written;
  }

  /**
   * Notes one conflict; one that is noted already changes nothing.
   *
   * @param table the name that the space has for its table
   * @param key the row's key as a person reads it
   * @param base the value before, null when it is not known or the whole row is meant
   * @param resolution by which rule the winner is seen
   */
  void note(
      String table, RowState row, String key, Conflict conflict, Value base, String resolution) {
    SqliteStatement insert =
        session.statement(
            "INSERT OR IGNORE INTO godwit_journal (kind, table_number, life, key, unit, base, winner_replica,"
                + " winner_sequence, winner_time, winner, loser_replica, loser_sequence, loser_time, loser, resolution,"
                + " conflict) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    String name =
        ConflictName.of(
            table,
            row.life(),
            conflict.unit(),
            conflict.kind().toString(),
            List.of(conflict.winner().dot(), conflict.loser().dot()));
    insert
        .bind(1, conflict.kind().toString())
        .bind(2, row.table())
        .bind(3, row.life().bytes())
        .bind(4, key)
        .bind(5, conflict.unit())
        .bind(6, base == null ? Value.NULL : base)
        .bind(15, resolution)
        .bind(16, name);
    side(insert, 7, conflict.winner());
    side(insert, 11, conflict.loser());
    if (insert.update() > 0) {
      written++;
      any = true;
      SaidWrites.want(session, row.life(), conflict.unit(), conflict.winner().dot());
      SaidWrites.want(session, row.life(), conflict.unit(), conflict.loser().dot());
    }
  }

  /** Whether nothing is noted, as far as this transaction knows. */
  boolean isEmpty() {
    if (!any) {
      try (SqliteRows rows = session.statement("SELECT 1 FROM godwit_journal LIMIT 1").query()) {
        any = rows.next();
      }
    }
    return !any;
  }

  /**
   * Takes note of a write to a life of which conflicts are noted: pairs of which it dominates
   * exactly one are removed, pairs that it dominates both are closed by it, unless an earlier write
   * has closed them.
   */
  void overtake(Overtaking write) {
    List<Pair> removed = new ArrayList<>();
    List<Pair> closed = new ArrayList<>();
    for (Pair pair : pairs(write.life())) {
      boolean winner = write.overtakes(pair.winner(), pair.winner().equals(pair.edit()));
      boolean loser = write.overtakes(pair.loser(), pair.loser().equals(pair.edit()));
      if (winner && loser && (write.closes() == null || write.closes().contains(pair.unit()))) {
        closed.add(pair);
      }
      if (winner != loser && (write.units() == null || write.units().contains(pair.unit()))) {
        removed.add(pair);
      }
    }
    for (Pair pair : removed) {
      session.statement("DELETE FROM godwit_journal WHERE id = ?").bind(1, pair.id()).update();
    }
    closed.forEach(pair -> close(pair, write));
  }

  /** Names all conflicts anew, after dots of them have got others. */
  void rename(Catalog catalog) {
    Map<Long, String> names = new LinkedHashMap<>();
    try (SqliteRows rows =
        session
            .statement(
                "SELECT id, unit, winner_replica, winner_sequence, loser_replica, loser_sequence, life,"
                    + " table_number, kind FROM godwit_journal")
            .query()) {
      while (rows.next()) {
        LifeId life = LifeId.of(rows.bytes(6));
        List<Dot> dots =
            List.of(
                new Dot(ReplicaId.of(rows.bytes(2)), rows.integer(3)),
                new Dot(ReplicaId.of(rows.bytes(4)), rows.integer(5)));
        String table = catalog.name((int) rows.integer(7));
        names.put(rows.integer(0), ConflictName.of(table, life, rows.text(1), rows.text(8), dots));
        for (Dot dot : dots) {
          SaidWrites.want(session, life, rows.text(1), dot);
        }
      }
    }
    names.forEach(
        (id, name) ->
            session
                .statement("UPDATE godwit_journal SET conflict = ? WHERE id = ?")
                .bind(1, name)
                .bind(2, id)
                .update());
  }

  private List<Pair> pairs(LifeId life) {
    List<Pair> pairs = new ArrayList<>();
    try (SqliteRows rows =
        session
            .statement(
                "SELECT id, unit, winner_replica, winner_sequence, loser_replica, loser_sequence, kind,"
                    + " resolution FROM godwit_journal WHERE life = ? AND kind <> ?")
            .bind(1, life.bytes())
            .bind(2, Conflict.Kind.KEY_COLLISION.toString())
            .query()) {
      while (rows.next()) {
        Dot winner = new Dot(ReplicaId.of(rows.bytes(2)), rows.integer(3));
        Dot loser = new Dot(ReplicaId.of(rows.bytes(4)), rows.integer(5));
        Dot edit = null;
        if (rows.text(6).equals(Conflict.Kind.EDIT_DELETE.toString())) {
          edit = rows.text(7).equals(ExistencePolicy.DELETE_WINS.toString()) ? loser : winner;
        }
        pairs.add(new Pair(rows.integer(0), rows.text(1), winner, loser, edit));
      }
    }
    return pairs;
  }

  private void close(Pair pair, Overtaking write) {
    session
        .statement(
            "UPDATE godwit_journal SET closed_how = ?1, closed_replica = ?2, closed_sequence = ?3,"
                + " closed_time = ?4 WHERE id = ?5 AND (closed_time IS NULL"
                + " OR (closed_time, closed_replica, closed_sequence) > (?4, ?2, ?3))")
        .bind(1, write.how())
        .bind(2, write.dot().replica().bytes())
        .bind(3, write.dot().sequence())
        .bind(4, write.time().packed())
        .bind(5, pair.id())
        .update();
  }

  /**
   * Two that are noted.
   *
   * @param edit the one of an edit and a delete that is the edit, else null
   */
  private record Pair(long id, String unit, Dot winner, Dot loser, Dot edit) {}

  /**
   * A write to a life, as far as it overtakes others.
   *
   * @param units the units in which it stands beside others now, null for all
   * @param closes the units of which it settles conflicts, null for all
   * @param how what kind of write it is
   * @param dominated which writes it dominates
   * @param overtaken which edits beside deletes it takes the place of
   */
  record Overtaking(
      LifeId life,
      Set<String> units,
      Set<String> closes,
      Dot dot,
      HybridTimestamp time,
      String how,
      Predicate<Dot> dominated,
      Predicate<Dot> overtaken) {
    private boolean overtakes(Dot dot, boolean editBesideDelete) {
      return (editBesideDelete ? overtaken : dominated).test(dot);
    }
  }

  private static void side(SqliteStatement insert, int from, Conflict.Side side) {
    insert
        .bind(from, side.dot().replica().bytes())
        .bind(from + 1, side.dot().sequence())
        .bind(from + 2, side.time().packed())
        .bind(from + 3, side.value() == null ? Value.NULL : side.value());
  }
}
