package dev.godwit.sync.internal.exchange;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.engine.ReplicaFile;
import dev.godwit.sync.internal.engine.Workspace;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.protocol.ExchangeStore;
import dev.godwit.sync.protocol.Head;
import dev.godwit.sync.protocol.Heads;
import dev.godwit.sync.protocol.HistoryId;
import dev.godwit.sync.protocol.Intake;
import dev.godwit.sync.protocol.OwnFork;
import dev.godwit.sync.protocol.PartCursor;
import dev.godwit.sync.protocol.PartialEnvelope;
import dev.godwit.sync.protocol.ProtocolLimits;
import dev.godwit.sync.protocol.RemoteId;
import dev.godwit.sync.protocol.RemoteMemory;
import dev.godwit.sync.sqlite.SqliteRows;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The log of a replica, as an exchange sees it. Every call is a transaction of its own; nothing
 * stays open between calls.
 */
public final class SqliteExchangeStore implements ExchangeStore {
  /** The longest envelope that is taken: 16 GiB, far above what a transaction of rows comes to. */
  static final long ENVELOPE_LENGTH_BYTES_MAX = 1L << 34;

  private final ReplicaFile file;
  private final Arrivals arrivals;
  private final ForkHandler forks;

  /** Is told when envelopes have become durable, so that they can be applied. */
  public interface Arrivals {
    void arrived();
  }

  /** Gives the file a new identity. */
  public interface ForkHandler {
    void forked(RemoteId remote, OwnFork fork);
  }

  public SqliteExchangeStore(ReplicaFile file, Arrivals arrivals, ForkHandler forks) {
    this.file = file;
    this.arrivals = arrivals;
    this.forks = forks;
  }

  @Override
  public SpaceId space() {
    return file.read(workspace -> workspace.meta().space());
  }

  @Override
  public ReplicaId self() {
    return file.read(workspace -> workspace.meta().replica());
  }

  @Override
  public Heads heads() {
    return file.read(
        workspace -> {
          Map<ReplicaId, Head> heads = new HashMap<>();
          for (Replicas.Entry entry : workspace.replicas().all()) {
            if (entry.held() > 0) {
              heads.put(entry.id(), Head.of(entry.held(), EnvelopeHash.of(entry.heldHash())));
            }
          }
          return Heads.of(heads);
        });
  }

  @Override
  public Optional<EnvelopeHash> hash(Dot dot) {
    return file.read(workspace -> hash(workspace, dot));
  }

  static Optional<EnvelopeHash> hash(Workspace workspace, Dot dot) {
    if (!workspace.replicas().isKnown(dot.replica())) {
      return Optional.empty();
    }
    Replicas.Entry entry = workspace.replicas().of(dot.replica());
    if (dot.sequence() == entry.held()) {
      return Optional.of(EnvelopeHash.of(entry.heldHash()));
    }
    return Optional.ofNullable(workspace.log().hash(dot));
  }

  @Override
  public List<PartialEnvelope> partials() {
    return file.read(
        workspace -> {
          List<PartialEnvelope> partials = new ArrayList<>();
          try (SqliteRows rows =
              workspace
                  .session()
                  .statement(
                      "SELECT replica, sequence, hash, count(*), max(rowid) FROM godwit_incoming WHERE sequence > 0"
                          + " GROUP BY replica, sequence, hash ORDER BY max(rowid) DESC LIMIT ?")
                  .bind(1, ProtocolLimits.MAX_PARTIALS)
                  .query()) {
            while (rows.next()) {
              Dot dot = new Dot(ReplicaId.of(rows.bytes(0)), rows.integer(1));
              partials.add(
                  0,
                  new PartialEnvelope(dot, EnvelopeHash.of(rows.bytes(2)), (int) rows.integer(3)));
            }
          }
          return partials;
        });
  }

  @Override
  public PartCursor lacking(Lacking lacking) {
    return new LogCursor(file, lacking);
  }

  @Override
  public Intake intake() {
    return new LogIntake(file, arrivals);
  }

  @Override
  public void markOffered(long throughSequence) {
    if (file.read(workspace -> workspace.meta().offered()) >= throughSequence) {
      return;
    }
    file.write(
        workspace -> {
          long head = workspace.replicas().of(workspace.meta().replica()).held();
          if (throughSequence > head) {
            throw new IllegalArgumentException(
                "expected at most the own head, " + head + ", but got " + throughSequence);
          }
          workspace.meta().offered(Math.max(throughSequence, workspace.meta().offered()));
          return null;
        });
  }

  @Override
  public Optional<RemoteMemory> memory(RemoteId remote) {
    return file.read(
        workspace -> {
          try (SqliteRows rows =
              workspace
                  .session()
                  .statement("SELECT state FROM godwit_remote WHERE name = ?")
                  .bind(1, remote.text())
                  .query()) {
            return rows.next() ? Optional.of(decode(rows.bytes(0))) : Optional.empty();
          }
        });
  }

  @Override
  public void remember(RemoteId remote, RemoteMemory memory) {
    file.write(
        workspace ->
            workspace
                .session()
                .statement("INSERT OR REPLACE INTO godwit_remote (name, state) VALUES (?, ?)")
                .bind(1, remote.text())
                .bind(2, Value.of(encode(memory)))
                .update());
  }

  @Override
  public void ownHistoryForked(RemoteId remote, OwnFork fork) {
    forks.forked(remote, fork);
  }

  /**
   * History, position (8 bytes each), acknowledged vector (replica 16 bytes, sequence 8 bytes,
   * repeated).
   */
  private static byte[] encode(RemoteMemory memory) {
    VersionVector acknowledged = memory.acknowledged();
    ByteBuffer buffer = ByteBuffer.allocate(16 + acknowledged.size() * 24);
    buffer.putLong(memory.history().value()).putLong(memory.position());
    acknowledged
        .entries()
        .forEach((replica, sequence) -> buffer.put(replica.bytes()).putLong(sequence));
    return buffer.array();
  }

  /** What a remote is known to hold durably, by its name. */
  public static Map<String, VersionVector> acknowledged(Workspace workspace) {
    Map<String, VersionVector> acknowledged = new HashMap<>();
    try (SqliteRows rows =
        workspace.session().statement("SELECT name, state FROM godwit_remote").query()) {
      while (rows.next()) {
        acknowledged.put(rows.text(0), decode(rows.bytes(1)).acknowledged());
      }
    }
    return acknowledged;
  }

  private static RemoteMemory decode(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long history = buffer.getLong();
    long position = buffer.getLong();
    Map<ReplicaId, Long> acknowledged = new HashMap<>();
    while (buffer.hasRemaining()) {
      byte[] id = new byte[ReplicaId.LENGTH_BYTES];
      buffer.get(id);
      acknowledged.put(ReplicaId.of(id), buffer.getLong());
    }
    return new RemoteMemory(new HistoryId(history), position, VersionVector.of(acknowledged));
  }
}
