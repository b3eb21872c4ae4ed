package dev.godwit.sync.internal.engine;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridClock;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.TransactionHeader;
import dev.godwit.sync.internal.apply.LocalMerge;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.sqlite.SqliteException;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.wire.MalformedBodyException;
import dev.godwit.sync.wire.TransactionBodyReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Applies what the log holds and the state does not: in causal order, each transaction whole, in
 * slices that each are one SQLite transaction.
 */
public final class Applier {
  /**
   * Changes after which a slice ends at the next transaction: some tens of milliseconds for which
   * writers wait.
   */
  static final int CHANGES_A_SLICE = 2_000;

  private final long nowMillis;
  private final Set<String> changedTables = new TreeSet<>();
  private final Set<String> unreadable = new LinkedHashSet<>();
  private final Set<String> newConflicts = new LinkedHashSet<>();
  private final Set<ReplicaId> passedOver = new HashSet<>();
  private boolean systemTablesChanged;
  private long transactions;
  private long changes;
  private long conflicts;

  public Applier(long nowMillis) {
    this.nowMillis = nowMillis;
  }

  /** Names of the application's tables that changed. */
  public Set<String> changedTables() {
    return changedTables;
  }

  /**
   * Transactions that this version cannot read, as messages. Their replicas wait; everything else
   * goes on.
   */
  public List<String> unreadable() {
    return new ArrayList<>(unreadable);
  }

  /** Takes note of what could not be done, once each. */
  public void problems(List<String> lines) {
    unreadable.addAll(lines);
  }

  /** Takes note of tables that changed for another reason than what was applied. */
  public void changed(Set<String> tables) {
    changedTables.addAll(tables);
  }

  public long transactions() {
    return transactions;
  }

  public long changes() {
    return changes;
  }

  /** The number of conflicts that have come, of which {@link #takeNewConflicts} told. */
  public long conflicts() {
    return conflicts;
  }

  /** Counts conflicts that have come. */
  public void countConflicts(long more) {
    conflicts += more;
  }

  /** The names of conflicts that have come since this was asked for last; some may be gone. */
  public List<String> takeNewConflicts() {
    List<String> names = new ArrayList<>(newConflicts);
    newConflicts.clear();
    return names;
  }

  /**
   * Applies one slice in one write transaction, sealing first. Returns false when nothing is left
   * to do.
   */
  public boolean slice(ReplicaFile file) {
    long transactionsBefore = transactions;
    long changesBefore = changes;
    try {
      return file.write(this::slice);
    } catch (InapplicableException e) {
      transactions = transactionsBefore;
      changes = changesBefore;
      passOver(e.dot, e.getCause());
      return true;
    }
  }

  private boolean slice(Workspace workspace) {
    workspace.pack();
    systemTablesChanged = false;
    if (!anyWaiting(workspace)) {
      return false;
    }
    LocalMerge merge = workspace.merge();
    merge.beginApply();
    long before = transactions;
    int looked = 0;
    // Where the first that wait cannot be applied, those behind them may be: of other replicas.
    for (int limit = CHANGES_A_SLICE; transactions == before && limit > looked; limit *= 4) {
      List<Dot> waiting = waiting(workspace, limit);
      looked = waiting.size() < limit ? Integer.MAX_VALUE : limit;
      apply(workspace, merge, waiting);
    }
    merge.endApply();
    changedTables.addAll(merge.changedTables());
    changedTables.addAll(new Reshowing(workspace).run());
    newConflicts.addAll(merge.newConflicts());
    // What follows a change of the space's tables begins with those read anew.
    return transactions > before && (systemTablesChanged || anyWaiting(workspace));
  }

  /** Applies what can be of these, until the slice is full. */
  private void apply(Workspace workspace, LocalMerge merge, List<Dot> waiting) {
    long sliceEnd = changes + CHANGES_A_SLICE;
    boolean progress = true;
    while (progress && changes < sliceEnd && !systemTablesChanged) {
      progress = false;
      for (Dot dot : waiting) {
        Replicas.Entry entry = workspace.replicas().of(dot.replica());
        if (changes >= sliceEnd || systemTablesChanged) {
          break;
        }
        if (dot.sequence() == entry.sequence() + 1
            && !passedOver.contains(dot.replica())
            && apply(workspace, merge, dot, entry)) {
          progress = true;
        }
      }
    }
  }

  private boolean anyWaiting(Workspace workspace) {
    for (Replicas.Entry entry : workspace.replicas().all()) {
      if (entry.held() > entry.sequence() && !passedOver.contains(entry.id())) {
        return true;
      }
    }
    return false;
  }

  /** Dots that are held and not applied, in the order in which they came, at most so many. */
  private static List<Dot> waiting(Workspace workspace, int limit) {
    List<Dot> dots = new ArrayList<>();
    try (SqliteRows rows =
        workspace
            .session()
            .statement(
                "SELECT l.replica, l.sequence FROM godwit_replica r JOIN godwit_log l"
                    + " ON l.replica = r.number AND l.sequence > r.sequence AND l.part = 0"
                    + " ORDER BY l.position LIMIT ?")
            .bind(1, limit)
            .query()) {
      while (rows.next()) {
        dots.add(new Dot(workspace.replicas().of(rows.integer(0)).id(), rows.integer(1)));
      }
    }
    return dots;
  }

  /**
   * Applies one transaction whole; one that cannot be read leaves nothing behind.
   *
   * <p>It is read to its end before anything of it is written, a large one twice: a savepoint would
   * do as well, but makes every insert into a table with triggers three times as slow.
   */
  private boolean apply(Workspace workspace, LocalMerge merge, Dot dot, Replicas.Entry entry) {
    List<RowChange> first = new ArrayList<>();
    TransactionHeader header;
    try {
      header = readThrough(workspace, dot, entry, first);
    } catch (IOException | IllegalArgumentException e) {
      passOver(dot, e);
      return false;
    }
    if (header == null) {
      return false;
    }
    try {
      if (first.size() < LocalMerge.CHANGES_A_FLUSH) {
        join(workspace, merge, first, header);
      } else {
        joinInChunks(workspace, merge, dot, entry);
      }
    } catch (SqliteException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new InapplicableException(dot, e);
    }
    systemTablesChanged = merge.changedSystemTables();
    advance(workspace, header, entry);
    transactions++;
    return true;
  }

  /** A transaction was found not to fit the state, when part of it was written already. */
  private static final class InapplicableException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Dot dot;

    InapplicableException(Dot dot, Exception cause) {
      super(cause);
      this.dot = dot;
    }
  }

  /**
   * Leaves a transaction that was written by a newer version, or wrongly: it waits, with what
   * depends on it, and the next sync tries it again. Nobody else's changes wait for it.
   */
  private void passOver(Dot dot, Throwable why) {
    unreadable.add(
        why instanceof MalformedBodyException
            ? why.getMessage()
            : "transaction " + dot + " could not be applied: " + why.getMessage());
    passedOver.add(dot.replica());
  }

  /**
   * Reads a transaction to its end, and keeps its first changes.
   *
   * @return null when it depends on what is not applied yet
   */
  private static TransactionHeader readThrough(
      Workspace workspace, Dot dot, Replicas.Entry entry, List<RowChange> first)
      throws IOException {
    try (InputStream body = workspace.log().body(dot);
        TransactionBodyReader reader = new TransactionBodyReader(body, dot, entry.dependencies())) {
      TransactionHeader header = reader.header();
      VersionVector needed = header.dependencies().with(dot.replica(), dot.sequence() - 1);
      if (!workspace.replicas().vector().covers(needed)) {
        return null;
      }
      RowChange change = reader.next();
      while (change != null) {
        if (first.size() < LocalMerge.CHANGES_A_FLUSH && isTracked(workspace, change)) {
          first.add(change);
        }
        change = reader.next();
      }
      return header;
    }
  }

  private void joinInChunks(Workspace workspace, LocalMerge merge, Dot dot, Replicas.Entry entry)
      throws IOException {
    try (InputStream body = workspace.log().body(dot);
        TransactionBodyReader reader = new TransactionBodyReader(body, dot, entry.dependencies())) {
      List<RowChange> chunk = new ArrayList<>(LocalMerge.CHANGES_A_FLUSH);
      boolean moves = false;
      RowChange change = reader.next();
      while (change != null) {
        if (isTracked(workspace, change)) {
          chunk.add(change);
          // Rows that trade keys among each other are judged together: whoever still stands where
          // another one goes would be taken for a rival.
          moves |= change.extras().keyBefore() != null;
        }
        change = reader.next();
        if (chunk.size() >= LocalMerge.CHANGES_A_FLUSH && !moves || change == null) {
          join(workspace, merge, chunk, reader.header());
          chunk.clear();
        }
      }
    }
  }

  private static boolean isTracked(Workspace workspace, RowChange change) {
    return workspace.catalog().table(change.shape().table()) != null;
  }

  private void join(
      Workspace workspace, LocalMerge merge, List<RowChange> chunk, TransactionHeader header) {
    Map<Integer, Set<LifeId>> lives = new HashMap<>();
    for (RowChange change : chunk) {
      int table = workspace.catalog().number(change.shape().table());
      lives.computeIfAbsent(table, none -> new HashSet<>()).add(change.life());
    }
    lives.forEach(merge::preload);
    for (RowChange change : chunk) {
      merge.join(change, header.dot(), header.dependencies());
    }
    merge.flush();
    changes += chunk.size();
  }

  private void advance(Workspace workspace, TransactionHeader header, Replicas.Entry entry) {
    EnvelopeHash hash =
        entry.held() == header.dot().sequence()
            ? EnvelopeHash.of(entry.heldHash())
            : workspace.log().hash(header.dot());
    boolean implausible = HybridClock.isImplausible(header.time(), nowMillis);
    workspace
        .replicas()
        .advance(
            new Replicas.Advance(
                header.dot(),
                hash.bytes(),
                header.dependencies(),
                header.time(),
                header.deviceName(),
                implausible ? header.time().millis() - nowMillis : 0));
    HybridTimestamp latest = workspace.meta().latestTime();
    HybridTimestamp seen = HybridClock.observe(latest, header.time(), nowMillis);
    if (!seen.equals(latest)) {
      workspace.meta().latestTime(seen);
    }
  }
}
