package dev.godwit.sync.internal.policy;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.internal.merge.Version;
import java.util.List;
import java.util.function.Function;

/** The first by a declared order of devices, unknown ones last; among equals the last writer's. */
final class ReplicaPriority implements Picker {
  private final List<String> order;
  private final Function<ReplicaId, String> deviceNames;

  ReplicaPriority(List<String> order, Function<ReplicaId, String> deviceNames) {
    this.order = order;
    this.deviceNames = deviceNames;
  }

  @Override
  public Version pick(List<Version> siblings) {
    Version first = null;
    int firstRank = Integer.MAX_VALUE;
    for (Version version : siblings) {
      int rank = rank(version);
      if (rank <= firstRank) {
        first = version;
        firstRank = rank;
      }
    }
    return first;
  }

  private int rank(Version version) {
    int place = order.indexOf(deviceNames.apply(version.dot().replica()));
    return place < 0 ? order.size() : place;
  }
}
