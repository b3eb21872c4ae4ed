package dev.godwit.sync.internal.apply;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteStatement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code godwit_journal}: the conflicts that writes have settled. Each write tells its own ({@link
 * SettledConflicts}), so that whoever has the write has them, whatever arrived first.
 */
final class Journal {
  private final Session session;

  Journal(Session session) {
    this.session = session;
  }

  /** Notes what a write has settled; of several writes that settled the same the first counts. */
  void note(String table, RowState row, RowChange change, Dot dot) {
    change
        .extras()
        .settled()
        .forEach(
            (unit, siblings) -> {
              String name = name(table, row.life(), unit, siblings);
              for (Dot sibling : siblings) {
                insert(name, row, change, dot, unit, sibling);
                SaidWrites.want(session, row.life(), unit, sibling);
              }
              settledFirst(name, change, dot);
            });
  }

  private static String name(String table, LifeId life, String unit, List<Dot> siblings) {
    String kind = unit.isEmpty() ? StandingConflict.EDIT_DELETE : StandingConflict.EDIT_EDIT;
    return ConflictName.of(table, life, unit, kind, siblings);
  }

  private void insert(
      String name, RowState row, RowChange change, Dot dot, String unit, Dot sibling) {
    SqliteStatement insert =
        session.statement(
            "INSERT OR IGNORE INTO godwit_journal (conflict, replica, sequence, table_number, life, unit, how,"
                + " by_replica, by_sequence, by_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert.bind(1, name).bind(2, sibling.replica().bytes()).bind(3, sibling.sequence());
    insert.bind(4, row.table()).bind(5, row.life().bytes()).bind(6, unit).bind(7, how(change));
    insert.bind(8, dot.replica().bytes()).bind(9, dot.sequence());
    insert.bind(10, change.time().packed()).update();
  }

  private void settledFirst(String name, RowChange change, Dot dot) {
    session
        .statement(
            "UPDATE godwit_journal SET how = ?1, by_replica = ?2, by_sequence = ?3, by_time = ?4"
                + " WHERE conflict = ?5 AND (by_time, by_replica, by_sequence) > (?4, ?2, ?3)")
        .bind(1, how(change))
        .bind(2, dot.replica().bytes())
        .bind(3, dot.sequence())
        .bind(4, change.time().packed())
        .bind(5, name)
        .update();
  }

  private static String how(RowChange change) {
    return switch (change.kind()) {
      case RESOLUTION -> "resolution";
      case DELETE -> "delete";
      default -> "write";
    };
  }

  /** Names all conflicts anew, after dots of them have got others. */
  void rename(Catalog catalog) {
    Map<String, Named> found = new LinkedHashMap<>();
    try (SqliteRows rows =
        session
            .statement(
                "SELECT conflict, table_number, life, unit, replica, sequence FROM godwit_journal")
            .query()) {
      while (rows.next()) {
        Dot dot = new Dot(ReplicaId.of(rows.bytes(4)), rows.integer(5));
        String table = catalog.name((int) rows.integer(1));
        LifeId life = LifeId.of(rows.bytes(2));
        String unit = rows.text(3);
        found
            .computeIfAbsent(rows.text(0), none -> new Named(table, life, unit, new ArrayList<>()))
            .siblings()
            .add(dot);
      }
    }
    found.forEach(
        (before, named) -> {
          session
              .statement("UPDATE godwit_journal SET conflict = ? WHERE conflict = ?")
              .bind(1, name(named.table(), named.life(), named.unit(), named.siblings()))
              .bind(2, before)
              .update();
          for (Dot sibling : named.siblings()) {
            SaidWrites.want(session, named.life(), named.unit(), sibling);
          }
        });
  }

  private record Named(String table, LifeId life, String unit, List<Dot> siblings) {}
}
