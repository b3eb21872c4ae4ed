package dev.godwit.tests.oracle;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.policy.ColumnPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Pass 1 of one column of one row: which of its writes stand, and what the policy shows. */
final class Unit {
  private final Life life;
  private final String column;
  private final Map<ReplicaId, String> deviceNames;
  private final ColumnPolicy policy;
  private boolean isMerged;
  private Shown merged;

  Unit(Life life, String column, Map<ReplicaId, String> deviceNames) {
    this.life = life;
    this.column = column;
    this.deviceNames = deviceNames;
    this.policy = life.table().policy(column);
  }

  /** What the policy makes of it, null when it was never written. */
  Shown merged() {
    if (!isMerged) {
      merged = merge();
      isMerged = true;
    }
    return merged;
  }

  private Shown merge() {
    List<Write> siblings = life.siblings(column);
    if (siblings.isEmpty()) {
      return null;
    }
    return switch (policy.kind()) {
      case COUNTER -> new Counter(life, column).shown(last(siblings));
      case SET, MAP -> new Entries(life, column, policy.kind()).shown(siblings);
      case TEXT -> new Texts(life, column).shown(last(siblings));
      default -> Shown.of(pick(candidates()), column);
    };
  }

  /** What the table of its last writer showed. */
  Shown ofLastWriter() {
    List<Write> siblings = life.siblings(column);
    return siblings.isEmpty() ? null : Shown.of(last(candidates()), column);
  }

  /** Of a group only what stands in all of its columns, where anything does. */
  private List<Write> candidates() {
    List<Write> whole = new ArrayList<>(life.siblings(column));
    for (String other : life.table().group(column)) {
      whole.removeIf(
          write -> life.siblings(other).stream().noneMatch(one -> one.dot().equals(write.dot())));
    }
    return whole.isEmpty() ? List.of(last(life.siblings(column))) : whole;
  }

  private Write pick(List<Write> candidates) {
    List<Write> ordinary = candidates.stream().filter(write -> !write.isDerived()).toList();
    Write picked = null;
    for (Write write : ordinary.isEmpty() ? candidates : ordinary) {
      // Of equals the last writer's.
      picked = picked == null || !isBetter(picked, write) ? write : picked;
    }
    return picked;
  }

  /** Whether the policy prefers the one to the other. */
  private boolean isBetter(Write one, Write other) {
    int order = Equality.compare(one.value(column), other.value(column));
    return switch (policy.kind()) {
      case MAX -> order > 0;
      case MIN -> order < 0;
      case REPLICA_PRIORITY -> rank(one) < rank(other);
      default -> false;
    };
  }

  private int rank(Write write) {
    List<String> order = policy.arguments();
    int place = order.indexOf(deviceNames.get(write.dot().replica()));
    return place < 0 ? order.size() : place;
  }

  /** Whether somebody must decide: several stand that are no decision, and they differ. */
  boolean isOpen() {
    List<Write> undecided = new ArrayList<>(life.siblings(column));
    undecided.removeIf(Write::isResolution);
    boolean waits =
        policy.kind() == ColumnPolicy.Kind.MANUAL || policy.kind() == ColumnPolicy.Kind.CUSTOM;
    return waits && undecided.stream().anyMatch(write -> !write.agrees(undecided.get(0), column));
  }

  private static Write last(List<Write> writes) {
    return writes.get(writes.size() - 1);
  }
}
