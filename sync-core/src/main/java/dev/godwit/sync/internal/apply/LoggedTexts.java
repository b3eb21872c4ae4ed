package dev.godwit.sync.internal.apply;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.text.TextTransaction;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.MergeOperation;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.log.EnvelopeTable;
import dev.godwit.sync.internal.merge.TextCompaction;
import dev.godwit.sync.wire.TransactionBodyReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads edits of texts from the log: each transaction by its dot, so that the cost is that of the
 * transactions asked for, and of a few before each for what they depend on.
 */
public final class LoggedTexts {
  private final EnvelopeTable log;
  private final Map<ReplicaId, Read> latest = new HashMap<>();

  /** The transaction of a replica that was read last: the next one may tell only what differs. */
  private record Read(long sequence, VersionVector dependencies) {}

  /** What is done with the changes of a transaction. */
  private interface Changes {
    void each(RowChange change, VersionVector dependencies);
  }

  public LoggedTexts(EnvelopeTable log) {
    this.log = log;
  }

  /**
   * What the log has of these edits of a life; edits that their transactions do not have are left
   * out.
   *
   * @throws UncheckedIOException when one of the transactions is not in the log, or not readable
   */
  public TextCompaction.Logged read(LifeId life, TextCompaction.Edits wanted) {
    Value[] written = new Value[1];
    read(
        wanted.base(),
        (change, dependencies) -> {
          int column = column(change, life, wanted.unit());
          written[0] = column < 0 ? written[0] : change.values().get(column);
        });
    List<TextTransaction> edits = new ArrayList<>(wanted.edits().size());
    for (Dot dot : wanted.edits()) {
      int before = edits.size();
      read(
          dot,
          (change, dependencies) -> {
            MergeOperation.Edits found = edits(change, life, wanted);
            if (found != null && edits.size() == before) {
              edits.add(new TextTransaction(dot, dependencies, found.operations()));
            }
          });
    }
    return new TextCompaction.Logged(written[0], edits);
  }

  private static int column(RowChange change, LifeId life, String unit) {
    return change.life().equals(life) ? change.shape().columns().indexOf(unit) : -1;
  }

  private static MergeOperation.Edits edits(
      RowChange change, LifeId life, TextCompaction.Edits wanted) {
    int column = column(change, life, wanted.unit());
    int position = change.shape().keyColumns().size() + column;
    byte[] bytes = column < 0 ? null : change.extras().merge().get(position);
    MergeOperation operation = bytes == null ? null : MergeOperation.decode(bytes);
    return operation instanceof MergeOperation.Edits edits && edits.base().equals(wanted.base())
        ? edits
        : null;
  }

  private void read(Dot dot, Changes changes) {
    if (!readIfKnown(dot, changes)) {
      readDependencies(new Dot(dot.replica(), dot.sequence() - 1));
      readIfKnown(dot, changes);
    }
  }

  private VersionVector knownBefore(Dot dot) {
    Read read = latest.get(dot.replica());
    if (dot.sequence() == 1) {
      return VersionVector.empty();
    }
    return read != null && read.sequence() == dot.sequence() - 1 ? read.dependencies() : null;
  }

  /** Goes back to a transaction that tells its dependencies whole, and forth again to this one. */
  private void readDependencies(Dot last) {
    long sequence = last.sequence();
    while (!readIfKnown(new Dot(last.replica(), sequence), null)) {
      sequence--;
    }
    while (sequence < last.sequence()) {
      sequence++;
      readIfKnown(new Dot(last.replica(), sequence), null);
    }
  }

  /**
   * Reads a transaction if it tells its dependencies whole, or those of the one before are known.
   *
   * @param changes what is done with its changes, null to read its dependencies only
   * @return whether it was read
   */
  private boolean readIfKnown(Dot dot, Changes changes) {
    VersionVector before = knownBefore(dot);
    try (InputStream body = log.body(dot);
        TransactionBodyReader reader =
            new TransactionBodyReader(body, dot, before == null ? VersionVector.empty() : before)) {
      if (before == null && !reader.dependenciesAreWhole()) {
        return false;
      }
      VersionVector dependencies = reader.header().dependencies();
      latest.put(dot.replica(), new Read(dot.sequence(), dependencies));
      for (RowChange change = changes == null ? null : reader.next();
          change != null;
          change = reader.next()) {
        changes.each(change, dependencies);
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("could not read transaction " + dot + " from the log", e);
    }
  }
}
