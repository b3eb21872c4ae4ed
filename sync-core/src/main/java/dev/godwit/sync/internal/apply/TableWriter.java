package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.state.TableRows;
import dev.godwit.sync.sqlite.SqliteException;
import dev.godwit.sync.sqlite.SqliteStatement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs writes to the application's tables: rows that go first, then rows that move, then the rest.
 *
 * <p>A write that SQLite refuses is tried again after the others, since two rows may trade unique
 * values; rows that still stand in each other's way are taken out and put back. What is refused in
 * the end is reported on the write.
 */
final class TableWriter {
  private static final int REFUSAL_LENGTH_MAX = 200;

  /** Rounds over what is refused, each of which may free but one row, before all are taken out. */
  private static final int TRADE_AFTER_ROUNDS = 2;

  /**
   * Trades without those that the one before refused: each costs as much as writing all of them.
   */
  private static final int TRADES_MAX = 8;

  private final Session session;
  private final TableRows tables;
  private final ApplicationTriggers triggers;
  private final MaskedRows masked;

  TableWriter(Session session, TableRows tables, ApplicationTriggers triggers, MaskedRows masked) {
    this.masked = masked;
    this.session = session;
    this.tables = tables;
    this.triggers = triggers;
  }

  void run(List<TableWrite> writes) {
    List<TableWrite> refused = new ArrayList<>();
    for (TableWrite write : writes) {
      if (write.isDelete()) {
        attempt(write, refused);
      }
    }
    for (TableWrite write : writes) {
      if (write.movesKey()) {
        attempt(write, refused);
      }
    }
    for (TableWrite write : writes) {
      if (!write.isDelete() && !write.isInsert() && !write.movesKey()) {
        attempt(write, refused);
      }
    }
    insert(writes, refused);
    retry(refused);
    tell(writes);
    List<TableWrite> left = new ArrayList<>(writes);
    left.removeIf(write -> write.refusal() == null);
    if (!left.isEmpty() && triggers.present()) {
      // What stands in the way may be a row that a trigger of the application has made.
      triggers.reconcile();
      retry(left);
      tell(left);
    }
  }

  private void tell(List<TableWrite> writes) {
    List<TableWrite> done = new ArrayList<>(writes);
    done.removeIf(write -> write.refusal() != null);
    triggers.wrote(done);
  }

  private void attempt(TableWrite write, List<TableWrite> refused) {
    write.refused(refusal(() -> run(write)));
    if (write.refusal() != null) {
      refused.add(write);
    }
  }

  private void run(TableWrite write) {
    if (write.isDelete()) {
      tables.delete(write.table(), write.before());
    } else if (write.isInsert()) {
      tables.insert(write.table(), write.values()).update();
    } else {
      tables.update(write.table(), write.before(), write.values(), namesAll(write));
    }
  }

  /** Why SQLite refuses this, null when it does not. */
  private static String refusal(Runnable work) {
    try {
      work.run();
      return null;
    } catch (SqliteException e) {
      if (e.reason() != SqliteException.Reason.CONSTRAINT
          && e.reason() != SqliteException.Reason.OTHER) {
        throw e;
      }
      String reason = e.getMessage();
      return reason.length() <= REFUSAL_LENGTH_MAX
          ? reason
          : reason.substring(0, REFUSAL_LENGTH_MAX) + "…";
    }
  }

  /**
   * A row that moves fires every trigger that its table has for updates: one that keeps an index by
   * the row's key, and names only the columns indexed, must hear of it.
   */
  private boolean namesAll(TableWrite write) {
    return triggers.present() && write.movesKey();
  }

  /**
   * Inserts in batches of equal statements, unless something may have left or put a row where one
   * of them goes, as one that SQLite has refused to move: what a batch that is refused has done is
   * told by the rows that are there.
   */
  private void insert(List<TableWrite> writes, List<TableWrite> refused) {
    Map<String, List<TableWrite>> batches = new LinkedHashMap<>();
    boolean clear = refused.isEmpty() && !triggers.present() && !masked.any();
    for (TableWrite write : writes) {
      if (write.isInsert()) {
        String sql = clear ? TableRows.insertSql(write.table(), write.values()) : "";
        batches.computeIfAbsent(sql, none -> new ArrayList<>()).add(write);
      }
    }
    batches.forEach(
        (sql, batch) -> {
          if (!clear || batch.size() == 1) {
            batch.forEach(write -> attempt(write, refused));
          } else if (!insertAll(sql, batch)) {
            insertMissing(batch, refused);
          }
        });
  }

  private void insertMissing(List<TableWrite> batch, List<TableWrite> refused) {
    for (TableWrite write : batch) {
      if (tables.read(write.table(), write.after()) == null) {
        attempt(write, refused);
      }
    }
  }

  private boolean insertAll(String sql, List<TableWrite> batch) {
    SqliteStatement insert = null;
    for (TableWrite write : batch) {
      insert = tables.insert(sql, write.values());
      insert.addToBatch();
    }
    try {
      insert.updateBatch();
      return true;
    } catch (SqliteException e) {
      if (e.reason() != SqliteException.Reason.CONSTRAINT
          && e.reason() != SqliteException.Reason.OTHER) {
        throw e;
      }
      return false;
    }
  }

  private void retry(List<TableWrite> refused) {
    List<TableWrite> left = new ArrayList<>(refused);
    boolean progress = !left.isEmpty();
    for (int round = 1; progress; round++) {
      // From the other end: of rows that each go where the next one stands, the last goes first.
      Collections.reverse(left);
      List<TableWrite> again = new ArrayList<>();
      left.forEach(write -> attempt(write, again));
      if (again.size() > 1 && (round == TRADE_AFTER_ROUNDS || again.size() == left.size())) {
        trade(again);
        again.removeIf(write -> write.refusal() == null);
      }
      progress = !again.isEmpty() && again.size() < left.size();
      left = again;
    }
  }

  /**
   * Takes rows out that stand in each other's way, and puts them back as they are to be: all but
   * those that are refused even then, which stay as they were.
   */
  private void trade(List<TableWrite> stuck) {
    Map<TableWrite, Map<String, Value>> before = new LinkedHashMap<>();
    for (TableWrite write : stuck) {
      Map<String, Value> row =
          write.isInsert() || write.isDelete() ? null : tables.read(write.table(), write.before());
      if (row != null) {
        before.put(write, row);
      }
    }
    for (int round = 0; round < TRADES_MAX && before.size() > 1; round++) {
      session.statement("SAVEPOINT godwit_trade").update();
      Set<TableWrite> refused = replaced(before);
      if (refused.isEmpty()) {
        before.keySet().forEach(write -> write.refused(null));
        before.clear();
      } else {
        session.statement("ROLLBACK TO godwit_trade").update();
        before.keySet().removeAll(refused);
      }
      session.statement("RELEASE godwit_trade").update();
    }
    List<TableWrite> left = new ArrayList<>();
    for (TableWrite write : stuck) {
      if (write.refusal() != null) {
        attempt(write, left);
      }
    }
  }

  /** Takes rows out and puts them back as they are to be; returns those for which that fails. */
  private Set<TableWrite> replaced(Map<TableWrite, Map<String, Value>> before) {
    Set<TableWrite> refused = new HashSet<>();
    for (TableWrite write : before.keySet()) {
      if (refusal(() -> tables.delete(write.table(), write.before())) != null) {
        refused.add(write);
      }
    }
    before.forEach(
        (write, was) -> {
          Map<String, Value> row = new LinkedHashMap<>(was);
          row.putAll(write.values());
          if (refusal(() -> tables.insert(write.table(), row).update()) != null) {
            refused.add(write);
          }
        });
    return refused;
  }
}
