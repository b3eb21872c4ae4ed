package dev.godwit.crdt.text;

import dev.godwit.crdt.causality.ReplicaId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Transactions put in an order that respects causality and keeps those of one author together.
 *
 * <p>A replay goes from the version one author saw to that of the next; an order that alternates
 * between long concurrent branches would undo and redo them again and again.
 */
final class TransactionBatch {
  private final TreeMap<ReplicaId, ArrayDeque<TextTransaction>> waiting = new TreeMap<>();
  private final List<TextTransaction> ordered = new ArrayList<>();

  private TransactionBatch(List<TextTransaction> transactions) {
    List<TextTransaction> ascending = new ArrayList<>(transactions);
    ascending.sort(Comparator.comparing(TextTransaction::dot));
    for (TextTransaction transaction : ascending) {
      waiting
          .computeIfAbsent(transaction.dot().replica(), absent -> new ArrayDeque<>())
          .add(transaction);
    }
  }

  /**
   * The same transactions, each after those of the batch it depends on.
   *
   * @throws IllegalArgumentException when they depend on one another in a circle
   */
  static List<TextTransaction> ordered(List<TextTransaction> transactions) {
    TransactionBatch batch = new TransactionBatch(transactions);
    while (!batch.waiting.isEmpty()) {
      batch.takeFromOneAuthor();
    }
    return batch.ordered;
  }

  private void takeFromOneAuthor() {
    for (ArrayDeque<TextTransaction> queue : waiting.values()) {
      ReplicaId author = queue.peek().dot().replica();
      int before = ordered.size();
      while (!queue.isEmpty() && isReady(queue.peek())) {
        ordered.add(queue.poll());
      }
      if (queue.isEmpty()) {
        waiting.remove(author);
      }
      if (ordered.size() > before) {
        return;
      }
    }
    throw new IllegalArgumentException(
        "expected transactions that can be put in an order but "
            + waiting.firstEntry().getValue().peek().dot()
            + " and others depend on one another");
  }

  private boolean isReady(TextTransaction transaction) {
    for (Map.Entry<ReplicaId, ArrayDeque<TextTransaction>> entry : waiting.entrySet()) {
      boolean other = !entry.getKey().equals(transaction.dot().replica());
      TextTransaction next = entry.getValue().peek();
      if (other && next != null && transaction.dependencies().covers(next.dot())) {
        return false;
      }
    }
    return true;
  }
}
