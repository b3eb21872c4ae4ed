package dev.godwit.sync.internal.inspect;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowExtras;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.apply.LocalMerge;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.engine.Workspace;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.schema.Sql;
import dev.godwit.sync.internal.state.KeyCodec;
import dev.godwit.sync.report.DoctorOptions;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteStatement;
import java.util.ArrayList;
import java.util.List;

/**
 * Which life each row of the tracked tables shows, as the state tells it: temporary table {@code
 * godwit_check_shown} (rank of the table, life, key), sorted by life.
 */
final class ShownRows {
  private static final int ROWS_A_BATCH = 256;

  /** Lives looked up for keys that hold references, before they are forgotten. */
  private static final int LOOKUPS_HELD = 512;

  private final Workspace workspace;
  private final Session session;
  private final Findings findings;
  private final TableRanks ranks;
  private long rows;

  ShownRows(Workspace workspace, Findings findings, TableRanks ranks) {
    this.workspace = workspace;
    this.session = workspace.session();
    this.findings = findings;
    this.ranks = ranks;
  }

  /** The number of rows read: all that have a key. */
  long rows() {
    return rows;
  }

  void run() {
    session.execute("CREATE TEMP TABLE godwit_check_row (rank INTEGER, life BLOB, key BLOB)");
    session.execute(
        "CREATE TEMP TABLE godwit_check_shown (rank INTEGER, life BLOB, key BLOB,"
            + " PRIMARY KEY (rank, life, key)) WITHOUT ROWID");
    for (int rank = 0; rank < ranks.count(); rank++) {
      read(rank, ranks.table(rank));
      putStoredKeysRight(rank, ranks.table(rank));
    }
    session.execute(
        "INSERT INTO temp.godwit_check_shown SELECT rank, life, key FROM temp.godwit_check_row ORDER BY 1, 2, 3");
    session.execute("DROP TABLE temp.godwit_check_row");
  }

  private void read(int rank, TrackedTable table) {
    List<String> keyColumns = table.schema().keyColumns();
    boolean refers = table.keyRefers();
    LocalMerge merge = refers ? workspace.merge() : null;
    String sql = "SELECT " + Sql.names(keyColumns) + " FROM " + Sql.name(table.schema().name());
    int batched = 0;
    try (SqliteStatement insert =
            session
                .connection()
                .prepare("INSERT INTO temp.godwit_check_row VALUES (" + rank + ", ?, ?)");
        SqliteStatement query = session.connection().prepare(sql);
        SqliteRows found = query.query()) {
      while (found.next()) {
        findings.at(DoctorOptions.Step.TABLES, rows, -1);
        RowKey key = key(found, keyColumns.size());
        if (!key.values().contains(Value.NULL)) {
          insert.bind(1, born(table, key, merge).bytes());
          insert.bind(2, KeyCodec.encode(key, table.keyColumns())).addToBatch();
          rows++;
          batched++;
          if (batched % ROWS_A_BATCH == 0) {
            insert.updateBatch();
          }
          if (merge != null && batched % LOOKUPS_HELD == 0) {
            merge.forget();
          }
        }
      }
      insert.updateBatch();
    }
  }

  private static RowKey key(SqliteRows rows, int columns) {
    List<Value> values = new ArrayList<>(columns);
    for (int i = 0; i < columns; i++) {
      values.add(rows.value(i));
    }
    return new RowKey(values);
  }

  private static LifeId born(TrackedTable table, RowKey key, LocalMerge merge) {
    RowExtras extras =
        merge == null ? RowExtras.NONE : merge.references().of(table, key, List.of(), List.of());
    return table.birthLife(key, extras);
  }

  /** Rows whose life does not follow from their key: the state stores the key of such a life. */
  private void putStoredKeysRight(int rank, TrackedTable table) {
    String stored =
        "(SELECT r.life FROM main.godwit_row r WHERE r.table_number = "
            + table.number()
            + " AND r.key = godwit_check_row.key)";
    session.execute(
        "UPDATE temp.godwit_check_row SET life = "
            + stored
            + " WHERE rank = "
            + rank
            + " AND EXISTS "
            + stored);
  }

  /** The key under which a table shows a life, encoded; null when it does not show it. */
  byte[] key(int rank, LifeId life) {
    try (SqliteRows found =
        session
            .statement(
                "SELECT key FROM temp.godwit_check_shown WHERE rank = ? AND life = ? ORDER BY key LIMIT 1")
            .bind(1, rank)
            .bind(2, life.bytes())
            .query()) {
      return found.next() ? found.bytes(0) : null;
    }
  }
}
