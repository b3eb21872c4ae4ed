package dev.godwit.sync.wire;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.protocol.ExchangeAnswer;
import dev.godwit.sync.protocol.ExchangeRequest;
import dev.godwit.sync.protocol.Head;
import dev.godwit.sync.protocol.Heads;
import dev.godwit.sync.protocol.HistoryId;
import dev.godwit.sync.protocol.PartialEnvelope;
import dev.godwit.sync.protocol.Refusal;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One message of each kind, with every field filled, for the tests of this package. */
final class Messages {
  private static final ReplicaId ONE = ReplicaId.parse("11".repeat(16));
  private static final ReplicaId TWO = ReplicaId.parse("22".repeat(16));

  private Messages() {}

  static ExchangeRequest request() {
    Heads heads =
        Heads.of(
            Map.of(
                ONE, new Head(7, 0x0123456789abcdefL), TWO, new Head(1_000, 0xfedcba9876543210L)));
    return new ExchangeRequest(
        ONE,
        Optional.of(new HistoryId(255)),
        258,
        heads,
        List.of(new PartialEnvelope(new Dot(TWO, 1_001), hash(), 2)),
        List.of(new Dot(ONE, 3)),
        8 << 20,
        65_536);
  }

  static ExchangeAnswer answer() {
    Heads heads = Heads.of(Map.of(ONE, new Head(7, 0x0123456789abcdefL)));
    return new ExchangeAnswer(
        new HistoryId(0x8000000000000001L),
        heads,
        List.of(),
        List.of(new Refusal(Refusal.Reason.FORK, new Dot(TWO, 5), 4, hash(), "fork")),
        List.of(Optional.of(hash()), Optional.empty()));
  }

  static EnvelopePart wholePart() {
    return EnvelopePart.whole(new Dot(ONE, 1), new byte[] {1, 2, 3});
  }

  static List<EnvelopePart> largeParts() {
    byte[] full = new byte[EnvelopePart.MAX_LENGTH_BYTES];
    Arrays.fill(full, (byte) 7);
    return List.of(
        EnvelopePart.of(new Dot(TWO, 9), 0, 2, hash(), full),
        EnvelopePart.of(new Dot(TWO, 9), 1, 2, hash(), new byte[] {9}));
  }

  static EnvelopeHash hash() {
    return EnvelopeHash.of(bytes("a5".repeat(32)));
  }

  static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
