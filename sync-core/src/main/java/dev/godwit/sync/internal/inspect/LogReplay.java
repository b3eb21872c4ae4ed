package dev.godwit.sync.internal.inspect;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.internal.engine.Workspace;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.report.DoctorOptions;
import dev.godwit.sync.report.Finding;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteStatement;
import dev.godwit.sync.wire.TransactionBodyReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads every row change that the log has of tracked tables into temporary tables, from which the
 * changes of each life come back together: {@link LifeStream} merges them again from nothing.
 *
 * <pre>
 * godwit_check_change        rank of the table, life, ordinal, transaction, change ({@link ChangeCodec})
 * godwit_check_transaction   number, replica, sequence, dependencies
 * </pre>
 */
final class LogReplay {
  /** Dependencies held at once; changes of one life rarely come from more transactions. */
  private static final int DEPENDENCIES_HELD = 4_096;

  private static final int ROWS_A_BATCH = 256;

  private final Workspace workspace;
  private final Session session;
  private final Findings findings;
  private final TableRanks ranks;
  private final ChangeCodec codec = new ChangeCodec();
  private final Map<ReplicaId, VersionVector> latestDependencies = new HashMap<>();
  private final Map<Long, Origin> origins =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Origin> eldest) {
          return size() > DEPENDENCIES_HELD;
        }
      };
  private VersionVector applied = VersionVector.empty();
  private SqliteStatement insert;
  private int batched;
  private long changes;
  private long transactions;
  private boolean complete = true;

  /** A transaction, as far as its changes need it. */
  record Origin(Dot dot, VersionVector dependencies) {}

  LogReplay(Workspace workspace, Findings findings, TableRanks ranks) {
    this.workspace = workspace;
    this.session = workspace.session();
    this.findings = findings;
    this.ranks = ranks;
  }

  ChangeCodec codec() {
    return codec;
  }

  /** The number of transactions read. */
  long transactions() {
    return transactions;
  }

  /** Reads everything that is applied; returns whether all of it could be read. */
  boolean run() {
    session.execute(
        "CREATE TEMP TABLE godwit_check_change (rank INTEGER, life BLOB, ordinal INTEGER,"
            + " transaction_number INTEGER, change BLOB)");
    session.execute(
        "CREATE TEMP TABLE godwit_check_transaction (number INTEGER PRIMARY KEY, replica BLOB,"
            + " sequence INTEGER, dependencies BLOB)");
    insert =
        session.connection().prepare("INSERT INTO temp.godwit_check_change VALUES (?, ?, ?, ?, ?)");
    readAll();
    insert.updateBatch();
    insert.close();
    for (Replicas.Entry entry : workspace.replicas().all()) {
      VersionVector replayed = latestDependencies.getOrDefault(entry.id(), VersionVector.empty());
      if (complete && !replayed.equals(entry.dependencies())) {
        findings.damage(
            Finding.Check.VECTOR,
            "vector entry of " + entry.name(),
            "expected the dependencies of its last transaction, "
                + replayed
                + ", but got "
                + entry.dependencies(),
            "join the space with a new file");
      }
    }
    return complete;
  }

  private void readAll() {
    long total = 0;
    for (Replicas.Entry entry : workspace.replicas().all()) {
      total += entry.sequence();
    }
    List<Dot> early = new ArrayList<>();
    try (SqliteStatement statement =
            session
                .connection()
                .prepare(
                    "SELECT l.replica, l.sequence FROM godwit_log l JOIN godwit_replica r ON r.number = l.replica"
                        + " WHERE l.part = 0 AND l.sequence <= r.sequence ORDER BY l.position");
        SqliteRows rows = statement.query()) {
      while (rows.next() && complete) {
        findings.at(DoctorOptions.Step.REPLAY, transactions, total);
        Dot dot = new Dot(workspace.replicas().of(rows.integer(0)).id(), rows.integer(1));
        if (!read(dot)) {
          early.add(dot);
        }
      }
    }
    boolean progress = complete;
    while (progress && !early.isEmpty()) {
      int before = early.size();
      early.removeIf(this::read);
      progress = early.size() < before;
    }
    if (complete && !early.isEmpty()) {
      complete = false;
      findings.damage(
          Finding.Check.LOG,
          "transaction " + early.get(0),
          "expected everything that it depends on in the log but not all of it is there",
          "join the space with a new file");
    }
  }

  /** Reads one transaction; returns false when something that it depends on has not been read. */
  private boolean read(Dot dot) {
    VersionVector before = latestDependencies.getOrDefault(dot.replica(), VersionVector.empty());
    if (applied.sequence(dot.replica()) != dot.sequence() - 1) {
      return false;
    }
    try (InputStream body = workspace.log().body(dot);
        TransactionBodyReader reader = new TransactionBodyReader(body, dot, before)) {
      VersionVector dependencies = reader.header().dependencies();
      if (!applied.covers(dependencies)) {
        return false;
      }
      transactions++;
      begin(dot, dependencies);
      for (RowChange change = reader.next(); change != null; change = reader.next()) {
        keep(change);
      }
      applied = applied.with(dot);
      latestDependencies.put(dot.replica(), dependencies);
    } catch (IOException e) {
      complete = false;
      findings.damage(
          Finding.Check.LOG,
          "transaction " + dot,
          "expected a readable body but " + e.getMessage(),
          "join the space with a new file, or update this program if it is older than the writer");
    }
    return true;
  }

  private void begin(Dot dot, VersionVector dependencies) {
    ByteBuffer bytes = ByteBuffer.allocate(dependencies.size() * 24);
    dependencies
        .entries()
        .forEach((replica, sequence) -> bytes.put(replica.bytes()).putLong(sequence));
    session
        .statement("INSERT INTO temp.godwit_check_transaction VALUES (?, ?, ?, ?)")
        .bind(1, transactions)
        .bind(2, dot.replica().bytes())
        .bind(3, dot.sequence())
        .bind(4, bytes.array())
        .update();
  }

  private void keep(RowChange change) {
    int rank = ranks.rank(change.shape().table());
    if (rank < 0) {
      return;
    }
    insert
        .bind(1, rank)
        .bind(2, change.life().bytes())
        .bind(3, changes++)
        .bind(4, transactions)
        .bind(5, codec.encode(change));
    insert.addToBatch();
    batched++;
    if (batched == ROWS_A_BATCH) {
      insert.updateBatch();
      batched = 0;
    }
  }

  /** The transaction with this number. */
  Origin origin(long number) {
    Origin known = origins.get(number);
    if (known == null) {
      known = load(number);
      origins.put(number, known);
    }
    return known;
  }

  private Origin load(long number) {
    try (SqliteRows rows =
        session
            .statement(
                "SELECT replica, sequence, dependencies FROM temp.godwit_check_transaction WHERE number = ?")
            .bind(1, number)
            .query()) {
      rows.next();
      Dot dot = new Dot(ReplicaId.of(rows.bytes(0)), rows.integer(1));
      Map<ReplicaId, Long> entries = new HashMap<>();
      ByteBuffer bytes = ByteBuffer.wrap(rows.isNull(2) ? new byte[0] : rows.bytes(2));
      while (bytes.hasRemaining()) {
        byte[] id = new byte[ReplicaId.LENGTH_BYTES];
        bytes.get(id);
        entries.put(ReplicaId.of(id), bytes.getLong());
      }
      return new Origin(dot, VersionVector.of(entries));
    }
  }
}
