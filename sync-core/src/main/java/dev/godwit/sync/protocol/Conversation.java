package dev.godwit.sync.protocol;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.protocol.Refusal.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The asking side of an exchange, until both sides hold everything that either held.
 *
 * <pre>
 * while ((turn = conversation.next()) != null)   a carrier sends the turn and delivers its answer, or fails;
 * conversation.close()                           keeps what had arrived of a turn that failed
 * </pre>
 *
 * <p>Each turn pushes what the remote is believed to lack and asks for what is lacking here; the
 * answer corrects the belief. With a remote that was met before, a turn with work on both sides is
 * complete after one request, and so is one without any. After a failure the next turn asks only
 * where both sides stand, so that nothing is sent twice. It ends with all that was held here when
 * it began; what is written meanwhile is taken along, or left to the next exchange.
 *
 * <p>Forks: a remote that holds other envelopes under this replica's own id proves that this file
 * is a copy or was restored; the last common sequence is looked up, the store takes a new id and
 * the conversation starts over. Replicas other than this one that are forked are left out and
 * reported.
 *
 * <p>Used by one thread. Memory: about one part, and the vectors.
 */
public final class Conversation implements AutoCloseable {
  /**
   * Turns in a row that change nothing, after which a remote is taken to be broken; honest ones
   * need one.
   */
  static final int MAX_STALLED_TURNS = 4;

  /**
   * Changes of identity within one exchange: one is normal, two happen when copies of copies meet.
   */
  static final int MAX_OWN_FORKS = 3;

  private final ExchangeStore store;
  private final RemoteId remote;
  private final int batchBytes;
  private final int batchParts;
  private final Runnable onPart;
  private final Tally tally = new Tally();
  private final List<OwnFork> ownForks = new ArrayList<>();
  private final Set<ReplicaId> forked = new LinkedHashSet<>();
  private final Map<ReplicaId, Refusal> notTaken = new HashMap<>();

  private RemoteMemory memory;
  private VersionVector goal;
  private Heads remoteHeads;
  private List<PartialEnvelope> remotePartials = List.of();
  private long position;
  private boolean more = true;
  private boolean rescanned;
  private boolean broken;
  private boolean onlyAsked;
  private ForkSearch search;
  private OpenTurn turn;
  private List<Object> lastState = List.of();
  private int stalledTurns;
  private int advances;

  /**
   * Begins a conversation.
   *
   * @param batchBytes envelope bytes in one request or answer
   * @param batchParts parts in one request or answer
   * @param onPart called after each part that was sent or received
   */
  public Conversation(
      ExchangeStore store, RemoteId remote, int batchBytes, int batchParts, Runnable onPart) {
    this.store = store;
    this.remote = remote;
    this.batchBytes = batchBytes;
    this.batchParts = batchParts;
    this.onPart = onPart;
    this.memory = store.memory(remote).orElse(null);
    this.goal = store.heads().vector();
    this.position = memory == null ? 0 : memory.position();
  }

  /**
   * The next turn, or null when the exchange is complete.
   *
   * @throws ExchangeException when it cannot become so
   */
  public Turn next() {
    close();
    if (search != null) {
      if (!search.isFinished()) {
        Here here = new Here(store.self(), store.heads(), store.partials());
        return open(search.questions(), VersionVector.empty(), VersionVector.empty(), here);
      }
      changeIdentity();
    }
    Heads heads = store.heads();
    if (isComplete(heads)) {
      refuseWhatWasNotTaken();
      return null;
    }
    Here here = new Here(store.self(), heads, store.partials());
    checkProgress(here);
    return exchangeTurn(here);
  }

  /** Ends the current turn; when it failed, keeps what had arrived. */
  @Override
  public void close() {
    if (turn != null) {
      broken = !turn.ended;
      turn.release();
      turn = null;
    }
  }

  /** What was transferred so far. */
  public Tally tally() {
    return tally;
  }

  /**
   * How often a turn brought either side further: failures after which this has not grown are
   * failures in a row.
   */
  public int advances() {
    return advances;
  }

  /** What the remote holds, as it last said; empty before its first answer. */
  public VersionVector acknowledged() {
    return remoteHeads == null ? VersionVector.empty() : remoteHeads.vector();
  }

  /** How often and how this file turned out to be a copy or restored. */
  public List<OwnFork> ownForks() {
    return List.copyOf(ownForks);
  }

  /** Other replicas of which both sides hold different histories. */
  public List<ReplicaId> forked() {
    return List.copyOf(forked);
  }

  /** Envelopes that this replica holds and the remote lacks, as far as known. */
  public long envelopesToSend() {
    return count(store.heads().vector(), acknowledged());
  }

  /** Envelopes that the remote holds and this replica lacks, as far as known. */
  public long envelopesToReceive() {
    return count(acknowledged(), store.heads().vector());
  }

  private static long count(VersionVector held, VersionVector known) {
    long lacking = 0;
    for (Map.Entry<ReplicaId, Long> entry : held.entries().entrySet()) {
      lacking += Math.max(0, entry.getValue() - known.sequence(entry.getKey()));
    }
    return lacking;
  }

  private boolean isComplete(Heads heads) {
    if (remoteHeads == null || broken || more) {
      return false;
    }
    boolean received =
        except(heads.vector(), remoteHeads.vector(), forked).covers(remoteHeads.vector());
    if (!received && !rescanned) {
      rescanned = true;
      position = 0;
    }
    Set<ReplicaId> left = new LinkedHashSet<>(forked);
    left.addAll(notTaken.keySet());
    return received && except(remoteHeads.vector(), goal, left).covers(goal);
  }

  /**
   * The vector, raised for these replicas to cover the target: they are left out of the comparison.
   */
  private static VersionVector except(
      VersionVector vector, VersionVector target, Set<ReplicaId> replicas) {
    VersionVector raised = vector;
    for (ReplicaId replica : replicas) {
      long sequence = Math.max(vector.sequence(replica), target.sequence(replica));
      raised = raised.with(replica, sequence);
    }
    return raised;
  }

  private void refuseWhatWasNotTaken() {
    for (Refusal refusal : notTaken.values()) {
      throw switch (refusal.reason()) {
        case TOO_LARGE, QUOTA, TOO_MANY_REPLICAS ->
            new ExchangeException.LimitReached(
                "the remote does not take " + refusal.dot() + ": " + refusal.text());
        default ->
            new ExchangeException.Refused(
                ExchangeError.Code.MALFORMED,
                "the remote does not take " + refusal.dot() + ": " + refusal.text());
      };
    }
  }

  private void checkProgress(Here here) {
    List<Object> state =
        Arrays.asList(here, remoteHeads, remotePartials, position, rescanned, more);
    if (!state.equals(lastState)) {
      lastState = state;
      advances++;
      stalledTurns = 0;
    } else if (!broken && !onlyAsked) {
      stalledTurns++;
    }
    if (stalledTurns >= MAX_STALLED_TURNS) {
      throw new ExchangeException.InvalidAnswer(
          "expected the remote to take or give something but "
              + stalledTurns
              + " answers changed nothing; it holds "
              + remoteHeads
              + ", this replica "
              + here.heads(),
          null);
    }
  }

  private Turn exchangeTurn(Here here) {
    VersionVector held = here.heads().vector();
    VersionVector known =
        remoteHeads != null ? remoteHeads.vector() : memory == null ? null : memory.acknowledged();
    onlyAsked = known == null || broken;
    if (onlyAsked) {
      return open(List.of(), held, held, here);
    }
    Set<ReplicaId> left = new LinkedHashSet<>(forked);
    left.addAll(notTaken.keySet());
    VersionVector lacked = except(known, held, left);
    long own = held.sequence(here.self());
    if (own > lacked.sequence(here.self())) {
      store.markOffered(own);
    }
    return open(List.of(), lacked, held, here);
  }

  private Turn open(List<Dot> questions, VersionVector known, VersionVector through, Here here) {
    boolean asksOnly = !questions.isEmpty();
    Optional<HistoryId> history = memory == null ? Optional.empty() : Optional.of(memory.history());
    ExchangeRequest request =
        new ExchangeRequest(
            here.self(),
            history,
            position,
            here.heads(),
            here.partials(),
            questions,
            asksOnly ? 0 : batchBytes,
            asksOnly ? 0 : batchParts);
    turn = new OpenTurn(request, known, through);
    return turn;
  }

  private void changeIdentity() {
    OwnFork fork = search.result();
    if (ownForks.size() == MAX_OWN_FORKS) {
      throw new ExchangeException.Forked(
          "this replica's id changed "
              + MAX_OWN_FORKS
              + " times in one exchange and is still used elsewhere");
    }
    store.ownHistoryForked(remote, fork);
    ownForks.add(fork);
    search = null;
    goal = store.heads().vector();
    position = 0;
    more = true;
  }

  /** Takes the remote's word on where it stands. */
  private void learn(ExchangeAnswer answer) {
    tally.requests++;
    remoteHeads = answer.heads();
    remotePartials = answer.partials();
    if (memory != null && !memory.history().equals(answer.history())) {
      position = 0;
    }
    lookForForks(answer);
    for (Refusal refusal : answer.refusals()) {
      ReplicaId replica = refusal.dot().replica();
      if (refusal.reason() == Reason.FORK) {
        onFork(replica);
      } else if (refusal.reason() != Reason.GAP) {
        notTaken.put(replica, refusal);
      }
    }
  }

  private void lookForForks(ExchangeAnswer answer) {
    Heads heads = store.heads();
    ReplicaId self = store.self();
    for (Map.Entry<ReplicaId, Head> entry : answer.heads().entries().entrySet()) {
      ReplicaId replica = entry.getKey();
      Head theirs = entry.getValue();
      Head ours = heads.head(replica);
      boolean ahead = theirs.sequence() > ours.sequence();
      if (ahead && replica.equals(self)
          || !ahead && !ours.equals(theirs) && differs(replica, theirs)) {
        onFork(replica);
      }
    }
  }

  private boolean differs(ReplicaId replica, Head theirs) {
    Optional<EnvelopeHash> held = store.hash(new Dot(replica, theirs.sequence()));
    return held.isPresent() && held.get().tag() != theirs.tag();
  }

  private void onFork(ReplicaId replica) {
    if (replica.equals(store.self())) {
      long own = store.heads().head(replica).sequence();
      search = new ForkSearch(replica, own, remoteHeads.head(replica).sequence());
    } else {
      forked.add(replica);
    }
  }

  /** Takes a complete answer's end: what arrived is committed, then the position may move. */
  private void settle(ExchangeAnswer answer, ExchangeEnd end, List<Refusal> refusals) {
    boolean gap = false;
    for (Refusal refusal : refusals) {
      if (refusal.reason() == Reason.FORK) {
        onFork(refusal.dot().replica());
      } else if (refusal.reason() == Reason.GAP && !rescanned) {
        gap = true;
      } else if (refusal.reason() == Reason.UNKNOWN_FORMAT) {
        throw new ExchangeException.VersionMismatch(refusal.text());
      } else {
        throw new ExchangeException.InvalidAnswer(
            "the remote sent an envelope that cannot be taken: " + refusal.text(), null);
      }
    }
    // a gap: the remote fell back and went on, so what lies before the position is not what it was
    rescanned |= gap;
    position = gap ? 0 : end.position();
    more = gap || end.more();
    RemoteMemory now = new RemoteMemory(answer.history(), position, remoteHeads.vector());
    if (!now.equals(memory)) {
      store.remember(remote, now);
      memory = now;
    }
  }

  /** Where this replica stands as a turn begins: read once for all of the turn. */
  private record Here(ReplicaId self, Heads heads, List<PartialEnvelope> partials) {}

  /** What was transferred; repeats count again. */
  public static final class Tally {
    private int requests;
    private long envelopesSent;
    private long bytesSent;
    private long envelopesReceived;
    private long bytesReceived;

    private Tally() {}

    /** Requests that were answered. */
    public int requests() {
      return requests;
    }

    public long envelopesSent() {
      return envelopesSent;
    }

    public long bytesSent() {
      return bytesSent;
    }

    public long envelopesReceived() {
      return envelopesReceived;
    }

    public long bytesReceived() {
      return bytesReceived;
    }
  }

  /** The turn that is under way. */
  private final class OpenTurn implements Turn, PartSource, AnswerSink {
    private final ExchangeRequest request;
    private final VersionVector known;
    private final VersionVector through;
    private final Page sending = new Page(batchBytes, batchParts);
    private Page receiving;
    private PartCursor cursor;
    private Intake intake;
    private ExchangeAnswer answer;
    private boolean ended;

    OpenTurn(ExchangeRequest request, VersionVector known, VersionVector through) {
      this.request = request;
      this.known = known;
      this.through = through;
    }

    @Override
    public ExchangeRequest request() {
      return request;
    }

    @Override
    public boolean hasParts() {
      return !known.covers(through);
    }

    @Override
    public PartSource parts() {
      return this;
    }

    @Override
    public AnswerSink sink() {
      return this;
    }

    @Override
    public EnvelopePart next() {
      if (!hasParts() || sending.isFull()) {
        return null;
      }
      if (cursor == null) {
        cursor = store.lacking(new EnvelopeLog.Lacking(known, through, 0, remotePartials));
      }
      EnvelopePart part = cursor.next();
      if (part == null || !sending.takes(part)) {
        return null;
      }
      tally.bytesSent += part.bytes().length;
      tally.envelopesSent += part.isLast() ? 1 : 0;
      onPart.run();
      return part;
    }

    @Override
    public void message(ExchangeAnswer message) {
      answer = Objects.requireNonNull(message, "message");
      receiving = new Page(request.maxAnswerBytes(), request.maxAnswerParts());
      boolean asked = search != null;
      if (!asked) {
        learn(message);
        return;
      }
      tally.requests++;
      if (message.hashes().size() != request.questions().size()) {
        throw new ExchangeException.InvalidAnswer(
            "expected "
                + request.questions().size()
                + " hashes in the answer but got "
                + message.hashes().size(),
            null);
      }
      search.learn(request.questions(), message.hashes(), store);
    }

    @Override
    public void part(EnvelopePart part) {
      if (!receiving.takes(part)) {
        throw new ExchangeException.InvalidAnswer(
            "expected at most "
                + request.maxAnswerParts()
                + " parts and "
                + request.maxAnswerBytes()
                + " bytes in the answer but got more",
            null);
      }
      tally.bytesReceived += part.bytes().length;
      tally.envelopesReceived += part.isLast() ? 1 : 0;
      if (search != null || forked.contains(part.dot().replica())) {
        return;
      }
      if (intake == null) {
        intake = store.intake();
      }
      intake.offer(part);
      onPart.run();
    }

    @Override
    public void end(ExchangeEnd end) {
      ended = true;
      List<Refusal> refusals = intake == null ? List.of() : intake.commit();
      if (search == null) {
        settle(answer, end, refusals);
      }
    }

    /**
     * Closes what is open; commits what arrived before the carrier failed, whose refusals the next
     * answer shows again.
     */
    void release() {
      try {
        if (intake != null && !ended) {
          intake.commit();
        }
      } finally {
        if (intake != null) {
          intake.close();
        }
        if (cursor != null) {
          cursor.close();
        }
      }
    }
  }
}
