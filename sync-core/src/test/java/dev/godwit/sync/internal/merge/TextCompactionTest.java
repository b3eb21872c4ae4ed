package dev.godwit.sync.internal.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.crdt.causality.VersionVector;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Forgetting the beginning of texts at any time and below any version, right or wrong, changes
 * nothing: each replica is compared with a twin that never forgets.
 */
class TextCompactionTest {
  private static final int RUNS = Integer.getInteger("godwit.compaction.runs", 120);
  private static final int STEPS = 60;

  @Test
  void forgettingBelowAnyVersionChangesNothing() {
    long base = Long.getLong("godwit.seed", System.nanoTime());
    long forgotten = 0;
    long recalled = 0;
    for (int run = 0; run < RUNS; run++) {
      CompactedLives lives = new CompactedLives(new Random(base + run));
      try {
        run(lives);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("-Dgodwit.seed=" + (base + run) + " with one run: " + e, e);
      }
      forgotten += lives.forgotten();
      recalled += lives.recalled();
    }
    assertTrue(forgotten > RUNS, "texts that forgot something: " + forgotten);
    assertTrue(recalled > RUNS / 4, "texts that had to remember: " + recalled);
  }

  @Test
  void forgettingWithoutRememberingIsFound() {
    assertFound(lives -> lives.neverRecalls(true));
  }

  @Test
  void aLogThatTellsFewerDependenciesIsFoundOrNothingIsForgotten() {
    int forgotten = 0;
    for (long seed = 0; seed < 50; seed++) {
      CompactedLives lives = new CompactedLives(new Random(seed));
      lives.logLosesDependencies(true);
      run(lives);
      forgotten += lives.kept();
    }
    assertTrue(forgotten > 0, "expected texts that the log does not give back");
  }

  @Test
  void aLogThatLostAnEditIsAnErrorAndNotAnotherText() {
    CompactedLives lives = new CompactedLives(new Random(1));
    CompactedLives.Twin one = lives.twin(0);
    CompactedLives.Twin other = lives.twin(1);
    one.insert("the cat");
    one.edit("the black cat");
    other.receive(one);
    one.edit("the black cat sat");
    one.forgetBelow(one.applied());
    assertEquals(1, lives.forgotten());
    other.edit("a black cat");
    lives.logLosesEdits(true);
    IllegalStateException e = assertThrows(IllegalStateException.class, () -> one.receive(other));
    assertTrue(e.getMessage().contains("run doctor"), e.getMessage());
    lives.logLosesEdits(false);
    one.receive(other);
    assertEquals("'a black cat sat'", one.shown());
  }

  @Test
  void whatIsForgottenTakesNoSpaceInTheState() {
    CompactedLives lives = new CompactedLives(new Random(1));
    CompactedLives.Twin one = lives.twin(0);
    one.insert("");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      text.append(i % 2 == 0 ? "word " : "nothing ");
      if (i % 3 == 0) {
        text.delete(0, 3);
      }
      one.edit(text.toString());
    }
    int before = one.sizeBytes();
    one.forgetBelow(one.applied());
    int after = one.sizeBytes();
    assertTrue(after * 3 < before, before + " bytes before, " + after + " after");
    assertEquals(List.of(), one.forgettable(one.applied()));
    one.forgetBelow(one.applied());
    assertEquals(after, one.sizeBytes());
  }

  @Test
  void nothingIsForgottenBelowAnEmptyVersion() {
    CompactedLives lives = new CompactedLives(new Random(1));
    CompactedLives.Twin one = lives.twin(0);
    one.insert("text");
    one.edit("another text");
    assertEquals(List.of(), one.forgettable(VersionVector.empty()));
    assertFalse(one.forgettable(one.applied()).isEmpty());
  }

  private interface Planted {
    void plant(CompactedLives lives);
  }

  private static void assertFound(Planted fault) {
    for (long seed = 0; seed < 100; seed++) {
      CompactedLives lives = new CompactedLives(new Random(seed));
      fault.plant(lives);
      try {
        run(lives);
      } catch (RuntimeException | AssertionError found) {
        return;
      }
    }
    throw new AssertionError("expected the planted fault to be found");
  }

  private static void run(CompactedLives lives) {
    lives.twin(0).insert("the quick brown fox");
    for (int step = 0; step < STEPS; step++) {
      lives.step();
    }
    lives.exchangeAll();
  }
}
