package dev.godwit.crdt.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A history that was loaded, its transactions many at a time, is like one to which they were
 * applied one by one: in its text at any version, in what it can forget, in what comes after.
 */
class TextLoadingTest {
  private static final int RUNS = Integer.getInteger("godwit.loading.runs", 30);
  private static final int STEPS = 40;
  private static final String[] PIECES = {"a", "word ", "\ud83d\ude00", "two lines\n"};

  private final long base = Long.getLong("godwit.seed", new Random().nextLong());

  /** One who types in bursts, each keystroke a transaction. */
  private static final class Typist {
    private final ReplicaId id;
    private final TextHistory history = new TextHistory();
    private VersionVector known = VersionVector.empty();
    private int cursor;

    Typist(int number) {
      byte[] bytes = new byte[ReplicaId.LENGTH_BYTES];
      bytes[0] = (byte) (number * 77);
      id = ReplicaId.of(bytes);
    }

    void type(Random random) {
      cursor = random.nextInt(3) == 0 ? random.nextInt(history.length() + 1) : cursor;
      for (int left = 1 + random.nextInt(8); left > 0; left--) {
        cursor = Math.min(cursor, history.length());
        TextOperation operation =
            random.nextInt(3) == 0 && cursor > 0
                ? TextOperation.delete(--cursor, 1)
                : TextOperation.insert(cursor, PIECES[random.nextInt(PIECES.length)]);
        cursor += operation.insertCount();
        // Now and then a transaction on something else lies between.
        Dot dot = new Dot(id, known.sequence(id) + 1 + random.nextInt(8) / 7);
        history.apply(dot, known, List.of(operation));
        known = known.with(dot);
      }
    }

    void receive(Typist other) {
      history.applyAll(other.history.transactionsSince(known));
      known = known.join(other.known);
    }
  }

  @Test
  void aLoadedHistoryIsLikeOneThatWasMadeStepByStep() {
    System.out.println("text loading: -Dgodwit.seed=" + base);
    int forgotten = 0;
    for (int run = 0; run < RUNS; run++) {
      try {
        forgotten += run(new Random(base + run));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("-Dgodwit.seed=" + (base + run) + " with one run: " + e, e);
      }
    }
    assertTrue(forgotten > RUNS, "versions below which something could be forgotten: " + forgotten);
  }

  private static int run(Random random) {
    List<Typist> typists = new ArrayList<>();
    for (int number = 0; number < 3; number++) {
      typists.add(new Typist(number + 1));
    }
    List<VersionVector> versions = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      Typist one = typists.get(random.nextInt(random.nextInt(3) + 1));
      if (random.nextInt(3) == 0) {
        typists.forEach(one::receive);
      } else {
        one.type(random);
      }
      versions.add(one.known);
    }
    Typist last = typists.get(0);
    typists.forEach(last::receive);
    TextHistory loaded = TextHistory.decode(last.history.encode());
    TextHistory stepwise = new TextHistory();
    last.history.transactionsSince(VersionVector.empty()).forEach(stepwise::apply);
    assertEquals(stepwise.text(), loaded.text());
    assertArrayEquals(stepwise.encodeUncompressed(), loaded.encodeUncompressed());
    compare(random, versions, loaded, TextHistory.decode(last.history.encodeUncompressed()));
    return continued(random, versions, last, typists.get(1));
  }

  private static void compare(
      Random random, List<VersionVector> versions, TextHistory loaded, TextHistory again) {
    TextHistory oneByOne = new TextHistory();
    // In the order in which a loaded history has them, so that critical versions are the same.
    loaded.transactionsSince(VersionVector.empty()).forEach(oneByOne::apply);
    for (VersionVector version : versions) {
      String text = oneByOne.textAt(version);
      assertEquals(text, loaded.textAt(version));
      assertEquals(oneByOne.forgettableBelow(version), loaded.forgettableBelow(version));
      int position = random.nextInt(text.codePointCount(0, text.length()) + 1);
      TextBias bias = TextBias.values()[random.nextInt(TextBias.values().length)];
      int expected = oneByOne.positionNow(version, position, bias);
      assertEquals(expected, again.positionNow(version, position, bias));
    }
  }

  /** Somebody who knows an older version goes on, and it is forgotten below others. */
  private static int continued(
      Random random, List<VersionVector> versions, Typist whole, Typist behind) {
    int forgotten = 0;
    behind.type(random);
    for (VersionVector version : versions) {
      TextHistory loaded = TextHistory.decode(whole.history.encode());
      if (behind.known.covers(loaded.forgettableBelow(version))) {
        forgotten += loaded.forgetBelow(version).isEmpty() ? 0 : 1;
      }
      loaded.applyAll(behind.history.transactionsSince(whole.known));
      TextHistory plain = new TextHistory();
      whole.history.transactionsSince(VersionVector.empty()).forEach(plain::apply);
      plain.applyAll(behind.history.transactionsSince(whole.known));
      assertEquals(plain.text(), loaded.text());
    }
    return forgotten;
  }
}
