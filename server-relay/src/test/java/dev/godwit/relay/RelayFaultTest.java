package dev.godwit.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.relay.limit.RelayLimits;
import dev.godwit.sync.protocol.ExchangeException;
import dev.godwit.sync.protocol.MemoryExchangeStore;
import dev.godwit.sync.transport.ExchangeOptions;
import dev.godwit.sync.transport.ExchangeOutcome;
import dev.godwit.sync.transport.Invitation;
import dev.godwit.sync.transport.RelaySpaces;
import dev.godwit.sync.transport.SpaceToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What goes wrong between a replica and a relay, for real: sockets that break, processes that die,
 * disks that go back.
 */
class RelayFaultTest {
  private final MemoryExchangeStore alice = new MemoryExchangeStore(RelayFixture.SPACE, 1);
  private final MemoryExchangeStore bob = new MemoryExchangeStore(RelayFixture.SPACE, 2);

  @TempDir private Path directory;

  @Test
  void aRelayRestartedBetweenPagesLosesNothing() {
    try (RelayFixture fixture = new RelayFixture(directory)) {
      alice.sealMany(60);
      long[] left = {-1};
      ExchangeOptions.Builder restarting =
          ExchangeOptions.builder()
              .batchParts(20)
              .progress(
                  state -> {
                    if (state.envelopesToSend() + state.envelopesToReceive() != left[0]) {
                      left[0] = state.envelopesToSend() + state.envelopesToReceive();
                      fixture.restart();
                    }
                  });
      RelayFixture.sync(alice, fixture.invitation(), restarting);
      RelayFixture.sync(bob, fixture.invitation(), restarting);
      assertEquals(alice.content(), bob.content());
      assertEquals(60, bob.content().size());
    }
  }

  @Test
  void connectionsCutAnywhereEndComplete() throws IOException {
    long seed = 21;
    System.out.println("RelayFaultTest seed " + seed);
    Random random = new Random(seed);
    try (RelayFixture fixture = new RelayFixture(directory);
        CuttingProxy proxy = new CuttingProxy(fixture.relay().port())) {
      Invitation invitation = fixture.through(proxy.url());
      for (int round = 0; round < 60; round++) {
        MemoryExchangeStore writer = random.nextBoolean() ? alice : bob;
        writer.sealMany(random.nextInt(30));
        if (round % 10 == 0) {
          writer.seal(new byte[2_200_000 + random.nextInt(100)]);
        }
        int reach = round % 10 == 0 ? 2_500_000 : 6_000;
        proxy.cutAfter(random.nextInt(reach), random.nextInt(reach));
        RelayFixture.sync(
            writer, invitation, ExchangeOptions.builder().batchParts(1 + random.nextInt(40)));
      }
      proxy.neverCut();
      RelayFixture.sync(alice, invitation);
      RelayFixture.sync(bob, invitation);
      RelayFixture.sync(alice, invitation);
      assertTrue(proxy.cuts() > 20, "cuts: " + proxy.cuts());
    }
    assertEquals(alice.content(), bob.content());
    assertEquals(List.of(), alice.ownForks());
  }

  @Test
  void aLostAnswerAfterTheRelayStoredMakesNoDuplicates() throws IOException {
    try (RelayFixture fixture = new RelayFixture(directory);
        CuttingProxy proxy = new CuttingProxy(fixture.relay().port())) {
      Invitation invitation = fixture.through(proxy.url());
      RelayFixture.sync(alice, invitation);
      alice.sealMany(10);
      proxy.cutAfter(Long.MAX_VALUE, 0);
      ExchangeOutcome outcome = RelayFixture.sync(alice, invitation);
      assertEquals(1, proxy.cuts());
      assertEquals(10, outcome.envelopesSent(), "what the relay had stored is not sent again");
      RelayFixture.sync(bob, invitation);
      assertEquals(alice.order(), bob.order());
    }
  }

  @Test
  void aRelayThatIsDownIsUnreachableAndTheNextAttemptWorks() {
    try (RelayFixture fixture = new RelayFixture(directory)) {
      alice.sealMany(3);
      fixture.relay().stop();
      ExchangeException down =
          assertThrows(
              ExchangeException.Unreachable.class,
              () -> RelayFixture.sync(alice, fixture.invitation()));
      assertTrue(down.getMessage().contains("cannot reach http://127.0.0.1:"), down.getMessage());
      assertEquals(3, alice.content().size());
      fixture.restart();
      RelayFixture.sync(alice, fixture.invitation());
      RelayFixture.sync(bob, fixture.invitation());
      assertEquals(alice.content(), bob.content());
    }
  }

  @Test
  void aRelaySetUpAnewIsFilledAgainByItsDevices(@TempDir Path anew) throws IOException {
    try (RelayFixture fixture = new RelayFixture(directory);
        CuttingProxy proxy = new CuttingProxy(fixture.relay().port())) {
      Invitation invitation = fixture.through(proxy.url());
      alice.sealMany(20);
      RelayFixture.sync(alice, invitation);
      RelayFixture.sync(bob, invitation);
      try (Relay other = Relay.builder().port(0).data(anew).build().start()) {
        fixture.relay().stop();
        proxy.leadTo(other.port());
        assertThrows(
            ExchangeException.CredentialsRefused.class, () -> RelayFixture.sync(bob, invitation));
        RelaySpaces.open(invitation, Optional.empty());
        RelayFixture.sync(bob, invitation);
        MemoryExchangeStore carol = new MemoryExchangeStore(RelayFixture.SPACE, 3);
        RelayFixture.sync(carol, invitation);
        assertEquals(alice.content(), carol.content());
      }
    }
  }

  @Test
  void aRelayRestoredFromABackupIsHandedWhatItHadAcknowledged(@TempDir Path backup)
      throws IOException {
    Invitation invitation;
    try (RelayFixture fixture = new RelayFixture(directory);
        CuttingProxy proxy = new CuttingProxy(fixture.relay().port())) {
      invitation = fixture.through(proxy.url());
      alice.sealMany(10);
      RelayFixture.sync(alice, invitation);
      RelayFixture.sync(bob, invitation);
      fixture.relay().stop();
      Files.copy(directory.resolve("relay.db"), backup.resolve("relay.db"));
      fixture.restart();
      alice.sealMany(10);
      bob.sealMany(10);
      proxy.leadTo(fixture.relay().port());
      RelayFixture.sync(alice, invitation);
      RelayFixture.sync(bob, invitation);
      RelayFixture.sync(alice, invitation);
      fixture.relay().stop();
      try (Relay restored = Relay.builder().port(0).data(backup).build().start()) {
        proxy.leadTo(restored.port());
        MemoryExchangeStore carol = new MemoryExchangeStore(RelayFixture.SPACE, 3);
        carol.sealMany(30);
        RelayFixture.sync(carol, invitation);
        alice.sealMany(1);
        RelayFixture.sync(alice, invitation);
        RelayFixture.sync(carol, invitation);
        RelayFixture.sync(bob, invitation);
        assertEquals(61, alice.content().size());
        assertEquals(alice.content(), carol.content());
        assertEquals(alice.content(), bob.content());
      }
    }
  }

  @Test
  void whatAKilledRelayHadAcknowledgedIsThereAfterwards() throws Exception {
    SpaceToken token = SpaceToken.random(new SecureRandom());
    VersionVector acknowledged = VersionVector.empty();
    int port = 0;
    for (int round = 0; round < 4; round++) {
      try (RelayProcess process = RelayProcess.start(directory, port)) {
        port = process.port();
        Invitation invitation = new Invitation(process.url(), RelayFixture.SPACE, token);
        RelaySpaces.open(invitation, Optional.empty());
        MemoryExchangeStore reader = new MemoryExchangeStore(RelayFixture.SPACE, 50 + round);
        RelayFixture.sync(reader, invitation);
        assertTrue(
            reader.heads().vector().covers(acknowledged),
            reader.heads() + " lacks of " + acknowledged);
        acknowledged = pushUntilKilled(process, invitation);
      }
    }
    assertTrue(acknowledged.sequence(alice.self()) > 20, "acknowledged: " + acknowledged);
  }

  /** Pushes single envelopes and kills the relay from another thread meanwhile. */
  private VersionVector pushUntilKilled(RelayProcess process, Invitation invitation)
      throws InterruptedException {
    AtomicReference<VersionVector> receipt = new AtomicReference<>(VersionVector.empty());
    AtomicBoolean killing = new AtomicBoolean();
    Thread killer = null;
    long enough = alice.heads().vector().sequence(alice.self()) + 30;
    while (process.isAlive()) {
      alice.sealMany(1);
      try {
        ExchangeOptions once =
            ExchangeOptions.builder().retry(dev.godwit.sync.transport.RetryPolicy.none()).build();
        receipt.set(
            dev.godwit.sync.transport.Exchange.run(
                    alice, dev.godwit.sync.transport.HttpRemote.of(invitation), once)
                .acknowledged());
      } catch (ExchangeException.Unreachable killed) {
        continue;
      }
      if (receipt.get().sequence(alice.self()) > enough && killing.compareAndSet(false, true)) {
        killer = new Thread(process::kill);
        killer.start();
      }
    }
    killer.join();
    return receipt.get();
  }

  @Test
  void aLargeEnvelopePassesThroughARelayAndClientsWithSmallHeaps(@TempDir Path files)
      throws Exception {
    SpaceToken token = SpaceToken.random(new SecureRandom());
    try (RelayProcess process = RelayProcess.start(directory, 0, "-Xmx40m")) {
      Invitation invitation = new Invitation(process.url(), RelayFixture.SPACE, token);
      RelaySpaces.open(invitation, Optional.empty());
      String pushed =
          SmallHeapClient.run(invitation, files.resolve("from"), 100_000_000, "-Xmx24m");
      String pulled = SmallHeapClient.run(invitation, files.resolve("to"), 0, "-Xmx24m");
      assertTrue(pushed.startsWith("complete true "), pushed);
      assertEquals(pushed, pulled);
      assertEquals(-1, Files.mismatch(files.resolve("from"), files.resolve("to")));
      assertTrue(process.isAlive());
    }
  }

  @Test
  void limitsOfTheRelayAreToldAndDoNotStopTheRest() {
    RelayLimits limits = RelayLimits.ofDefaults().withEnvelopeBytes(100_000);
    try (RelayFixture fixture = new RelayFixture(directory, limits)) {
      bob.sealMany(5);
      RelayFixture.sync(bob, fixture.invitation());
      alice.sealMany(2);
      alice.seal(new byte[200_000]);
      alice.sealMany(2);
      ExchangeException refused =
          assertThrows(
              ExchangeException.LimitReached.class,
              () -> RelayFixture.sync(alice, fixture.invitation()));
      assertTrue(refused.getMessage().contains("at most 100000 bytes"), refused.getMessage());
      assertEquals(10, alice.content().size(), "the pull was not stopped");
      RelayFixture.sync(bob, fixture.invitation());
      assertEquals(2, bob.heads().vector().sequence(alice.self()));
    }
  }
}
