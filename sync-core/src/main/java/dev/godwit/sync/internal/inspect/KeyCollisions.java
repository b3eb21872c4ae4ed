package dev.godwit.sync.internal.inspect;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.internal.apply.LocalMerge;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.engine.Workspace;
import dev.godwit.sync.internal.state.KeyCodec;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.RowStates;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Rows that want a key which another row shows: a view of the state as it is now, not a history,
 * and so the same on replicas that hold the same.
 */
final class KeyCollisions {
  private final Workspace workspace;
  private final RowStates states;
  private final LocalMerge merge;

  /**
   * Two rows for one key.
   *
   * @param key the key
   * @param loser the row that waits for it
   */
  record Collision(RowKey key, RowState loser) {}

  /** One entry of {@code godwit_waiting}. */
  private record Entry(byte[] key, byte[] life) {
    private static final Entry FIRST = new Entry(new byte[0], new byte[0]);
  }

  KeyCollisions(Workspace workspace, RowStates states, LocalMerge merge) {
    this.workspace = workspace;
    this.states = states;
    this.merge = merge;
  }

  /**
   * Hands out the collisions of one table in the order of keys.
   *
   * @param limit how many at most
   */
  void each(TrackedTable table, int limit, Consumer<Collision> consumer) {
    Entry from = Entry.FIRST;
    int left = limit;
    while (from != null && left > 0) {
      List<Entry> entries = entries(table, from, limit);
      for (int i = 0; i < entries.size() && left > 0; i++) {
        Collision collision = collision(table, entries.get(i));
        if (collision != null) {
          left--;
          consumer.accept(collision);
        }
      }
      from = entries.size() < limit ? null : entries.get(limit - 1);
    }
  }

  private List<Entry> entries(TrackedTable table, Entry after, int limit) {
    List<Entry> entries = new ArrayList<>();
    try (SqliteRows rows =
        workspace
            .session()
            .statement(
                "SELECT key, life FROM godwit_waiting WHERE table_number = ? AND (key, life) > (?, ?)"
                    + " ORDER BY key, life LIMIT ?")
            .bind(1, table.number())
            .bind(2, after.key())
            .bind(3, after.life())
            .bind(4, limit)
            .query()) {
      while (rows.next()) {
        entries.add(new Entry(rows.bytes(0), rows.bytes(1)));
      }
    }
    return entries;
  }

  /** The collision that this entry is about, null when it has been settled meanwhile. */
  private Collision collision(TrackedTable table, Entry entry) {
    RowState loser = states.load(table.number(), LifeId.of(entry.life()));
    boolean present = merge.view().isPresent(table.name(), loser.state());
    boolean settled = !present || shows(table, loser, entry.key());
    if (settled || !wants(table, loser, entry.key())) {
      return null;
    }
    RowKey key = KeyCodec.decode(entry.key());
    LifeId holder = merge.shownAt(table, key);
    merge.forget();
    return holder == null || holder.equals(loser.life()) ? null : new Collision(key, loser);
  }

  /** Whether the key is the one that the life wants, not one that it would take instead. */
  private static boolean wants(TrackedTable table, RowState row, byte[] encoded) {
    RowKey wanted = row.state().wantedKey().key();
    boolean keyRefers = table.keyRefers();
    return wanted == null
        || keyRefers
        || Arrays.equals(KeyCodec.encode(wanted, table.keyColumns()), encoded);
  }

  private static boolean shows(TrackedTable table, RowState row, byte[] encoded) {
    return row.isVisible()
        && row.shownKey() != null
        && Arrays.equals(KeyCodec.encode(row.shownKey(), table.keyColumns()), encoded);
  }
}
