package dev.godwit.sync.internal.inspect;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.engine.Workspace;
import dev.godwit.sync.internal.merge.Conflict;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.RowStates;
import dev.godwit.sync.report.ConflictCounts;
import dev.godwit.sync.report.ConflictEntry;
import dev.godwit.sync.report.Listing;
import dev.godwit.sync.report.Paging;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteStatement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Lists conflicts: first those of edits, which the journal keeps, the latest first; then rows that
 * want the same key, which are seen in the state.
 *
 * <p>What an entry says about the writes, their values, keys and bases, comes from the log, so that
 * it is the same wherever the log is.
 */
public final class ConflictReader {
  private static final String EDITS = "edits";
  private static final String KEYS = "keys";
  private static final String COLLISION = Conflict.Kind.KEY_COLLISION.toString();
  private static final String ORDER =
      "max(winner_time, loser_time), winner_replica, winner_sequence, loser_replica, loser_sequence, life, unit";
  private static final int ORDER_PARTS = 7;
  private static final String ORDER_DESCENDING =
      "1 DESC, winner_replica DESC, winner_sequence DESC, loser_replica DESC, loser_sequence DESC,"
          + " life DESC, unit DESC";
  private static final String SELECT =
      "SELECT "
          + ORDER
          + ", kind, table_number, key, base, winner_time, winner, loser_time, loser, resolution"
          + " FROM godwit_journal WHERE kind <> '"
          + COLLISION
          + "'";

  private final Workspace workspace;
  private final DeviceNames names;

  public ConflictReader(Workspace workspace) {
    this.workspace = workspace;
    this.names = new DeviceNames(workspace);
  }

  /** How many there are, as {@code godwit_conflict} lists them. */
  public ConflictCounts counts() {
    try (SqliteRows rows =
        workspace
            .session()
            .statement(
                "SELECT count(DISTINCT CASE WHEN state = 'open' THEN conflict END), count(DISTINCT conflict)"
                    + " FROM godwit_conflict")
            .query()) {
      rows.next();
      return new ConflictCounts(rows.integer(0), rows.integer(1) - rows.integer(0));
    }
  }

  /** One page. */
  public Listing<ConflictEntry> read(Paging paging) {
    List<ConflictEntry> entries = new ArrayList<>();
    Place place = Place.parse(paging.after());
    String more = null;
    boolean edits = paging.after().isEmpty() || place.isOf(EDITS, ORDER_PARTS);
    if (edits) {
      more = edits(place, paging, entries);
    } else if (!place.isOf(KEYS, 3) && !place.isOf(KEYS, 0)) {
      throw place.malformed();
    }
    if (more == null) {
      more = keys(edits ? Place.of(KEYS) : place, paging.limit(), entries);
    }
    return new Listing<>(entries, more);
  }

  /** Adds conflicts of edits; returns where to go on, null behind the last. */
  private String edits(Place place, Paging paging, List<ConflictEntry> entries) {
    boolean first = paging.after().isEmpty();
    String behind = first ? "" : " AND (" + ORDER + ") < (?, ?, ?, ?, ?, ?, ?)";
    SqliteStatement query =
        workspace
            .session()
            .statement(SELECT + behind + " ORDER BY " + ORDER_DESCENDING + " LIMIT ?");
    int limitAt = 1;
    if (!first) {
      query.bind(1, place.number(0)).bind(2, place.bytes(1)).bind(3, place.number(2));
      query.bind(4, place.bytes(3)).bind(5, place.number(4)).bind(6, place.bytes(5));
      query.bind(7, place.text(6));
      limitAt = ORDER_PARTS + 1;
    }
    query.bind(limitAt, paging.limit() + 1L);
    List<Found> found = new ArrayList<>();
    try (SqliteRows rows = query.query()) {
      while (rows.next()) {
        found.add(found(rows));
      }
    }
    boolean more = found.size() > paging.limit();
    List<Found> page = more ? found.subList(0, paging.limit()) : found;
    LoggedWrites writes = new LoggedWrites(workspace);
    page.forEach(one -> writes.want(one.entry.loser().dot(), one.entry.life(), one.entry.unit()));
    writes.read();
    page.forEach(one -> entries.add(one.with(writes)));
    return more ? page.get(page.size() - 1).place.toString() : null;
  }

  /** A conflict as the journal has it, and where the listing goes on behind it. */
  private record Found(ConflictEntry entry, Place place) {
    ConflictEntry with(LoggedWrites writes) {
      LoggedWrites.Write write = writes.found(entry.loser().dot(), entry.life(), entry.unit());
      return write == null
          ? entry
          : new ConflictEntry(
              entry.kind(),
              entry.table(),
              entry.life(),
              write.key(),
              entry.unit(),
              write.before(),
              entry.winner(),
              entry.loser(),
              entry.resolution(),
              entry.open());
    }
  }

  private Found found(SqliteRows rows) {
    Place place =
        Place.of(EDITS)
            .with(rows.integer(0))
            .with(rows.bytes(1))
            .with(rows.integer(2))
            .with(rows.bytes(3))
            .with(rows.integer(4))
            .with(rows.bytes(5))
            .with(rows.text(6));
    boolean wholeRow = rows.text(6).isEmpty();
    Dot winner = new Dot(ReplicaId.of(rows.bytes(1)), rows.integer(2));
    Dot loser = new Dot(ReplicaId.of(rows.bytes(3)), rows.integer(4));
    ConflictEntry entry =
        new ConflictEntry(
            rows.text(7),
            tableName((int) rows.integer(8)),
            LifeId.of(rows.bytes(5)),
            ReadableKey.bounded(rows.text(9)),
            rows.text(6),
            rows.isNull(10) ? null : rows.value(10),
            side(winner, rows.integer(11), wholeRow ? null : rows.value(12)),
            side(loser, rows.integer(13), wholeRow ? null : rows.value(14)),
            rows.text(15),
            false);
    return new Found(entry, place);
  }

  private ConflictEntry.Side side(Dot dot, long time, Value value) {
    return side(dot, new HybridTimestamp(time), value);
  }

  private ConflictEntry.Side side(Dot dot, HybridTimestamp time, Value value) {
    return new ConflictEntry.Side(dot, names.of(dot.replica()), time, value);
  }

  private String tableName(int number) {
    TrackedTable table = workspace.catalog().table(number);
    return table == null ? workspace.catalog().name(number) : table.schema().name();
  }

  /** Adds rows that want the same key; returns where to go on, null behind the last. */
  private String keys(Place place, int limit, List<ConflictEntry> entries) {
    String from = place.isOf(KEYS, 3) ? place.text(0) : "";
    KeyCollisions.Entry after =
        place.isOf(KEYS, 3)
            ? new KeyCollisions.Entry(place.bytes(1), place.bytes(2))
            : KeyCollisions.Entry.FIRST;
    RowStates states =
        new RowStates(workspace.session(), workspace.catalog(), workspace.replicas());
    KeyCollisions collisions = new KeyCollisions(workspace, states, workspace.merge());
    List<TrackedTable> tables = new ArrayList<>(workspace.catalog().tables());
    tables.sort(Comparator.comparing(TrackedTable::name));
    Place[] last = new Place[1];
    for (TrackedTable table : tables) {
      int order = table.name().compareTo(from);
      if (order >= 0) {
        int room = limit + 1 - entries.size();
        collisions.each(
            table,
            order == 0 ? after : KeyCollisions.Entry.FIRST,
            room,
            collision -> {
              entries.add(collision(table, collision));
              if (entries.size() == limit) {
                last[0] = placeOf(table, collision);
              }
            });
      }
    }
    if (entries.size() <= limit) {
      return null;
    }
    entries.remove(limit);
    return last[0] == null ? KEYS : last[0].toString();
  }

  private static Place placeOf(TrackedTable table, KeyCollisions.Collision collision) {
    return Place.of(KEYS)
        .with(table.name())
        .with(collision.place().key())
        .with(collision.place().life());
  }

  private ConflictEntry collision(TrackedTable table, KeyCollisions.Collision collision) {
    RowState loser = collision.loser();
    String resolution = table.isSurrogate() ? "renumbered" : "first-claim";
    return new ConflictEntry(
        COLLISION,
        table.schema().name(),
        loser.life(),
        ReadableKey.of(collision.key()),
        table.schema().keyColumns().get(0),
        null,
        side(collision.winner(), collision.key()),
        side(loser, loser.shownKey()),
        resolution,
        false);
  }

  private ConflictEntry.Side side(RowState row, RowKey shown) {
    KeyVersion key = row.state().wantedKey();
    return side(key.dot(), key.time(), shown == null ? null : shown.values().get(0));
  }
}
