package dev.godwit.sync.report;

import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.ReplicaId;

/**
 * One replica of the space, as far as it is known here.
 *
 * @param replica its id
 * @param deviceName its device's name, the short id while none is known
 * @param self whether it is this file's own
 * @param sequence its last transaction applied here
 * @param held its last transaction held in the log here; those behind {@code sequence} wait
 * @param latest the latest time among its changes
 * @param clockAheadMillis by how much the clock of its last transaction was implausibly ahead of
 *     ours, 0 when it was not
 */
public record PeerStatus(
    ReplicaId replica,
    String deviceName,
    boolean self,
    long sequence,
    long held,
    HybridTimestamp latest,
    long clockAheadMillis) {}
