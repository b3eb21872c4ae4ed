package dev.godwit.sync.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.EnvelopeHeader;
import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.protocol.EnvelopeLog.Lacking;
import dev.godwit.sync.protocol.Refusal.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ExchangeStore} does, whatever it stores in. Subclasses bring a store and a way
 * to make its replica write; bodies from elsewhere come from {@link #body}, so that a store which
 * reads bodies can be given real ones.
 */
public abstract class ExchangeStoreContract {
  private static final VersionVector NOTHING = VersionVector.empty();
  private static final RemoteId REMOTE = new RemoteId("test:remote");

  protected final ReplicaId other = ReplicaId.parse("0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f");

  /** An empty store of a new replica of {@link #space}. */
  protected abstract ExchangeStore store();

  /** Makes the replica of the store seal one transaction. */
  protected abstract void writeOne(ExchangeStore store);

  /** The same store after the process died and came back. */
  protected abstract ExchangeStore reopened(ExchangeStore store);

  /**
   * The body of another replica's transaction with this dot that a store of this kind takes, of
   * about this length.
   */
  protected abstract byte[] body(Dot dot, int lengthBytes);

  protected SpaceId space() {
    return SpaceId.parse("00112233445566778899aabbccddeeff");
  }

  @Test
  void anEmptyStoreHoldsNothing() {
    ExchangeStore store = store();
    assertEquals(Heads.empty(), store.heads());
    assertEquals(Optional.empty(), store.hash(new Dot(store.self(), 1)));
    assertEquals(List.of(), store.partials());
    assertEquals(List.of(), lacking(store, NOTHING));
    assertEquals(Optional.empty(), store.memory(REMOTE));
  }

  @Test
  void ownWorkIsInTheHeadsWithItsHash() {
    ExchangeStore store = store();
    writeOne(store);
    writeOne(store);
    Head head = store.heads().head(store.self());
    assertEquals(2, head.sequence());
    assertEquals(store.hash(new Dot(store.self(), 2)).get().tag(), head.tag());
  }

  @Test
  void ownWorkLeavesOnlyAfterItWasMarkedAsOffered() {
    ExchangeStore store = store();
    writeOne(store);
    writeOne(store);
    store.markOffered(1);
    assertEquals(List.of(new Dot(store.self(), 1)), dots(lacking(store, NOTHING)));
    store.markOffered(2);
    assertEquals(2, lacking(store, NOTHING).size());
  }

  @Test
  void ownPartsFormTheirEnvelopesAndTheChain() {
    ExchangeStore store = store();
    writeOne(store);
    writeOne(store);
    store.markOffered(2);
    EnvelopeHash predecessor = EnvelopeHash.NONE;
    for (EnvelopePart part : lacking(store, NOTHING)) {
      assertTrue(part.isWhole());
      assertEquals(predecessor, part.header().predecessor());
      assertEquals(space(), part.header().space());
      assertEquals(EnvelopeHash.ofEnvelope(part.bytes()), store.hash(part.dot()).get());
      predecessor = part.hash();
    }
  }

  @Test
  void anothersEnvelopesAreTakenAndForwardedUnchanged() {
    ExchangeStore store = store();
    List<EnvelopePart> sent = chain(other, 5, 100);
    assertEquals(List.of(), offer(store, sent));
    assertEquals(5, store.heads().vector().sequence(other));
    assertEquals(sent, lacking(store, NOTHING));
    assertEquals(sent.subList(3, 5), lacking(store, NOTHING.with(other, 3)));
  }

  @Test
  void whatWasCommittedIsThereAfterARestart() {
    ExchangeStore store = store();
    List<EnvelopePart> sent = chain(other, 3, 100);
    offer(store, sent);
    writeOne(store);
    store.markOffered(1);
    store.remember(REMOTE, new RemoteMemory(new HistoryId(7), 8, NOTHING.with(other, 3)));
    Heads heads = store.heads();
    ReplicaId self = store.self();
    ExchangeStore again = reopened(store);
    assertEquals(heads, again.heads());
    assertEquals(self, again.self());
    assertEquals(4, lacking(again, NOTHING).size());
    assertEquals(
        Optional.of(new RemoteMemory(new HistoryId(7), 8, NOTHING.with(other, 3))),
        again.memory(REMOTE));
  }

  @Test
  void repeatsChangeNothing() {
    ExchangeStore store = store();
    List<EnvelopePart> sent = chain(other, 4, 100);
    offer(store, sent);
    Heads heads = store.heads();
    assertEquals(List.of(), offer(store, sent));
    assertEquals(List.of(), offer(store, sent.subList(1, 3)));
    assertEquals(heads, store.heads());
    assertEquals(sent, lacking(store, NOTHING));
  }

  @Test
  void aGapIsRefusedAndWhatCameBeforeIsKept() {
    ExchangeStore store = store();
    List<EnvelopePart> sent = chain(other, 5, 100);
    List<EnvelopePart> gappy = new ArrayList<>(sent);
    gappy.remove(2);
    Refusal refusal = offer(store, gappy).get(0);
    assertEquals(Reason.GAP, refusal.reason());
    assertEquals(sent.get(3).dot(), refusal.dot());
    assertEquals(2, refusal.headSequence());
    assertEquals(sent.get(1).hash(), refusal.headHash());
    assertEquals(2, store.heads().vector().sequence(other));
    assertEquals(List.of(), offer(store, sent));
    assertEquals(5, store.heads().vector().sequence(other));
  }

  @Test
  void anotherContentForAHeldDotIsAFork() {
    ExchangeStore store = store();
    List<EnvelopePart> sent = chain(other, 3, 100);
    offer(store, sent);
    EnvelopeHeader header = sent.get(1).header();
    byte[] otherBody = body(header.dot(), 150);
    EnvelopePart forked =
        MemoryExchangeStore.cut(
                new EnvelopeHeader(space(), other, 2, header.predecessor(), 0, otherBody.length),
                otherBody)
            .get(0);
    Refusal refusal = offer(store, List.of(forked)).get(0);
    assertEquals(Reason.FORK, refusal.reason());
    assertEquals(3, refusal.headSequence());
    assertEquals(sent.get(2).hash(), refusal.headHash());
    assertEquals(sent, lacking(store, NOTHING));
  }

  @Test
  void aSuccessorOfAnotherPredecessorIsAFork() {
    ExchangeStore store = store();
    offer(store, chain(other, 2, 100));
    EnvelopeHash stranger = EnvelopeHash.ofEnvelope(new byte[] {1});
    byte[] body = body(new Dot(other, 3), 100);
    EnvelopePart forked =
        MemoryExchangeStore.cut(
                new EnvelopeHeader(space(), other, 3, stranger, 0, body.length), body)
            .get(0);
    assertEquals(Reason.FORK, offer(store, List.of(forked)).get(0).reason());
    assertEquals(2, store.heads().vector().sequence(other));
  }

  @Test
  void anotherSpacesEnvelopeIsRefused() {
    ExchangeStore store = store();
    byte[] body = body(new Dot(other, 1), 100);
    EnvelopePart foreign =
        MemoryExchangeStore.cut(
                new EnvelopeHeader(
                    SpaceId.of(new byte[16]), other, 1, EnvelopeHash.NONE, 0, body.length),
                body)
            .get(0);
    assertEquals(Reason.FOREIGN, offer(store, List.of(foreign)).get(0).reason());
    assertEquals(Heads.empty(), store.heads());
  }

  @Test
  void anAlteredEnvelopeIsRefusedWhole() {
    ExchangeStore store = store();
    List<EnvelopePart> sent = chain(other, 2, 100);
    byte[] bytes = Arrays.copyOf(sent.get(0).bytes(), sent.get(0).bytes().length - 1);
    assertEquals(
        Reason.ALTERED,
        offer(store, List.of(EnvelopePart.whole(sent.get(0).dot(), bytes))).get(0).reason());
    byte[] noHeader = new byte[200];
    assertEquals(
        Reason.ALTERED,
        offer(store, List.of(EnvelopePart.whole(new Dot(other, 1), noHeader))).get(0).reason());
    assertEquals(Heads.empty(), store.heads());
    assertEquals(List.of(), offer(store, sent));
  }

  @Test
  void oneReplicasRefusalDoesNotStopTheOthers() {
    ExchangeStore store = store();
    ReplicaId third = ReplicaId.parse("1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f");
    List<EnvelopePart> mixed = new ArrayList<>(chain(other, 3, 100));
    mixed.remove(0);
    mixed.addAll(chain(third, 2, 100));
    assertEquals(1, offer(store, mixed).size());
    assertEquals(NOTHING.with(third, 2), store.heads().vector());
  }

  @Test
  void aLargeEnvelopeCanArriveInHalvesAcrossARestart() {
    ExchangeStore store = store();
    List<EnvelopePart> parts = chain(other, 1, 3_500_000);
    assertTrue(parts.size() >= 4, "parts: " + parts.size());
    offer(store, parts.subList(0, 2));
    assertEquals(Heads.empty(), store.heads());
    ExchangeStore again = reopened(store);
    assertEquals(
        List.of(new PartialEnvelope(parts.get(0).dot(), parts.get(0).hash(), 2)), again.partials());
    assertEquals(List.of(), lacking(again, NOTHING));
    assertEquals(List.of(), offer(again, parts.subList(1, parts.size())));
    assertEquals(1, again.heads().vector().sequence(other));
    assertEquals(List.of(), again.partials());
    assertEquals(parts, lacking(again, NOTHING));
  }

  @Test
  void aLargeEnvelopesSenderGoesOnWhereTheReceiverStands() {
    ExchangeStore store = store();
    List<EnvelopePart> parts = chain(other, 1, 3_500_000);
    offer(store, parts);
    PartialEnvelope held = new PartialEnvelope(parts.get(0).dot(), parts.get(0).hash(), 2);
    PartialEnvelope anothers =
        new PartialEnvelope(parts.get(0).dot(), EnvelopeHash.ofEnvelope(new byte[1]), 2);
    assertEquals(parts.subList(2, parts.size()), lacking(store, NOTHING, List.of(held)));
    assertEquals(parts, lacking(store, NOTHING, List.of(anothers)));
  }

  @Test
  void anAlteredPartOfALargeEnvelopeIsFoundAtTheLastAndTheNextAttemptWorks() {
    ExchangeStore store = store();
    List<EnvelopePart> parts = chain(other, 1, 2_500_000);
    byte[] altered = parts.get(1).bytes().clone();
    altered[1_000] ^= 1;
    List<EnvelopePart> wrong = new ArrayList<>(parts);
    wrong.set(
        1, EnvelopePart.of(parts.get(1).dot(), 1, parts.size(), parts.get(1).hash(), altered));
    assertEquals(Reason.ALTERED, offer(store, wrong).get(0).reason());
    assertEquals(Heads.empty(), store.heads());
    assertEquals(List.of(), store.partials());
    assertEquals(List.of(), offer(store, parts));
    assertEquals(1, store.heads().vector().sequence(other));
  }

  @Test
  void nothingBeyondTheAskedVectorLeaves() {
    ExchangeStore store = store();
    List<EnvelopePart> sent = chain(other, 5, 100);
    offer(store, sent);
    try (PartCursor cursor =
        store.lacking(new Lacking(NOTHING, NOTHING.with(other, 2), 0, List.of()))) {
      assertEquals(sent.get(0), cursor.next());
      assertEquals(sent.get(1), cursor.next());
      assertNull(cursor.next());
      assertFalse(cursor.stoppedEarly());
    }
  }

  @Test
  void aForkOfTheOwnHistoryGivesANewIdAndKeepsOwnWork() {
    ExchangeStore store = store();
    for (int i = 0; i < 4; i++) {
      writeOne(store);
    }
    store.markOffered(4);
    ReplicaId before = store.self();
    EnvelopeHash common = store.hash(new Dot(before, 2)).get();
    store.ownHistoryForked(REMOTE, new OwnFork(before, 2, 4, 7));
    assertNotEquals(before, store.self());
    Map<ReplicaId, Long> sequences = store.heads().vector().entries();
    assertEquals(2, sequences.get(before));
    assertEquals(common, store.hash(new Dot(before, 2)).get());
    assertTrue(
        sequences.get(store.self()) >= 1,
        "the work after the fork goes out under the new id: " + sequences);
    ExchangeStore again = reopened(store);
    assertEquals(store.self(), again.self());
    assertEquals(sequences, again.heads().vector().entries());
  }

  @Test
  void anOlderCopyWithoutWorkOfItsOwnOnlyTakesANewId() {
    ExchangeStore store = store();
    writeOne(store);
    store.markOffered(1);
    ReplicaId before = store.self();
    store.ownHistoryForked(REMOTE, new OwnFork(before, 1, 1, 5));
    assertNotEquals(before, store.self());
    assertEquals(NOTHING.with(before, 1), store.heads().vector());
  }

  /** Envelopes of one replica that follow each other. */
  protected List<EnvelopePart> chain(ReplicaId replica, int count, int bodyBytes) {
    List<EnvelopePart> parts = new ArrayList<>();
    EnvelopeHash predecessor = EnvelopeHash.NONE;
    for (int sequence = 1; sequence <= count; sequence++) {
      byte[] body = body(new Dot(replica, sequence), bodyBytes);
      parts.addAll(
          MemoryExchangeStore.cut(
              new EnvelopeHeader(space(), replica, sequence, predecessor, 0, body.length), body));
      predecessor = parts.get(parts.size() - 1).hash();
    }
    return parts;
  }

  protected static List<Refusal> offer(EnvelopeLog log, List<EnvelopePart> parts) {
    try (Intake intake = log.intake()) {
      parts.forEach(intake::offer);
      return intake.commit();
    }
  }

  protected static List<EnvelopePart> lacking(EnvelopeLog log, VersionVector known) {
    return lacking(log, known, List.of());
  }

  private static List<EnvelopePart> lacking(
      EnvelopeLog log, VersionVector known, List<PartialEnvelope> partials) {
    List<EnvelopePart> parts = new ArrayList<>();
    try (PartCursor cursor = log.lacking(new Lacking(known, log.heads().vector(), 0, partials))) {
      for (EnvelopePart part = cursor.next(); part != null; part = cursor.next()) {
        parts.add(part);
      }
    }
    return parts;
  }

  private static List<Dot> dots(List<EnvelopePart> parts) {
    List<Dot> dots = new ArrayList<>();
    parts.forEach(part -> dots.add(part.dot()));
    return dots;
  }
}
