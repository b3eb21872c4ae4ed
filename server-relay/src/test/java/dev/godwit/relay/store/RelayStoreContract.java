package dev.godwit.relay.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.relay.access.TokenHash;
import dev.godwit.relay.limit.RelayLimits;
import dev.godwit.relay.store.RelayStore.Opening;
import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.EnvelopeHeader;
import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.protocol.EnvelopeLog;
import dev.godwit.sync.protocol.Heads;
import dev.godwit.sync.protocol.HistoryId;
import dev.godwit.sync.protocol.Intake;
import dev.godwit.sync.protocol.MemoryExchangeStore;
import dev.godwit.sync.protocol.PartCursor;
import dev.godwit.sync.protocol.PartialEnvelope;
import dev.godwit.sync.protocol.ProtocolLimits;
import dev.godwit.sync.protocol.Refusal;
import dev.godwit.sync.protocol.Refusal.Reason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link RelayStore} does, whatever it stores in. */
public abstract class RelayStoreContract {
  protected static final SpaceId SPACE = SpaceId.parse("00112233445566778899aabbccddeeff");
  private static final SpaceId OTHER_SPACE = SpaceId.parse("ff112233445566778899aabbccddeeff");
  private static final TokenHash TOKEN = TokenHash.ofSecret("one");
  private static final TokenHash OTHER_TOKEN = TokenHash.ofSecret("two");
  private static final VersionVector NOTHING = VersionVector.empty();
  private static final VersionVector EVERYTHING =
      NOTHING
          .with(replica(1), Long.MAX_VALUE)
          .with(replica(2), Long.MAX_VALUE)
          .with(replica(3), Long.MAX_VALUE);

  private RelayStore store;

  /** A store over what this test's earlier stores have written, all of which are closed. */
  protected abstract RelayStore open(RelayLimits limits);

  @BeforeEach
  void openStore() {
    store = open(RelayLimits.ofDefaults());
    store.open(SPACE, TOKEN);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void aSpaceIsOpenedOnceAndKeepsItsToken() {
    assertEquals(Opening.WAS_OPEN, store.open(SPACE, TOKEN));
    assertEquals(Opening.OTHER_TOKEN, store.open(SPACE, OTHER_TOKEN));
    assertEquals(Opening.OPENED, store.open(OTHER_SPACE, OTHER_TOKEN));
    reopen(RelayLimits.ofDefaults());
    assertTrue(store.tokenOf(SPACE).get().matches(TOKEN));
    assertFalse(store.tokenOf(SPACE).get().matches(OTHER_TOKEN));
    assertEquals(Optional.empty(), store.tokenOf(SpaceId.of(new byte[16])));
  }

  @Test
  void thereAreNoMoreSpacesThanAllowed() {
    reopen(RelayLimits.ofDefaults().withSpaces(1));
    assertEquals(Opening.TOO_MANY_SPACES, store.open(OTHER_SPACE, TOKEN));
    assertEquals(Opening.WAS_OPEN, store.open(SPACE, TOKEN));
  }

  @Test
  void theHistoryIsKeptAcrossRestarts() {
    HistoryId history = store.history();
    reopen(RelayLimits.ofDefaults());
    assertEquals(history, store.history());
  }

  @Test
  void whatIsConfirmedIsThereAfterARestartUnchangedAndInOrder() {
    List<EnvelopePart> one = chain(1, 5, 100);
    List<EnvelopePart> two = chain(2, 3, 100);
    List<EnvelopePart> mixed = new ArrayList<>(one.subList(0, 2));
    mixed.addAll(two);
    mixed.addAll(one.subList(2, 5));
    assertEquals(List.of(), offer(mixed));
    Heads heads = log().heads();
    reopen(RelayLimits.ofDefaults());
    assertEquals(heads, log().heads());
    assertEquals(NOTHING.with(replica(1), 5).with(replica(2), 3), heads.vector());
    assertEquals(mixed, lacking(NOTHING, 0));
    assertEquals(one.get(3).hash(), log().hash(one.get(3).dot()).get());
    assertEquals(Optional.empty(), log().hash(new Dot(replica(1), 6)));
  }

  @Test
  void spacesAreApart() {
    store.open(OTHER_SPACE, TOKEN);
    offer(chain(1, 2, 100));
    assertEquals(Heads.empty(), store.log(OTHER_SPACE).heads());
    assertEquals(Optional.empty(), store.log(OTHER_SPACE).hash(new Dot(replica(1), 1)));
  }

  @Test
  void repeatsAreAcknowledgedAndStoredOnce() {
    List<EnvelopePart> sent = chain(1, 4, 100);
    offer(sent);
    assertEquals(List.of(), offer(sent));
    assertEquals(sent, lacking(NOTHING, 0));
  }

  @Test
  void gapsAndForksAreRefusedWithTheHead() {
    List<EnvelopePart> sent = chain(1, 4, 100);
    offer(sent.subList(0, 2));
    Refusal gap = offer(sent.subList(3, 4)).get(0);
    assertEquals(Reason.GAP, gap.reason());
    assertEquals(2, gap.headSequence());
    assertEquals(sent.get(1).hash(), gap.headHash());
    Refusal fork = offer(chain(1, 2, 130)).get(0);
    assertEquals(Reason.FORK, fork.reason());
    assertEquals(new Dot(replica(1), 1), fork.dot());
    assertEquals(sent.get(1).hash(), fork.headHash());
    assertEquals(sent.subList(0, 2), lacking(NOTHING, 0));
  }

  @Test
  void positionsSkipWhatWasReadAndOneOfARolledBackStoreMeansTheStart() {
    List<EnvelopePart> sent = chain(1, 6, 100);
    offer(sent);
    long middle;
    try (PartCursor cursor = cursor(NOTHING, 0)) {
      cursor.next();
      cursor.next();
      middle = cursor.position();
    }
    assertEquals(sent.subList(2, 6), lacking(NOTHING, middle));
    assertEquals(sent.subList(4, 6), lacking(NOTHING.with(replica(1), 4), middle));
    assertEquals(sent, lacking(NOTHING, 1_000_000));
  }

  @Test
  void knownEnvelopesMoveThePositionToo() {
    offer(chain(1, 6, 100));
    try (PartCursor cursor = cursor(EVERYTHING, 0)) {
      assertNull(cursor.next());
      assertEquals(6, cursor.position());
    }
  }

  @Test
  void manyEnvelopesAreReadInOrderAcrossRuns() {
    List<EnvelopePart> sent = chain(1, 3_000, 700);
    assertEquals(List.of(), offer(sent));
    assertEquals(sent, lacking(NOTHING, 0));
  }

  @Test
  void aLargeEnvelopeArrivesInHalvesAcrossARestart() {
    List<EnvelopePart> parts = chain(1, 1, 3_500_000);
    offer(parts.subList(0, 2));
    assertEquals(Heads.empty(), log().heads());
    assertEquals(List.of(), lacking(NOTHING, 0));
    reopen(RelayLimits.ofDefaults());
    assertEquals(
        List.of(new PartialEnvelope(parts.get(0).dot(), parts.get(0).hash(), 2)), log().partials());
    assertEquals(List.of(), offer(parts.subList(1, parts.size())));
    assertEquals(List.of(), log().partials());
    assertEquals(parts, lacking(NOTHING, 0));
  }

  @Test
  void twoContentsOfOneDotDoNotMixAndTheFirstCompleteOneWins() {
    List<EnvelopePart> one = chain(1, 1, 2_500_000);
    List<EnvelopePart> other = chain(1, 1, 2_500_001);
    offer(one.subList(0, 1));
    offer(other.subList(0, 2));
    offer(one.subList(1, 3));
    assertEquals(Reason.FORK, offer(other.subList(2, 3)).get(0).reason());
    assertEquals(one, lacking(NOTHING, 0));
    assertEquals(List.of(), log().partials());
  }

  @Test
  void anAlteredLargeEnvelopeIsForgottenAndTheNextAttemptWorks() {
    List<EnvelopePart> parts = chain(1, 1, 2_500_000);
    byte[] altered = parts.get(1).bytes().clone();
    altered[7] ^= 1;
    List<EnvelopePart> wrong = new ArrayList<>(parts);
    wrong.set(1, EnvelopePart.of(parts.get(1).dot(), 1, 3, parts.get(1).hash(), altered));
    assertEquals(Reason.ALTERED, offer(wrong).get(0).reason());
    assertEquals(List.of(), log().partials());
    assertEquals(List.of(), offer(parts));
    assertEquals(parts, lacking(NOTHING, 0));
  }

  @Test
  void onlySoManyHalvesAreKept() {
    int uploads = ProtocolLimits.MAX_PARTIALS + 3;
    for (int i = 1; i <= uploads; i++) {
      offer(chain(i, 1, 1_100_000).subList(0, 1));
    }
    assertEquals(ProtocolLimits.MAX_PARTIALS, log().partials().size());
    assertEquals(replica(uploads), log().partials().get(0).dot().replica());
    assertEquals(List.of(), offer(chain(1, 1, 1_100_000)));
  }

  @Test
  void quotasAreKept() {
    reopen(
        RelayLimits.ofDefaults()
            .withBytesPerSpace(10_000)
            .withReplicasPerSpace(2)
            .withEnvelopeBytes(5_000));
    assertEquals(Reason.TOO_LARGE, offer(chain(1, 1, 6_000)).get(0).reason());
    assertEquals(List.of(), offer(chain(1, 1, 3_000)));
    assertEquals(List.of(), offer(chain(2, 1, 3_000)));
    assertEquals(Reason.TOO_MANY_REPLICAS, offer(chain(3, 1, 100)).get(0).reason());
    assertEquals(Reason.QUOTA, offer(chain(2, 4, 3_000)).get(0).reason());
    assertEquals(2, log().heads().entries().size());
  }

  @Test
  void pushesOfTheSameEnvelopesByManyAtOnceAreStoredOnce() throws Exception {
    List<EnvelopePart> sent = chain(1, 400, 200);
    sent.addAll(chain(2, 1, 2_500_000));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<List<Refusal>>> pushes = Collections.nCopies(16, () -> offer(sent));
      for (Future<List<Refusal>> push : threads.invokeAll(pushes)) {
        assertEquals(List.of(), push.get());
      }
    } finally {
      threads.shutdown();
    }
    assertEquals(sent, lacking(NOTHING, 0));
  }

  @Test
  void randomSchedulesOfPushesEndWithEveryChainWhole() {
    for (long seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      int base = (int) (100 * seed);
      List<List<EnvelopePart>> chains = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        chains.add(chain(base + i, 8, 50 + random.nextInt(600_000)));
      }
      for (int step = 0; step < 60; step++) {
        List<EnvelopePart> parts = chains.get(random.nextInt(3));
        int from = random.nextInt(parts.size());
        offer(parts.subList(from, from + random.nextInt(parts.size() - from) + 1));
      }
      for (int i = 0; i < 3; i++) {
        assertEquals(List.of(), offer(chains.get(i)), "seed " + seed);
        assertEquals(8, log().heads().vector().sequence(replica(base + i)), "seed " + seed);
      }
    }
    System.out.println(getClass().getSimpleName() + " seeds 1 to 20");
  }

  private void reopen(RelayLimits limits) {
    store.close();
    store = open(limits);
  }

  private EnvelopeLog log() {
    return store.log(SPACE);
  }

  private List<Refusal> offer(List<EnvelopePart> parts) {
    try (Intake intake = log().intake()) {
      parts.forEach(intake::offer);
      return intake.commit();
    }
  }

  private PartCursor cursor(VersionVector known, long position) {
    return log()
        .lacking(new EnvelopeLog.Lacking(known, log().heads().vector(), position, List.of()));
  }

  private List<EnvelopePart> lacking(VersionVector known, long position) {
    List<EnvelopePart> parts = new ArrayList<>();
    try (PartCursor cursor = cursor(known, position)) {
      for (EnvelopePart part = cursor.next(); part != null; part = cursor.next()) {
        parts.add(part);
      }
    }
    return parts;
  }

  private static ReplicaId replica(int number) {
    return ReplicaId.parse(String.format("%032x", number));
  }

  private static List<EnvelopePart> chain(int replica, int count, int bodyBytes) {
    List<EnvelopePart> parts = new ArrayList<>();
    EnvelopeHash predecessor = EnvelopeHash.NONE;
    for (int sequence = 1; sequence <= count; sequence++) {
      byte[] body = new byte[bodyBytes];
      new Random(replica * 31L + sequence).nextBytes(body);
      parts.addAll(
          MemoryExchangeStore.cut(
              new EnvelopeHeader(SPACE, replica(replica), sequence, predecessor, 0, body.length),
              body));
      predecessor = parts.get(parts.size() - 1).hash();
    }
    return parts;
  }
}
