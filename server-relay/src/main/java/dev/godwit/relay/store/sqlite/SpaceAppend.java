package dev.godwit.relay.store.sqlite;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.relay.limit.RelayLimits;
import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.EnvelopeHeader;
import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.protocol.Chain;
import dev.godwit.sync.protocol.ProtocolLimits;
import dev.godwit.sync.protocol.Refusal;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Appends a run of parts to one space within the writer's transaction: {@link Chain} decides, this
 * carries it out.
 *
 * <p>What the space and its replicas have is read once, kept here and written back at the end. Used
 * once, by the writer thread.
 */
final class SpaceAppend implements Chain.State {
  private final Statements statements;
  private final RunningDigests digests;
  private final RelayLimits limits;
  private final long spaceId;
  private final Map<ReplicaId, Replica> replicas = new HashMap<>();
  private long lastPosition;
  private long bytes;

  SpaceAppend(Statements statements, RunningDigests digests, RelayLimits limits, SpaceId space)
      throws SQLException {
    this.statements = statements;
    this.digests = digests;
    this.limits = limits;
    try (ResultSet row =
        statements.query(
            "SELECT space_id, last_position, bytes FROM space WHERE space = ?",
            (Object) space.bytes())) {
      if (!row.next()) {
        throw new SQLException("no space " + space.shortText());
      }
      spaceId = row.getLong(1);
      lastPosition = row.getLong(2);
      bytes = row.getLong(3);
    }
  }

  /** Takes the parts, in their order, and returns why some were not taken. */
  List<Refusal> take(SpaceId space, List<EnvelopePart> parts) throws SQLException {
    Chain chain = new Chain(space, limits.envelopeBytes(), this);
    try {
      for (EnvelopePart part : parts) {
        carryOut(chain.judge(part), part);
      }
    } catch (UncheckedSqlException wrapped) {
      throw wrapped.failure;
    }
    statements.run(
        "UPDATE space SET last_position = ?, bytes = ? WHERE space_id = ?",
        lastPosition,
        bytes,
        spaceId);
    for (Replica replica : replicas.values()) {
      if (replica.changed) {
        statements.run(
            "UPDATE replica SET head_sequence = ?, head_hash = ? WHERE replica_id = ?",
            replica.headSequence,
            replica.headHash.bytes(),
            replica.id);
      }
    }
    return chain.refusals();
  }

  private void carryOut(Chain.Verdict verdict, EnvelopePart part) throws SQLException {
    switch (verdict) {
      case STAGE -> stage(part);
      case COMPLETE -> {
        Long largeId = part.isWhole() ? null : stage(part);
        complete(part, largeId);
      }
      case DISCARD -> discard(largeId(part.dot(), part.hash()));
      default -> {}
    }
  }

  /** Keeps a part of a large envelope; its row is made with the first. */
  private long stage(EnvelopePart part) throws SQLException {
    Replica replica = stored(part.dot().replica());
    if (part.index() == 0) {
      dropOldestHalves();
      statements.run(
          "INSERT INTO large (space_id, replica_id, sequence, hash, part_count, length_bytes, parts_held,"
              + " complete) VALUES (?, ?, ?, ?, ?, ?, 0, 0)",
          spaceId,
          replica.id,
          part.dot().sequence(),
          part.hash().bytes(),
          part.count(),
          part.header().envelopeLengthBytes());
    }
    long largeId = largeId(part.dot(), part.hash());
    statements.run(
        "INSERT INTO part (large_id, part_index, bytes) VALUES (?, ?, ?)",
        largeId,
        part.index(),
        part.bytes());
    statements.run("UPDATE large SET parts_held = ? WHERE large_id = ?", part.index() + 1, largeId);
    digests.add(largeId, part);
    bytes += part.bytes().length;
    return largeId;
  }

  private void complete(EnvelopePart part, Long largeId) throws SQLException {
    Replica replica = stored(part.dot().replica());
    lastPosition++;
    statements.run(
        "INSERT INTO envelope (space_id, position, replica_id, sequence, hash, large_id, bytes)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
        spaceId,
        lastPosition,
        replica.id,
        part.dot().sequence(),
        part.hash().bytes(),
        largeId,
        largeId == null ? part.bytes() : null);
    bytes += largeId == null ? part.bytes().length : 0;
    replica.headSequence = part.dot().sequence();
    replica.headHash = part.hash();
    replica.changed = true;
    if (largeId != null) {
      statements.run("UPDATE large SET complete = 1 WHERE large_id = ?", largeId);
    }
    dropOtherHalves(replica);
  }

  /** Halves of what is complete now, under another hash, will never be completed. */
  private void dropOtherHalves(Replica replica) throws SQLException {
    while (true) {
      long largeId;
      try (ResultSet row =
          statements.query(
              "SELECT large_id FROM large WHERE space_id = ? AND complete = 0"
                  + " AND replica_id = ? AND sequence <= ? LIMIT 1",
              spaceId,
              replica.id,
              replica.headSequence)) {
        if (!row.next()) {
          return;
        }
        largeId = row.getLong(1);
      }
      discard(largeId);
    }
  }

  /** Makes room for one more half: a sender of one that was dropped starts it again. */
  private void dropOldestHalves() throws SQLException {
    while (true) {
      long largeId;
      try (ResultSet row =
          statements.query(
              "SELECT min(large_id), count(*) FROM large WHERE space_id = ? AND complete = 0",
              spaceId)) {
        row.next();
        if (row.getInt(2) < ProtocolLimits.MAX_PARTIALS) {
          return;
        }
        largeId = row.getLong(1);
      }
      discard(largeId);
    }
  }

  private void discard(long largeId) throws SQLException {
    try (ResultSet row =
        statements.query("SELECT sum(length(bytes)) FROM part WHERE large_id = ?", largeId)) {
      row.next();
      bytes -= row.getLong(1);
    }
    statements.run("DELETE FROM part WHERE large_id = ?", largeId);
    statements.run("DELETE FROM large WHERE large_id = ?", largeId);
    digests.forget(largeId);
  }

  private long largeId(Dot dot, EnvelopeHash hash) throws SQLException {
    try (ResultSet row = large(dot, hash)) {
      if (!row.next()) {
        throw new SQLException("no half of " + dot);
      }
      return row.getLong(1);
    }
  }

  private ResultSet large(Dot dot, EnvelopeHash hash) throws SQLException {
    return statements.query(
        "SELECT large_id, parts_held, length_bytes FROM large WHERE replica_id = ? AND sequence = ?"
            + " AND hash = ? AND complete = 0",
        replica(dot.replica()).id,
        dot.sequence(),
        hash.bytes());
  }

  @Override
  public long headSequence(ReplicaId replica) {
    return unchecked(() -> replica(replica).headSequence);
  }

  @Override
  public Optional<EnvelopeHash> hash(Dot dot) {
    return unchecked(
        () -> {
          Replica replica = replica(dot.replica());
          if (replica.headSequence == dot.sequence()) {
            return Optional.of(replica.headHash);
          }
          try (ResultSet row =
              statements.query(
                  "SELECT hash FROM envelope WHERE replica_id = ? AND sequence = ?",
                  replica.id,
                  dot.sequence())) {
            return row.next() ? Optional.of(EnvelopeHash.of(row.getBytes(1))) : Optional.empty();
          }
        });
  }

  @Override
  public Chain.Held held(Dot dot, EnvelopeHash hash) {
    return unchecked(
        () -> {
          try (ResultSet row = large(dot, hash)) {
            return row.next() ? new Chain.Held(row.getInt(2), row.getLong(3)) : null;
          }
        });
  }

  @Override
  public MessageDigest digestOfHeld(Dot dot, EnvelopeHash hash) {
    return unchecked(() -> digests.of(largeId(dot, hash), held(dot, hash).parts(), statements));
  }

  @Override
  public Refusal.Reason refuses(EnvelopeHeader header) {
    return unchecked(
        () -> {
          if (header.envelopeLengthBytes() > limits.bytesPerSpace() - bytes) {
            return Refusal.Reason.QUOTA;
          }
          boolean known = replica(header.replica()).id != Replica.NOT_STORED;
          return known || replicaCount() < limits.replicasPerSpace()
              ? null
              : Refusal.Reason.TOO_MANY_REPLICAS;
        });
  }

  private int replicaCount() throws SQLException {
    try (ResultSet row =
        statements.query("SELECT count(*) FROM replica WHERE space_id = ?", spaceId)) {
      row.next();
      return row.getInt(1);
    }
  }

  private Replica replica(ReplicaId id) throws SQLException {
    Replica replica = replicas.get(id);
    if (replica == null) {
      replica = new Replica();
      try (ResultSet row =
          statements.query(
              "SELECT replica_id, head_sequence, head_hash FROM replica"
                  + " WHERE space_id = ? AND replica = ?",
              spaceId,
              id.bytes())) {
        if (row.next()) {
          replica.id = row.getLong(1);
          replica.headSequence = row.getLong(2);
          replica.headHash = EnvelopeHash.of(row.getBytes(3));
        }
      }
      replicas.put(id, replica);
    }
    return replica;
  }

  private Replica stored(ReplicaId id) throws SQLException {
    Replica replica = replica(id);
    if (replica.id == Replica.NOT_STORED) {
      replica.id =
          statements.insert(
              "INSERT INTO replica (space_id, replica, head_sequence, head_hash)"
                  + " VALUES (?, ?, 0, ?)",
              spaceId,
              id.bytes(),
              EnvelopeHash.NONE.bytes());
    }
    return replica;
  }

  private static <T> T unchecked(SqlCall<T> call) {
    try {
      return call.get();
    } catch (SQLException failed) {
      throw new UncheckedSqlException(failed);
    }
  }

  private interface SqlCall<T> {
    T get() throws SQLException;
  }

  /** Carries an exception through {@link Chain}, which knows no SQL. */
  private static final class UncheckedSqlException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final SQLException failure;

    UncheckedSqlException(SQLException failure) {
      super(failure);
      this.failure = failure;
    }
  }

  private static final class Replica {
    private static final long NOT_STORED = -1;

    private long id = NOT_STORED;
    private long headSequence;
    private EnvelopeHash headHash = EnvelopeHash.NONE;
    private boolean changed;
  }
}
