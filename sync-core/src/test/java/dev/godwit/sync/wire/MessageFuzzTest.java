package dev.godwit.sync.wire;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.protocol.ExchangeEnd;
import dev.godwit.sync.protocol.ExchangeError;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Readers end with a value or an IOException, whatever the bytes; a hang would run into the
 * generous time limit.
 */
class MessageFuzzTest {
  private static final Duration HANG = Duration.ofMinutes(2);

  @Test
  void randomBytesAreRefused() {
    fuzz(
        101,
        60_000,
        random -> {
          byte[] bytes = new byte[random.nextInt(300)];
          random.nextBytes(bytes);
          return bytes;
        });
  }

  @Test
  void alteredBodiesAreReadOrRefused() throws IOException {
    byte[] body = body();
    fuzz(
        102,
        60_000,
        random -> {
          byte[] altered = body.clone();
          for (int changes = 1 + random.nextInt(6); changes > 0; changes--) {
            altered[random.nextInt(altered.length)] = (byte) random.nextInt();
          }
          return altered;
        });
  }

  @Test
  void bodiesWithPiecesMovedDoubledAndLostAreReadOrRefused() throws IOException {
    byte[] body = body();
    fuzz(
        103,
        60_000,
        random -> {
          ByteArrayOutputStream mixed = new ByteArrayOutputStream();
          for (int pieces = 1 + random.nextInt(5); pieces > 0; pieces--) {
            int from = random.nextInt(body.length);
            mixed.write(body, from, random.nextInt(body.length - from));
          }
          return mixed.toByteArray();
        });
  }

  @Test
  void structuralNonsenseIsRefused() {
    byte[] heads = {
      (byte) 0x9f,
      (byte) 0xbf,
      0x5f,
      0x7f,
      (byte) 0x9b,
      (byte) 0xbb,
      0x5b,
      0x7b,
      (byte) 0xc2,
      (byte) 0xd9,
      (byte) 0xfb,
      (byte) 0xf9,
      0x1b,
      0x3b,
      (byte) 0xff,
      (byte) 0x8a,
      (byte) 0x87,
      0x01,
      0x02,
      0x50
    };
    fuzz(
        104,
        60_000,
        random -> {
          byte[] bytes = new byte[random.nextInt(4_000)];
          for (int i = 0; i < bytes.length; i++) {
            bytes[i] =
                random.nextInt(4) == 0
                    ? (byte) random.nextInt()
                    : heads[random.nextInt(heads.length)];
          }
          if (bytes.length > 3 && random.nextBoolean()) {
            bytes[0] = (byte) 0x9f;
            bytes[1] = 1;
            bytes[2] = 1;
          }
          return bytes;
        });
  }

  private interface Making {
    byte[] bytes(Random random);
  }

  private static void fuzz(long seed, int rounds, Making making) {
    System.out.println("MessageFuzzTest seed " + seed);
    Random random = new Random(seed);
    assertTimeoutPreemptively(
        HANG,
        () -> {
          for (int i = 0; i < rounds; i++) {
            byte[] bytes = making.bytes(random);
            attempt(bytes, true);
            attempt(bytes, false);
          }
        });
  }

  private static void attempt(byte[] bytes, boolean asRequest) {
    try (MessageReader reader = new MessageReader(new ByteArrayInputStream(bytes))) {
      if (asRequest) {
        reader.readRequest();
      } else {
        reader.readAnswer();
      }
      while (reader.next() != null) {
        continue;
      }
      reader.end();
    } catch (IOException refused) {
      assertTrue(String.valueOf(refused.getMessage()).length() < 1_000, refused.getMessage());
    }
  }

  private static byte[] body() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MessageWriter writer = new MessageWriter(bytes)) {
      writer.write(Messages.request());
      writer.write(Messages.wholePart());
      writer.write(Messages.answer());
      writer.write(ExchangeError.of(ExchangeError.Code.BUSY, "later"));
      writer.write(Messages.wholePart());
      writer.write(new ExchangeEnd(1, false));
    }
    return bytes.toByteArray();
  }
}
