package dev.godwit.sync.report;

import dev.godwit.crdt.causality.VersionVector;

/**
 * What a remote is known to hold durably.
 *
 * @param name of the remote, without any secret
 * @param acknowledged what it said it holds when it was last met
 * @param ownUnacknowledged transactions of this replica behind that
 * @param unacknowledged transactions of all replicas behind that, held here
 */
public record RemoteStatus(
    String name, VersionVector acknowledged, long ownUnacknowledged, long unacknowledged) {}
