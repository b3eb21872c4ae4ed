package dev.godwit.crdt.law;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.encoding.MalformedEncodingException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Broken and hostile bytes are refused with a position, or read as a state that can be used. */
class DecoderFuzzTest {
  private static final int ROUNDS = Integer.getInteger("godwit.fuzz.rounds", 4_000);

  private final long seed = Long.getLong("godwit.seed", new Random().nextLong());

  static Stream<Subject<?>> subjects() {
    return Subjects.all();
  }

  @ParameterizedTest
  @MethodSource("subjects")
  <C> void brokenBytesAreRefusedWithAPosition(Subject<C> subject) {
    System.out.println("decoders of " + subject + ": -Dgodwit.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      C state = subject.empty();
      VersionVector since = VersionVector.empty();
      for (int i = random.nextInt(12); i > 0; i--) {
        byte[] id = new byte[ReplicaId.LENGTH_BYTES];
        id[0] = (byte) random.nextInt(3);
        state = subject.change(state, ReplicaId.of(id), random, new HistoryTwin());
        since = random.nextBoolean() ? subject.version(state) : since;
      }
      boolean delta = random.nextBoolean();
      byte[] bytes =
          broken(delta ? subject.encodeDelta(state, since) : subject.encode(state), random);
      try {
        if (delta) {
          subject.decodeDelta(bytes);
        } else {
          subject.encode(subject.decode(bytes));
        }
      } catch (MalformedEncodingException refused) {
        assertTrue(refused.position() >= 0 && refused.position() <= 64 << 20, refused.getMessage());
      } catch (IllegalArgumentException laterThanHere) {
        assertTrue(
            delta && laterThanHere.getMessage().contains("since"),
            "seed " + seed + ": " + laterThanHere);
      } catch (ArithmeticException | IllegalStateException unexpected) {
        throw new AssertionError("seed " + seed + ", round " + round, unexpected);
      }
    }
  }

  private static byte[] broken(byte[] bytes, Random random) {
    byte[] broken = bytes.clone();
    switch (random.nextInt(5)) {
      case 0:
        return Arrays.copyOf(broken, random.nextInt(broken.length + 1));
      case 1:
        return Arrays.copyOf(broken, broken.length + 1 + random.nextInt(4));
      case 2:
        random.nextBytes(broken);
        return broken;
      default:
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
          int at = random.nextInt(broken.length);
          boolean huge = random.nextInt(4) == 0;
          broken[at] = huge ? (byte) 0xff : (byte) (broken[at] ^ 1 << random.nextInt(8));
        }
        return broken;
    }
  }
}
