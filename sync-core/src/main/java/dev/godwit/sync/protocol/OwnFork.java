package dev.godwit.sync.protocol;

import dev.godwit.crdt.causality.ReplicaId;
import java.util.Objects;

/**
 * A remote holds, under this replica's own id, envelopes that this replica does not have: the file
 * was copied or restored from an older state, and two files have been writing under one id.
 *
 * @param replica the id that both use
 * @param lastCommonSequence up to here both histories are the same, 0 when they share nothing
 * @param ownSequence the last sequence here; those after {@code lastCommonSequence} are this file's
 *     alone. Equal to {@code lastCommonSequence} when the file is only older
 * @param remoteSequence the last sequence there
 */
public record OwnFork(
    ReplicaId replica, long lastCommonSequence, long ownSequence, long remoteSequence) {
  public OwnFork {
    Objects.requireNonNull(replica, "replica");
  }
}
