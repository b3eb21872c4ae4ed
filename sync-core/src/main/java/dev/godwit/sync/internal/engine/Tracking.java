package dev.godwit.sync.internal.engine;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.Capture;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.SearchIndexes;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.GodwitTables;
import dev.godwit.sync.internal.log.Meta;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.internal.policy.Policies;
import dev.godwit.sync.internal.schema.SchemaReader;
import dev.godwit.sync.internal.schema.TableSchema;
import dev.godwit.sync.internal.schema.Trackability;
import dev.godwit.sync.schema.SchemaProposal;
import dev.godwit.sync.schema.TableCandidate;
import dev.godwit.sync.sqlite.SqliteConnection;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.sqlite.SqliteSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Begins and ends the tracking of a file and of its tables. */
public final class Tracking {
  private static final String[] SYSTEM_TABLES = {
    "godwit_space_table", "godwit_space_object", "godwit_space_column"
  };

  private final ReplicaFile file;

  public Tracking(ReplicaFile file) {
    this.file = file;
  }

  /** Makes the file a replica without tracked tables of the application. */
  public void begin(ReplicaId replica, SpaceId space, String deviceName) {
    file.writeRaw(
        session -> {
          if (!GodwitTables.exist(session)) {
            GodwitTables.create(session);
            Meta meta = new Meta(session);
            meta.set(Meta.FORMAT_VERSION, Value.of((long) GodwitTables.FORMAT_VERSION));
            meta.replica(replica);
            meta.space(space);
            meta.deviceName(deviceName);
            new Replicas(session).of(replica);
            session.execute("INSERT INTO godwit_capture (active) VALUES (1)");
            Capture capture = new Capture(session);
            for (String table : SYSTEM_TABLES) {
              capture.register(table, table, false, true);
            }
            Catalog catalog = new Catalog(session);
            catalog.tables().forEach(capture::start);
          }
          return null;
        });
  }

  /** The ordinary tables of an application's file, each with what stands against tracking it. */
  public static List<TableCandidate> candidates(SqliteSource source) {
    try (SqliteConnection connection = source.open()) {
      List<TableCandidate> candidates = new ArrayList<>();
      SchemaReader reader = new SchemaReader(connection);
      for (String name : reader.applicationTables()) {
        candidates.add(new TableCandidate(name, obstacle(connection, reader, name)));
      }
      return candidates;
    }
  }

  private static Optional<String> obstacle(
      SqliteConnection connection, SchemaReader reader, String name) {
    try {
      Trackability.require(connection, reader, name);
      return Optional.empty();
    } catch (IllegalArgumentException refused) {
      return Optional.of(refused.getMessage());
    }
  }

  /**
   * Refuses names that are no tables of the application or cannot be tracked, and schemas that need
   * what this engine does not have. Changes nothing.
   */
  public void check(List<String> names) {
    if (names.isEmpty()) {
      return;
    }
    file.writeRaw(
        session -> {
          SchemaReader reader = new SchemaReader(session.connection());
          for (String name : names) {
            Trackability.require(session.connection(), reader, name);
          }
          return null;
        });
  }

  /**
   * Tracks these tables; those that are tracked already stay as they are.
   *
   * @return the tables that were not tracked before
   */
  public List<String> track(List<String> names) {
    if (names.isEmpty()) {
      return List.of();
    }
    check(names);
    try {
      return file.write(workspace -> track(workspace, names));
    } finally {
      file.forget();
    }
  }

  /** What of the space's schema the file lacks. */
  public SchemaProposal proposal() {
    return file.read(workspace -> new SpaceSchema(workspace).proposal());
  }

  /**
   * Makes what a proposal lists and tracks its tables, in one transaction.
   *
   * @throws IllegalArgumentException when it is no longer what the space proposes, has obstacles or
   *     cannot be made here; nothing was changed
   */
  public List<String> accept(SchemaProposal proposal) {
    try {
      return file.write(
          workspace -> {
            SpaceSchema schema = new SpaceSchema(workspace);
            SchemaProposal now = schema.proposal();
            if (!now.equals(proposal)) {
              throw new IllegalArgumentException(
                  "the space's schema has changed since the proposal was made: ask for it again");
            }
            if (!now.obstacles().isEmpty()) {
              throw new IllegalArgumentException(String.join("; ", now.obstacles()));
            }
            workspace.pack();
            schema.make(now);
            workspace.session().forgetStatements();
            Workspace made = new SchemaRepair(workspace.afresh()).run();
            return track(made, now.tables());
          });
    } finally {
      file.forget();
    }
  }

  private static List<String> track(Workspace workspace, List<String> names) {
    List<String> added = register(workspace, names);
    if (!added.isEmpty()) {
      Workspace registered = workspace.afresh();
      // Rows that come in now refer to others as the space says already.
      new References(registered).settle(registered.policies(), Set.of());
      adopt(registered, added);
    }
    return added;
  }

  private static List<String> register(Workspace workspace, List<String> names) {
    workspace.pack();
    Capture capture = new Capture(workspace.session());
    SchemaReader reader = new SchemaReader(workspace.session().connection());
    List<String> added = new ArrayList<>();
    for (String name : names) {
      TableSchema schema = reader.table(name);
      String stable = SpaceSchema.stableName(workspace, schema.name());
      if (workspace.catalog().table(stable) == null) {
        capture.register(stable, schema.name(), schema.isSurrogate(), false);
        added.add(stable);
      }
    }
    return added;
  }

  /**
   * Starts capture on new tables; rows that are there become the baseline, or meet what the space
   * knows of them.
   */
  private static void adopt(Workspace workspace, List<String> names) {
    Adoption adoption = new Adoption(workspace);
    List<TrackedTable> fresh = new ArrayList<>();
    List<TrackedTable> known = new ArrayList<>();
    for (String name : names) {
      TrackedTable table = workspace.catalog().table(name);
      (adoption.isKnownToSpace(table) ? known : fresh).add(table);
    }
    known.forEach(table -> SearchIndexes.settle(workspace.session(), table));
    adoption.adopt(known);
    Capture capture = new Capture(workspace.session());
    fresh.forEach(capture::start);
    SchemaDescription description = new SchemaDescription(workspace);
    description.takeOver(known);
    description.tell();
    workspace.pack();
    fresh.forEach(capture::noteBaseline);
    workspace.pack();
  }

  /** Stops tracking these tables; their rows, indexes and triggers stay. */
  public List<String> untrack(List<String> names) {
    List<String> removed =
        file.write(
            workspace -> {
              workspace.pack();
              Capture capture = new Capture(workspace.session());
              List<String> stopped = new ArrayList<>();
              for (String name : names) {
                TrackedTable table = find(workspace.catalog(), name);
                if (table == null) {
                  throw new IllegalArgumentException(
                      "expected a tracked table but got '"
                          + name
                          + "': status lists those that are");
                }
                stopped.add(table.name());
              }
              // While what is referred to is there: afterwards nobody could tell.
              Policies policies = workspace.policies();
              Set<String> referring = new References(workspace).settle(policies, stopped);
              stopped.forEach(name -> capture.stop(workspace.catalog().table(name)));
              workspace.refresh();
              new Reshowing(workspace).run(policies, referring);
              return stopped;
            });
    file.forget();
    return removed;
  }

  static TrackedTable find(Catalog catalog, String name) {
    for (TrackedTable table : catalog.tables()) {
      if (!table.isSystem() && table.schema().name().equalsIgnoreCase(name)) {
        return table;
      }
    }
    return null;
  }

  /** Ends tracking altogether: Godwit's tables and triggers go, everything else stays. */
  public void end() {
    file.writeRaw(
        session -> {
          Capture capture = new Capture(session);
          new Catalog(session).tables().forEach(capture::stop);
          GodwitTables.drop(session);
          return null;
        });
  }

  /** Rows whose key holds NULL, by table: they are not synced until they have a key. */
  public static Map<String, Long> rowsWithoutKey(Workspace workspace) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (TrackedTable table : workspace.catalog().tables()) {
      if (table.isSystem() || table.schema().rowidAlias()) {
        continue;
      }
      try (SqliteRows rows =
          workspace.session().statement(Capture.countWithoutKey(table)).query()) {
        rows.next();
        if (rows.integer(0) > 0) {
          counts.put(table.schema().name(), rows.integer(0));
        }
      }
    }
    return counts;
  }
}
