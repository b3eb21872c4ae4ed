package dev.godwit.crdt.text;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.encoding.EncodingWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Writes the transactions of a text history, whole or since a version, in columns.
 *
 * <pre>
 * byte     format, 1
 * byte     0 whole, 1 since a version
 * vector   the base version, which every author here had seen
 * section  the base text in UTF-8; when since a version, that vector instead
 * count    replicas, then their ids ascending
 * section  transactions in runs: replica index, sequence less the last one of that replica, count;
 *          then their sizes in events: size, count
 * section  dependencies new to their author: transactions without any, then the number of entries,
 *          each replica index and last sequence of that replica less the one depended on; and again
 * section  kinds of runs: 0 insert, 1 delete, 2 delete backwards
 * section  lengths of runs in events
 * section  positions of runs less where the run before ended, signed
 * number   bytes of inserted text in UTF-8
 * section  inserted text without its repeats ({@link RepeatedBytes})
 * section  the repeats
 * </pre>
 *
 * <p>Sections are deflated where that helps ({@link Sections}); without that the bytes are
 * canonical: they depend only on the set of transactions. Their order is that of {@link
 * #canonicalOrder}. Cost: linear.
 */
final class TextEncoding {
  static final int FORMAT = 1;
  static final int WHOLE = 0;
  static final int SINCE = 1;

  private final TextHistory history;
  private final TransactionGraph graph;
  private final boolean compress;
  private final EncodingWriter out = new EncodingWriter();
  private final TreeMap<ReplicaId, Integer> replicas = new TreeMap<>();

  private TextEncoding(TextHistory history, boolean compress) {
    this.history = history;
    this.compress = compress;
    graph = history.graph();
  }

  static byte[] encodeWhole(TextHistory history, boolean compress) {
    TextEncoding encoding = new TextEncoding(history, compress);
    encoding.out.writeByte(FORMAT).writeByte(WHOLE).writeVector(history.baseVersion());
    Sections.write(encoding.out, history.baseText().getBytes(StandardCharsets.UTF_8), compress);
    return encoding.encode(history.baseVersion());
  }

  static byte[] encodeSince(TextHistory history, VersionVector version, boolean compress) {
    TextEncoding encoding = new TextEncoding(history, compress);
    encoding
        .out
        .writeByte(FORMAT)
        .writeByte(SINCE)
        .writeVector(history.baseVersion())
        .writeVector(version);
    return encoding.encode(version);
  }

  private byte[] encode(VersionVector since) {
    int[] order = canonicalOrder(graph, since);
    nameReplicas(order);
    writeTransactions(order, since);
    writeDependencies(order, since);
    writeOperations(order);
    return out.toBytes();
  }

  /**
   * The transactions that a version lacks, those of one replica together for as long as what they
   * depend on came before; else the least replica that can go on.
   */
  static int[] canonicalOrder(TransactionGraph graph, VersionVector since) {
    int[] done = new int[graph.replicaCount()];
    Integer[] byId = new Integer[done.length];
    for (int replica = 0; replica < done.length; replica++) {
      byId[replica] = replica;
      while (done[replica] < graph.transactionCount(replica)
          && since.covers(graph.dot(graph.transaction(replica, done[replica] + 1)))) {
        done[replica]++;
      }
    }
    Arrays.sort(byId, (left, right) -> graph.replica(left).compareTo(graph.replica(right)));
    int[] order = new int[graph.count() - Arrays.stream(done).sum()];
    int count = 0;
    while (count < order.length) {
      for (int replica : byId) {
        int before = count;
        while (isNext(graph, replica, done)) {
          order[count++] = graph.transaction(replica, ++done[replica]);
        }
        if (count > before) {
          break;
        }
      }
    }
    return order;
  }

  private static boolean isNext(TransactionGraph graph, int replica, int[] done) {
    if (done[replica] == graph.transactionCount(replica)) {
      return false;
    }
    int[] seen = graph.seen(graph.transaction(replica, done[replica] + 1));
    for (int other = 0; other < seen.length; other++) {
      if (other != replica && seen[other] > done[other]) {
        return false;
      }
    }
    return true;
  }

  private void nameReplicas(int[] order) {
    TreeSet<ReplicaId> named = new TreeSet<>();
    boolean[] met = new boolean[graph.replicaCount()];
    for (int transaction : order) {
      met[graph.author(transaction)] = true;
      int[] seen = graph.seen(transaction);
      for (int replica = 0; replica < seen.length; replica++) {
        met[replica] |= seen[replica] > 0;
      }
    }
    for (int replica = 0; replica < met.length; replica++) {
      if (met[replica]) {
        named.add(graph.replica(replica));
      }
    }
    out.writeUnsigned(named.size());
    for (ReplicaId replica : named) {
      replicas.put(replica, replicas.size());
      out.writeReplica(replica);
    }
  }

  private int nameOf(int replica) {
    return replicas.get(graph.replica(replica));
  }

  private void writeTransactions(int[] order, VersionVector since) {
    EncodingWriter column = new EncodingWriter();
    Map<Integer, Long> last = new HashMap<>();
    EncodingWriter runs = new EncodingWriter();
    int runCount = 0;
    for (int i = 0; i < order.length; ) {
      int replica = graph.author(order[i]);
      long sequence = graph.sequence(order[i]);
      int end = i + 1;
      while (end < order.length
          && graph.author(order[end]) == replica
          && graph.sequence(order[end]) == sequence + end - i) {
        end++;
      }
      long previous = last.getOrDefault(replica, since.sequence(graph.replica(replica)));
      runs.writeUnsigned(nameOf(replica)).writeUnsigned(sequence - previous).writeUnsigned(end - i);
      last.put(replica, graph.sequence(order[end - 1]));
      runCount++;
      i = end;
    }
    column.writeUnsigned(runCount).writeRaw(runs.toBytes());
    for (int i = 0; i < order.length; ) {
      int size = size(order[i]);
      int end = i + 1;
      while (end < order.length && size(order[end]) == size) {
        end++;
      }
      column.writeUnsigned(size).writeUnsigned(end - i);
      i = end;
    }
    Sections.write(out, column.toBytes(), compress);
  }

  private int size(int transaction) {
    return history.endEvent(transaction) - graph.firstEvent(transaction);
  }

  private void writeDependencies(int[] order, VersionVector since) {
    EncodingWriter column = new EncodingWriter();
    int[][] known = new int[graph.replicaCount()][];
    long[] last = new long[graph.replicaCount()];
    for (int replica = 0; replica < last.length; replica++) {
      last[replica] = since.sequence(graph.replica(replica));
    }
    int unchanged = 0;
    for (int transaction : order) {
      int author = graph.author(transaction);
      EncodingWriter entries = new EncodingWriter();
      int count =
          known[author] == graph.seen(transaction)
              ? 0
              : newEntries(transaction, known[author], last, entries);
      known[author] = graph.seen(transaction);
      last[author] = graph.sequence(transaction);
      if (count == 0) {
        unchanged++;
      } else {
        column.writeUnsigned(unchanged).writeUnsigned(count).writeRaw(entries.toBytes());
        unchanged = 0;
      }
    }
    Sections.write(out, column.toBytes(), compress);
  }

  private int newEntries(int transaction, int[] known, long[] last, EncodingWriter entries) {
    int[] seen = graph.seen(transaction);
    int count = 0;
    for (Map.Entry<ReplicaId, Integer> named : replicas.entrySet()) {
      int replica = graph.indexOf(named.getKey());
      int ordinal = TransactionGraph.entry(seen, replica);
      boolean isNew =
          known == null ? ordinal > 0 : ordinal > TransactionGraph.entry(known, replica);
      if (replica != graph.author(transaction) && isNew) {
        long sequence = graph.sequence(graph.transaction(replica, ordinal));
        entries.writeUnsigned(named.getValue()).writeUnsigned(last[replica] - sequence);
        count++;
      }
    }
    return count;
  }

  private void writeOperations(int[] order) {
    OperationLog log = new OperationLog();
    for (int transaction : order) {
      log.append(history.log(), graph.firstEvent(transaction), history.endEvent(transaction));
    }
    EncodingWriter kinds = new EncodingWriter();
    EncodingWriter lengths = new EncodingWriter();
    EncodingWriter positions = new EncodingWriter();
    int cursor = 0;
    for (int run = 0; run < log.runCount(); run++) {
      int length = log.endEvent(run) - log.firstEvent(run);
      int position = log.position(run, log.firstEvent(run));
      kinds.writeByte(log.kind(run));
      lengths.writeUnsigned(length);
      positions.writeSigned((long) position - cursor);
      cursor = cursorAfter(log.kind(run), position, length);
    }
    Sections.write(out, kinds.toBytes(), compress);
    Sections.write(out, lengths.toBytes(), compress);
    Sections.write(out, positions.toBytes(), compress);
    byte[] content = utf8(log);
    RepeatedBytes text = RepeatedBytes.of(content);
    out.writeUnsigned(content.length);
    Sections.write(out, text.literals(), compress);
    Sections.write(out, text.repeats(), compress);
  }

  /** Where the author's cursor stood after a run: the next edit is most likely there. */
  static int cursorAfter(byte kind, int position, int length) {
    if (kind == OperationLog.INSERT) {
      return position + length;
    }
    return kind == OperationLog.DELETE ? position : position - length + 1;
  }

  private static byte[] utf8(OperationLog log) {
    ByteBuffer encoded =
        StandardCharsets.UTF_8.encode(CharBuffer.wrap(log.content(), 0, log.contentLength()));
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    return bytes;
  }
}
