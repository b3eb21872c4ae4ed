package dev.godwit.crdt.text;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.encoding.MalformedEncodingException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * One text with the transactions that made it, on top of a base text whose own history is
 * forgotten.
 *
 * <p>Merge rule: the text is a function of the base and the set of transactions, whatever order
 * they arrive in, as long as each comes after those its author had seen. Code points inserted
 * concurrently at one place keep the order of FugueMax, so that neither runs typed forwards nor
 * runs typed backwards interleave; a code point deleted by anybody is gone; a deletion never takes
 * what its author had not seen.
 *
 * <p>Size: the text, 13 bytes a run of operations, two bytes a character ever inserted, about 60
 * bytes a transaction. Cost: a transaction whose author had seen everything is applied as it
 * stands, in the logarithm of the text's length. For another one the concurrent part is replayed,
 * once while transactions keep coming: then each costs the logarithm of that part for every run
 * done, undone or redone ({@link Replay}). Not thread safe.
 *
 * <p>Source: Gentle and Kleppmann, "Collaborative Text Editing with Eg-walker" (EuroSys 2025).
 */
public final class TextHistory {
  /**
   * Code points of one text: what a replay can number; far above what a column of a database can
   * hold.
   */
  public static final int MAX_LENGTH = OperationLog.MAX_EVENTS;

  /**
   * What {@link #decode} and {@link #applyEncoded} take unless told otherwise, in bytes once
   * inflated: 32 MiB, a year of writing, which fits the heap of a phone several times over. A small
   * hostile input cannot take more memory than a small multiple of the limit. One sixteenth of it
   * limits the number of transactions.
   */
  public static final int DEFAULT_LIMIT_BYTES = 1 << 25;

  /**
   * A replay is kept until this many transactions, and as many as it spans, came after it without
   * concurrency.
   */
  private static final int REPLAY_KEPT_TRANSACTIONS = 256;

  private String baseText;
  private VersionVector baseVersion;
  private OperationLog log = new OperationLog();
  private TransactionGraph graph = new TransactionGraph();
  private TextBuffer text;
  private Replay replay;
  private boolean open;

  /** An empty text without history. */
  public TextHistory() {
    this("", VersionVector.empty());
  }

  /**
   * A text whose history up to a version is forgotten.
   *
   * @param baseText the merged text of everything up to the version
   * @param baseVersion what every later transaction must have seen
   * @throws IllegalArgumentException when the text holds an unpaired surrogate
   */
  public TextHistory(String baseText, VersionVector baseVersion) {
    TextOperation.requireWellFormed(baseText);
    this.baseText = baseText;
    this.baseVersion = Objects.requireNonNull(baseVersion, "baseVersion");
    text = new TextBuffer(baseText);
  }

  /**
   * Applies a transaction; one that is known already changes nothing.
   *
   * <p>Transactions must come in an order that respects causality: those of one replica by their
   * sequence, and each after the ones it depends on. That cannot be checked here, because
   * dependencies may name transactions on other things.
   *
   * @param transaction its dot
   * @param dependencies what the author had seen; the author's own earlier transactions are implied
   * @param operations each relative to the text the author saw after the ones before it
   * @return what changed in the merged text, each relative to the text after the ones before it
   * @throws IllegalArgumentException when an operation reaches past the end of the text its author
   *     saw, or the author had not seen what is forgotten here; nothing has changed then
   */
  public List<TextOperation> apply(
      Dot transaction, VersionVector dependencies, List<TextOperation> operations) {
    if (transaction.sequence() <= lastSequence(transaction.replica())) {
      return Collections.emptyList();
    }
    requireBaseSeen(transaction, dependencies);
    open = false;
    int[] seen = graph.versionSeenBy(transaction.replica(), dependencies);
    boolean sawAll = graph.isAll(seen);
    requireWithin(
        transaction,
        operations,
        sawAll ? text.length() : replayFor(seen, graph.count()).lengthAt(seen));
    int firstEvent = log.eventCount();
    for (TextOperation operation : operations) {
      log.append(operation);
    }
    if (log.eventCount() == firstEvent) {
      return Collections.emptyList();
    }
    EditRecorder edits = new EditRecorder(text, log);
    int author = graph.indexOf(transaction.replica());
    integrate(author, transaction.sequence(), seen, firstEvent, edits);
    return edits.operations();
  }

  /** Applies a transaction; see {@link #apply(Dot, VersionVector, List)}. */
  public List<TextOperation> apply(TextTransaction transaction) {
    return apply(transaction.dot(), transaction.dependencies(), transaction.operations());
  }

  /**
   * Applies many transactions, in whatever order they are listed; what they depend on is among them
   * or here.
   *
   * <p>Much cheaper than one by one when authors worked apart for long: the transactions of each
   * are applied together.
   *
   * @return what changed in the merged text, each relative to the text after the ones before it
   * @throws IllegalArgumentException when they depend on one another in a circle, or as {@link
   *     #apply(Dot, VersionVector, List)} does; those before the one refused are applied then
   */
  public List<TextOperation> applyAll(List<TextTransaction> transactions) {
    List<TextOperation> edits = new ArrayList<>();
    for (TextTransaction transaction : TransactionBatch.ordered(transactions)) {
      edits.addAll(apply(transaction));
    }
    return edits;
  }

  /** The merged text. */
  public String text() {
    return text.toString();
  }

  /** The number of code points of the merged text. */
  public int length() {
    return text.length();
  }

  /** Everything that the merged text holds: the base and the transactions applied. */
  public VersionVector version() {
    return baseVersion.join(graph.vectorOf(graph.all()));
  }

  /** The version below which nothing is remembered but the text. */
  public VersionVector baseVersion() {
    return baseVersion;
  }

  /** The text at {@link #baseVersion()}. */
  public String baseText() {
    return baseText;
  }

  /**
   * The merged text of only those transactions that a version covers, and what they depend on.
   *
   * @throws IllegalArgumentException when the version does not cover the base
   */
  public String textAt(VersionVector version) {
    requireRemembered(version);
    return copyOf(graph.versionOf(version)).text();
  }

  /**
   * Where a position in the text at some version is now: a place between two code points survives
   * what others insert and delete around it.
   *
   * @param version a version whose text the position belongs to
   * @param position between 0 and that text's length
   * @param bias to which of its two neighbours it sticks
   * @throws IllegalArgumentException when the version does not cover the base or the position is
   *     past the end
   */
  public int positionNow(VersionVector version, int position, TextBias bias) {
    requireRemembered(version);
    open = false;
    int[] seen = graph.versionOf(version);
    int length = graph.isAll(seen) ? text.length() : replayFor(seen, graph.count()).lengthAt(seen);
    if (position < 0 || position > length) {
      throw new IllegalArgumentException(
          "expected a position within 0 … " + length + " but got " + position);
    }
    return graph.isAll(seen)
        ? position
        : replay.mergedPosition(seen, position, bias == TextBias.LEFT);
  }

  /**
   * Forgets history that no later transaction can be concurrent with.
   *
   * <p>The caller promises that every transaction still to come has seen the stable version.
   * Forgotten is what lies below the last version within it that everything else remembered here
   * has seen as a whole (a critical version); the merged text, now and after any further
   * transaction, stays the same.
   *
   * @param stable what every replica is known to have seen
   * @return the new {@link #baseVersion()}, at most the stable version
   */
  public VersionVector forgetBelow(VersionVector stable) {
    open = false;
    int boundary = forgettable(stable);
    if (boundary == 0) {
      return baseVersion;
    }
    int[] forgotten = graph.prefix(boundary);
    VersionVector version = baseVersion.join(graph.vectorOf(forgotten));
    TextHistory kept = new TextHistory(copyOf(forgotten).text(), version);
    copyTo(kept, boundary, graph.all(), forgotten);
    baseText = kept.baseText;
    baseVersion = version;
    log = kept.log;
    graph = kept.graph;
    text = kept.text;
    replay = null;
    return baseVersion;
  }

  /**
   * What {@link #forgetBelow} would make the base version: the last critical version within the
   * stable one.
   */
  public VersionVector forgettableBelow(VersionVector stable) {
    int boundary = forgettable(stable);
    return boundary == 0 ? baseVersion : baseVersion.join(graph.vectorOf(graph.prefix(boundary)));
  }

  private int forgettable(VersionVector stable) {
    return graph.criticalAtOrBefore(graph.firstMissing(graph.versionOf(stable)));
  }

  /**
   * The whole history in bytes that depend only on the base and the set of transactions, before
   * they are deflated.
   *
   * @see #decode
   */
  public byte[] encode() {
    return TextEncoding.encodeWhole(this, true);
  }

  /**
   * {@link #encode} without DEFLATE: for comparing histories, and where something else compresses.
   */
  public byte[] encodeUncompressed() {
    return TextEncoding.encodeWhole(this, false);
  }

  /**
   * The transactions that a version does not cover, for {@link #applyEncoded}.
   *
   * @throws IllegalArgumentException when the version does not cover the base: then only {@link
   *     #encode} helps
   */
  public byte[] encodeSince(VersionVector version) {
    requireRemembered(version);
    return TextEncoding.encodeSince(this, version, true);
  }

  /**
   * The history that {@link #encode} or {@link #encodeUncompressed} wrote, within {@link
   * #DEFAULT_LIMIT_BYTES}.
   *
   * @throws MalformedEncodingException when the bytes are no such history
   */
  public static TextHistory decode(byte[] encoded) {
    return decode(encoded, DEFAULT_LIMIT_BYTES);
  }

  /**
   * The history that {@link #encode} or {@link #encodeUncompressed} wrote.
   *
   * @param limitBytes what all parts together may take once inflated
   * @throws MalformedEncodingException when the bytes are no such history or one past the limit
   */
  public static TextHistory decode(byte[] encoded, int limitBytes) {
    TextDecoding decoding = TextDecoding.whole(encoded, limitBytes);
    TextHistory history = new TextHistory(decoding.baseText(), decoding.baseVersion());
    decoding.applyTo(history, new EditRecorder(history.text, history.log).withoutRecord());
    return history;
  }

  /**
   * Applies what another replica's {@link #encodeSince} wrote, within {@link #DEFAULT_LIMIT_BYTES};
   * what is known already changes nothing.
   *
   * @return what changed in the merged text, each relative to the text after the ones before it
   * @throws MalformedEncodingException when the bytes are no such transactions; those before the
   *     fault are applied
   * @throws IllegalArgumentException when they begin after a version that is not known here
   */
  public List<TextOperation> applyEncoded(byte[] encoded) {
    TextDecoding decoding = TextDecoding.since(encoded, DEFAULT_LIMIT_BYTES);
    if (!version().covers(decoding.since())) {
      throw new IllegalArgumentException(
          "expected transactions since a version within "
              + version()
              + " but got ones since "
              + decoding.since());
    }
    open = false;
    EditRecorder edits = new EditRecorder(text, log);
    decoding.applyTo(this, edits);
    return edits.operations();
  }

  /**
   * The transactions that a version does not cover, in an order in which they can be applied
   * elsewhere.
   */
  public List<TextTransaction> transactionsSince(VersionVector version) {
    List<TextTransaction> transactions = new ArrayList<>();
    for (int transaction = 0; transaction < graph.count(); transaction++) {
      Dot dot = graph.dot(transaction);
      if (!version.covers(dot)) {
        VersionVector dependencies = baseVersion.join(graph.vectorOf(graph.seenFully(transaction)));
        transactions.add(
            new TextTransaction(
                dot,
                dependencies,
                log.operations(graph.firstEvent(transaction), endEvent(transaction))));
      }
    }
    return transactions;
  }

  /** The number of transactions remembered. */
  public int transactionCount() {
    return graph.count();
  }

  /** The number of runs of operations remembered. */
  public int runCount() {
    return log.runCount();
  }

  /** The sequence of a replica's last transaction here or below the base, 0 when there is none. */
  long lastSequence(ReplicaId replica) {
    return Math.max(baseVersion.sequence(replica), graph.lastSequence(replica));
  }

  /**
   * Begins a transaction of somebody who has seen everything here; {@link #extend} adds to it while
   * it is open.
   */
  void begin(Dot dot) {
    int author = graph.indexOf(dot.replica());
    graph.append(author, dot.sequence(), graph.all(), log.eventCount(), text.length());
    open = true;
  }

  /**
   * Whether the last transaction may still grow: until another one is applied or {@link #seal} is
   * called.
   */
  boolean isOpen() {
    return open;
  }

  void seal() {
    open = false;
  }

  /** Adds an operation to the open transaction; its bounds have been checked. */
  void extend(int position, int deleteCount, String insert) {
    if (deleteCount > 0) {
      text.delete(position, deleteCount);
      log.delete(position, deleteCount);
    }
    if (!insert.isEmpty()) {
      text.insert(position, insert);
      log.insert(position, insert);
    }
    dropOldReplay();
  }

  /** Applies events of another log as one transaction; see {@link #apply}. */
  void applyLogged(
      Dot transaction,
      VersionVector dependencies,
      OperationLog source,
      int fromEvent,
      int toEvent,
      EditRecorder edits) {
    if (transaction.sequence() <= lastSequence(transaction.replica())) {
      return;
    }
    if (graph.lastSequence(transaction.replica()) == 0) {
      requireBaseSeen(transaction, dependencies);
    }
    int[] seen = graph.versionSeenBy(transaction.replica(), dependencies);
    int author = graph.indexOf(transaction.replica());
    int[] starts = {fromEvent};
    applyLogged(author, transaction.sequence(), seen, source, starts, 1, toEvent, edits);
  }

  /**
   * Applies events of another log as transactions of one author, who saw nothing new between them;
   * none is known yet.
   *
   * @param author its index in the graph
   * @param sequence of the first, the others follow
   * @param seen the version that the author saw, closed
   * @param starts the first event of each, in the other log
   * @param count of transactions
   */
  void applyLogged(
      int author,
      long sequence,
      int[] seen,
      OperationLog source,
      int[] starts,
      int count,
      int toEvent,
      EditRecorder edits) {
    boolean sawAll = graph.isAll(seen);
    source.requireWithin(
        starts[0], toEvent, sawAll ? text.length() : replayFor(seen, graph.count()).lengthAt(seen));
    int firstEvent = log.eventCount();
    int firstTransaction = graph.count();
    int missing = graph.firstMissing(seen);
    log.append(source, starts[0], toEvent);
    int length = text.length();
    graph.append(author, sequence, seen, firstEvent, length);
    for (int i = 1; i < count; i++) {
      // Of concurrent transactions nobody asks for the length: no replay begins there.
      length += sawAll ? source.growth(starts[i - 1], starts[i]) : 0;
      int start = firstEvent + starts[i] - starts[0];
      graph.appendNext(sawAll ? graph.count() : missing, start, length);
    }
    if (sawAll) {
      applyAsTheyStand(firstEvent, edits);
      dropOldReplay();
    } else {
      replayFor(seen, firstTransaction).apply(count, edits);
    }
  }

  OperationLog log() {
    return log;
  }

  TransactionGraph graph() {
    return graph;
  }

  /** Applies events that are in the log already, from one on, as one transaction. */
  void integrate(int author, long sequence, int[] seen, int firstEvent, Replay.Edits edits) {
    boolean sawAll = graph.isAll(seen);
    graph.append(author, sequence, seen, firstEvent, text.length());
    if (sawAll) {
      applyAsTheyStand(firstEvent, edits);
      dropOldReplay();
    } else {
      replayFor(seen, graph.count() - 1).apply(1, edits);
    }
  }

  private void applyAsTheyStand(int firstEvent, Replay.Edits edits) {
    int event = firstEvent;
    for (int run = log.runOf(firstEvent); run < log.runCount(); run++) {
      int end = log.endEvent(run);
      if (log.kind(run) == OperationLog.INSERT) {
        edits.insert(
            log.position(run, event),
            log.contentOffset(run, event),
            log.contentOffset(run, end),
            end - event);
      } else {
        edits.delete(
            log.position(run, log.kind(run) == OperationLog.DELETE ? event : end - 1), end - event);
      }
      event = end;
    }
  }

  /**
   * A replay of so many transactions, able to go to this version; the last one is used again where
   * that is cheaper.
   */
  private Replay replayFor(int[] seen, int transactions) {
    int missing = graph.firstMissing(seen);
    int base = graph.criticalAtOrBefore(missing);
    boolean usable =
        replay != null && replay.firstTransaction() <= missing && base < replay.nextTransaction();
    boolean worthwhile =
        usable
            && (transactions - base) * 4L
                > replay.nextTransaction() - replay.firstTransaction() - 64L;
    if (!worthwhile) {
      replay = new Replay(log, graph, base);
    }
    replay.catchUp(transactions);
    return replay;
  }

  private void dropOldReplay() {
    if (replay != null) {
      int span = replay.nextTransaction() - replay.firstTransaction();
      if (graph.count() - replay.nextTransaction() > span + REPLAY_KEPT_TRANSACTIONS) {
        replay = null;
      }
    }
  }

  private TextHistory copyOf(int[] version) {
    TextHistory copy = new TextHistory(baseText, baseVersion);
    copyTo(copy, 0, version, new int[0]);
    return copy;
  }

  /**
   * Appends to another history the transactions of a version from one on, all of which saw the
   * forgotten ones.
   */
  private void copyTo(TextHistory target, int fromTransaction, int[] version, int[] forgotten) {
    for (int replica = 0; replica < graph.replicaCount(); replica++) {
      target.graph.indexOf(graph.replica(replica));
    }
    EditRecorder edits = new EditRecorder(target.text, target.log).withoutRecord();
    for (int transaction = fromTransaction; transaction < graph.count(); transaction++) {
      if (graph.contains(version, transaction)) {
        int firstEvent = target.log.eventCount();
        target.log.append(log, graph.firstEvent(transaction), endEvent(transaction));
        int[] seen = graph.seenFully(transaction);
        for (int replica = 0; replica < Math.min(seen.length, forgotten.length); replica++) {
          seen[replica] -= Math.min(seen[replica], forgotten[replica]);
        }
        int author = graph.author(transaction);
        target.integrate(author, graph.sequence(transaction), seen, firstEvent, edits);
      }
    }
  }

  /** The event after the last one of a transaction. */
  int endEvent(int transaction) {
    return transaction + 1 < graph.count() ? graph.firstEvent(transaction + 1) : log.eventCount();
  }

  private void requireBaseSeen(Dot transaction, VersionVector dependencies) {
    VersionVector known = dependencies.with(transaction);
    if (!known.covers(baseVersion)) {
      throw new IllegalArgumentException(
          "expected a transaction whose author had seen "
              + baseVersion
              + ", below which history is forgotten, but "
              + transaction
              + " depends on "
              + dependencies);
    }
  }

  private void requireRemembered(VersionVector version) {
    if (!version.covers(baseVersion)) {
      throw new IllegalArgumentException(
          "expected a version that covers "
              + baseVersion
              + ", below which history is forgotten, but got "
              + version);
    }
  }

  private static void requireWithin(Dot transaction, List<TextOperation> operations, int length) {
    long left = length;
    for (TextOperation operation : operations) {
      if ((long) operation.position() + operation.deleteCount() > left) {
        throw new IllegalArgumentException(
            "expected an operation within the "
                + left
                + " code points its author saw but "
                + transaction
                + " deletes "
                + operation.deleteCount()
                + " at "
                + operation.position());
      }
      left += operation.insertCount() - operation.deleteCount();
      if (left > MAX_LENGTH) {
        throw new IllegalArgumentException(
            "expected a text of at most "
                + MAX_LENGTH
                + " code points but "
                + transaction
                + " makes it "
                + left);
      }
    }
  }
}
