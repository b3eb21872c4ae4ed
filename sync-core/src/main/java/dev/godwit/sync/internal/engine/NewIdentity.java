package dev.godwit.sync.internal.engine;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.MergeOperation;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.RowExtras;
import dev.godwit.sync.change.TransactionHeader;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.internal.seal.Sealing;
import dev.godwit.sync.internal.state.Relabeling;
import dev.godwit.sync.wire.TransactionBodyReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives a file that was copied or restored a new replica id.
 *
 * <p>The old id keeps what everyone knows of it, up to the last common sequence. What this file
 * alone has done after that is sealed again under the new id, transaction by transaction, with the
 * same dependencies, times and lives; the state is relabelled accordingly. The tables do not
 * change, unless some write was made at the very time of another one: then the dots decide, and
 * those are others now.
 */
public final class NewIdentity {
  private final ReplicaFile file;

  public NewIdentity(ReplicaFile file) {
    this.file = file;
  }

  /** Takes the id; everything in one transaction. */
  public void take(ReplicaId id, long lastCommonSequence) {
    file.write(
        workspace -> {
          workspace.pack();
          take(workspace, id, lastCommonSequence);
          return null;
        });
    file.forget();
  }

  private void take(Workspace workspace, ReplicaId id, long lastCommon) {
    Replicas.Entry old = workspace.replicas().of(workspace.meta().replica());
    List<Read> own = read(workspace, old, lastCommon);
    byte[] head =
        lastCommon == 0
            ? new byte[32]
            : workspace.log().hash(new Dot(old.id(), lastCommon)).bytes();
    VersionVector dependencies = dependenciesAt(workspace, old.id(), lastCommon);
    workspace.log().removeAfter(old.id(), lastCommon);
    workspace.replicas().rewind(old.id(), lastCommon, head, dependencies);
    workspace.meta().replica(id);
    workspace.meta().offered(0);
    Replicas.Entry fresh = workspace.replicas().of(id);
    for (Read transaction : own) {
      Sealing sealing =
          new Sealing(
              workspace.session(),
              workspace.meta(),
              workspace.replicas(),
              workspace.log(),
              relabelled(transaction.header.dependencies(), old.id(), id, lastCommon),
              transaction.header.policyVersion(),
              transaction.header.time());
      transaction.changes.forEach(
          change -> sealing.add(relabelled(change, old.id(), id, lastCommon)));
      sealing.finish();
    }
    new Relabeling(workspace.session(), workspace.catalog(), workspace.replicas())
        .run(old.number(), fresh.number(), lastCommon);
    new Reshowing(workspace).runAnew();
    new Relisting(workspace).run();
  }

  private static final class Read {
    private final TransactionHeader header;
    private final List<RowChange> changes = new ArrayList<>();

    private Read(TransactionHeader header) {
      this.header = header;
    }
  }

  private static List<Read> read(Workspace workspace, Replicas.Entry old, long lastCommon) {
    List<Read> own = new ArrayList<>();
    VersionVector dependencies = dependenciesAt(workspace, old.id(), lastCommon);
    for (long sequence = lastCommon + 1; sequence <= old.sequence(); sequence++) {
      Dot dot = new Dot(old.id(), sequence);
      try (InputStream body = workspace.log().body(dot);
          TransactionBodyReader reader = new TransactionBodyReader(body, dot, dependencies)) {
        dependencies = reader.header().dependencies();
        Read read = new Read(reader.header());
        for (RowChange change = reader.next(); change != null; change = reader.next()) {
          read.changes.add(change);
        }
        own.add(read);
      } catch (IOException e) {
        throw new UncheckedIOException("could not read transaction " + dot + " from the log", e);
      }
    }
    return own;
  }

  /** The dependencies of a transaction, worked out from the first one of its replica. */
  private static VersionVector dependenciesAt(
      Workspace workspace, ReplicaId replica, long through) {
    VersionVector dependencies = VersionVector.empty();
    for (long sequence = 1; sequence <= through; sequence++) {
      Dot dot = new Dot(replica, sequence);
      try (InputStream body = workspace.log().body(dot);
          TransactionBodyReader reader = new TransactionBodyReader(body, dot, dependencies)) {
        dependencies = reader.header().dependencies();
      } catch (IOException e) {
        throw new UncheckedIOException("could not read transaction " + dot + " from the log", e);
      }
    }
    return dependencies;
  }

  /**
   * What a transaction depended on: of the old id no more than what is common, of the new one those
   * before it.
   */
  private static VersionVector relabelled(
      VersionVector dependencies, ReplicaId old, ReplicaId id, long lastCommon) {
    Map<ReplicaId, Long> entries = new HashMap<>(dependencies.entries());
    long own = dependencies.sequence(old);
    entries.remove(old);
    if (Math.min(own, lastCommon) > 0) {
      entries.put(old, Math.min(own, lastCommon));
    }
    if (own > lastCommon) {
      entries.put(id, own - lastCommon);
    }
    return VersionVector.of(entries);
  }

  /**
   * The same change, its surrogate life named outright and dots of the moved part of the history
   * renamed.
   */
  private static RowChange relabelled(
      RowChange change, ReplicaId old, ReplicaId id, long lastCommon) {
    RowExtras extras = change.extras();
    Map<String, List<Dot>> settled = new HashMap<>(extras.settled());
    settled.replaceAll((unit, dots) -> renamed(dots, old, id, lastCommon));
    Map<Integer, byte[]> merge = new HashMap<>(extras.merge());
    merge.replaceAll(
        (position, bytes) -> {
          MergeOperation operation = MergeOperation.decode(bytes);
          return operation == null
              ? bytes
              : operation.renamed(dot -> renamed(dot, old, id, lastCommon)).encode();
        });
    RowExtras renamed =
        extras
            .withBirthNumber(RowExtras.NOT_NUMBERED)
            .withUnseen(renamed(extras.unseen(), old, id, lastCommon))
            .withClaims(renamed(extras.claims(), old, id, lastCommon))
            .withSettled(settled)
            .withMerge(merge);
    return change.withExtras(renamed);
  }

  private static List<Dot> renamed(List<Dot> dots, ReplicaId old, ReplicaId id, long lastCommon) {
    List<Dot> renamed = new ArrayList<>(dots);
    renamed.replaceAll(dot -> renamed(dot, old, id, lastCommon));
    return renamed;
  }

  private static Dot renamed(Dot dot, ReplicaId old, ReplicaId id, long lastCommon) {
    boolean moved = dot.replica().equals(old) && dot.sequence() > lastCommon;
    return moved ? new Dot(id, dot.sequence() - lastCommon) : dot;
  }
}
