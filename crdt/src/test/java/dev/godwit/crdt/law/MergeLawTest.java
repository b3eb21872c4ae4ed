package dev.godwit.crdt.law;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every type against every law, on the states of random replicas. {@code -Dgodwit.seed} repeats a
 * run.
 */
class MergeLawTest {
  private static final int ROUNDS = Integer.getInteger("godwit.law.rounds", 60);
  private static final int STEPS = 40;

  private final long seed = Long.getLong("godwit.seed", new Random().nextLong());

  static Stream<Subject<?>> subjects() {
    return Subjects.all();
  }

  @ParameterizedTest
  @MethodSource("subjects")
  <C> void statesShowWhatTheirHistorySays(Subject<C> subject) {
    rounds(subject, (replicas, random) -> {});
  }

  @ParameterizedTest
  @MethodSource("subjects")
  <C> void mergeIsAssociativeCommutativeAndIdempotent(Subject<C> subject) {
    rounds(
        subject,
        (replicas, random) -> {
          C a = replicas.pick(random);
          C b = replicas.pick(random);
          C c = replicas.pick(random);
          C leftFirst = subject.merge(merged(subject, a, b), c);
          assertEquals(leftFirst, merged(subject, a, merged(subject, b, c)), context(subject));
          assertEquals(merged(subject, a, b), merged(subject, b, a), context(subject));
          assertEquals(a, merged(subject, a, a), context(subject));
        });
  }

  @ParameterizedTest
  @MethodSource("subjects")
  <C> void mergeOnlyEverAdds(Subject<C> subject) {
    rounds(
        subject,
        (replicas, random) -> {
          C a = replicas.pick(random);
          C b = replicas.pick(random);
          C both = merged(subject, a, b);
          assertEquals(both, merged(subject, both, a), context(subject));
          assertEquals(both, merged(subject, a, both), context(subject));
          if (!(subject instanceof Subjects.LastWrite)) {
            assertTrue(subject.version(both).covers(subject.version(a)), context(subject));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("subjects")
  <C> void deltaDoesWhatTheFullMergeDoes(Subject<C> subject) {
    rounds(
        subject,
        (replicas, random) -> {
          C a = replicas.pick(random);
          C b = replicas.pick(random);
          C byDelta = subject.applyDelta(subject.copy(a), b, subject.version(a));
          assertEquals(merged(subject, a, b), byDelta, context(subject));
          C fromNothing = subject.applyDelta(subject.copy(a), b, VersionVector.empty());
          assertEquals(byDelta, fromNothing, context(subject));
        });
  }

  @ParameterizedTest
  @MethodSource("subjects")
  <C> void equalStatesHaveEqualBytesWhichReadBack(Subject<C> subject) {
    rounds(
        subject,
        (replicas, random) -> {
          C a = replicas.pick(random);
          C b = replicas.pick(random);
          byte[] encoded = subject.encode(merged(subject, a, b));
          assertArrayEquals(encoded, subject.encode(merged(subject, b, a)), context(subject));
          assertEquals(merged(subject, a, b), subject.decode(encoded), context(subject));
          assertArrayEquals(encoded, subject.encode(subject.decode(encoded)), context(subject));
        });
  }

  private interface Check<C> {
    void on(Replicas<C> replicas, Random random);
  }

  private <C> void rounds(Subject<C> subject, Check<C> check) {
    System.out.println("laws of " + subject + ": -Dgodwit.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      Replicas<C> replicas = new Replicas<>(subject, 2 + random.nextInt(4), random);
      for (int step = 0; step < STEPS; step++) {
        replicas.step(random);
        if (step % 4 == 0) {
          check.on(replicas, random);
        }
      }
    }
  }

  private static <C> C merged(Subject<C> subject, C left, C right) {
    return subject.merge(subject.copy(left), right);
  }

  private String context(Subject<?> subject) {
    return subject + ", seed " + seed;
  }

  /** Some replicas and their twins, with the old states that laws may pick too. */
  private final class Replicas<C> {
    private final Subject<C> subject;
    private final List<ReplicaId> ids = new ArrayList<>();
    private final List<C> states = new ArrayList<>();
    private final List<HistoryTwin> twins = new ArrayList<>();
    private final List<C> old = new ArrayList<>();

    Replicas(Subject<C> subject, int count, Random random) {
      this.subject = subject;
      for (int i = 0; i < count; i++) {
        byte[] id = new byte[ReplicaId.LENGTH_BYTES];
        random.nextBytes(id);
        ids.add(ReplicaId.of(id));
        states.add(subject.empty());
        twins.add(new HistoryTwin());
      }
    }

    C pick(Random random) {
      boolean present = old.isEmpty() || random.nextInt(3) > 0;
      return present
          ? states.get(random.nextInt(states.size()))
          : old.get(random.nextInt(old.size()));
    }

    void step(Random random) {
      int at = random.nextInt(states.size());
      int from = random.nextInt(states.size());
      if (random.nextInt(3) > 0 || at == from) {
        states.set(at, subject.change(states.get(at), ids.get(at), random, twins.get(at)));
      } else {
        C other = states.get(from);
        C here = states.get(at);
        boolean byDelta = random.nextBoolean();
        states.set(
            at,
            byDelta
                ? subject.applyDelta(here, other, subject.version(here))
                : subject.merge(here, other));
        twins.get(at).merge(twins.get(from));
      }
      if (random.nextInt(10) == 0) {
        old.add(subject.copy(states.get(at)));
      }
      assertEquals(
          subject.expected(twins.get(at)), subject.value(states.get(at)), context(subject));
    }
  }
}
