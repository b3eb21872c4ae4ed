package dev.godwit.crdt.law;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The naive twin of every type: all changes ever made, each with those its author had seen; merging
 * is union.
 *
 * <p>What a type shows is then a sentence about that history, such as "the writes that no other
 * write has seen".
 */
final class HistoryTwin {
  /** One change; kinds and paths are the subject's own. */
  static final class Change {
    final String kind;
    final String path;
    final long amount;
    final HybridTimestamp time;
    final Dot dot;
    final Set<Change> seen;

    Change(String kind, String path, long amount, HybridTimestamp time, Dot dot, Set<Change> seen) {
      this.kind = kind;
      this.path = path;
      this.amount = amount;
      this.time = time;
      this.dot = dot;
      this.seen = new HashSet<>(seen);
    }
  }

  private final Set<Change> changes = new HashSet<>();

  void add(String kind, String path, long amount, HybridTimestamp time, Dot dot) {
    changes.add(new Change(kind, path, amount, time, dot, changes));
  }

  void add(String kind, String path, long amount) {
    add(kind, path, amount, null, null);
  }

  void merge(HistoryTwin other) {
    changes.addAll(other.changes);
  }

  HistoryTwin copy() {
    HistoryTwin copy = new HistoryTwin();
    copy.changes.addAll(changes);
    return copy;
  }

  Set<Change> changes() {
    return changes;
  }

  /** The changes of a kind that no change seeing them undoes. */
  List<Change> standing(String kind, java.util.function.BiPredicate<Change, Change> undoes) {
    List<Change> standing = new ArrayList<>();
    for (Change change : changes) {
      Predicate<Change> undone = later -> later.seen.contains(change) && undoes.test(later, change);
      if (change.kind.equals(kind) && changes.stream().noneMatch(undone)) {
        standing.add(change);
      }
    }
    return standing;
  }
}
