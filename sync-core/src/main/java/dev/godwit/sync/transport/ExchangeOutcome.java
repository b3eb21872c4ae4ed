package dev.godwit.sync.transport;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.protocol.OwnFork;
import java.util.List;

/**
 * What one exchange did. It was complete: all that this replica held when it began is acknowledged
 * by the remote, and all that the remote held is held here, except for the replicas in {@link
 * #forked}.
 *
 * @param requests requests that were answered
 * @param envelopesSent envelopes sent, repeats included
 * @param bytesSent their bytes
 * @param envelopesReceived envelopes received, repeats included
 * @param bytesReceived their bytes
 * @param acknowledged what the remote holds durably: the receipt
 * @param ownForks what was found out about this file being a copy or restored, in order; the store
 *     gave it a new id
 * @param forked other replicas of which this replica and the remote hold different histories:
 *     nothing of them was exchanged
 */
public record ExchangeOutcome(
    int requests,
    long envelopesSent,
    long bytesSent,
    long envelopesReceived,
    long bytesReceived,
    VersionVector acknowledged,
    List<OwnFork> ownForks,
    List<ReplicaId> forked) {
  public ExchangeOutcome {
    ownForks = List.copyOf(ownForks);
    forked = List.copyOf(forked);
  }
}
