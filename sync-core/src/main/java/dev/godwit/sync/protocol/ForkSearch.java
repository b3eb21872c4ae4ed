package dev.godwit.sync.protocol;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.EnvelopeHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the last sequence up to which two histories of one replica agree, by asking for up to
 * {@value ProtocolLimits#MAX_QUESTIONS} hashes at a time.
 *
 * <p>Hashes are chained: when the envelopes at one sequence are equal, all before are. So each
 * round divides what is left by 65: four rounds for 16 million envelopes.
 */
final class ForkSearch {
  private final ReplicaId replica;
  private final long ownSequence;
  private final long remoteSequence;
  private long common;
  private long different;

  ForkSearch(ReplicaId replica, long ownSequence, long remoteSequence) {
    this.replica = replica;
    this.ownSequence = ownSequence;
    this.remoteSequence = remoteSequence;
    this.different = Math.min(ownSequence, remoteSequence) + 1;
  }

  boolean isFinished() {
    return different - common == 1;
  }

  OwnFork result() {
    return new OwnFork(replica, common, ownSequence, remoteSequence);
  }

  /** The dots to ask for, ascending, evenly between what is known. */
  List<Dot> questions() {
    List<Dot> questions = new ArrayList<>();
    long between = different - common - 1;
    long count = Math.min(between, ProtocolLimits.MAX_QUESTIONS);
    for (long i = 1; i <= count; i++) {
      long offset =
          count == between
              ? i
              : between / (count + 1) * i + between % (count + 1) * i / (count + 1);
      questions.add(new Dot(replica, common + offset));
    }
    return questions;
  }

  /** Learns what the remote answered to {@link #questions()}. */
  void learn(List<Dot> questions, List<Optional<EnvelopeHash>> theirs, EnvelopeLog log) {
    for (int i = 0; i < questions.size(); i++) {
      Dot dot = questions.get(i);
      if (theirs.get(i).isPresent() && theirs.get(i).equals(log.hash(dot))) {
        common = dot.sequence();
      } else {
        different = dot.sequence();
        return;
      }
    }
  }
}
