package dev.godwit.crdt.text;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The transactions of one text in the order of their arrival, and what each author had seen.
 *
 * <p>Transactions are numbered from 0, which is a topological order of causality. A version is an
 * array with, for each replica, how many of its transactions are in it; missing entries are 0.
 * Whether one transaction is in the past of another is then one comparison, and the difference of
 * two versions is a range a replica. Consecutive transactions of one replica share the array while
 * nothing new was seen.
 *
 * <p>A version is <em>critical</em> (Eg-walker, section 3.5) when every later transaction has seen
 * all of it: replay can begin there. Critical versions are prefixes of the arrival order, kept as
 * ranges of their lengths.
 */
final class TransactionGraph {
  /**
   * Replicas of one text: as many as a large team has devices; a version takes four bytes for each.
   */
  static final int MAX_REPLICAS = 4096;

  private final List<ReplicaId> replicas = new ArrayList<>();
  private final Map<ReplicaId, Integer> replicaIndexes = new HashMap<>();
  private final List<IntSequence> byReplica = new ArrayList<>();
  private final IntSequence authors = new IntSequence();
  private final IntSequence ordinals = new IntSequence();
  private final IntSequence firstEvents = new IntSequence();
  private final IntSequence lengthsBefore = new IntSequence();
  private final IntSequence criticalFrom = new IntSequence();
  private final IntSequence criticalTo = new IntSequence();
  private long[] sequences = new long[8];
  private int[][] seen = new int[8][];
  private int count;

  TransactionGraph() {
    criticalFrom.add(0);
    criticalTo.add(0);
  }

  /** The number of transactions. */
  int count() {
    return count;
  }

  int replicaCount() {
    return replicas.size();
  }

  ReplicaId replica(int index) {
    return replicas.get(index);
  }

  /** The index of the author of a transaction. */
  int author(int transaction) {
    return authors.get(transaction);
  }

  /** Which transaction of its author it is, from 1. */
  int ordinal(int transaction) {
    return ordinals.get(transaction);
  }

  /** The transaction of a replica with this ordinal. */
  int transaction(int replica, int ordinal) {
    return byReplica.get(replica).get(ordinal - 1);
  }

  int transactionCount(int replica) {
    return byReplica.get(replica).size();
  }

  Dot dot(int transaction) {
    return new Dot(replicas.get(author(transaction)), sequences[transaction]);
  }

  long sequence(int transaction) {
    return sequences[transaction];
  }

  int firstEvent(int transaction) {
    return firstEvents.get(transaction);
  }

  /** The length of the merged text of the transactions before this one. */
  int lengthBefore(int transaction) {
    return lengthsBefore.get(transaction);
  }

  /** The transaction that the event belongs to. */
  int transactionOf(int event) {
    return firstEvents.floorIndex(event);
  }

  /**
   * The version that the author of the transaction saw, not to be changed; the author's own entry
   * may be too low, as its earlier transactions are implied.
   */
  int[] seen(int transaction) {
    return seen[transaction];
  }

  /** A new array of the version that the author saw, its own earlier transactions included. */
  int[] seenFully(int transaction) {
    int author = author(transaction);
    return withEntry(seen[transaction], author, ordinal(transaction) - 1);
  }

  /** One entry of a version. */
  static int entry(int[] version, int replica) {
    return replica < version.length ? version[replica] : 0;
  }

  /** The index of a replica, added when it is new. */
  int indexOf(ReplicaId replica) {
    Integer known = replicaIndexes.get(replica);
    if (known != null) {
      return known;
    }
    if (replicas.size() == MAX_REPLICAS) {
      throw new IllegalStateException(
          "expected at most "
              + MAX_REPLICAS
              + " replicas in one text history but got one more: "
              + replica);
    }
    replicas.add(replica);
    byReplica.add(new IntSequence());
    replicaIndexes.put(replica, replicas.size() - 1);
    return replicas.size() - 1;
  }

  /** The sequence of the replica's last transaction here, 0 when there is none. */
  long lastSequence(ReplicaId replica) {
    Integer index = replicaIndexes.get(replica);
    return index == null || transactionCount(index) == 0
        ? 0
        : sequences[byReplica.get(index).last()];
  }

  /** The sequence of the last transaction of the replica with this index, 0 when there is none. */
  long lastSequence(int replica) {
    return transactionCount(replica) == 0 ? 0 : sequences[byReplica.get(replica).last()];
  }

  /** The version of all transactions here that the vector covers, closed under causality. */
  int[] versionOf(VersionVector vector) {
    return closed(new int[0], vector);
  }

  /**
   * The version that an author with these dependencies saw: closed, its own earlier transactions
   * included.
   */
  int[] versionSeenBy(ReplicaId author, VersionVector dependencies) {
    return closed(versionAfterOwn(indexOf(author)), dependencies);
  }

  /** A new array of the version of an author's own transactions and what those had seen. */
  int[] versionAfterOwn(int author) {
    int own = transactionCount(author);
    return own == 0 ? new int[0] : withEntry(seen[transaction(author, own)], author, own);
  }

  /**
   * A version with the transactions of a replica through this sequence, and what those had seen.
   */
  int[] closed(int[] version, int replica, long sequence) {
    int ordinal = ordinalAtMost(replica, sequence);
    return ordinal == 0 || ordinal <= entry(version, replica)
        ? version
        : withEntry(joined(version, seen[transaction(replica, ordinal)]), replica, ordinal);
  }

  /** Every transaction here as a version. */
  int[] all() {
    int[] version = new int[replicas.size()];
    for (int replica = 0; replica < version.length; replica++) {
      version[replica] = transactionCount(replica);
    }
    return version;
  }

  /** The version of the transactions before this one in the order of arrival. */
  int[] prefix(int transaction) {
    int[] version = new int[replicas.size()];
    for (int replica = 0; replica < version.length; replica++) {
      version[replica] = byReplica.get(replica).floorIndex(transaction - 1) + 1;
    }
    return version;
  }

  /** Whether the version holds every transaction here. */
  boolean isAll(int[] version) {
    for (int replica = 0; replica < replicas.size(); replica++) {
      if (entry(version, replica) < transactionCount(replica)) {
        return false;
      }
    }
    return true;
  }

  boolean contains(int[] version, int transaction) {
    return ordinal(transaction) <= entry(version, author(transaction));
  }

  /** The vector of the dots of a version. */
  VersionVector vectorOf(int[] version) {
    Map<ReplicaId, Long> entries = new HashMap<>();
    for (int replica = 0; replica < version.length; replica++) {
      if (version[replica] > 0) {
        entries.put(replicas.get(replica), sequences[transaction(replica, version[replica])]);
      }
    }
    return VersionVector.of(entries);
  }

  /**
   * The first transaction in the order of arrival that the version lacks; the count when it lacks
   * none.
   */
  int firstMissing(int[] version) {
    int first = count;
    for (int replica = 0; replica < replicas.size(); replica++) {
      int known = entry(version, replica);
      if (known < transactionCount(replica)) {
        first = Math.min(first, transaction(replica, known + 1));
      }
    }
    return first;
  }

  /**
   * The last critical version that begins at or before this transaction, as a number of
   * transactions.
   */
  int criticalAtOrBefore(int transaction) {
    int range = criticalFrom.floorIndex(transaction);
    return Math.min(criticalTo.get(range), transaction);
  }

  /**
   * Appends a transaction whose author saw this version.
   *
   * @param author its index
   */
  void append(int author, long sequence, int[] version, int firstEvent, int lengthBefore) {
    int own = transactionCount(author);
    boolean nothingNew = own > 0 && sameOthers(version, seen[transaction(author, own)], author);
    int[] shared = nothingNew ? seen[transaction(author, own)] : version;
    append(author, sequence, shared, firstMissing(version), firstEvent, lengthBefore);
  }

  /**
   * Appends the next transaction of the author of the last one, who has seen nothing new.
   *
   * @param missing the first transaction that the author had not seen, the count for none
   */
  void appendNext(int missing, int firstEvent, int lengthBefore) {
    int author = author(count - 1);
    long sequence = sequences[count - 1] + 1;
    append(author, sequence, seen[count - 1], missing, firstEvent, lengthBefore);
  }

  private void append(
      int author, long sequence, int[] version, int missing, int firstEvent, int lengthBefore) {
    dropCriticalAfter(missing);
    if (count == sequences.length) {
      sequences = Arrays.copyOf(sequences, count + (count >> 1));
      seen = Arrays.copyOf(seen, count + (count >> 1));
    }
    seen[count] = version;
    sequences[count] = sequence;
    authors.add(author);
    ordinals.add(transactionCount(author) + 1);
    firstEvents.add(firstEvent);
    lengthsBefore.add(lengthBefore);
    byReplica.get(author).add(count);
    count++;
    addCritical(count);
  }

  private int[] closed(int[] start, VersionVector vector) {
    int[] version = start;
    for (Map.Entry<ReplicaId, Long> entry : vector.entries().entrySet()) {
      Integer replica = replicaIndexes.get(entry.getKey());
      version = replica == null ? version : closed(version, replica, entry.getValue());
    }
    return version;
  }

  private int ordinalAtMost(int replica, long sequence) {
    IntSequence transactions = byReplica.get(replica);
    int low = 0;
    int high = transactions.size();
    if (high > 0 && sequences[transactions.last()] <= sequence) {
      return high;
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sequences[transactions.get(middle)] <= sequence) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static int[] withEntry(int[] version, int replica, int ordinal) {
    int[] changed = Arrays.copyOf(version, Math.max(version.length, replica + 1));
    changed[replica] = Math.max(changed[replica], ordinal);
    return changed;
  }

  private static int[] joined(int[] left, int[] right) {
    int[] joined = Arrays.copyOf(left, Math.max(left.length, right.length));
    for (int i = 0; i < right.length; i++) {
      joined[i] = Math.max(joined[i], right[i]);
    }
    return joined;
  }

  private static boolean sameOthers(int[] left, int[] right, int except) {
    for (int i = 0; i < Math.max(left.length, right.length); i++) {
      if (i != except && entry(left, i) != entry(right, i)) {
        return false;
      }
    }
    return true;
  }

  private void dropCriticalAfter(int transaction) {
    while (criticalFrom.last() > transaction) {
      criticalFrom.removeLast();
      criticalTo.removeLast();
    }
    int last = criticalTo.size() - 1;
    criticalTo.set(last, Math.min(criticalTo.get(last), transaction));
  }

  private void addCritical(int length) {
    if (criticalTo.last() == length - 1) {
      criticalTo.set(criticalTo.size() - 1, length);
    } else {
      criticalFrom.add(length);
      criticalTo.add(length);
    }
  }
}
