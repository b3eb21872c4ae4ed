package dev.godwit.sync.internal.inspect;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.internal.engine.Workspace;
import dev.godwit.sync.internal.log.Replicas;

/** How people call the device of a replica. */
final class DeviceNames {
  private final ReplicaId self;
  private final String ownName;
  private final Replicas replicas;

  DeviceNames(Workspace workspace) {
    this.self = workspace.meta().replica();
    this.ownName = workspace.meta().deviceName();
    this.replicas = workspace.replicas();
  }

  boolean isSelf(ReplicaId replica) {
    return replica.equals(self);
  }

  String of(ReplicaId replica) {
    if (isSelf(replica)) {
      return ownName;
    }
    return replicas.isKnown(replica) ? replicas.of(replica).name() : replica.shortText();
  }
}
