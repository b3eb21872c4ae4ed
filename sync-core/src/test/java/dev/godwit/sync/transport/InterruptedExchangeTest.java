package dev.godwit.sync.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.EnvelopeHash;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.protocol.Answering;
import dev.godwit.sync.protocol.ExchangeException;
import dev.godwit.sync.protocol.MemoryExchangeStore;
import dev.godwit.sync.protocol.RemoteId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InterruptedExchangeTest {
  private static final SpaceId SPACE = SpaceId.parse("00112233445566778899aabbccddeeff");
  private static final RemoteId REMOTE = new RemoteId("test:relay");

  private final List<Duration> pauses = new ArrayList<>();
  private long nanos;

  @Test
  void aBreakAtAnyByteOfASmallExchangeLosesAndDoublesNothing() {
    long total = exchangeWithBreakAt(Long.MAX_VALUE);
    assertTrue(total > 1_000, "bytes: " + total);
    for (long at = 0; at < total; at++) {
      exchangeWithBreakAt(at);
    }
  }

  /**
   * Both sides have work; a first exchange has been made, so the first turn pushes and pulls at
   * once.
   */
  private long exchangeWithBreakAt(long bytes) {
    MemoryExchangeStore here = new MemoryExchangeStore(SPACE, 1);
    MemoryExchangeStore there = new MemoryExchangeStore(SPACE, 2);
    CuttingRemote remote = new CuttingRemote(REMOTE, SPACE, Answering.of(there));
    here.sealMany(1);
    run(here, remote);
    here.sealMany(3);
    there.sealMany(3);
    long before = remote.passedBytes();
    remote.breakAfter(bytes);
    ExchangeOutcome outcome = run(here, remote);
    assertEquals(here.content(), there.content(), "broken at " + bytes);
    assertEquals(7, here.content().size(), "broken at " + bytes);
    assertEquals(there.heads().vector(), outcome.acknowledged());
    return remote.passedBytes() - before;
  }

  @Test
  void aLargeEnvelopeGoesOnAtThePartWhereTheLineBroke() {
    MemoryExchangeStore here = new MemoryExchangeStore(SPACE, 1);
    MemoryExchangeStore there = new MemoryExchangeStore(SPACE, 2);
    here.seal(new byte[20_500_000]);
    CuttingRemote remote = new CuttingRemote(REMOTE, SPACE, Answering.of(there));
    run(here, remote, remote, 2_500_000, 5_000_000, 3_000_000);
    assertEquals(here.content(), there.content());
    assertEquals(3, remote.breaks());
    assertTrue(
        remote.passedBytes() < 20_500_000 + 4L * 1_100_000, "sent again: " + remote.passedBytes());
  }

  @Test
  void aLargeEnvelopeIsPulledOnFromThePartWhereTheLineBroke() {
    MemoryExchangeStore here = new MemoryExchangeStore(SPACE, 1);
    MemoryExchangeStore there = new MemoryExchangeStore(SPACE, 2);
    there.seal(new byte[20_500_000]);
    CuttingRemote remote = new CuttingRemote(REMOTE, SPACE, Answering.of(there));
    run(here, remote, remote, 2_500_000, 5_000_000, 3_000_000);
    assertEquals(there.content(), here.content());
    assertEquals(3, remote.breaks());
    assertTrue(
        remote.passedBytes() < 20_500_000 + 4L * 1_100_000, "sent again: " + remote.passedBytes());
  }

  @Test
  void aLineThatKeepsBreakingAtRandomStillEndsComplete() {
    for (long seed = 1; seed <= 300; seed++) {
      Random random = new Random(seed);
      List<MemoryExchangeStore> replicas = new ArrayList<>();
      MemoryExchangeStore relay = new MemoryExchangeStore(SPACE, 1_000 + seed);
      for (int i = 0; i < 3; i++) {
        replicas.add(new MemoryExchangeStore(SPACE, 10 * seed + i));
      }
      CuttingRemote remote = new CuttingRemote(REMOTE, SPACE, Answering.of(relay));
      for (int step = 0; step < 12; step++) {
        MemoryExchangeStore replica = replicas.get(random.nextInt(3));
        replica.sealMany(random.nextInt(8));
        remote.breakAfter(random.nextInt(4_000));
        run(replica, remote, ExchangeOptions.builder().batchParts(1 + random.nextInt(5)));
      }
      for (int round = 0; round < 2; round++) {
        replicas.forEach(replica -> run(replica, remote));
      }
      Map<Dot, EnvelopeHash> content = relay.content();
      for (MemoryExchangeStore replica : replicas) {
        assertEquals(content, replica.content(), "seed " + seed);
        assertEquals(List.of(), replica.ownForks(), "seed " + seed);
      }
    }
    System.out.println("InterruptedExchangeTest seeds 1 to 300");
  }

  @Test
  void aRemoteWithANewHistoryIsHandedEverythingAgain() {
    MemoryExchangeStore here = new MemoryExchangeStore(SPACE, 1);
    MemoryExchangeStore there = new MemoryExchangeStore(SPACE, 2);
    CuttingRemote remote = new CuttingRemote(REMOTE, SPACE, Answering.of(there));
    here.sealMany(20);
    run(here, remote);
    MemoryExchangeStore wiped = new MemoryExchangeStore(SPACE, 3);
    remote.leadTo(Answering.of(wiped));
    ExchangeOutcome outcome = run(here, remote);
    assertEquals(here.content(), wiped.content());
    assertEquals(20, outcome.envelopesSent());
  }

  @Test
  void aRemoteThatFellBackIsHandedWhatItLost() {
    MemoryExchangeStore here = new MemoryExchangeStore(SPACE, 1);
    MemoryExchangeStore there = new MemoryExchangeStore(SPACE, 2);
    CuttingRemote remote = new CuttingRemote(REMOTE, SPACE, Answering.of(there));
    here.sealMany(10);
    run(here, remote);
    MemoryExchangeStore backup = there.copied(4);
    here.sealMany(10);
    run(here, remote);
    remote.leadTo(Answering.of(backup));
    here.sealMany(1);
    ExchangeOutcome outcome = run(here, remote);
    assertEquals(here.content(), backup.content());
    assertTrue(outcome.envelopesSent() <= 12, "sent: " + outcome.envelopesSent());
  }

  @Test
  void pausesDoubleWithinTheirDrawAndTheExchangeGivesUp() {
    MemoryExchangeStore here = new MemoryExchangeStore(SPACE, 1);
    Remote down = new DownRemote();
    ExchangeOptions options =
        ExchangeOptions.builder().pace(new SkippingPace()).random(new Random(3)).build();
    ExchangeException.Unreachable gaveUp =
        assertThrows(ExchangeException.Unreachable.class, () -> Exchange.run(here, down, options));
    assertEquals("down", gaveUp.getMessage());
    assertEquals(4, pauses.size());
    for (int i = 0; i < pauses.size(); i++) {
      long millis = pauses.get(i).toMillis();
      assertTrue(millis >= 125L << i && millis <= 250L << i, "pauses: " + pauses);
    }
  }

  @Test
  void aLineThatOnlyCarriesSmallRequestsIsGivenUp() {
    MemoryExchangeStore here = new MemoryExchangeStore(SPACE, 1);
    MemoryExchangeStore there = new MemoryExchangeStore(SPACE, 2);
    CuttingRemote remote = new CuttingRemote(REMOTE, SPACE, Answering.of(there));
    here.seal(new byte[3_000_000]);
    ExchangeOptions options =
        ExchangeOptions.builder()
            .pace(new SkippingPace())
            .progress(state -> remote.breakAfter(10_000))
            .build();
    assertThrows(ExchangeException.Unreachable.class, () -> Exchange.run(here, remote, options));
    assertTrue(remote.breaks() <= 6, "breaks: " + remote.breaks());
  }

  @Test
  void theDeadlineEndsTheTrying() {
    MemoryExchangeStore here = new MemoryExchangeStore(SPACE, 1);
    ExchangeOptions options =
        ExchangeOptions.builder()
            .pace(new SkippingPace())
            .deadline(Duration.ofSeconds(2))
            .retry(new RetryPolicy(1_000, Duration.ofMillis(250), Duration.ofSeconds(5)))
            .build();
    assertThrows(
        ExchangeException.Unreachable.class, () -> Exchange.run(here, new DownRemote(), options));
    assertTrue(nanos <= Duration.ofSeconds(2).toNanos(), "nanoseconds: " + nanos);
  }

  @Test
  void cancellingEndsItAndKeepsWhatArrived() {
    MemoryExchangeStore here = new MemoryExchangeStore(SPACE, 1);
    MemoryExchangeStore there = new MemoryExchangeStore(SPACE, 2);
    there.sealMany(50);
    Cancellation cancellation = new Cancellation();
    ExchangeOptions options =
        ExchangeOptions.builder()
            .batchParts(10)
            .cancellation(cancellation)
            .progress(
                state -> {
                  if (state.envelopesReceived() == 20) {
                    cancellation.cancel();
                  }
                })
            .build();
    CuttingRemote remote = new CuttingRemote(REMOTE, SPACE, Answering.of(there));
    assertThrows(ExchangeException.Cancelled.class, () -> Exchange.run(here, remote, options));
    assertEquals(20, here.content().size());
    run(here, remote);
    assertEquals(there.content(), here.content());
  }

  @Test
  void progressCountsDownToNothing() {
    MemoryExchangeStore here = new MemoryExchangeStore(SPACE, 1);
    MemoryExchangeStore there = new MemoryExchangeStore(SPACE, 2);
    there.sealMany(30);
    List<Long> toReceive = new ArrayList<>();
    ExchangeOptions options =
        ExchangeOptions.builder()
            .batchParts(10)
            .progress(state -> toReceive.add(state.envelopesToReceive()))
            .build();
    Exchange.run(here, InProcessRemote.of(there), options);
    assertEquals(List.of(20L, 10L, 0L), toReceive);
  }

  @Test
  void envelopesWrittenDuringTheExchangeAreMarkedBeforeTheyLeave() {
    MemoryExchangeStore here = new MemoryExchangeStore(SPACE, 1);
    MemoryExchangeStore there = new MemoryExchangeStore(SPACE, 2);
    here.sealMany(30);
    ExchangeOptions options =
        ExchangeOptions.builder()
            .batchParts(7)
            .progress(
                state -> {
                  long sent = there.heads().vector().sequence(here.self());
                  assertTrue(
                      sent <= here.offeredSequence(),
                      "sent " + sent + ", offered " + here.offeredSequence());
                  if (here.content().size() < 60) {
                    here.sealMany(5);
                  }
                })
            .build();
    Exchange.run(here, InProcessRemote.of(there), options);
    run(here, new CuttingRemote(REMOTE, SPACE, Answering.of(there)));
    assertEquals(here.content(), there.content());
  }

  private void run(
      MemoryExchangeStore store,
      CuttingRemote remote,
      CuttingRemote breaking,
      long... breaksAfter) {
    int[] next = {0};
    ExchangeOptions.Builder options =
        ExchangeOptions.builder()
            .progress(
                state -> {
                  if (next[0] < breaksAfter.length && breaking.breaks() == next[0]) {
                    breaking.breakAfter(breaksAfter[next[0]++]);
                  }
                });
    run(store, remote, options);
  }

  private ExchangeOutcome run(MemoryExchangeStore store, Remote remote) {
    return run(store, remote, ExchangeOptions.builder());
  }

  private ExchangeOutcome run(
      MemoryExchangeStore store, Remote remote, ExchangeOptions.Builder options) {
    return Exchange.run(
        store, remote, options.pace(new SkippingPace()).random(new Random(1)).build());
  }

  /** Waits for nothing, in a time of its own. */
  private final class SkippingPace implements Pace {
    @Override
    public long nanoTime() {
      return nanos;
    }

    @Override
    public void pause(Duration duration) {
      pauses.add(duration);
      nanos += duration.toNanos();
    }
  }

  private static final class DownRemote implements Remote {
    @Override
    public RemoteId id() {
      return REMOTE;
    }

    @Override
    public SpaceId space() {
      return SPACE;
    }

    @Override
    public void carry(dev.godwit.sync.protocol.Turn turn, CallBounds bounds) {
      throw new ExchangeException.Unreachable("down", null);
    }
  }
}
