package dev.godwit.sync.internal.seal;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.EnvelopeCutter;
import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.EnvelopeHeader;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.TransactionHeader;
import dev.godwit.sync.internal.log.EnvelopeTable;
import dev.godwit.sync.internal.log.Meta;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.wire.TransactionBodyWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * One transaction of this replica on its way into the log: takes row changes one by one, then makes
 * the envelope.
 *
 * <p>A transaction that turns out to have no changes leaves nothing behind and takes no sequence
 * number.
 */
public final class Sealing {
  /**
   * Every so many transactions the dependencies are written whole, so that a reader need not go
   * back further.
   */
  private static final int DEPENDENCIES_WHOLE_EVERY = 64;

  private final Session session;
  private final Meta meta;
  private final Replicas replicas;
  private final EnvelopeTable log;
  private final Replicas.Entry self;
  private final TransactionHeader header;
  private final BodyBuffer buffer;
  private OutputStream deflating;
  private TransactionBodyWriter writer;

  /**
   * Begins the next transaction.
   *
   * @param time the latest timestamp that its changes will have
   */
  public Sealing(
      Session session, Meta meta, Replicas replicas, EnvelopeTable log, HybridTimestamp time) {
    this(session, meta, replicas, log, replicas.vector(), meta.policyVersion(), time);
  }

  /**
   * Seals again what was made earlier: it depends on what had been applied then, and on no more.
   *
   * @param dependencies those that it had
   * @param policyVersion the policies under which it was made
   * @param time the latest timestamp of its changes
   */
  public Sealing(
      Session session,
      Meta meta,
      Replicas replicas,
      EnvelopeTable log,
      VersionVector dependencies,
      long policyVersion,
      HybridTimestamp time) {
    this.session = session;
    this.meta = meta;
    this.replicas = replicas;
    this.log = log;
    this.self = replicas.of(meta.replica());
    Dot dot = new Dot(self.id(), self.sequence() + 1);
    String name = meta.deviceName().equals(self.announcedName()) ? null : meta.deviceName();
    this.header =
        new TransactionHeader(dot, dependencies, hashes(dependencies), policyVersion, name, time);
    this.buffer = new BodyBuffer(session);
  }

  public Dot dot() {
    return header.dot();
  }

  /** What its changes depend on: everything applied. */
  public VersionVector dependencies() {
    return header.dependencies();
  }

  private Map<ReplicaId, byte[]> hashes(VersionVector dependencies) {
    Map<ReplicaId, byte[]> hashes = new HashMap<>();
    dependencies
        .entries()
        .forEach(
            (replica, sequence) -> {
              if (self.dependencies().sequence(replica) != sequence && !replica.equals(self.id())) {
                hashes.put(replica, Arrays.copyOf(hash(new Dot(replica, sequence)), 8));
              }
            });
    return hashes;
  }

  private byte[] hash(Dot dot) {
    Replicas.Entry entry = replicas.of(dot.replica());
    return entry.sequence() == dot.sequence() ? entry.head() : log.hash(dot).bytes();
  }

  /** Takes one change. */
  public void add(RowChange change) {
    try {
      if (writer == null) {
        boolean whole = (header.dot().sequence() - 1) % DEPENDENCIES_WHOLE_EVERY == 0;
        deflating = buffer.deflating();
        writer = new TransactionBodyWriter(deflating, header, whole ? null : self.dependencies());
      }
      writer.write(change);
    } catch (IOException e) {
      throw new UncheckedIOException("could not seal transaction " + header.dot(), e);
    }
  }

  /** Makes the envelope and moves the head on. Returns whether there was anything. */
  public boolean finish() {
    if (writer == null) {
      return false;
    }
    try {
      writer.close();
      deflating.close();
      EnvelopeHeader envelope =
          new EnvelopeHeader(
              meta.space(),
              self.id(),
              header.dot().sequence(),
              EnvelopeHash.of(self.head()),
              0,
              buffer.lengthBytes());
      int parts = envelope.partCount();
      EnvelopeCutter cutter =
          new EnvelopeCutter(
              envelope, (index, bytes) -> log.append(header.dot(), index, parts, null, bytes));
      buffer.writeTo(cutter);
      EnvelopeHash hash = cutter.finish();
      if (parts > 1) {
        log.hash(header.dot(), hash);
      }
      replicas.advance(
          new Replicas.Advance(
              header.dot(),
              hash.bytes(),
              header.dependencies(),
              header.time(),
              header.deviceName(),
              0));
      replicas.held(header.dot(), hash.bytes());
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("could not seal transaction " + header.dot(), e);
    }
  }
}
