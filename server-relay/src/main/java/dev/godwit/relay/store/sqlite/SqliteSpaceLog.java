package dev.godwit.relay.store.sqlite;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.relay.limit.RelayLimits;
import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.protocol.EnvelopeLog;
import dev.godwit.sync.protocol.Head;
import dev.godwit.sync.protocol.Heads;
import dev.godwit.sync.protocol.Intake;
import dev.godwit.sync.protocol.PartCursor;
import dev.godwit.sync.protocol.PartialEnvelope;
import dev.godwit.sync.protocol.ProtocolLimits;
import dev.godwit.sync.protocol.Refusal;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * One space's envelopes in the relay's file. Thread safe; intakes and cursors are used by one
 * thread each.
 */
final class SqliteSpaceLog implements EnvelopeLog {
  private final SpaceId space;
  private final ReaderPool readers;
  private final GroupCommitWriter writer;
  private final RunningDigests digests;
  private final RelayLimits limits;

  SqliteSpaceLog(
      SpaceId space,
      ReaderPool readers,
      GroupCommitWriter writer,
      RunningDigests digests,
      RelayLimits limits) {
    this.space = space;
    this.readers = readers;
    this.writer = writer;
    this.digests = digests;
    this.limits = limits;
  }

  @Override
  public Heads heads() {
    return readers.read(
        statements -> {
          Map<ReplicaId, Head> heads = new TreeMap<>();
          try (ResultSet row =
              statements.query(
                  "SELECT replica, head_sequence, head_hash FROM replica JOIN space"
                      + " USING (space_id) WHERE space = ? AND head_sequence > 0",
                  (Object) space.bytes())) {
            while (row.next()) {
              heads.put(
                  ReplicaId.of(row.getBytes(1)),
                  Head.of(row.getLong(2), EnvelopeHash.of(row.getBytes(3))));
            }
          }
          return Heads.of(heads);
        });
  }

  @Override
  public Optional<EnvelopeHash> hash(Dot dot) {
    return readers.read(
        statements -> {
          try (ResultSet row =
              statements.query(
                  "SELECT hash FROM space JOIN replica USING (space_id) JOIN envelope"
                      + " USING (replica_id) WHERE space = ? AND replica = ? AND sequence = ?",
                  space.bytes(),
                  dot.replica().bytes(),
                  dot.sequence())) {
            return row.next() ? Optional.of(EnvelopeHash.of(row.getBytes(1))) : Optional.empty();
          }
        });
  }

  @Override
  public List<PartialEnvelope> partials() {
    return readers.read(
        statements -> {
          List<PartialEnvelope> partials = new ArrayList<>();
          try (ResultSet row =
              statements.query(
                  "SELECT replica, sequence, hash, parts_held FROM large"
                      + " JOIN replica USING (replica_id) JOIN space ON space.space_id = large.space_id"
                      + " WHERE space = ? AND complete = 0 ORDER BY large_id DESC LIMIT "
                      + ProtocolLimits.MAX_PARTIALS,
                  (Object) space.bytes())) {
            while (row.next()) {
              Dot dot = new Dot(ReplicaId.of(row.getBytes(1)), row.getLong(2));
              partials.add(
                  new PartialEnvelope(dot, EnvelopeHash.of(row.getBytes(3)), row.getInt(4)));
            }
          }
          return partials;
        });
  }

  @Override
  public PartCursor lacking(Lacking lacking) {
    return new SqlitePartCursor(space, lacking, readers);
  }

  @Override
  public Intake intake() {
    return new QueueingIntake();
  }

  /** Gathers parts into works of about one part's size and hands them to the writer. */
  private final class QueueingIntake implements Intake {
    private static final int MAX_PARTS = 1_024;

    private final List<CompletableFuture<List<Refusal>>> submitted = new ArrayList<>();
    private List<EnvelopePart> gathered = new ArrayList<>();
    private int gatheredBytes;

    @Override
    public void offer(EnvelopePart part) {
      if (gatheredBytes + part.bytes().length > EnvelopePart.MAX_LENGTH_BYTES
          || gathered.size() >= MAX_PARTS) {
        submit();
      }
      gathered.add(part);
      gatheredBytes += part.bytes().length;
    }

    @Override
    public List<Refusal> commit() {
      submit();
      Map<ReplicaId, Refusal> refusals = new LinkedHashMap<>();
      List<CompletableFuture<List<Refusal>>> waiting = new ArrayList<>(submitted);
      submitted.clear();
      for (CompletableFuture<List<Refusal>> future : waiting) {
        for (Refusal refusal : GroupCommitWriter.await(future)) {
          refusals.putIfAbsent(refusal.dot().replica(), refusal);
        }
      }
      return new ArrayList<>(refusals.values());
    }

    @Override
    public void close() {
      gathered.clear();
    }

    private void submit() {
      if (gathered.isEmpty()) {
        return;
      }
      List<EnvelopePart> parts = gathered;
      submitted.add(
          writer.submit(
              gatheredBytes,
              statements ->
                  new SpaceAppend(statements, digests, limits, space).take(space, parts)));
      gathered = new ArrayList<>();
      gatheredBytes = 0;
    }
  }
}
