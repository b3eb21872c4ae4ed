package dev.godwit.sync.internal.inspect;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.internal.capture.Capture;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.engine.Workspace;
import dev.godwit.sync.internal.exchange.SqliteExchangeStore;
import dev.godwit.sync.internal.log.Meta;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.internal.schema.SchemaReader;
import dev.godwit.sync.internal.schema.Sql;
import dev.godwit.sync.internal.schema.TableSchema;
import dev.godwit.sync.internal.schema.Trackability;
import dev.godwit.sync.report.HeldBackRow;
import dev.godwit.sync.report.LogSize;
import dev.godwit.sync.report.PeerStatus;
import dev.godwit.sync.report.RemoteStatus;
import dev.godwit.sync.report.ReplicaStatus;
import dev.godwit.sync.report.StatusDetail;
import dev.godwit.sync.report.TableStatus;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** Reads the status of a replica inside one read transaction. */
public final class StatusReader {
  private final Workspace workspace;
  private final StatusDetail detail;

  public StatusReader(Workspace workspace, StatusDetail detail) {
    this.workspace = workspace;
    this.detail = detail;
  }

  /**
   * Reads it.
   *
   * @param file the file's name for people
   */
  public ReplicaStatus read(String file) {
    Meta meta = workspace.meta();
    List<HeldBackRow> heldBack = new HeldBackRows(workspace).read(ReplicaStatus.HELD_BACK_MAX + 1);
    boolean complete = heldBack.size() <= ReplicaStatus.HELD_BACK_MAX;
    return new ReplicaStatus(
        file,
        meta.replica(),
        meta.deviceName(),
        meta.space(),
        meta.integer(Meta.FORMAT_VERSION),
        one("PRAGMA page_count") * one("PRAGMA page_size"),
        workspace.replicas().vector(),
        tables(),
        workspace.boundaries().lastNote(),
        workspace.boundaries().all().size(),
        remotes(),
        replicas(),
        complete ? heldBack : heldBack.subList(0, ReplicaStatus.HELD_BACK_MAX),
        complete,
        new ConflictList(workspace.session()).counts(),
        log());
  }

  private boolean isCounted() {
    return detail == StatusDetail.COUNTED;
  }

  private List<TableStatus> tables() {
    Map<String, TableStatus> tables = new TreeMap<>();
    Set<String> tracked = new HashSet<>();
    for (TrackedTable table : workspace.catalog().tables()) {
      if (!table.isSystem()) {
        tracked.add(table.schema().name().toLowerCase(Locale.ROOT));
        tables.put(table.schema().name(), tracked(table));
      }
    }
    SchemaReader reader = new SchemaReader(workspace.session().connection());
    for (String name : reader.applicationTables()) {
      if (!tracked.contains(name.toLowerCase(Locale.ROOT))) {
        TableSchema schema = reader.table(name);
        String reason = schema == null ? null : Trackability.reasonAgainst(schema);
        OptionalLong none = OptionalLong.empty();
        tables.put(name, new TableStatus(name, false, reason, rows(name), none));
      }
    }
    return new ArrayList<>(tables.values());
  }

  private TableStatus tracked(TrackedTable table) {
    String name = table.schema().name();
    OptionalLong withoutKey = OptionalLong.empty();
    if (isCounted()) {
      boolean always = table.schema().rowidAlias();
      withoutKey = OptionalLong.of(always ? 0 : one(Capture.countWithoutKey(table)));
    }
    return new TableStatus(name, true, null, rows(name), withoutKey);
  }

  private OptionalLong rows(String table) {
    return isCounted()
        ? OptionalLong.of(one("SELECT count(*) FROM " + Sql.name(table)))
        : OptionalLong.empty();
  }

  private List<RemoteStatus> remotes() {
    ReplicaId self = workspace.meta().replica();
    List<RemoteStatus> remotes = new ArrayList<>();
    Map<String, VersionVector> known = new TreeMap<>(SqliteExchangeStore.acknowledged(workspace));
    known.forEach(
        (name, acknowledged) -> {
          long own = 0;
          long all = 0;
          for (Replicas.Entry entry : workspace.replicas().all()) {
            long behind = Math.max(0, entry.held() - acknowledged.sequence(entry.id()));
            all += behind;
            own = entry.id().equals(self) ? behind : own;
          }
          remotes.add(new RemoteStatus(name, acknowledged, own, all));
        });
    return remotes;
  }

  private List<PeerStatus> replicas() {
    DeviceNames names = new DeviceNames(workspace);
    List<PeerStatus> peers = new ArrayList<>();
    for (Replicas.Entry entry : workspace.replicas().all()) {
      boolean self = names.isSelf(entry.id());
      PeerStatus peer =
          new PeerStatus(
              entry.id(),
              names.of(entry.id()),
              self,
              entry.sequence(),
              entry.held(),
              entry.latest(),
              entry.aheadMillis());
      peers.add(self ? 0 : peers.size(), peer);
    }
    return peers;
  }

  private LogSize log() {
    long transactions = 0;
    for (Replicas.Entry entry : workspace.replicas().all()) {
      transactions += entry.held();
    }
    OptionalLong bytes =
        isCounted()
            ? OptionalLong.of(one("SELECT coalesce(sum(length(bytes)), 0) FROM godwit_log"))
            : OptionalLong.empty();
    return new LogSize(transactions, bytes);
  }

  private long one(String sql) {
    try (SqliteRows rows = workspace.session().statement(sql).query()) {
      return rows.next() ? rows.integer(0) : 0;
    }
  }
}
