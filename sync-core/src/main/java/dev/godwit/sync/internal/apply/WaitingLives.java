package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.state.KeyCodec;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.List;

/** {@code godwit_waiting}: lives, and the keys that they would rather show. */
final class WaitingLives {
  private final Session session;
  private final LifeRows rows;

  WaitingLives(Session session, LifeRows rows) {
    this.session = session;
    this.rows = rows;
  }

  /** The lives that would rather show this key. */
  List<LifeId> at(TrackedTable table, RowKey key) {
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

  void add(TrackedTable table, RowKey key, RowState row) {
    rows.waitingBegan(table);
    change(
        "INSERT OR IGNORE INTO godwit_waiting (table_number, life, key) VALUES (?, ?, ?)",
        table,
        key,
        row);
  }

  void remove(TrackedTable table, RowKey key, RowState row) {
    change(
        "DELETE FROM godwit_waiting WHERE table_number = ? AND life = ? AND key = ?",
        table,
        key,
        row);
  }

  private void change(String sql, TrackedTable table, RowKey key, RowState row) {
    session
        .statement(sql)
        .bind(1, table.number())
        .bind(2, row.life().bytes())
        .bind(3, KeyCodec.encode(key, table.keyColumns()))
        .update();
  }

  /** Removes a life from all keys; returns these. */
  List<RowKey> forget(TrackedTable table, RowState row) {
    List<RowKey> keys = new ArrayList<>();
    if (!rows.hasWaiting(table)) {
      return keys;
    }
    try (SqliteRows found =
        session
            .statement("SELECT key FROM godwit_waiting WHERE table_number = ? AND life = ?")
            .bind(1, table.number())
            .bind(2, row.life().bytes())
            .query()) {
      while (found.next()) {
        keys.add(KeyCodec.decode(found.bytes(0)));
      }
    }
    keys.forEach(key -> remove(table, key, row));
    return keys;
  }
}
