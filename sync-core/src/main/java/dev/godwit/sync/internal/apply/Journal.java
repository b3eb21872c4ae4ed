package dev.godwit.sync.internal.apply;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.merge.Conflict;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Writes down what lost, so that it can be read and restored; in {@code godwit_journal}. */
final class Journal {
  private final Session session;
  private long written;

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
   * @param key the row's key as a person reads it
   * @param base the value before, null when it is not known or the whole row is meant
   * @param resolution by which rule the winner is seen
   */
  void note(RowState row, String key, Conflict conflict, Value base, String resolution) {
    SqliteStatement insert =
        session.statement(
            "INSERT OR IGNORE INTO godwit_journal (kind, table_number, life, key, unit, base, winner_replica,"
                + " winner_sequence, winner_time, winner, loser_replica, loser_sequence, loser_time, loser, resolution)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert
        .bind(1, conflict.kind().toString())
        .bind(2, row.table())
        .bind(3, row.life().bytes())
        .bind(4, key)
        .bind(5, conflict.unit())
        .bind(6, base == null ? Value.NULL : base)
        .bind(15, resolution);
    side(insert, 7, conflict.winner());
    side(insert, 11, conflict.loser());
    written += insert.update();
  }

  /**
   * Removes pairs of which exactly one write is dominated.
   *
   * @param units in these units, null for all
   * @param dominated which writes are
   */
  void removeOvertaken(LifeId life, Set<String> units, Predicate<Dot> dominated) {
    List<Long> overtaken = new ArrayList<>();
    try (SqliteRows rows =
        session
            .statement(
                "SELECT id, unit, winner_replica, winner_sequence, loser_replica, loser_sequence, kind"
                    + " FROM godwit_journal WHERE life = ?")
            .bind(1, life.bytes())
            .query()) {
      while (rows.next()) {
        Dot winner = new Dot(ReplicaId.of(rows.bytes(2)), rows.integer(3));
        Dot loser = new Dot(ReplicaId.of(rows.bytes(4)), rows.integer(5));
        boolean aboutKeys = rows.text(6).equals(Conflict.Kind.KEY_COLLISION.toString());
        boolean concerned = !aboutKeys && (units == null || units.contains(rows.text(1)));
        if (concerned && dominated.test(winner) != dominated.test(loser)) {
          overtaken.add(rows.integer(0));
        }
      }
    }
    for (long id : overtaken) {
      session.statement("DELETE FROM godwit_journal WHERE id = ?").bind(1, id).update();
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
