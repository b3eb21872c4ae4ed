package dev.godwit.sync.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.protocol.MemoryExchangeStore;
import dev.godwit.sync.protocol.OwnFork;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class InProcessExchangeTest {
  private static final SpaceId SPACE = SpaceId.parse("00112233445566778899aabbccddeeff");

  private final MemoryExchangeStore alice = new MemoryExchangeStore(SPACE, 1);
  private final MemoryExchangeStore bob = new MemoryExchangeStore(SPACE, 2);

  @Test
  void twoReplicasEndWithTheSameEnvelopes() {
    alice.sealMany(20);
    bob.sealMany(30);
    sync(alice, bob);
    assertEquals(alice.content(), bob.content());
    assertEquals(50, alice.content().size());
  }

  @Test
  void anyReplicaForwardsAnothers() {
    MemoryExchangeStore carol = new MemoryExchangeStore(SPACE, 3);
    alice.sealMany(5);
    sync(alice, bob);
    sync(carol, bob);
    assertEquals(alice.content(), carol.content());
  }

  @Test
  void nothingToDoTakesOneRequestAndWritesNothing() {
    alice.sealMany(5);
    bob.sealMany(5);
    sync(alice, bob);
    int writes = alice.writes();
    ExchangeOutcome outcome = sync(alice, bob);
    assertEquals(1, outcome.requests());
    assertEquals(writes, alice.writes());
  }

  @Test
  void workOnBothSidesTakesOneRequestWithARemoteThatWasMet() {
    sync(alice, bob);
    alice.sealMany(3);
    bob.sealMany(3);
    assertEquals(1, sync(alice, bob).requests());
    assertEquals(alice.content(), bob.content());
  }

  @Test
  void aLargeEnvelopeTravelsInPartsWithinManyPages() {
    alice.seal(new byte[5_500_000]);
    bob.seal(new byte[3_000_000]);
    ExchangeOptions small = ExchangeOptions.builder().batchBytes(1 << 20).build();
    ExchangeOutcome outcome = Exchange.run(alice, InProcessRemote.of(bob), small);
    assertEquals(alice.content(), bob.content());
    assertTrue(outcome.requests() > 5, "requests: " + outcome.requests());
    assertTrue(alice.partials().isEmpty() && bob.partials().isEmpty());
  }

  @Test
  void aCopiedFileGetsANewIdAndKeepsItsOwnWork() {
    alice.sealMany(10);
    sync(alice, bob);
    MemoryExchangeStore copy = alice.copied(4);
    alice.sealMany(200);
    copy.sealMany(150);
    sync(alice, bob);
    ReplicaId before = copy.self();
    ExchangeOutcome outcome = sync(copy, bob);
    assertEquals(List.of(new OwnFork(before, 10, 160, 210)), outcome.ownForks());
    assertNotEquals(before, copy.self());
    assertEquals(10 + 200 + 150, copy.content().size());
    assertEquals(bob.content(), copy.content());
    sync(alice, bob);
    assertEquals(alice.content(), copy.content());
  }

  @Test
  void aRestoredBackupGetsANewIdAndWhatItLost() {
    alice.sealMany(10);
    MemoryExchangeStore backup = alice.copied(4);
    alice.sealMany(5);
    sync(alice, bob);
    ReplicaId before = backup.self();
    ExchangeOutcome outcome = sync(backup, bob);
    assertEquals(List.of(new OwnFork(before, 10, 10, 15)), outcome.ownForks());
    assertEquals(15, backup.content().size());
    assertEquals(bob.content(), backup.content());
  }

  @Test
  void aCopyThatWroteAsMuchIsNoticedThoughBothVectorsAreEqual() {
    MemoryExchangeStore copy = alice.copied(4);
    alice.seal(new byte[] {1});
    copy.seal(new byte[] {2});
    sync(alice, bob);
    ExchangeOutcome outcome = sync(copy, bob);
    assertEquals(1, outcome.ownForks().size());
    assertEquals(2, copy.content().size());
  }

  @Test
  void aForkIsNoticedByWhereBothStandBeforeAnythingIsPushed() {
    MemoryExchangeStore copy = alice.copied(4);
    alice.sealMany(3);
    copy.sealMany(5);
    sync(alice, bob);
    ExchangeOutcome outcome = sync(copy, bob);
    assertEquals(1, outcome.ownForks().size());
    assertEquals(5, outcome.envelopesSent());
  }

  @Test
  void anothersForkIsLeftOutAndReported() {
    MemoryExchangeStore copy = alice.copied(4);
    MemoryExchangeStore carol = new MemoryExchangeStore(SPACE, 3);
    alice.sealMany(3);
    copy.sealMany(4);
    sync(alice, bob);
    sync(copy, carol);
    bob.sealMany(2);
    carol.sealMany(2);
    ExchangeOutcome outcome = sync(carol, bob);
    assertEquals(Arrays.asList(alice.self()), outcome.forked());
    assertEquals(2, bob.heads().vector().sequence(carol.self()));
    assertEquals(2, carol.heads().vector().sequence(bob.self()));
    assertEquals(4, carol.heads().vector().sequence(alice.self()));
    assertEquals(3, bob.heads().vector().sequence(alice.self()));
  }

  @Test
  void anotherSpaceIsRefusedBeforeAnythingHappens() {
    MemoryExchangeStore stranger = new MemoryExchangeStore(SpaceId.of(new byte[16]), 9);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> sync(alice, stranger));
    assertTrue(refused.getMessage().contains("00112233"), refused.getMessage());
  }

  private static ExchangeOutcome sync(MemoryExchangeStore asking, MemoryExchangeStore answering) {
    return Exchange.run(asking, InProcessRemote.of(answering), ExchangeOptions.ofDefaults());
  }
}
