package dev.godwit.crdt.text;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.encoding.EncodingReader;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Reads what {@link TextEncoding} wrote, which holds the format, and trusts none of it. */
final class TextDecoding {
  /**
   * What a limit in bytes is divided by to limit transactions, which take about 50 bytes each once
   * they are read.
   */
  private static final int TRANSACTION_BYTES = 16;

  private final EncodingReader in;
  private final int limit;
  private int budget;
  private VersionVector baseVersion;
  private VersionVector since;
  private String baseText = "";
  private ReplicaId[] replicas;
  private EncodingReader transactions;
  private EncodingReader dependencies;
  private OperationLog log;

  private TextDecoding(byte[] encoded, int limitBytes) {
    in = new EncodingReader(encoded);
    limit = limitBytes;
    budget = limitBytes;
  }

  /**
   * Reads a whole history; all sections and the inserted text together must stay within the limit.
   */
  static TextDecoding whole(byte[] encoded, int limitBytes) {
    TextDecoding decoding = new TextDecoding(encoded, limitBytes);
    decoding.readHeader(TextEncoding.WHOLE);
    decoding.since = decoding.baseVersion;
    int at = decoding.in.position();
    decoding.baseText = EncodingReader.decodeText(decoding.section(), at);
    decoding.readColumns();
    return decoding;
  }

  /** Reads transactions since a version, within the same limit. */
  static TextDecoding since(byte[] encoded, int limitBytes) {
    TextDecoding decoding = new TextDecoding(encoded, limitBytes);
    decoding.readHeader(TextEncoding.SINCE);
    decoding.since = decoding.in.readVector();
    decoding.readColumns();
    return decoding;
  }

  VersionVector baseVersion() {
    return baseVersion;
  }

  String baseText() {
    return baseText;
  }

  /** The version that the transactions come after. */
  VersionVector since() {
    return since;
  }

  /** Applies the transactions one by one. */
  void applyTo(TextHistory history, EditRecorder edits) {
    try {
      new Application(history, edits).run();
    } catch (IllegalArgumentException refused) {
      throw in.malformed(
          "expected transactions that fit their text but got one refused: " + refused.getMessage());
    }
  }

  private void readHeader(int kind) {
    in.readExactly(TextEncoding.FORMAT, "format");
    in.readExactly(
        kind,
        kind == TextEncoding.WHOLE
            ? "a whole history, kind"
            : "transactions since a version, kind");
    baseVersion = in.readVector();
  }

  private void readColumns() {
    replicas = new ReplicaId[in.readCount(ReplicaId.LENGTH_BYTES)];
    if (replicas.length > TransactionGraph.MAX_REPLICAS) {
      throw in.malformed(
          "expected at most "
              + TransactionGraph.MAX_REPLICAS
              + " replicas but got "
              + replicas.length);
    }
    ReplicaId previous = null;
    for (int i = 0; i < replicas.length; i++) {
      previous = in.readReplicaAfter(previous);
      replicas[i] = previous;
    }
    transactions = new EncodingReader(section());
    dependencies = new EncodingReader(section());
    readOperations();
    in.requireEnd();
  }

  private byte[] section() {
    byte[] section = Sections.read(in, budget);
    budget -= section.length;
    return section;
  }

  private void readOperations() {
    byte[] kinds = section();
    EncodingReader lengths = new EncodingReader(section());
    EncodingReader positions = new EncodingReader(section());
    int size = in.readInt(budget);
    budget -= size;
    byte[] literals = section();
    byte[] repeats = section();
    requireReachable(size, literals.length, repeats.length);
    char[] content =
        EncodingReader.decodeText(RepeatedBytes.expand(literals, repeats, size), in.position())
            .toCharArray();
    log = new OperationLog();
    long cursor = 0;
    int used = 0;
    for (int run = 0; run < kinds.length; run++) {
      int length = lengths.readInt(limit - log.eventCount());
      long position = cursor + positions.readSigned();
      requireRun(kinds[run], position, length, lengths);
      used = append(kinds[run], (int) position, length, content, used);
      if (log.runCount() != run + 1 || log.kind(run) != kinds[run]) {
        throw in.malformed(
            "expected each run to be as long as it can be but run " + run + " continues another");
      }
      cursor = TextEncoding.cursorAfter(kinds[run], (int) position, length);
    }
    lengths.requireEnd();
    positions.requireEnd();
    if (used != content.length) {
      throw in.malformed("expected " + used + " inserted characters but got " + content.length);
    }
  }

  /**
   * A reference takes three bytes at least and may stand for the whole text, so that only the sum
   * bounds the size.
   */
  private void requireReachable(int size, int literals, int repeats) {
    if (repeats == 0 && size != literals) {
      throw in.malformed("expected " + size + " bytes of text but got " + literals);
    }
  }

  private void requireRun(byte kind, long position, int length, EncodingReader lengths) {
    boolean known = kind >= OperationLog.INSERT && kind <= OperationLog.DELETE_BACKWARD;
    long lowest = kind == OperationLog.DELETE_BACKWARD ? position - length + 1 : position;
    if (!known || length == 0 || lowest < 0 || position > TextHistory.MAX_LENGTH - length) {
      throw lengths.malformed(
          "expected a run of kind 0, 1 or 2 within a text but got kind "
              + kind
              + ", position "
              + position
              + ", length "
              + length);
    }
  }

  private int append(byte kind, int position, int length, char[] content, int used) {
    if (kind == OperationLog.DELETE) {
      log.delete(position, length);
      return used;
    }
    if (kind == OperationLog.DELETE_BACKWARD) {
      log.deleteBackward(position, length);
      return used;
    }
    int end = used;
    for (int points = 0; points < length; points++) {
      if (end == content.length) {
        throw in.malformed(
            "expected more inserted characters than the " + content.length + " there are");
      }
      end += Character.isHighSurrogate(content[end]) ? 2 : 1;
    }
    log.insert(position, content, used, end, length);
    return end;
  }

  /** The walk over the columns of transactions, sizes and dependencies at once. */
  private final class Application {
    private final TextHistory history;
    private final EditRecorder edits;
    private final long[] last = new long[replicas.length];
    private final boolean[] met = new boolean[replicas.length];

    /** What the transaction at hand depends on besides what its author had seen before. */
    private final int[] seenReplicas = new int[replicas.length];

    private final long[] seenSequences = new long[replicas.length];
    private int seenCount;

    /** The indexes of the replicas in the graph, once they are there. */
    private final int[] indexes = new int[replicas.length];

    private final int[][] runs;
    private final long[] gaps;

    /** Transactions of one author who saw nothing new between them: applied at once. */
    private int[] groupStarts = new int[64];

    private int groupCount;
    private int groupAuthor;
    private long groupSequence;
    private int[] groupSeen;
    private int groupEnd;
    private int event;
    private int size;
    private int sizeRepeats;
    private int unchanged;
    private boolean changesLeft;

    Application(TextHistory history, EditRecorder edits) {
      this.history = history;
      this.edits = edits;
      int count = transactions.readCount(3);
      runs = new int[count][2];
      gaps = new long[count];
      long total = 0;
      for (int i = 0; i < count; i++) {
        runs[i][0] = transactions.readInt(replicas.length - 1);
        gaps[i] = transactions.readSequence();
        runs[i][1] = transactions.readInt(limit);
        total += runs[i][1];
        if (total > limit / TRANSACTION_BYTES || runs[i][1] == 0) {
          throw transactions.malformed(
              "expected runs of 1 … "
                  + limit / TRANSACTION_BYTES
                  + " transactions together but got "
                  + total);
        }
      }
      for (int i = 0; i < replicas.length; i++) {
        last[i] = since.sequence(replicas[i]);
      }
    }

    void run() {
      readUnchanged();
      for (int i = 0; i < runs.length; i++) {
        int author = runs[i][0];
        if (gaps[i] > Long.MAX_VALUE - runs[i][1] - last[author]) {
          throw transactions.malformed("expected sequences within 64 bits");
        }
        long sequence = last[author] + gaps[i];
        for (int k = 0; k < runs[i][1]; k++) {
          applyNext(author, sequence + k);
        }
        applyGroup();
      }
      if (event != log.eventCount() || sizeRepeats > 0 || changesLeft) {
        throw transactions.malformed(
            "expected transactions of all " + log.eventCount() + " events but got " + event);
      }
      transactions.requireEnd();
    }

    private void applyNext(int author, long sequence) {
      if (sizeRepeats == 0) {
        size = transactions.readInt(log.eventCount() - event);
        sizeRepeats = transactions.readInt(limit);
        if (size == 0 || sizeRepeats == 0) {
          throw transactions.malformed("expected transactions of at least one event");
        }
      }
      if (size > log.eventCount() - event) {
        throw transactions.malformed(
            "expected transactions of all " + log.eventCount() + " events but got more");
      }
      sizeRepeats--;
      boolean seesMore = readSeen(author);
      last[author] = sequence;
      TransactionGraph graph = history.graph();
      if (groupCount > 0 && !seesMore) {
        join();
      } else {
        applyGroup();
        if (!met[author] || graph.lastSequence(indexes[author]) == 0) {
          applyFirst(author, sequence);
        } else if (sequence > graph.lastSequence(indexes[author])) {
          groupAuthor = author;
          groupSequence = sequence;
          groupSeen = seen(author);
          join();
        }
      }
      event += size;
    }

    private int[] seen(int author) {
      int[] seen = history.graph().versionAfterOwn(indexes[author]);
      for (int i = 0; i < seenCount; i++) {
        seen = history.graph().closed(seen, indexes[seenReplicas[i]], seenSequences[i]);
      }
      return seen;
    }

    /** Adds the transaction at hand to those that will be applied at once. */
    private void join() {
      if (groupCount == groupStarts.length) {
        groupStarts = Arrays.copyOf(groupStarts, groupCount * 2);
      }
      groupStarts[groupCount++] = event;
      groupEnd = event + size;
    }

    private void applyGroup() {
      if (groupCount > 0) {
        int count = groupCount;
        groupCount = 0;
        history.applyLogged(
            indexes[groupAuthor],
            groupSequence,
            groupSeen,
            log,
            groupStarts,
            count,
            groupEnd,
            edits);
      }
    }

    /** Applies a transaction of a replica of which the history may have nothing yet. */
    private void applyFirst(int author, long sequence) {
      Map<ReplicaId, Long> entries = new HashMap<>();
      for (int i = 0; i < seenCount; i++) {
        entries.put(replicas[seenReplicas[i]], seenSequences[i]);
      }
      VersionVector told = VersionVector.of(entries);
      VersionVector seen = met[author] ? told : baseVersion.join(told);
      met[author] = true;
      history.applyLogged(
          new Dot(replicas[author], sequence), seen, log, event, event + size, edits);
      indexes[author] = history.graph().indexOf(replicas[author]);
    }

    /** Reads what else the author has seen; returns whether there is anything. */
    private boolean readSeen(int author) {
      seenCount = 0;
      if (unchanged > 0 || !changesLeft) {
        unchanged--;
        return false;
      }
      int count = dependencies.readCount(2);
      if (count > replicas.length) {
        throw dependencies.malformed(
            "expected dependencies on at most " + replicas.length + " replicas but got " + count);
      }
      for (int i = 0; i < count; i++) {
        int replica = dependencies.readInt(replicas.length - 1);
        long behind = dependencies.readUnsigned(Math.max(0, last[replica] - 1));
        if (replica == author || last[replica] == 0) {
          throw dependencies.malformed(
              "expected dependencies on transactions of others that came before");
        }
        if (!met[replica]) {
          // Known from before the transactions that were sent.
          indexes[replica] = history.graph().indexOf(replicas[replica]);
        }
        seenReplicas[seenCount] = replica;
        seenSequences[seenCount++] = last[replica] - behind;
      }
      readUnchanged();
      return true;
    }

    private void readUnchanged() {
      changesLeft = dependencies.remaining() > 0;
      unchanged = changesLeft ? dependencies.readInt(limit) : 0;
    }
  }
}
