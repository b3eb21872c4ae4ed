package dev.godwit.crdt.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.encoding.EncodingWriter;
import dev.godwit.crdt.encoding.MalformedEncodingException;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Histories of several authors with their bytes broken, column by column. {@code -Dgodwit.seed}
 * repeats a run.
 */
class TextDecoderFuzzTest {
  private static final int ROUNDS = Integer.getInteger("godwit.fuzz.rounds", 200);
  private static final int BREAKS = 60;

  private final long seed = Long.getLong("godwit.seed", new Random().nextLong());

  @Test
  void brokenHistoriesAreRefusedOrUsable() {
    System.out.println("text decoder: -Dgodwit.seed=" + seed);
    Random random = new Random(seed);
    int usable = 0;
    for (int round = 0; round < ROUNDS; round++) {
      TextHistory history = history(random);
      byte[] plain = history.encodeUncompressed();
      byte[] deflated = history.encode();
      for (int i = 0; i < BREAKS; i++) {
        usable += survives(broken(i % 4 == 0 ? deflated : plain, random)) ? 1 : 0;
      }
    }
    assertTrue(
        usable > 0,
        "seed " + seed + ": every broken encoding was refused, so that none reached the text");
  }

  @Test
  void aSmallInputThatClaimsMuchIsRefused() {
    EncodingWriter claims = header().writeByte(1).writeUnsigned(1L << 40).writeBytes(new byte[8]);
    assertThrows(MalformedEncodingException.class, () -> TextHistory.decode(claims.toBytes()));
    EncodingWriter expands = header().writeByte(1).writeUnsigned(1 << 24).writeBytes(new byte[8]);
    assertThrows(MalformedEncodingException.class, () -> TextHistory.decode(expands.toBytes()));
  }

  @Test
  void theLimitHoldsForEverythingTogether() {
    TextDocument document = new TextDocument(ReplicaId.of(new byte[ReplicaId.LENGTH_BYTES]));
    document.insert(0, "text ".repeat(10_000));
    byte[] encoded = document.encode();
    assertTrue(encoded.length < 1000, () -> encoded.length + " bytes");
    assertEquals(50_000, TextHistory.decode(encoded, 60_000).length());
    assertThrows(MalformedEncodingException.class, () -> TextHistory.decode(encoded, 49_000));
  }

  @Test
  void transactionsWithoutEndAreRefused() {
    Consumer<EncodingWriter> endless =
        column ->
            column
                .writeUnsigned(1)
                .writeUnsigned(0)
                .writeUnsigned(1)
                .writeUnsigned(1 << 24)
                .writeUnsigned(1)
                .writeUnsigned(1 << 24);
    EncodingWriter transactions = new EncodingWriter();
    endless.accept(transactions);
    EncodingWriter out = header().writeByte(0).writeUnsigned(0);
    out.writeUnsigned(1).writeReplica(ReplicaId.of(new byte[ReplicaId.LENGTH_BYTES]));
    section(out, transactions.toBytes());
    section(out);
    section(out, OperationLog.INSERT);
    section(out, (byte) 1);
    section(out, (byte) 0);
    out.writeUnsigned(1);
    section(out, (byte) 'a');
    section(out);
    MalformedEncodingException refused =
        assertThrows(MalformedEncodingException.class, () -> TextHistory.decode(out.toBytes()));
    assertTrue(refused.getMessage().contains("transactions"), refused.getMessage());
  }

  private static EncodingWriter header() {
    return new EncodingWriter()
        .writeByte(TextEncoding.FORMAT)
        .writeByte(TextEncoding.WHOLE)
        .writeUnsigned(0);
  }

  private static void section(EncodingWriter out, byte... bytes) {
    out.writeByte(0).writeBytes(bytes);
  }

  private static TextHistory history(Random random) {
    SimulatedAuthor[] authors = new SimulatedAuthor[3];
    for (int i = 0; i < authors.length; i++) {
      byte[] id = new byte[ReplicaId.LENGTH_BYTES];
      random.nextBytes(id);
      authors[i] = new SimulatedAuthor(ReplicaId.of(id));
    }
    for (int step = 0; step < 24; step++) {
      SimulatedAuthor author = authors[random.nextInt(3)];
      SimulatedAuthor.Sent sent = author.act(random);
      for (SimulatedAuthor other : authors) {
        boolean knows = other.known().covers(sent.transaction().dependencies());
        boolean isNext =
            other.history.version().sequence(author.id) == other.known().sequence(author.id);
        if (other != author
            && knows
            && isNext
            && random.nextBoolean()
            && other.known().with(sent.transaction().dot()).covers(author.known())) {
          other.receive(sent);
        }
      }
    }
    return authors[random.nextInt(3)].history;
  }

  private boolean survives(byte[] bytes) {
    try {
      TextHistory history = TextHistory.decode(bytes);
      history.forgetBelow(history.version());
      assertEquals(history.text(), TextHistory.decode(history.encode()).text(), "seed " + seed);
      history.textAt(VersionVector.empty().join(history.version()));
      return true;
    } catch (MalformedEncodingException refused) {
      return false;
    } catch (RuntimeException unexpected) {
      throw new AssertionError("seed " + seed + ": " + Arrays.toString(bytes), unexpected);
    }
  }

  private static byte[] broken(byte[] bytes, Random random) {
    byte[] broken = bytes.clone();
    if (random.nextInt(6) == 0) {
      return Arrays.copyOf(broken, random.nextInt(broken.length));
    }
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      int at = random.nextInt(broken.length);
      broken[at] =
          (byte) (random.nextBoolean() ? broken[at] + random.nextInt(5) - 2 : random.nextInt(256));
    }
    return broken;
  }
}
