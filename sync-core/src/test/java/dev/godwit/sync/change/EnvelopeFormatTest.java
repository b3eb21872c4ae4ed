package dev.godwit.sync.change;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.crdt.causality.ReplicaId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The envelope's bytes: they are in logs and on relays for ever. */
class EnvelopeFormatTest {
  private static final SpaceId SPACE = SpaceId.parse("00112233445566778899aabbccddeeff");
  private static final ReplicaId REPLICA = ReplicaId.parse("f0e0d0c0b0a090807060504030201000");
  private static final EnvelopeHash PREDECESSOR =
      EnvelopeHash.of(HexText.decode("a5".repeat(32), EnvelopeHash.LENGTH_BYTES, "hash"));

  private static final String GOLDEN_FIRST =
      "8701"
          + "5000112233445566778899aabbccddeeff"
          + "50f0e0d0c0b0a090807060504030201000"
          + "01"
          + "5820"
          + "00".repeat(32)
          + "00"
          + "03";
  private static final String GOLDEN_LATER =
      "8701"
          + "5000112233445566778899aabbccddeeff"
          + "50f0e0d0c0b0a090807060504030201000"
          + "1a000f4240"
          + "5820"
          + "a5".repeat(32)
          + "18ff"
          + "1b0000000200000000";

  @Test
  void theHeadersBytesAreTheGoldenOnes() {
    EnvelopeHeader first = new EnvelopeHeader(SPACE, REPLICA, 1, EnvelopeHash.NONE, 0, 3);
    EnvelopeHeader later =
        new EnvelopeHeader(SPACE, REPLICA, 1_000_000, PREDECESSOR, 255, 1L << 33);
    assertEquals(GOLDEN_FIRST, HexText.encode(first.encode()));
    assertEquals(GOLDEN_LATER, HexText.encode(later.encode()));
    assertEquals(first, EnvelopeHeader.decode(bytes(GOLDEN_FIRST)));
    assertEquals(later, EnvelopeHeader.decode(bytes(GOLDEN_LATER)));
    assertEquals(GOLDEN_LATER.length() / 2, later.lengthBytes());
  }

  @Test
  void theHashIsOverHeaderAndBodyAndIsGolden() throws IOException {
    EnvelopeHeader first = new EnvelopeHeader(SPACE, REPLICA, 1, EnvelopeHash.NONE, 0, 3);
    List<byte[]> pieces = new ArrayList<>();
    EnvelopeHash hash = cut(first, new byte[] {1, 2, 3}, pieces);
    assertEquals(GOLDEN_FIRST + "010203", HexText.encode(pieces.get(0)));
    assertEquals(EnvelopeHash.ofEnvelope(bytes(GOLDEN_FIRST + "010203")), hash);
    assertEquals("c8c9317e", hash.shortText());
  }

  @Test
  void anyHeaderComesBackAndItsLengthIsKnown() {
    Random random = seeded(11);
    for (int i = 0; i < 20_000; i++) {
      long sequence = 1 + (random.nextLong() >>> 1 + random.nextInt(62)) % (Long.MAX_VALUE - 1);
      EnvelopeHash predecessor = sequence == 1 ? EnvelopeHash.NONE : PREDECESSOR;
      EnvelopeHeader header =
          new EnvelopeHeader(
              SPACE,
              REPLICA,
              sequence,
              predecessor,
              random.nextLong() >>> 1 + random.nextInt(62),
              random.nextLong() >>> 24 + random.nextInt(39));
      byte[] encoded = header.encode();
      assertEquals(header.lengthBytes(), encoded.length);
      assertTrue(
          encoded.length >= EnvelopeHeader.MIN_LENGTH_BYTES
              && encoded.length <= EnvelopeHeader.MAX_LENGTH_BYTES);
      assertEquals(
          header,
          EnvelopeHeader.decode(Arrays.copyOf(encoded, encoded.length + random.nextInt(9))));
    }
  }

  @Test
  void onlyOneSpellingOfAHeaderIsAccepted() {
    Random random = seeded(12);
    byte[] golden = bytes(GOLDEN_LATER);
    int accepted = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] altered = golden.clone();
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        altered[random.nextInt(altered.length)] = (byte) random.nextInt();
      }
      try {
        EnvelopeHeader header = EnvelopeHeader.decode(altered);
        accepted++;
        assertArrayEquals(header.encode(), Arrays.copyOf(altered, header.lengthBytes()));
      } catch (MalformedEnvelopeException refused) {
        assertTrue(refused.getMessage().length() < 300, refused.getMessage());
      }
    }
    assertTrue(accepted > 0);
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] golden = bytes(GOLDEN_LATER);
    for (int length = 0; length < golden.length; length++) {
      byte[] truncated = Arrays.copyOf(golden, length);
      assertThrows(MalformedEnvelopeException.class, () -> EnvelopeHeader.decode(truncated));
    }
  }

  @Test
  void anUnknownFormatVersionSaysWhoIsOld() {
    byte[] newer = bytes(GOLDEN_FIRST);
    newer[1] = 2;
    MalformedEnvelopeException refused =
        assertThrows(UnknownEnvelopeVersionException.class, () -> EnvelopeHeader.decode(newer));
    assertEquals(
        "expected envelope format version 1 but got 2: the writer is newer than this program",
        refused.getMessage());
  }

  @Test
  void aLargeEnvelopeIsCutAtFixedPlaces() throws IOException {
    byte[] body = new byte[2 * EnvelopePart.MAX_LENGTH_BYTES + 5];
    seeded(13).nextBytes(body);
    EnvelopeHeader header = new EnvelopeHeader(SPACE, REPLICA, 2, PREDECESSOR, 0, body.length);
    List<byte[]> pieces = new ArrayList<>();
    EnvelopeHash hash = cut(header, body, pieces);
    assertEquals(3, header.partCount());
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (int i = 0; i < pieces.size(); i++) {
      EnvelopePart part = EnvelopePart.of(header.dot(), i, pieces.size(), hash, pieces.get(i));
      assertEquals(i == 0 ? header : null, i == 0 ? part.header() : null);
      whole.write(pieces.get(i));
    }
    assertEquals(EnvelopeHash.ofEnvelope(whole.toByteArray()), hash);
    assertArrayEquals(
        body, Arrays.copyOfRange(whole.toByteArray(), header.lengthBytes(), whole.size()));
  }

  @Test
  void anEnvelopeThatEndsExactlyAtAPartHasNoEmptyPart() throws IOException {
    EnvelopeHeader probe =
        new EnvelopeHeader(SPACE, REPLICA, 2, PREDECESSOR, 0, EnvelopePart.MAX_LENGTH_BYTES);
    byte[] body = new byte[2 * EnvelopePart.MAX_LENGTH_BYTES - probe.lengthBytes()];
    EnvelopeHeader header = new EnvelopeHeader(SPACE, REPLICA, 2, PREDECESSOR, 0, body.length);
    List<byte[]> pieces = new ArrayList<>();
    cut(header, body, pieces);
    assertEquals(2, pieces.size());
    assertEquals(2, header.partCount());
    assertEquals(EnvelopePart.MAX_LENGTH_BYTES, pieces.get(1).length);
  }

  @Test
  void aBodyOfAnotherLengthThanAnnouncedIsRefused() throws IOException {
    EnvelopeHeader header = new EnvelopeHeader(SPACE, REPLICA, 2, PREDECESSOR, 0, 10);
    assertThrows(IOException.class, () -> cut(header, new byte[11], new ArrayList<>()));
    assertThrows(IOException.class, () -> cut(header, new byte[9], new ArrayList<>()));
  }

  @Test
  void aPartWhoseLengthDoesNotFitItsPlaceIsRefused() {
    EnvelopeHeader header = new EnvelopeHeader(SPACE, REPLICA, 2, PREDECESSOR, 0, 10);
    byte[] short0 = new byte[100];
    assertThrows(
        MalformedEnvelopeException.class,
        () -> EnvelopePart.of(header.dot(), 0, 2, PREDECESSOR, short0));
    assertThrows(
        MalformedEnvelopeException.class,
        () -> EnvelopePart.of(header.dot(), 2, 2, PREDECESSOR, short0));
    assertThrows(
        MalformedEnvelopeException.class, () -> EnvelopePart.whole(header.dot(), new byte[0]));
    assertThrows(
        MalformedEnvelopeException.class,
        () -> EnvelopePart.whole(header.dot(), new byte[EnvelopePart.MAX_LENGTH_BYTES + 1]));
  }

  @Test
  void idsAreReadFromTheirTextOnly() {
    assertEquals(SPACE, SpaceId.parse(SPACE.toString()));
    assertThrows(IllegalArgumentException.class, () -> SpaceId.parse("00112233"));
    assertThrows(
        IllegalArgumentException.class, () -> SpaceId.parse("zz112233445566778899aabbccddeeff"));
    assertThrows(
        IllegalArgumentException.class,
        () -> SpaceId.parse("\u0660\u0660112233445566778899aabbccddeeff"));
  }

  private static EnvelopeHash cut(EnvelopeHeader header, byte[] body, List<byte[]> pieces)
      throws IOException {
    EnvelopeCutter cutter =
        new EnvelopeCutter(
            header,
            (index, bytes) -> {
              assertEquals(pieces.size(), index);
              pieces.add(bytes);
            });
    int half = body.length / 2;
    cutter.write(body, 0, half);
    cutter.write(body, half, body.length - half);
    return cutter.finish();
  }

  private static byte[] bytes(String hex) {
    return HexText.decode(hex, hex.length() / 2, "golden bytes");
  }

  private static Random seeded(long seed) {
    System.out.println("EnvelopeFormatTest seed " + seed);
    return new Random(seed);
  }
}
