package dev.godwit.crdt.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.counter.GCounter;
import dev.godwit.crdt.counter.PnCounter;
import dev.godwit.crdt.dots.DotSet;
import dev.godwit.crdt.encoding.ValueCodec;
import dev.godwit.crdt.map.AddWinsMap;
import dev.godwit.crdt.register.LwwRegister;
import dev.godwit.crdt.register.MultiValueRegister;
import dev.godwit.crdt.set.AddWinsSet;
import dev.godwit.crdt.set.GrowOnlySet;
import dev.godwit.crdt.text.TextHistory;
import dev.godwit.crdt.text.TextOperation;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each type's canonical bytes for one small state; a and b stand for the ids of two replicas. */
class GoldenBytesTest {
  private static final ReplicaId A = ReplicaId.parse("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
  private static final ReplicaId B = ReplicaId.parse("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");

  private static void assertGolden(String expected, byte[] encoded) {
    String hex = HexFormat.of().formatHex(encoded);
    assertEquals(expected, hex.replace(A.toString(), " a ").replace(B.toString(), " b ").trim());
  }

  @Test
  void growOnlyCounterIsItsVector() {
    assertGolden("02 a 05 b ac02", GCounter.zero().plus(B, 300).plus(A, 5).encode());
  }

  @Test
  void counterIsAdditionsThenSubtractions() {
    assertGolden("01 a 0501 b 07", PnCounter.zero().plus(A, 5).plus(B, -7).encode());
  }

  @Test
  void lastWriteIsTimeDotAndValue() {
    LwwRegister<String> register = LwwRegister.of("é", HybridTimestamp.of(1, 2), new Dot(B, 3));
    assertGolden("01828004 b 0302c3a9", register.encode(ValueCodec.TEXT));
    assertGolden("00", LwwRegister.<String>empty().encode(ValueCodec.TEXT));
  }

  @Test
  void siblingsAreDotsAndValues() {
    MultiValueRegister<Long> left = new MultiValueRegister<>(ValueCodec.NUMBER);
    left.write(A, 1L);
    MultiValueRegister<Long> right = new MultiValueRegister<>(ValueCodec.NUMBER);
    right.write(B, -2L);
    left.merge(right);
    assertGolden("02 a 01 b 0102 a 0102 b 0103", left.encode());
  }

  @Test
  void growOnlySetIsElementsWithDots() {
    GrowOnlySet<String> set = new GrowOnlySet<>(ValueCodec.TEXT);
    set.add(A, "y");
    set.add(A, "x");
    assertGolden("01 a 02020178 a 020179 a 01", set.encode());
  }

  @Test
  void removedElementsLeaveNothingButTheVector() {
    AddWinsSet<String> set = new AddWinsSet<>(ValueCodec.TEXT);
    set.add(A, "x");
    set.add(A, "y");
    set.remove("x");
    assertGolden("01 a 020101" + "79" + "01 a 02", set.encode());
    assertGolden("0001 a 0200" + "01" + "0179" + "01 a 02", delta(set, VersionVector.empty()));
    VersionVector all = set.version();
    set.add(A, "z");
    assertGolden("01 a 0201 a 0301 a 010100" + "01" + "017a" + "01 a 03", delta(set, all));
  }

  private static byte[] delta(AddWinsSet<String> set, VersionVector since) {
    return set.deltaSince(since).encode(AddWinsSet.type(ValueCodec.TEXT));
  }

  @Test
  void mapIsKeysWithStores() {
    AddWinsMap<String, DotSet> map = new AddWinsMap<>(ValueCodec.TEXT, DotSet.TYPE);
    map.update(B, "k", (flag, dots) -> flag.assign(dots.get()));
    assertGolden("01 b 0101016b01 b 01", map.encode());
  }

  @Test
  void textIsColumns() {
    TextHistory text = new TextHistory("xy", VersionVector.empty().with(new Dot(A, 4)));
    VersionVector base = text.version();
    text.apply(
        new Dot(A, 5), base, List.of(TextOperation.insert(2, "é!"), TextOperation.delete(0, 1)));
    text.apply(
        new Dot(B, 2), base, List.of(TextOperation.delete(1, 1), TextOperation.delete(0, 1)));
    text.apply(new Dot(B, 9), text.version(), List.of(TextOperation.insert(2, "?")));
    assertEquals("é!?", text.text());
    assertGolden(
        "0100"
            + "01 a 04"
            + "00027879"
            + "02 a  b "
            + "0010"
            + "03"
            + "000101"
            + "010201"
            + "010701"
            + "0301"
            + "0201"
            + "0101"
            + "0004"
            + "02"
            + "01"
            + "0000"
            + "0004"
            + "00010200"
            + "0004"
            + "02010201"
            + "0004"
            + "04070204"
            + "04"
            + "0004"
            + "c3a9213f"
            + "0000",
        text.encodeUncompressed());
    assertGolden(
        "0101"
            + "01 a 04"
            + "02 a 05 b 02"
            + "02 a  b "
            + "0006"
            + "01"
            + "010701"
            + "0101"
            + "0004"
            + "00"
            + "01"
            + "0000"
            + "0001"
            + "00"
            + "0001"
            + "01"
            + "0001"
            + "04"
            + "01"
            + "0001"
            + "3f"
            + "0000",
        text.encodeSince(text.version().with(B, 2)));
  }
}
