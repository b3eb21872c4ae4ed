package dev.godwit.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.sync.protocol.ExchangeException;
import dev.godwit.sync.protocol.MemoryExchangeStore;
import dev.godwit.sync.protocol.OwnFork;
import dev.godwit.sync.transport.ExchangeOptions;
import dev.godwit.sync.transport.ExchangeOutcome;
import dev.godwit.sync.transport.Invitation;
import dev.godwit.sync.transport.SpaceToken;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exchanges over real HTTP with a real relay on disk. */
class RelayExchangeTest {
  private final MemoryExchangeStore alice = new MemoryExchangeStore(RelayFixture.SPACE, 1);
  private final MemoryExchangeStore bob = new MemoryExchangeStore(RelayFixture.SPACE, 2);

  @TempDir private Path directory;
  private RelayFixture fixture;

  @BeforeEach
  void startRelay() {
    fixture = new RelayFixture(directory);
  }

  @AfterEach
  void stopRelay() {
    fixture.close();
  }

  @Test
  void twoReplicasMeetAtTheRelay() {
    alice.sealMany(20);
    bob.sealMany(30);
    sync(alice);
    sync(bob);
    sync(alice);
    assertEquals(alice.content(), bob.content());
    assertEquals(50, alice.content().size());
  }

  @Test
  void nothingToDoIsOneRequestOfAtMost600BytesWithHeaders() throws IOException {
    alice.sealMany(300);
    bob.sealMany(70_000);
    try (CuttingProxy proxy = new CuttingProxy(fixture.relay().port())) {
      Invitation invitation = fixture.through(proxy.url());
      RelayFixture.sync(bob, invitation);
      RelayFixture.sync(alice, invitation);
      RelayFixture.sync(bob, invitation);
      long before = proxy.passed();
      int writes = bob.writes();
      ExchangeOutcome outcome = RelayFixture.sync(bob, invitation);
      assertEquals(1, outcome.requests());
      assertEquals(writes, bob.writes());
      System.out.println(
          "nothing to do, two replicas: " + (proxy.passed() - before) + " bytes both ways");
      assertTrue(proxy.passed() - before <= 600, "bytes: " + (proxy.passed() - before));
    }
  }

  @Test
  void workOnBothSidesIsOneRequest() {
    sync(alice);
    sync(bob);
    alice.sealMany(5);
    sync(alice);
    bob.sealMany(5);
    assertEquals(1, sync(bob).requests());
    assertEquals(10, bob.content().size());
  }

  @Test
  void aWrongTokenGetsNoDataEitherWay() {
    alice.sealMany(3);
    sync(alice);
    bob.sealMany(2);
    Invitation wrong =
        new Invitation(
            fixture.relay().url(), RelayFixture.SPACE, SpaceToken.random(new SecureRandom()));
    ExchangeException refused =
        assertThrows(
            ExchangeException.CredentialsRefused.class, () -> RelayFixture.sync(bob, wrong));
    assertTrue(refused.getMessage().contains("token"), refused.getMessage());
    assertEquals(2, bob.content().size());
    sync(alice);
    assertEquals(3, alice.content().size());
  }

  @Test
  void tenThousandEnvelopesInPagesOfAHundredArriveOnceEach() {
    alice.sealMany(10_000);
    ExchangeOptions.Builder pages = ExchangeOptions.builder().batchParts(100);
    ExchangeOutcome pushed = RelayFixture.sync(alice, fixture.invitation(), pages);
    ExchangeOutcome pulled = RelayFixture.sync(bob, fixture.invitation(), pages);
    assertEquals(10_000, pushed.envelopesSent());
    assertEquals(10_000, pulled.envelopesReceived());
    assertEquals(alice.order(), bob.order());
    assertTrue(
        pulled.requests() >= 100 && pulled.requests() <= 102, "requests: " + pulled.requests());
  }

  @Test
  void aCopiedFileIsNoticedThroughTheRelay() {
    alice.sealMany(10);
    sync(alice);
    MemoryExchangeStore copy = alice.copied(4);
    alice.sealMany(3);
    copy.sealMany(2);
    sync(alice);
    ExchangeOutcome outcome = sync(copy);
    assertEquals(List.of(new OwnFork(alice.self(), 10, 12, 13)), outcome.ownForks());
    sync(alice);
    assertEquals(15, alice.content().size());
    assertEquals(alice.content(), copy.content());
  }

  private ExchangeOutcome sync(MemoryExchangeStore store) {
    return RelayFixture.sync(store, fixture.invitation());
  }
}
