package dev.godwit.sync.change;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import java.util.Map;

/**
 * What a sealed transaction says once, before its row changes.
 *
 * @param dot which transaction
 * @param dependencies everything its author had applied when it was made, its own predecessor
 *     included
 * @param dependencyHashes for replicas whose entry is new since the predecessor: the first 8 bytes
 *     of the hash of the envelope meant, so that a fork cannot pass for the other branch
 * @param policyVersion names the policies of the space under which it was made: equal for equal
 *     ones, 0 for none
 * @param deviceName the author's name for people, when it is new since the predecessor, else null
 * @param time the latest timestamp among its row changes
 */
public record TransactionHeader(
    Dot dot,
    VersionVector dependencies,
    Map<ReplicaId, byte[]> dependencyHashes,
    long policyVersion,
    String deviceName,
    HybridTimestamp time) {}
