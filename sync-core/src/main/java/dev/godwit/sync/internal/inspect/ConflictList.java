package dev.godwit.sync.internal.inspect;

import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.report.ConflictCounts;
import dev.godwit.sync.report.ListedConflict;
import dev.godwit.sync.report.Listing;
import dev.godwit.sync.report.Paging;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteStatement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the view {@code godwit_conflict}: open conflicts first, of each the latest first. */
public final class ConflictList {
  private static final String ORDER = "max(state = 'open')";
  private static final String LATEST = "max(millis)";
  private static final int PLACE_PARTS = 3;

  private final Session session;

  public ConflictList(Session session) {
    this.session = session;
  }

  /** How many there are. */
  public ConflictCounts counts() {
    try (SqliteRows rows =
        session
            .statement(
                "SELECT count(DISTINCT CASE WHEN state = 'open' THEN conflict END), count(DISTINCT conflict)"
                    + " FROM godwit_conflict")
            .query()) {
      rows.next();
      return new ConflictCounts(rows.integer(0), rows.integer(1) - rows.integer(0));
    }
  }

  /** One page. */
  public Listing<ListedConflict> read(Paging paging) {
    boolean first = paging.after().isEmpty();
    Place place = Place.parse(paging.after());
    if (!first && !place.isOf("conflict", PLACE_PARTS)) {
      throw place.malformed();
    }
    String behind = first ? "" : " HAVING (" + ORDER + ", " + LATEST + ", conflict) < (?, ?, ?)";
    SqliteStatement query =
        session.statement(
            "SELECT "
                + ORDER
                + ", "
                + LATEST
                + ", conflict FROM godwit_conflict GROUP BY conflict"
                + behind
                + " ORDER BY 1 DESC, 2 DESC, 3 DESC LIMIT ?");
    if (!first) {
      query.bind(1, place.number(0)).bind(2, place.number(1)).bind(3, place.text(2));
    }
    query.bind(first ? 1 : PLACE_PARTS + 1, paging.limit() + 1L);
    Map<String, Place> places = new LinkedHashMap<>();
    try (SqliteRows rows = query.query()) {
      while (rows.next()) {
        places.put(
            rows.text(2),
            Place.of("conflict").with(rows.integer(0)).with(rows.integer(1)).with(rows.text(2)));
      }
    }
    List<String> names = new ArrayList<>(places.keySet());
    boolean more = names.size() > paging.limit();
    List<ListedConflict> page = new ArrayList<>();
    names.subList(0, more ? paging.limit() : names.size()).forEach(name -> page.add(one(name)));
    return new Listing<>(page, more ? places.get(names.get(paging.limit() - 1)).toString() : null);
  }

  /** Whether there is a conflict of this name. */
  public boolean has(String name) {
    try (SqliteRows rows =
        session
            .statement(
                "SELECT 1 FROM godwit_sibling WHERE conflict = ?1 UNION ALL"
                    + " SELECT 1 FROM godwit_journal WHERE conflict = ?1")
            .bind(1, name)
            .query()) {
      return rows.next();
    }
  }

  /** The conflict of this name, null when there is none any more. */
  public ListedConflict one(String name) {
    List<ListedConflict.Side> siblings = new ArrayList<>();
    try (SqliteRows rows =
        session
            .statement(
                "SELECT kind, table_name, row_key, unit, state, how, by_device, here_only, sibling, action, value,"
                    + " base, shown, replica, device, millis, side_table, side_key FROM godwit_conflict WHERE conflict = ? ORDER BY sibling")
            .bind(1, name)
            .query()) {
      ListedConflict found = null;
      while (rows.next()) {
        siblings.add(
            new ListedConflict.Side(
                (int) rows.integer(8),
                rows.text(16),
                rows.isNull(17) ? "" : rows.text(17),
                rows.text(9),
                rows.value(10),
                rows.value(11),
                rows.integer(12) != 0,
                ReplicaId.parse(rows.text(13)),
                rows.text(14),
                HybridTimestamp.of(rows.integer(15), 0)));
        found =
            new ListedConflict(
                name,
                rows.text(0),
                rows.text(1),
                rows.isNull(2) ? "" : rows.text(2),
                rows.text(3),
                rows.text(4).equals("open"),
                rows.isNull(5) ? "" : rows.text(5),
                rows.isNull(6) ? null : rows.text(6),
                rows.integer(7) != 0,
                siblings);
      }
      return found;
    }
  }
}
