package dev.godwit.sync.internal.inspect;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.merge.LifeState;
import dev.godwit.sync.internal.state.RowState;
import java.util.List;
import java.util.Set;

/**
 * One life as the log, the state and the tables have it.
 *
 * @param rank of its table (see {@link TableRanks})
 * @param table its table
 * @param life which
 * @param replayed merged again from the log, with fingerprints for values; null when the log has no
 *     change of it or was not replayed
 * @param settled the conflicts that the journal is to have; null when the log was not replayed
 * @param stored as the file stores it, null when it does not
 * @param unreadable why what the file stores cannot be read, null when it can
 * @param keys the keys, encoded, of the rows that show it: one, when all is right and it is visible
 */
record CheckedLife(
    int rank,
    TrackedTable table,
    LifeId life,
    LifeState replayed,
    Set<ReplayedLife.Settled> settled,
    RowState stored,
    String unreadable,
    List<byte[]> keys) {}
