package dev.godwit.sync.protocol;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.protocol.Refusal.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The answering side of an exchange: a relay for one space, or a replica that another one asks
 * directly.
 *
 * <p>For each request: takes what was pushed, makes it durable, compares both sides' heads, then
 * sends what the asker lacks, within the smaller of both sides' limits. Keeps nothing between
 * requests, so any number may run at once as far as the log allows. Memory: about one part.
 */
public final class Answering {
  private final EnvelopeLog log;
  private final HistoryId history;
  private final Offering offering;

  private Answering(EnvelopeLog log, HistoryId history, Offering offering) {
    this.log = log;
    this.history = history;
    this.offering = offering;
  }

  /** Called with the heads before any envelope leaves. */
  private interface Offering {
    void before(Heads heads);
  }

  /** A relay's answering side for one space. */
  public static Answering of(EnvelopeLog log, HistoryId history) {
    return new Answering(log, history, heads -> {});
  }

  /**
   * A replica's answering side. Its history is named after its id, which changes when the file
   * turns out to be a copy; that is found out when this replica asks, not when it answers.
   */
  public static Answering of(ExchangeStore store) {
    HistoryId history = new HistoryId(EnvelopeHash.ofEnvelope(store.self().bytes()).tag());
    return new Answering(
        store,
        history,
        heads -> {
          long own = heads.head(store.self()).sequence();
          if (own > 0) {
            store.markOffered(own);
          }
        });
  }

  /**
   * Answers one request.
   *
   * @param pushed the parts that came with it
   * @throws IOException when the carrier broke off; what had arrived is kept
   */
  public void answer(ExchangeRequest request, PartSource pushed, AnswerSink sink)
      throws IOException {
    Map<ReplicaId, Refusal> refusals = take(pushed);
    Heads heads = log.heads();
    for (Map.Entry<ReplicaId, Head> entry : request.heads().entries().entrySet()) {
      Refusal fork = forkShownBy(entry.getKey(), entry.getValue(), heads);
      if (fork != null) {
        refusals.put(entry.getKey(), fork);
      }
    }
    sink.message(
        new ExchangeAnswer(
            history,
            heads,
            log.partials(),
            new ArrayList<>(refusals.values()),
            hashes(request.questions())));
    sink.end(send(request, heads, refusals, sink));
  }

  private Map<ReplicaId, Refusal> take(PartSource pushed) throws IOException {
    Map<ReplicaId, Refusal> refusals = new LinkedHashMap<>();
    EnvelopePart part = pushed.next();
    if (part == null) {
      return refusals;
    }
    try (Intake intake = log.intake()) {
      try {
        for (; part != null; part = pushed.next()) {
          intake.offer(part);
        }
      } finally {
        intake.commit().forEach(refusal -> refusals.put(refusal.dot().replica(), refusal));
      }
    }
    return refusals;
  }

  /** A fork that one head of the asker shows: at its sequence another envelope is held here. */
  private Refusal forkShownBy(ReplicaId replica, Head theirs, Heads heads) {
    Head ours = heads.head(replica);
    if (ours.sequence() < theirs.sequence() || ours.equals(theirs)) {
      return null;
    }
    Dot dot = new Dot(replica, theirs.sequence());
    Optional<EnvelopeHash> held = log.hash(dot);
    if (!held.isPresent() || held.get().tag() == theirs.tag()) {
      return null;
    }
    EnvelopeHash headHash = log.hash(new Dot(replica, ours.sequence())).orElse(EnvelopeHash.NONE);
    return new Refusal(
        Reason.FORK, dot, ours.sequence(), headHash, "another envelope is held under " + dot);
  }

  private List<Optional<EnvelopeHash>> hashes(List<Dot> questions) {
    List<Optional<EnvelopeHash>> hashes = new ArrayList<>();
    for (Dot dot : questions) {
      hashes.add(log.hash(dot));
    }
    return hashes;
  }

  private ExchangeEnd send(
      ExchangeRequest request, Heads heads, Map<ReplicaId, Refusal> refusals, AnswerSink sink)
      throws IOException {
    boolean sameHistory = request.history().isPresent() && request.history().get().equals(history);
    long position = sameHistory ? request.position() : 0;
    if (request.maxAnswerParts() == 0) {
      return new ExchangeEnd(position, true);
    }
    VersionVector known = request.heads().vector();
    for (Refusal refusal : refusals.values()) {
      ReplicaId replica = refusal.dot().replica();
      known =
          refusal.reason() == Reason.FORK
              ? known.with(replica, heads.head(replica).sequence())
              : known;
    }
    if (!known.covers(heads.vector())) {
      offering.before(heads);
    }
    EnvelopeLog.Lacking lacking =
        new EnvelopeLog.Lacking(known, heads.vector(), position, request.partials());
    try (PartCursor cursor = log.lacking(lacking)) {
      return sendPage(request, cursor, sink);
    }
  }

  private static ExchangeEnd sendPage(ExchangeRequest request, PartCursor cursor, AnswerSink sink)
      throws IOException {
    Page page = new Page(request.maxAnswerBytes(), request.maxAnswerParts());
    while (true) {
      long position = cursor.position();
      if (page.isFull()) {
        return new ExchangeEnd(position, true);
      }
      EnvelopePart part = cursor.next();
      if (part == null) {
        return new ExchangeEnd(cursor.position(), cursor.stoppedEarly());
      }
      if (!page.takes(part)) {
        return new ExchangeEnd(position, true);
      }
      sink.part(part);
    }
  }
}
