package dev.godwit.sync.protocol;

import dev.godwit.crdt.causality.VersionVector;
import java.util.Objects;

/**
 * What a replica remembers of one remote between exchanges: hints that save requests, and the
 * receipt.
 *
 * <p>Losing it costs time, never data: everything is asked again.
 *
 * @param history the remote's history when it was last met
 * @param position up to where its envelopes have been pulled, in that history's count
 * @param acknowledged what it said it holds durably, when it was last met: the receipt of what this
 *     replica pushed
 */
public record RemoteMemory(HistoryId history, long position, VersionVector acknowledged) {
  public RemoteMemory {
    Objects.requireNonNull(history, "history");
    Objects.requireNonNull(acknowledged, "acknowledged");
  }
}
