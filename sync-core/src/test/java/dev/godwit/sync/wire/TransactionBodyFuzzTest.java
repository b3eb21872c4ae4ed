package dev.godwit.sync.wire;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Whatever the bytes of a body, they are read or refused by one exception, in little memory. */
class TransactionBodyFuzzTest {
  private static final int ROUNDS = 10_000;

  private static void readOrRefused(byte[] body, String what) {
    try {
      assertNotNull(Bodies.read(body));
    } catch (MalformedBodyException refused) {
      assertNotNull(refused.getMessage());
    } catch (RuntimeException | Error other) {
      throw new AssertionError(what + ": " + new java.math.BigInteger(1, body).toString(16), other);
    }
  }

  private static void fuzz(long seed, Function<Random, byte[]> bodies) {
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      readOrRefused(bodies.apply(random), "seed " + seed + ", round " + round);
    }
  }

  @Test
  void randomBytesAreReadOrRefused() {
    fuzz(
        201,
        random -> {
          byte[] body = new byte[random.nextInt(200)];
          random.nextBytes(body);
          return body;
        });
  }

  @Test
  void bodiesWithFlippedBitsAreReadOrRefused() throws IOException {
    byte[] body = Bodies.write(Bodies.changes(), Bodies.BEFORE);
    fuzz(
        202,
        random -> {
          byte[] flipped = body.clone();
          for (int left = 1 + random.nextInt(4); left > 0; left--) {
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
          }
          return flipped;
        });
  }

  @Test
  void bodiesOfMovedPiecesAreReadOrRefused() throws IOException {
    byte[] body = Bodies.write(Bodies.changes(), Bodies.BEFORE);
    fuzz(
        203,
        random -> {
          ByteArrayOutputStream mixed = new ByteArrayOutputStream();
          for (int pieces = 1 + random.nextInt(4); pieces > 0; pieces--) {
            int from = random.nextInt(body.length);
            mixed.write(body, from, random.nextInt(body.length - from));
          }
          return mixed.toByteArray();
        });
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    byte[] body = Bodies.write(Bodies.changes(), Bodies.BEFORE);
    // The last byte ends the outermost array, behind all changes; nothing hangs on it.
    for (int length = 0; length < body.length - 1; length++) {
      byte[] cut = Arrays.copyOf(body, length);
      assertThrows(MalformedBodyException.class, () -> Bodies.read(cut), "at " + length);
    }
  }

  @Test
  void bodiesThatAreTooDeepOrAnnounceTooMuchAreRefused() throws IOException {
    byte[] body = Bodies.write(java.util.List.of(), Bodies.BEFORE);
    byte[] head = Arrays.copyOf(body, body.length - 2);
    byte[] deep = new byte[100_000];
    Arrays.fill(deep, (byte) 0x81);
    byte[][] tails = {
      deep,
      {(byte) 0x9b, 0x7f, -1, -1, -1, -1, -1, -1, -1},
      {(byte) 0x83, (byte) 0x83, 0x7b, 0x7f, -1, -1, -1, -1, -1, -1, -1},
      {(byte) 0x83, (byte) 0x83, 0x5a, 0x7f, -1, -1, -1},
      {(byte) 0x83, (byte) 0x83, 0x61, 'x', (byte) 0x9a, 0x7f, -1, -1, -1},
      {(byte) 0x83, 0x1b, 0x7f, -1, -1, -1, -1, -1, -1, -1}
    };
    for (byte[] tail : tails) {
      byte[] whole = Arrays.copyOf(head, head.length + tail.length);
      System.arraycopy(tail, 0, whole, head.length, tail.length);
      assertThrows(MalformedBodyException.class, () -> Bodies.read(whole));
    }
  }
}
