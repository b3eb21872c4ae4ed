package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.List;

/**
 * The lives that SQLite refused to show as they are, in {@code godwit_masked}: what stood in their
 * way may be gone, so they are tried again whenever something has changed.
 */
final class MaskedRows {
  private final Session session;
  private final Catalog catalog;
  private Boolean any;

  MaskedRows(Session session, Catalog catalog) {
    this.session = session;
    this.catalog = catalog;
  }

  /** Whether a reason for which SQLite refuses a row is that another one has its values. */
  static boolean isUnique(String reason) {
    return reason != null && reason.contains("UNIQUE constraint failed");
  }

  /** Sets why a row is masked, null for not. */
  void mask(RowState row, String reason) {
    if (row.masked() == null && reason != null) {
      any = true;
      change(row, "INSERT OR IGNORE INTO godwit_masked (table_number, life) VALUES (?, ?)");
    } else if (row.masked() != null && reason == null) {
      change(row, "DELETE FROM godwit_masked WHERE table_number = ? AND life = ?");
    }
    row.masked(reason);
  }

  /** Whether there may be any. */
  boolean any() {
    if (any == null) {
      try (SqliteRows found = session.statement("SELECT 1 FROM godwit_masked LIMIT 1").query()) {
        any = found.next();
      }
    }
    return any;
  }

  private void change(RowState row, String sql) {
    session.statement(sql).bind(1, row.table()).bind(2, row.life().bytes()).update();
  }

  /** Marks all of them as touched, so that they are shown with the next rows if they can be. */
  int touch(LifeRows rows) {
    List<RowState> masked = new ArrayList<>();
    try (SqliteRows found =
        session.statement("SELECT table_number, life FROM godwit_masked").query()) {
      while (found.next()) {
        int table = (int) found.integer(0);
        if (catalog.table(table) != null) {
          masked.add(rows.row(table, LifeId.of(found.bytes(1))));
        }
      }
    }
    masked.forEach(row -> row.touched(true));
    return masked.size();
  }
}
