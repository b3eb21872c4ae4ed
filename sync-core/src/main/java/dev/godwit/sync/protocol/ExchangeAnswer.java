package dev.godwit.sync.protocol;

import dev.godwit.sync.change.EnvelopeHash;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The message an answer begins with, written after what was pushed is durable; the parts that the
 * asker lacks follow it.
 *
 * @param history the answering side's history
 * @param heads what it holds durably, what was just pushed included: the receipt
 * @param partials large envelopes of which it holds the first parts
 * @param refusals why pushed parts were not taken, and forks that the asker's heads show; at most
 *     one for each replica
 * @param hashes the answers to the questions, in their order; empty where it holds no such envelope
 */
public record ExchangeAnswer(
    HistoryId history,
    Heads heads,
    List<PartialEnvelope> partials,
    List<Refusal> refusals,
    List<Optional<EnvelopeHash>> hashes) {
  public ExchangeAnswer {
    Objects.requireNonNull(history, "history");
    Objects.requireNonNull(heads, "heads");
    partials = List.copyOf(partials);
    refusals = List.copyOf(refusals);
    hashes = List.copyOf(hashes);
  }
}
