package dev.godwit.crdt.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random authors who edit one text concurrently, each step compared with a plain FugueMax tree.
 *
 * <p>Long mode: {@code -Dgodwit.text.transactions=400000} is about a million operations; {@code
 * -Dgodwit.seed} repeats a run.
 */
class TextConvergenceTest {
  private static final int TRANSACTIONS = Integer.getInteger("godwit.text.transactions", 16_000);
  private static final int ROUND_TRANSACTIONS = 80;

  private final long seed = Long.getLong("godwit.seed", new Random().nextLong());

  @Test
  void replicasAgreeWithEachOtherAndWithTheTwinAtEveryStep() {
    System.out.println("text convergence: -Dgodwit.seed=" + seed);
    Random random = new Random(seed);
    int operations = 0;
    for (int done = 0; done < TRANSACTIONS; done += ROUND_TRANSACTIONS) {
      operations += new Round(random, done).play();
    }
    System.out.println("text convergence: " + operations + " operations");
  }

  private final class Round {
    private final Random random;
    private final String name;
    private final List<SimulatedAuthor> authors = new ArrayList<>();
    private final List<List<SimulatedAuthor.Sent>> sent = new ArrayList<>();
    private final int[][] received;
    private final boolean forgetting;
    private int operations;

    Round(Random random, int number) {
      this.random = random;
      name = "seed " + seed + ", round at " + number;
      int count = 3 + random.nextInt(4);
      received = new int[count][count];
      forgetting = random.nextBoolean();
      for (int i = 0; i < count; i++) {
        byte[] id = new byte[ReplicaId.LENGTH_BYTES];
        random.nextBytes(id);
        authors.add(new SimulatedAuthor(ReplicaId.of(id)));
        sent.add(new ArrayList<>());
      }
    }

    int play() {
      int syncPercent = 5 + random.nextInt(80);
      for (int i = 0; i < ROUND_TRANSACTIONS; i++) {
        int author = random.nextInt(authors.size());
        act(author);
        if (random.nextInt(100) < syncPercent) {
          deliverSome(random.nextInt(authors.size()), 1 + random.nextInt(30));
        }
      }
      for (int i = 0; i < authors.size(); i++) {
        deliverSome(i, Integer.MAX_VALUE);
      }
      for (SimulatedAuthor author : authors) {
        assertEquals(authors.get(0).history.text(), author.history.text(), name);
        checkPast(author);
        checkEncoding(author);
      }
      return operations;
    }

    private void act(int index) {
      SimulatedAuthor author = authors.get(index);
      SimulatedAuthor.Sent transaction = author.act(random);
      operations += transaction.transaction().operations().size();
      sent.get(index).add(transaction);
      check(author);
      if (random.nextInt(10) == 0) {
        author.remember(random);
      }
    }

    /** Hands over what others sent, in a random order that respects causality. */
    private void deliverSome(int index, int limit) {
      SimulatedAuthor author = authors.get(index);
      int start = random.nextInt(authors.size());
      int left = limit;
      boolean progress = true;
      while (progress && left > 0) {
        progress = false;
        for (int k = 0; k < authors.size() && left > 0; k++) {
          int from = (start + k) % authors.size();
          while (from != index && left > 0 && deliverNext(author, index, from)) {
            left--;
            progress = true;
            if (random.nextInt(3) == 0) {
              break;
            }
          }
        }
      }
      if (forgetting && random.nextInt(3) == 0) {
        author.history.forgetBelow(author.stable(authors.size()));
        check(author);
      }
    }

    private boolean deliverNext(SimulatedAuthor author, int index, int from) {
      int next = received[index][from];
      if (next == sent.get(from).size()) {
        return false;
      }
      SimulatedAuthor.Sent transaction = sent.get(from).get(next);
      if (!author.known().covers(transaction.transaction().dependencies())) {
        return false;
      }
      author.receive(transaction);
      received[index][from]++;
      check(author);
      return true;
    }

    private void check(SimulatedAuthor author) {
      assertEquals(author.twin.text(), author.history.text(), name);
    }

    private void checkEncoding(SimulatedAuthor author) {
      byte[] encoded = author.history.encode();
      TextHistory decoded = TextHistory.decode(encoded);
      assertEquals(author.history.text(), decoded.text(), name);
      assertEquals(author.history.version(), decoded.version(), name);
      assertArrayEquals(author.history.encodeUncompressed(), decoded.encodeUncompressed(), name);
      if (!forgetting) {
        List<TextTransaction> shuffled = new ArrayList<>();
        sent.forEach(list -> list.forEach(one -> shuffled.add(one.transaction())));
        Collections.shuffle(shuffled, random);
        TextHistory atOnce = new TextHistory();
        atOnce.applyAll(shuffled);
        assertEquals(author.history.text(), atOnce.text(), name);
        assertArrayEquals(
            authors.get(0).history.encodeUncompressed(), author.history.encodeUncompressed(), name);
        checkDelta(author);
      }
    }

    private void checkDelta(SimulatedAuthor author) {
      for (VersionVector version : author.remembered.keySet()) {
        TextHistory behind = new TextHistory();
        for (TextTransaction transaction :
            author.history.transactionsSince(VersionVector.empty())) {
          if (version.covers(transaction.dot())) {
            behind.apply(transaction);
          }
        }
        assertEquals(author.remembered.get(version).text(), behind.text(), name);
        String replayed = behind.text();
        for (TextOperation edit : behind.applyEncoded(author.history.encodeSince(version))) {
          replayed = edited(replayed, edit);
        }
        assertEquals(author.history.text(), behind.text(), name);
        assertEquals(author.history.text(), replayed, name);
        assertArrayEquals(author.history.encodeUncompressed(), behind.encodeUncompressed(), name);
      }
    }

    private String edited(String text, TextOperation edit) {
      int from = text.offsetByCodePoints(0, edit.position());
      int to = text.offsetByCodePoints(from, edit.deleteCount());
      return text.substring(0, from) + edit.insert() + text.substring(to);
    }

    private void checkPast(SimulatedAuthor author) {
      author.remembered.forEach(
          (version, past) -> {
            if (version.covers(author.history.baseVersion())) {
              assertEquals(past.text(), author.history.textAt(version), name);
              checkPlace(author, version, past);
            }
          });
    }

    /**
     * A place stays right after its left neighbour, or right before its right one, wherever these
     * are now.
     */
    private void checkPlace(
        SimulatedAuthor author, VersionVector version, SimulatedAuthor.Remembered past) {
      int afterLeft = past.left() == null ? 0 : author.twin.visibleUpTo(past.left(), true);
      int beforeRight =
          past.right() == null
              ? author.twin.length()
              : author.twin.visibleUpTo(past.right(), false);
      assertEquals(
          afterLeft, author.history.positionNow(version, past.position(), TextBias.LEFT), name);
      assertEquals(
          beforeRight, author.history.positionNow(version, past.position(), TextBias.RIGHT), name);
    }
  }

  @Test
  void knownTransactionsChangeNothing() {
    SimulatedAuthor author =
        new SimulatedAuthor(ReplicaId.parse("000102030405060708090a0b0c0d0e0f"));
    SimulatedAuthor.Sent sent = author.act(new Random(1));
    String text = author.history.text();
    author.history.apply(sent.transaction());
    assertEquals(text, author.history.text());
    assertEquals(VersionVector.empty().with(sent.transaction().dot()), author.history.version());
  }
}
