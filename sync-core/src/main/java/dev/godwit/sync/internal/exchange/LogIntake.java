package dev.godwit.sync.internal.exchange;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.EnvelopeHeader;
import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.internal.engine.ReplicaFile;
import dev.godwit.sync.internal.engine.Workspace;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.protocol.Chain;
import dev.godwit.sync.protocol.Intake;
import dev.godwit.sync.protocol.Refusal;
import dev.godwit.sync.sqlite.SqliteRows;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes arriving parts into the log, a few MiB a transaction. */
final class LogIntake implements Intake {
  private static final long HELD_BYTES_MAX = 4 << 20;

  private final ReplicaFile file;
  private final SqliteExchangeStore.Arrivals arrivals;
  private final List<EnvelopePart> offered = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private long offeredBytes;
  private MessageDigest running;
  private EnvelopeHash runningHash;
  private int runningParts;

  LogIntake(ReplicaFile file, SqliteExchangeStore.Arrivals arrivals) {
    this.file = file;
    this.arrivals = arrivals;
  }

  @Override
  public void offer(EnvelopePart part) {
    offered.add(part);
    offeredBytes += part.bytes().length;
    if (offeredBytes >= HELD_BYTES_MAX) {
      write();
    }
  }

  @Override
  public List<Refusal> commit() {
    if (!offered.isEmpty()) {
      write();
    }
    List<Refusal> drained = new ArrayList<>(refusals);
    refusals.clear();
    return drained;
  }

  @Override
  public void close() {
    offered.clear();
    offeredBytes = 0;
  }

  private void write() {
    boolean completed =
        file.write(
            workspace -> {
              Judging judging = new Judging(workspace);
              offered.forEach(judging::take);
              refusals.addAll(judging.chain.refusals());
              return judging.completed;
            });
    offered.clear();
    offeredBytes = 0;
    if (completed) {
      arrivals.arrived();
    }
  }

  /** Carries out what the chain decides, inside one transaction. */
  private final class Judging implements Chain.State {
    private final Workspace workspace;
    private final Chain chain;
    private boolean completed;

    Judging(Workspace workspace) {
      this.workspace = workspace;
      this.chain =
          new Chain(workspace.meta().space(), SqliteExchangeStore.ENVELOPE_LENGTH_BYTES_MAX, this);
    }

    void take(EnvelopePart part) {
      boolean refused =
          refusals.stream().anyMatch(one -> one.dot().replica().equals(part.dot().replica()));
      if (refused) {
        return;
      }
      switch (chain.judge(part)) {
        case STAGE -> stage(part);
        case COMPLETE -> complete(part);
        case DISCARD -> discard(part);
        default -> {}
      }
    }

    private void stage(EnvelopePart part) {
      workspace
          .session()
          .statement(
              "INSERT OR REPLACE INTO godwit_incoming (replica, sequence, part, parts, hash, bytes)"
                  + " VALUES (?, ?, ?, ?, ?, ?)")
          .bind(1, part.dot().replica().bytes())
          .bind(2, part.dot().sequence())
          .bind(3, part.index())
          .bind(4, part.count())
          .bind(5, part.hash().bytes())
          .bind(6, part.bytes())
          .update();
      if (part.index() == 0) {
        running = EnvelopeHash.digest();
        runningHash = part.hash();
        runningParts = 0;
      }
      if (part.hash().equals(runningHash) && runningParts == part.index()) {
        running.update(part.bytes());
        runningParts++;
      }
    }

    private void complete(EnvelopePart part) {
      for (int i = 0; i < part.index(); i++) {
        workspace
            .log()
            .append(EnvelopePart.of(part.dot(), i, part.count(), part.hash(), staged(part, i)));
      }
      workspace.log().append(part);
      if (!part.isWhole()) {
        discard(part);
      }
      workspace.replicas().held(part.dot(), part.hash().bytes());
      completed = true;
    }

    private void discard(EnvelopePart part) {
      workspace
          .session()
          .statement("DELETE FROM godwit_incoming WHERE replica = ? AND sequence = ?")
          .bind(1, part.dot().replica().bytes())
          .bind(2, part.dot().sequence())
          .update();
    }

    private byte[] staged(EnvelopePart part, int index) {
      return staged(part.dot(), part.hash(), index);
    }

    private byte[] staged(Dot dot, EnvelopeHash hash, int index) {
      try (SqliteRows rows =
          workspace
              .session()
              .statement(
                  "SELECT bytes FROM godwit_incoming WHERE replica = ? AND sequence = ? AND part = ? AND hash = ?")
              .bind(1, dot.replica().bytes())
              .bind(2, dot.sequence())
              .bind(3, index)
              .bind(4, hash.bytes())
              .query()) {
        return rows.next() ? rows.bytes(0) : null;
      }
    }

    @Override
    public long headSequence(ReplicaId replica) {
      return workspace.replicas().isKnown(replica) ? workspace.replicas().of(replica).held() : 0;
    }

    @Override
    public Optional<EnvelopeHash> hash(Dot dot) {
      return SqliteExchangeStore.hash(workspace, dot);
    }

    @Override
    public Chain.Held held(Dot dot, EnvelopeHash hash) {
      byte[] first = staged(dot, hash, 0);
      if (first == null) {
        return null;
      }
      try (SqliteRows rows =
          workspace
              .session()
              .statement(
                  "SELECT count(*) FROM godwit_incoming WHERE replica = ? AND sequence = ? AND hash = ?")
              .bind(1, dot.replica().bytes())
              .bind(2, dot.sequence())
              .bind(3, hash.bytes())
              .query()) {
        rows.next();
        return new Chain.Held(
            (int) rows.integer(0), EnvelopeHeader.decode(first).envelopeLengthBytes());
      }
    }

    @Override
    public MessageDigest digestOfHeld(Dot dot, EnvelopeHash hash) {
      Chain.Held held = held(dot, hash);
      if (hash.equals(runningHash) && runningParts == held.parts()) {
        runningHash = null;
        return running;
      }
      MessageDigest digest = EnvelopeHash.digest();
      for (int i = 0; i < held.parts(); i++) {
        digest.update(staged(dot, hash, i));
      }
      return digest;
    }

    @Override
    public Refusal.Reason refuses(EnvelopeHeader header) {
      boolean known = workspace.replicas().isKnown(header.replica());
      return known || workspace.replicas().count() < Replicas.REPLICAS_MAX
          ? null
          : Refusal.Reason.TOO_MANY_REPLICAS;
    }
  }
}
