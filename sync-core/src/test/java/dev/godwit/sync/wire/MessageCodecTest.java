package dev.godwit.sync.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.protocol.ExchangeEnd;
import dev.godwit.sync.protocol.ExchangeError;
import dev.godwit.sync.protocol.ProtocolLimits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of each message, and what readers do with those of later versions. */
class MessageCodecTest {
  private static final String R1 = "50" + "11".repeat(16);
  private static final String R2 = "50" + "22".repeat(16);
  private static final String HASH = "5820" + "a5".repeat(32);

  private static final String REQUEST =
      "8a"
          + "01"
          + "01"
          + R1
          + "48"
          + "00000000000000ff"
          + "190102"
          + "86"
          + R1
          + "07"
          + "48"
          + "0123456789abcdef"
          + R2
          + "1903e8"
          + "48"
          + "fedcba9876543210"
          + "81"
          + "84"
          + R2
          + "1903e9"
          + HASH
          + "02"
          + "81"
          + "82"
          + R1
          + "03"
          + "1a00800000"
          + "1a00010000";
  private static final String ANSWER =
      "87"
          + "02"
          + "01"
          + "48"
          + "8000000000000001"
          + "83"
          + R1
          + "07"
          + "48"
          + "0123456789abcdef"
          + "80"
          + "81"
          + "86"
          + "02"
          + R2
          + "05"
          + "04"
          + HASH
          + "64"
          + "666f726b"
          + "82"
          + HASH
          + "f6";
  private static final String WHOLE_PART =
      "87" + "03" + R1 + "01" + "00" + "01" + "48" + "039058c6f2c0cb49" + "43" + "010203";
  private static final String END = "83" + "04" + "190102" + "f5";
  private static final String ERROR = "85" + "05" + "01" + "01" + "01" + "66" + "746f6f206f6c";

  @Test
  void theBytesOfEachMessageAreTheGoldenOnes() throws IOException {
    assertEquals(REQUEST, written(writer -> writer.write(Messages.request())));
    assertEquals(ANSWER, written(writer -> writer.write(Messages.answer())));
    assertEquals(WHOLE_PART, written(writer -> writer.write(Messages.wholePart())));
    assertEquals(END, written(writer -> writer.write(new ExchangeEnd(258, true))));
    assertEquals(
        ERROR,
        written(
            writer ->
                writer.write(
                    new ExchangeError(ExchangeError.Code.UNKNOWN_VERSION, 1, 1, "too ol"))));
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    List<EnvelopePart> parts = Messages.largeParts();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MessageWriter writer = new MessageWriter(bytes)) {
      writer.write(Messages.request());
      writer.write(Messages.wholePart());
      for (EnvelopePart part : parts) {
        writer.write(part);
      }
      writer.write(new ExchangeEnd(9, true));
    }
    MessageReader reader = new MessageReader(new ByteArrayInputStream(bytes.toByteArray()));
    assertEquals(Messages.request(), reader.readRequest());
    assertEquals(Messages.wholePart(), reader.next());
    List<EnvelopePart> read = new ArrayList<>();
    for (EnvelopePart part = reader.next(); part != null; part = reader.next()) {
      read.add(part);
    }
    assertEquals(parts, read);
    assertEquals(new ExchangeEnd(9, true), reader.end());
    assertEquals(Messages.answer(), reader(ANSWER + END).readAnswer());
  }

  @Test
  void itemsThatALaterVersionAppendsAndKindsItAddsAreSkipped() throws IOException {
    String longerAnswer =
        "9f" + ANSWER.substring(2) + "83010283010243aabbcc" + "a1" + "6161" + "f5" + "ff";
    String unknownKind = "83" + "1863" + "4401020304" + "8101";
    String longerPart = "88" + WHOLE_PART.substring(2) + "8200" + "f4";
    MessageReader reader =
        reader(
            longerAnswer + unknownKind + longerPart + unknownKind + "84" + END.substring(2) + "00");
    assertEquals(Messages.answer(), reader.readAnswer());
    assertEquals(Messages.wholePart(), reader.next());
    assertNull(reader.next());
    assertEquals(new ExchangeEnd(258, true), reader.end());
  }

  @Test
  void aRequestOfAnotherVersionIsAnsweredWithTheVersionsSpokenHere() {
    RemoteErrorException newer =
        assertThrows(
            RemoteErrorException.class,
            () -> reader("8a0102" + REQUEST.substring(6)).readRequest());
    assertEquals(ExchangeError.Code.UNKNOWN_VERSION, newer.error().code());
    assertEquals(ProtocolLimits.VERSION, newer.error().newestVersion());
    assertTrue(
        newer.getMessage().endsWith("the answering side is too old, update it"),
        newer.getMessage());
    RemoteErrorException older =
        assertThrows(
            RemoteErrorException.class,
            () -> reader("8a0100" + REQUEST.substring(6)).readRequest());
    assertTrue(
        older.getMessage().endsWith("the asking side is too old, update it"), older.getMessage());
  }

  @Test
  void anErrorInPlaceOfAnAnswerIsToldAsSuch() throws IOException {
    RemoteErrorException error =
        assertThrows(RemoteErrorException.class, () -> reader(ERROR).readAnswer());
    assertEquals(ExchangeError.Code.UNKNOWN_VERSION, error.error().code());
    assertEquals("too ol", reader(ERROR).readError().text());
    assertEquals(ExchangeError.Code.UNKNOWN, reader("850518630101" + "60").readError().code());
  }

  @Test
  void everyTruncationOfABodyIsRefused() throws IOException {
    String body = REQUEST + WHOLE_PART + END;
    for (int length = 0; length < body.length() / 2; length++) {
      String truncated = body.substring(0, 2 * length);
      assertThrows(
          MalformedMessageException.class,
          () -> drain(reader(truncated)),
          () -> "length " + truncated.length());
    }
    drain(reader(body));
  }

  @Test
  void aWholeEnvelopeThatWasAlteredOnTheWayIsRefused() {
    String altered = WHOLE_PART.substring(0, WHOLE_PART.length() - 2) + "04";
    MalformedMessageException refused =
        assertThrows(MalformedMessageException.class, () -> drain(reader(REQUEST + altered + END)));
    assertTrue(refused.getMessage().contains("hash that came with them"), refused.getMessage());
  }

  @Test
  void aPartLargerThanTheLimitIsRefusedWithoutBeingRead() {
    String announced =
        "87"
            + "03"
            + R1
            + "01"
            + "00"
            + "01"
            + "48"
            + "00".repeat(8)
            + "5a7fffffff"
            + "00".repeat(64);
    assertThrows(MalformedMessageException.class, () -> drain(reader(REQUEST + announced)));
  }

  @Test
  void moreHeadsThanReplicasMayBeAreRefused() {
    StringBuilder heads = new StringBuilder("9f");
    for (int i = 0; i <= ProtocolLimits.MAX_REPLICAS; i++) {
      heads
          .append("50")
          .append("00".repeat(12))
          .append(String.format("%08x", i))
          .append("01")
          .append("48")
          .append("00".repeat(8));
    }
    String request =
        "8a" + "01" + "01" + R1 + "f6" + "00" + heads + "ff" + "80" + "80" + "00" + "00";
    MalformedMessageException refused =
        assertThrows(MalformedMessageException.class, () -> reader(request + END).readRequest());
    assertTrue(refused.getMessage().contains("1024"), refused.getMessage());
  }

  @Test
  void deepNestingIsRefused() {
    String deep = "8a0101" + R1 + "f600" + "81".repeat(100_000);
    assertThrows(MalformedMessageException.class, () -> reader(deep).readRequest());
    String deepUnknown = REQUEST + "82" + "1863" + "81".repeat(100_000);
    assertThrows(MalformedMessageException.class, () -> drain(reader(deepUnknown)));
  }

  private static void drain(MessageReader reader) throws IOException {
    reader.readRequest();
    while (reader.next() != null) {
      continue;
    }
    reader.end();
  }

  private static MessageReader reader(String hex) throws IOException {
    return new MessageReader(new ByteArrayInputStream(Messages.bytes(hex)));
  }

  private interface Writing {
    void write(MessageWriter writer) throws IOException;
  }

  private static String written(Writing writing) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MessageWriter writer = new MessageWriter(bytes)) {
      writing.write(writer);
    }
    return Messages.hex(bytes.toByteArray());
  }
}
