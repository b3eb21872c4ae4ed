package dev.godwit.sync.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.EnvelopeHash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ForkSearchTest {
  private static final ReplicaId REPLICA = ReplicaId.of(new byte[16]);

  @Test
  void findsTheLastCommonSequenceInFewRounds() {
    long seed = 5;
    System.out.println("ForkSearchTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      long common = random.nextInt(1 << random.nextInt(24));
      long own = common + random.nextInt(1_000_000);
      long remote = common + 1 + random.nextInt(1_000_000);
      assertEquals(new OwnFork(REPLICA, common, own, remote), search(common, own, remote, 5));
    }
  }

  @Test
  void smallHistoriesAreExhaustivelyRight() {
    for (int common = 0; common <= 70; common++) {
      for (int own = common; own <= common + 3; own++) {
        for (int remote = common + 1; remote <= common + 67; remote += 33) {
          assertEquals(new OwnFork(REPLICA, common, own, remote), search(common, own, remote, 2));
        }
      }
    }
  }

  private static OwnFork search(long common, long own, long remote, int maxRounds) {
    ForkSearch search = new ForkSearch(REPLICA, own, remote);
    int rounds = 0;
    while (!search.isFinished()) {
      List<Dot> questions = search.questions();
      assertTrue(questions.size() <= ProtocolLimits.MAX_QUESTIONS && !questions.isEmpty());
      List<Optional<EnvelopeHash>> answers = new ArrayList<>();
      for (Dot dot : questions) {
        answers.add(hash(dot.sequence(), common, remote, 1));
      }
      search.learn(questions, answers, new HashOnly(dot -> hash(dot.sequence(), common, own, 2)));
      rounds++;
    }
    assertTrue(rounds <= maxRounds, "rounds: " + rounds);
    return search.result();
  }

  private static Optional<EnvelopeHash> hash(long sequence, long common, long head, int branch) {
    if (sequence > head) {
      return Optional.empty();
    }
    long content = sequence <= common ? sequence : -sequence * 10 - branch;
    return Optional.of(EnvelopeHash.ofEnvelope(ByteBuffer.allocate(8).putLong(content).array()));
  }

  private interface Hashes {
    Optional<EnvelopeHash> of(Dot dot);
  }

  /** A log of which nothing but hashes is asked. */
  private record HashOnly(Hashes hashes) implements EnvelopeLog {
    @Override
    public Optional<EnvelopeHash> hash(Dot dot) {
      return hashes.of(dot);
    }

    @Override
    public Heads heads() {
      throw new AssertionError(VersionVector.empty());
    }

    @Override
    public List<PartialEnvelope> partials() {
      throw new AssertionError();
    }

    @Override
    public PartCursor lacking(Lacking lacking) {
      throw new AssertionError();
    }

    @Override
    public Intake intake() {
      throw new AssertionError();
    }
  }
}
