package dev.godwit.sync.protocol;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.EnvelopeHash;
import java.util.List;
import java.util.Optional;

/**
 * The envelopes of one space that one side of an exchange holds: what a relay and a replica have in
 * common.
 *
 * <p>Implemented by a relay's store for each space, and by {@link ExchangeStore} for a replica.
 * {@link Chain} decides what is taken. Implementations say which threads may call them; each cursor
 * and intake is used by one thread.
 */
public interface EnvelopeLog {
  /**
   * Up to where each replica's log is held durably, without gaps. Must cost what the number of
   * replicas costs.
   */
  Heads heads();

  /** The hash of the envelope with this dot, or empty when it is not held. One index look-up. */
  Optional<EnvelopeHash> hash(Dot dot);

  /**
   * The large envelopes of which only the first parts are held, durably, at most {@link
   * ProtocolLimits#MAX_PARTIALS}, those received last. Empty on a log that does not keep halves.
   */
  List<PartialEnvelope> partials();

  /**
   * The parts of the envelopes that the other side lacks, in causal order: an envelope comes after
   * all it depends on, each envelope's parts one after another.
   */
  PartCursor lacking(Lacking lacking);

  /** Opens the way in. The caller closes it. */
  Intake intake();

  /**
   * What another side lacks.
   *
   * @param known what it has; nothing covered by it is returned
   * @param through nothing beyond is returned
   * @param afterPosition on a log that numbers its envelopes by arrival, nothing at or before it is
   *     returned; 0 is the start. A hint that saves looking: logs without positions ignore it
   * @param partials large envelopes to begin later than with part 0; those with another hash begin
   *     at 0
   */
  record Lacking(
      VersionVector known,
      VersionVector through,
      long afterPosition,
      List<PartialEnvelope> partials) {
    public Lacking {
      partials = List.copyOf(partials);
    }

    /** The first part of this envelope that is wanted. */
    public int firstPart(Dot dot, EnvelopeHash hash) {
      for (PartialEnvelope partial : partials) {
        if (partial.dot().equals(dot) && partial.hash().equals(hash)) {
          return partial.partsHeld();
        }
      }
      return 0;
    }
  }
}
