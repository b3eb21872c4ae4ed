package dev.godwit.tests.simulation;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.Replica;
import dev.godwit.sync.SqlTransaction;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.policy.OpenConflict;
import dev.godwit.sync.policy.Sibling;
import dev.godwit.sync.sqlite.SqliteException;
import dev.godwit.tests.oracle.History;
import dev.godwit.tests.oracle.Oracle;
import dev.godwit.tests.oracle.TableModel;
import dev.godwit.tests.oracle.Transaction;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** One device: its file, its clock, the library on it and another program that writes to it. */
final class SimulatedDevice implements AutoCloseable {
  /** The tables in which SQLite finds references to rows that are not there. */
  static final String DANGLING = "SELECT \"table\" FROM pragma_foreign_key_check";

  private final SimulatedFile file;
  private final SimulatedClock clock;
  private final OtherProgram program;
  private final Set<Dot> checked = new HashSet<>();
  private Replica replica;
  private boolean enforces;
  private boolean leftDangling;

  SimulatedDevice(SimulatedFile file, SimulatedClock clock) throws SQLException, IOException {
    this.file = file;
    this.clock = clock;
    this.program = file.program();
    open();
  }

  Replica replica() {
    return replica;
  }

  SimulatedClock clock() {
    return clock;
  }

  /** What its file holds, which nobody may be writing to. */
  byte[] content() throws IOException {
    return file.content();
  }

  private void open() {
    replica =
        Replica.builder(file)
            .clock(clock)
            .random(new Random(file.name().hashCode()))
            .resolver("joined", SimulatedDevice::joined)
            .resolver("middle", (base, siblings) -> siblings.get(siblings.size() / 2).value())
            .open();
  }

  /** What was there before and what everybody wrote, one behind the other. */
  private static Value joined(Value base, List<Sibling> siblings) {
    StringBuilder all = new StringBuilder().append(base);
    siblings.forEach(sibling -> all.append(' ').append(sibling.value()));
    return Value.of(all.substring(0, Math.min(all.length(), 40)));
  }

  void reopen() {
    replica.close();
    file.closeIdle();
    open();
  }

  /** Has SQLite enforce foreign keys upon the other program, as the library does upon its own. */
  void enforce() throws SQLException {
    execute("PRAGMA foreign_keys = ON");
    enforces = true;
  }

  /**
   * Whether SQLite, though it was to enforce foreign keys, has let a write here leave a reference
   * dangling: it does for some rows that REPLACE puts into a table that refers to itself.
   */
  boolean hasLeftDangling() {
    return leftDangling;
  }

  /** Runs one statement of the other program. */
  void execute(String sql) throws SQLException {
    program.execute(sql);
  }

  /** Runs a transaction; statements that SQLite refuses are passed over. */
  void write(Step.Write write) throws SQLException, IOException {
    clock.advance(7);
    if (write.throughLibrary()) {
      replica.write(transaction -> throughLibrary(transaction, write.statements()));
    } else {
      throughProgram(write.statements());
    }
    if (enforces && write.statements().stream().anyMatch(sql -> sql.contains("REPLACE"))) {
      leftDangling |= !texts(DANGLING).isEmpty();
    }
  }

  private void throughProgram(List<String> statements) throws SQLException, IOException {
    program.execute("BEGIN IMMEDIATE");
    long before = lastNote();
    for (String sql : statements) {
      try {
        program.execute(sql);
      } catch (SQLException refused) {
        continue;
      }
    }
    // Triggers read the machine's clock; here time is simulated.
    program.execute("UPDATE godwit_pending SET time = " + clock.millis() + " WHERE id > " + before);
    program.execute("COMMIT");
  }

  private static void throughLibrary(SqlTransaction transaction, List<String> statements) {
    for (String sql : statements) {
      try {
        transaction.execute(sql);
      } catch (SqliteException refused) {
        continue;
      }
    }
  }

  /** Decides one of the conflicts that wait, if any. */
  void settle(int which) {
    clock.advance(7);
    List<OpenConflict> open = replica.openConflicts();
    if (!open.isEmpty()) {
      OpenConflict conflict = open.get(which % open.size());
      List<Sibling> siblings = conflict.siblings();
      Value value = siblings.get(which % siblings.size()).value();
      replica.resolve(conflict.table(), conflict.key(), Map.of(conflict.column(), value));
    }
  }

  /** The conflicts of the history. */
  Set<Oracle.Settled> settled() throws SQLException, IOException {
    Map<String, Oracle.Settled> found = new HashMap<>();
    String rows =
        "SELECT concat_ws('|', j.conflict, lower(hex(life)), lower(hex(replica)), sequence,"
            + " lower(hex(by_replica)), by_sequence, t.name, unit) FROM godwit_journal j"
            + " JOIN godwit_table t ON t.number = j.table_number WHERE NOT t.system";
    for (String row : texts(rows)) {
      String[] parts = row.split("\\|", -1);
      found
          .computeIfAbsent(
              parts[0],
              none ->
                  new Oracle.Settled(
                      parts[6],
                      LifeId.of(HexFormat.of().parseHex(parts[1])),
                      parts[7],
                      new TreeSet<>(),
                      dot(parts[4], parts[5])))
          .siblings()
          .add(dot(parts[2], parts[3]));
    }
    return new HashSet<>(found.values());
  }

  private static Dot dot(String replica, String sequence) {
    return new Dot(ReplicaId.parse(replica), Long.parseLong(sequence));
  }

  /** The conflicts that wait. */
  Set<Oracle.Open> openConflicts() {
    Set<Oracle.Open> open = new HashSet<>();
    for (OpenConflict conflict : replica.openConflicts()) {
      List<Value> values = new ArrayList<>();
      conflict.siblings().forEach(sibling -> values.add(sibling.value()));
      List<Value> key = conflict.key().values();
      open.add(new Oracle.Open(conflict.table(), key, conflict.column(), values));
    }
    return open;
  }

  private long lastNote() throws SQLException, IOException {
    return program.number("SELECT max(id) FROM godwit_pending");
  }

  /** The rows of a table as texts, sorted; rows without a key are not synced. */
  List<String> rows(TableModel table) throws SQLException, IOException {
    String sql =
        "SELECT "
            + String.join(", ", table.columns())
            + " FROM "
            + table.name()
            + " WHERE "
            + String.join(" IS NOT NULL AND ", table.key())
            + " IS NOT NULL";
    return program.query(sql, found -> rows(table, found));
  }

  private static List<String> rows(TableModel table, ResultSet found) throws SQLException {
    List<String> rows = new ArrayList<>();
    while (found.next()) {
      List<Value> row = new ArrayList<>();
      for (int i = 1; i <= table.columns().size(); i++) {
        row.add(value(found.getObject(i)));
      }
      rows.add(row.toString());
    }
    rows.sort(Comparator.naturalOrder());
    return rows;
  }

  private static Value value(Object object) {
    if (object == null) {
      return Value.NULL;
    }
    if (object instanceof Double number) {
      return Value.of(number);
    }
    if (object instanceof Number number) {
      return Value.of(number.longValue());
    }
    return object instanceof byte[] bytes ? Value.of(bytes) : Value.of((String) object);
  }

  /** The transactions that it has applied; each envelope is read once. */
  List<Transaction> applied(History history) throws SQLException, IOException {
    return program.query(History.APPLIED, rows -> history.applied(rows, checked));
  }

  /** As {@link #applied}, with all envelopes read again: they are still what they were. */
  List<Transaction> checkedLog(History history) throws SQLException, IOException {
    checked.clear();
    return applied(history);
  }

  /** Whether anything waits to be sealed or packed. */
  boolean hasPending() throws SQLException, IOException {
    return lastNote() > 0;
  }

  /** The first column of a query, as texts, sorted. */
  TreeSet<String> texts(String query) throws SQLException, IOException {
    return program.query(
        query,
        rows -> {
          TreeSet<String> texts = new TreeSet<>();
          while (rows.next()) {
            texts.add(String.valueOf(rows.getString(1)));
          }
          return texts;
        });
  }

  @Override
  public void close() {
    replica.close();
  }
}
