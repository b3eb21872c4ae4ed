package dev.godwit.sync.protocol;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The message a replica begins an exchange turn with; the parts it pushes follow it.
 *
 * @param sender who asks; not a credential
 * @param history the remote's history as last met, empty when it was never met
 * @param position up to where the sender has pulled, in that history's count; 0 from the start
 * @param heads what the sender holds
 * @param partials large envelopes of which the sender holds the first parts
 * @param questions dots whose envelope's hash the sender wants to know, at most {@link
 *     ProtocolLimits#MAX_QUESTIONS}
 * @param maxAnswerBytes envelope bytes that the answer may carry; one part is sent even if it is
 *     larger
 * @param maxAnswerParts parts that the answer may carry; 0 for none
 */
public record ExchangeRequest(
    ReplicaId sender,
    Optional<HistoryId> history,
    long position,
    Heads heads,
    List<PartialEnvelope> partials,
    List<Dot> questions,
    int maxAnswerBytes,
    int maxAnswerParts) {
  public ExchangeRequest {
    Objects.requireNonNull(sender, "sender");
    Objects.requireNonNull(history, "history");
    Objects.requireNonNull(heads, "heads");
    partials = List.copyOf(partials);
    questions = List.copyOf(questions);
    if (position < 0 || maxAnswerBytes < 0 || maxAnswerParts < 0) {
      throw new IllegalArgumentException(
          "expected no negative number in a request but got position "
              + position
              + ", "
              + maxAnswerBytes
              + " bytes, "
              + maxAnswerParts
              + " parts");
    }
  }
}
