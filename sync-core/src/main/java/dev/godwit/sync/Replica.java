package dev.godwit.sync;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.engine.Applier;
import dev.godwit.sync.internal.engine.Compaction;
import dev.godwit.sync.internal.engine.Declaring;
import dev.godwit.sync.internal.engine.NewIdentity;
import dev.godwit.sync.internal.engine.OpenUnits;
import dev.godwit.sync.internal.engine.ReplicaFile;
import dev.godwit.sync.internal.engine.Resolving;
import dev.godwit.sync.internal.engine.Tracking;
import dev.godwit.sync.internal.exchange.SqliteExchangeStore;
import dev.godwit.sync.internal.inspect.ConflictList;
import dev.godwit.sync.internal.inspect.Doctor;
import dev.godwit.sync.internal.inspect.LogReader;
import dev.godwit.sync.internal.inspect.StatusReader;
import dev.godwit.sync.internal.log.Boundaries;
import dev.godwit.sync.internal.policy.Policies;
import dev.godwit.sync.internal.seal.Packer;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.policy.ExistencePolicy;
import dev.godwit.sync.policy.OpenConflict;
import dev.godwit.sync.policy.Resolver;
import dev.godwit.sync.policy.Settlement;
import dev.godwit.sync.protocol.ExchangeStore;
import dev.godwit.sync.report.ChangeEntry;
import dev.godwit.sync.report.CompactionReport;
import dev.godwit.sync.report.Comparison;
import dev.godwit.sync.report.DoctorOptions;
import dev.godwit.sync.report.DoctorReport;
import dev.godwit.sync.report.ListedConflict;
import dev.godwit.sync.report.Listing;
import dev.godwit.sync.report.LogEntry;
import dev.godwit.sync.report.Paging;
import dev.godwit.sync.report.ReplicaStatus;
import dev.godwit.sync.report.StatusDetail;
import dev.godwit.sync.schema.SchemaProposal;
import dev.godwit.sync.schema.TableCandidate;
import dev.godwit.sync.sqlite.SqliteSource;
import dev.godwit.sync.transport.Exchange;
import dev.godwit.sync.transport.ExchangeOptions;
import dev.godwit.sync.transport.ExchangeOutcome;
import dev.godwit.sync.transport.Remote;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One SQLite file that takes part in a space: the class that an application embeds.
 *
 * <p>The application keeps its own connections and its SQL. What it writes there is captured by
 * triggers and sealed, as one transaction, at the next {@link #write}, {@link #seal} or {@link
 * #sync}; what it writes through {@link #write} is sealed in the same commit. Several processes may
 * have a replica of one file open.
 *
 * <p>Thread safe: calls from several threads wait for each other, except that a {@link #sync} only
 * holds them up while it reads or writes a slice. {@link #close} waits for the slice at hand; a
 * sync that is running then ends with an {@link IllegalStateException}, and nothing is lost.
 */
public final class Replica implements AutoCloseable {
  private final ReplicaFile file;
  private final Clock clock;
  private final Random random;
  private final List<ChangeListener> listeners = new CopyOnWriteArrayList<>();
  private final List<ConflictListener> conflictListeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock syncing = new ReentrantLock();
  private final Map<String, String> declaredPolicies;
  private final Map<String, Resolver> resolvers;

  /** How many notes the last write found: those that it made itself come with the next one. */
  private volatile long notesWaiting;

  /**
   * Is told which of the application's tables a sync has changed, after the commit, on the thread
   * of the sync.
   */
  public interface ChangeListener {
    void changed(Set<String> tables);
  }

  /**
   * Is told which conflicts a sync has brought, as they stand when all of it is applied: after the
   * commit, on the thread of the sync, once for each conflict. Another sibling makes another
   * conflict.
   *
   * <p>It may use the replica, except for another sync. What it throws does not stop the sync, and
   * is among the report's problems.
   */
  public interface ConflictListener {
    void appeared(List<ListedConflict> conflicts);
  }

  /** What runs inside {@link Replica#write}. */
  public interface Work<T> {
    T run(SqlTransaction transaction);
  }

  /** What runs inside {@link Replica#write} and returns nothing. */
  public interface Action {
    void run(SqlTransaction transaction);
  }

  Replica(ReplicaBuilder builder) {
    this.clock = builder.clock;
    this.random = builder.random;
    this.declaredPolicies = new LinkedHashMap<>(builder.policies);
    this.resolvers = new LinkedHashMap<>(builder.resolvers);
    this.file = ReplicaFile.open(builder.source);
    boolean done = false;
    try {
      if (!file.isReplica()) {
        if (builder.onlyReplicas) {
          throw new NotAReplicaException(builder.source.name());
        }
        new Tracking(file).check(builder.tables);
        ReplicaId id = newId();
        SpaceId ownSpace = SpaceId.of(randomBytes(SpaceId.LENGTH_BYTES));
        SpaceId space = builder.space == null ? ownSpace : builder.space;
        new Tracking(file).begin(id, space, builder.deviceName);
      }
      file.requireFormat();
      seal();
      if (!declaredPolicies.isEmpty()) {
        // Before rows come in: those of a column that is declared a reference are to refer.
        new Declaring(file).declare(declaredPolicies);
      }
      List<String> tracked = new Tracking(file).track(builder.tables);
      new Declaring(file).declareChecked(tracked);
      resolve(new Resolving(clock.millis()));
      done = true;
    } finally {
      if (!done) {
        file.close();
      }
    }
  }

  /** Opens the file with the defaults of {@link #builder}; makes it a replica when it is none. */
  public static Replica open(SqliteSource source) {
    return builder(source).open();
  }

  /** Whether the file is a replica already. Changes nothing. */
  public static boolean isReplica(SqliteSource source) {
    try (ReplicaFile file = ReplicaFile.open(source)) {
      return file.isReplica();
    }
  }

  /**
   * The application's ordinary tables in a file, whether it is a replica or not, each with what
   * stands against tracking it. Changes nothing.
   */
  public static List<TableCandidate> candidates(SqliteSource source) {
    return Tracking.candidates(source);
  }

  /** How to open a file in another way than the defaults. */
  public static ReplicaBuilder builder(SqliteSource source) {
    return new ReplicaBuilder(source);
  }

  /** This replica's id. */
  public ReplicaId id() {
    return file.read(workspace -> workspace.meta().replica());
  }

  /** The space it belongs to. */
  public SpaceId space() {
    return file.read(workspace -> workspace.meta().space());
  }

  /**
   * Tracks these tables; one that is tracked already stays as it is. Rows that are there become the
   * baseline.
   *
   * @return the names of those that were not tracked before
   * @throws IllegalArgumentException when one cannot be tracked, with the reason; nothing was
   *     changed
   */
  public List<String> track(String... tables) {
    List<String> tracked = new Tracking(file).track(List.of(tables));
    new Declaring(file).declareChecked(tracked);
    return tracked;
  }

  /** Stops tracking these tables; their rows, indexes and triggers stay. */
  public List<String> untrack(String... tables) {
    return new Tracking(file).untrack(List.of(tables));
  }

  /**
   * Makes the file an ordinary one again and closes this replica: Godwit's tables and triggers go,
   * rows, indexes and the application's triggers stay. What no remote has acknowledged will never
   * be sent, and joining again takes a new identity.
   */
  public void leaveSpace() {
    new Tracking(file).end();
    close();
  }

  /**
   * What of the space's schema this file lacks, as far as it knows the space: sync first. Joining a
   * space with a new or an equal file is
   *
   * <pre>
   * Replica replica = Replica.builder(source).space(invitation.space()).open();
   * replica.sync(HttpRemote.of(invitation));
   * SchemaProposal proposal = replica.schemaProposal();   // show it: it comes from other devices
   * replica.accept(proposal);                             // the tables are there, with their rows
   * replica.sync(HttpRemote.of(invitation));              // rows that only this file had go out
   * </pre>
   */
  public SchemaProposal schemaProposal() {
    return new Tracking(file).proposal();
  }

  /**
   * Makes what the proposal lists, tracks its tables and shows their rows, all in one transaction.
   * Rows of an own table that differ from the space's become derived changes: they never beat what
   * somebody has written, and are kept.
   *
   * @return the tables that were not tracked before
   * @throws IllegalArgumentException when the proposal has obstacles, cannot be made by this SQLite
   *     or is out of date; nothing was changed
   */
  public List<String> accept(SchemaProposal proposal) {
    return new Tracking(file).accept(proposal);
  }

  /** Runs SQL in one transaction, sealed in the same commit; rolled back when the work throws. */
  public <T> T call(Work<T> work) {
    if (notesWaiting > Packer.NOTES_WAITING_MAX) {
      seal();
    }
    return file.writeAsApplication(
        session -> {
          Boundaries boundaries = new Boundaries(session);
          long before = boundaries.sealForeign();
          T result = work.run(new SessionTransaction(session));
          boundaries.sealOwn(before, clock.millis());
          notesWaiting = before;
          return result;
        });
  }

  /** As {@link #call}, for work that returns nothing. */
  public void write(Action action) {
    call(
        transaction -> {
          action.run(transaction);
          return null;
        });
  }

  /**
   * What the tables show at the moment, as a token for {@link SqlTransaction#basedOn}. Ask for it
   * before reading the row that it is about. All that waits is packed first: then the row shows
   * what a form that was saved came to with all else, and it is known which writes were any.
   */
  public String version() {
    seal();
    return call(SqlTransaction::version);
  }

  /**
   * Seals what was written without the library, and packs all that waits. Returns the number of
   * transactions made.
   */
  public long seal() {
    notesWaiting = 0;
    if (file.read(workspace -> workspace.boundaries().lastNote()) == 0) {
      return 0;
    }
    return file.write(workspace -> workspace.pack());
  }

  /**
   * Changes the policy of a column, for the whole space: the change is synced like any write, and
   * every replica shows what is affected anew. Of two concurrent changes the later one holds.
   *
   * @param column "table.column"
   * @throws IllegalArgumentException when the column is not there, or cannot have the policy
   */
  public void policy(String column, ColumnPolicy policy) {
    new Declaring(file).change(requireColumn(column), policy.toString(), clock.millis());
  }

  /** Changes what comes of rows deleted here and edited there, for the whole space. */
  public void policy(String table, ExistencePolicy policy) {
    new Declaring(file).change(table + ".", policy.toString(), clock.millis());
  }

  /**
   * The policies that the space declares, as texts: under "table.column" a column's, under "table"
   * a table's.
   */
  public Map<String, String> policies() {
    return file.read(
        workspace -> {
          Map<String, String> texts = new LinkedHashMap<>();
          for (Policies.Declaration one : workspace.policies().declarations()) {
            texts.put(
                one.column().isEmpty() ? one.table() : one.table() + "." + one.column(),
                one.text());
          }
          return texts;
        });
  }

  /** Where the space's policies differ from what the builder declared, one line each. */
  public List<String> policyDifferences() {
    return declaredPolicies.isEmpty()
        ? List.of()
        : new Declaring(file).differences(declaredPolicies);
  }

  /** The conflicts of manual and custom columns that wait to be settled. */
  public List<OpenConflict> openConflicts() {
    seal();
    return file.read(workspace -> new OpenUnits(workspace).conflicts());
  }

  /**
   * Settles conflicts of one row: a write that has seen all versions that this replica has, and so
   * closes them everywhere, also when it keeps the value that is shown. The columns of a group are
   * written together.
   *
   * @param table the table's name
   * @param key the key under which the table shows the row
   * @param values the values by column
   * @throws IllegalArgumentException when there is no such row or column; nothing was changed
   */
  public void resolve(String table, RowKey key, Map<String, Value> values) {
    Resolving resolving = new Resolving(clock.millis());
    file.write(
        workspace -> {
          resolving.resolve(workspace, table, key, values);
          return null;
        });
  }

  /**
   * The conflicts that the view {@code godwit_conflict} lists, open ones first, of each the latest
   * first; history included.
   */
  public Listing<ListedConflict> listedConflicts(Paging paging) {
    seal();
    return file.read(workspace -> new ConflictList(workspace.session()).read(paging));
  }

  /** The conflict of this name as it is now, null when there is none any more. */
  public ListedConflict listedConflict(String name) {
    return file.read(workspace -> new ConflictList(workspace.session()).one(name));
  }

  /**
   * Settles a conflict of {@link #listedConflicts} by a write that has seen all of it, and so
   * closes it everywhere.
   *
   * @param conflict its name, or the beginning of it
   * @throws IllegalArgumentException when there is none such, it has changed or was settled since
   *     it was listed, or cannot be settled so, with the reason; nothing was changed
   */
  public void settle(String conflict, Settlement settlement) {
    Resolving resolving = new Resolving(clock.millis());
    file.write(
        workspace -> {
          resolving.settle(workspace, conflict, settlement);
          return null;
        });
  }

  private void resolve(Resolving resolving) {
    if (!resolvers.isEmpty()) {
      file.write(
          workspace -> {
            resolving.run(workspace, resolvers);
            return null;
          });
    }
  }

  private ReplicaId newId() {
    return ReplicaId.of(randomBytes(ReplicaId.LENGTH_BYTES));
  }

  private byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  static String requireColumn(String column) {
    if (column.lastIndexOf('.') <= 0 || column.endsWith(".")) {
      throw new IllegalArgumentException(
          "expected a policy for \"table.column\" but got \"" + column + "\"");
    }
    return column;
  }

  /** Adds a listener for changes made elsewhere. */
  public void onChange(ChangeListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
  }

  /** Adds a listener for conflicts that syncs bring. */
  public void onConflict(ConflictListener listener) {
    conflictListeners.add(Objects.requireNonNull(listener, "listener"));
  }

  private void tellConflicts(Applier applier) {
    List<String> names = applier.takeNewConflicts();
    if (names.isEmpty()) {
      return;
    }
    List<ListedConflict> found =
        file.read(
            workspace -> {
              ConflictList list = new ConflictList(workspace.session());
              names.removeIf(name -> !list.has(name));
              List<ListedConflict> listed = new ArrayList<>();
              if (!conflictListeners.isEmpty()) {
                names.forEach(name -> listed.add(list.one(name)));
                listed.removeIf(one -> !one.stands());
              }
              return List.copyOf(listed);
            });
    applier.countConflicts(names.size());
    for (ConflictListener listener :
        found.isEmpty() ? List.<ConflictListener>of() : conflictListeners) {
      try {
        listener.appeared(found);
      } catch (RuntimeException e) {
        applier.problems(
            List.of("a listener for conflicts threw " + e.getClass().getName() + ": see its code"));
      }
    }
  }

  /** How this replica stands, as far as that is known without looking at every row. */
  public ReplicaStatus status() {
    return status(StatusDetail.QUICK);
  }

  /** How this replica stands. */
  public ReplicaStatus status(StatusDetail detail) {
    return file.read(workspace -> new StatusReader(workspace, detail).read(file.source().name()));
  }

  /** The transactions of the log, those that came last first. */
  public Listing<LogEntry> log(Paging paging) {
    return file.read(workspace -> new LogReader(workspace).transactions(paging));
  }

  /**
   * The row changes of one transaction of the log.
   *
   * @throws IllegalArgumentException when the log does not have it or it cannot be read
   */
  public Listing<ChangeEntry> changes(Dot transaction, Paging paging) {
    return file.read(workspace -> new LogReader(workspace).changes(transaction, paging));
  }

  /** Checks this file with the defaults of {@link DoctorOptions}. */
  public DoctorReport doctor() {
    return doctor(DoctorOptions.ofDefaults());
  }

  /**
   * Checks the file: what its tables show against the state, the state against the log, the log
   * against itself. Seals first; otherwise changes nothing.
   *
   * <p>One read transaction on a connection of its own: other calls go on meanwhile. Where the
   * journal mode is not WAL, commits wait until the check is done.
   *
   * @throws java.util.concurrent.CancellationException when {@link DoctorOptions#cancelled} said so
   */
  public DoctorReport doctor(DoctorOptions options) {
    seal();
    return new Doctor(options).examine(file);
  }

  /** Checks this file and another one, and finds the first difference between them. */
  public Comparison compare(Replica other, DoctorOptions options) {
    seal();
    other.seal();
    return new Doctor(options).compare(file, other.file);
  }

  /**
   * Makes the file smaller by forgetting how texts that are merged letter by letter came about, as
   * far as everybody whom the file knows has seen it. Nothing that anybody sees changes, here or
   * elsewhere, now or later: when somebody who was not known turns up with an edit of an older
   * text, what was forgotten is read from the log.
   *
   * <p>Seals first. Done again it changes nothing; a crash in between leaves some texts done and
   * others not. SQLite keeps the space for later rows; {@code VACUUM} gives it back.
   */
  public CompactionReport compact() {
    seal();
    return new Compaction(file).run();
  }

  /** Exchanges with a remote until both hold what either held, with default options. */
  public SyncReport sync(Remote remote) {
    return sync(remote, ExchangeOptions.ofDefaults());
  }

  /**
   * Exchanges with a remote until both hold what either held, and applies what came.
   *
   * @throws dev.godwit.sync.protocol.ExchangeException by the decision to take; what was
   *     transferred is kept and applied
   * @throws IllegalStateException when another sync of this replica is running
   */
  public SyncReport sync(Remote remote, ExchangeOptions options) {
    if (syncing.isHeldByCurrentThread() || !syncing.tryLock()) {
      throw new IllegalStateException(
          "expected one sync at a time but another one is running: wait for it");
    }
    try {
      Applier applier = new Applier(clock.millis());
      List<String> notices = new ArrayList<>();
      seal();
      apply(applier);
      ExchangeOutcome outcome = Exchange.run(store(applier, notices), remote, options);
      apply(applier);
      notices.addAll(policyDifferences());
      return new SyncReport(
          outcome,
          applier.transactions(),
          applier.changes(),
          applier.conflicts(),
          applier.changedTables(),
          applier.unreadable(),
          notices);
    } finally {
      syncing.unlock();
    }
  }

  private void apply(Applier applier) {
    Set<String> before = Set.copyOf(applier.changedTables());
    while (applier.slice(file)) {
      // Between slices the application's own writers get their turn.
      Thread.yield();
    }
    Resolving resolving = new Resolving(clock.millis());
    resolve(resolving);
    applier.changed(resolving.changedTables());
    applier.problems(resolving.problems());
    Set<String> changed = new java.util.TreeSet<>(applier.changedTables());
    if (!changed.isEmpty() && !changed.equals(before)) {
      listeners.forEach(listener -> listener.changed(Set.copyOf(changed)));
    }
    tellConflicts(applier);
  }

  /** This replica as a remote for others in the same process. */
  public ExchangeStore exchangeStore() {
    Applier applier = new Applier(clock.millis());
    seal();
    return store(applier, new ArrayList<>());
  }

  private ExchangeStore store(Applier applier, List<String> notices) {
    return new SqliteExchangeStore(
        file,
        () -> apply(applier),
        (remote, fork) -> {
          new NewIdentity(file).take(newId(), fork.lastCommonSequence());
          notices.add(
              "this file is a copy or was restored from an older state: it continues as a new replica, and nothing was"
                  + " overwritten");
        });
  }

  @Override
  public void close() {
    file.close();
  }
}
