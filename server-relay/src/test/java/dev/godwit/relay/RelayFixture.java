package dev.godwit.relay;

import dev.godwit.relay.limit.RelayLimits;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.protocol.MemoryExchangeStore;
import dev.godwit.sync.transport.Exchange;
import dev.godwit.sync.transport.ExchangeOptions;
import dev.godwit.sync.transport.ExchangeOutcome;
import dev.godwit.sync.transport.HttpRemote;
import dev.godwit.sync.transport.Invitation;
import dev.godwit.sync.transport.RelaySpaces;
import dev.godwit.sync.transport.RetryPolicy;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/**
 * A relay on a free port over a directory that a test owns, which can be restarted, and one open
 * space.
 */
final class RelayFixture implements AutoCloseable {
  static final SpaceId SPACE = SpaceId.parse("00112233445566778899aabbccddeeff");

  private final Path directory;
  private final RelayLimits limits;
  private Relay relay;
  private Invitation invitation;

  RelayFixture(Path directory) {
    this(directory, RelayLimits.ofDefaults());
  }

  RelayFixture(Path directory, RelayLimits limits) {
    this.directory = directory;
    this.limits = limits;
    start(0);
    invitation = RelaySpaces.open(relay.url(), SPACE, Optional.empty(), new SecureRandom());
  }

  Relay relay() {
    return relay;
  }

  Invitation invitation() {
    return invitation;
  }

  /** The invitation through another address, a proxy's. */
  Invitation through(String url) {
    return new Invitation(url, SPACE, invitation.token());
  }

  void restart() {
    int port = relay.port();
    relay.stop();
    start(port);
  }

  static ExchangeOutcome sync(MemoryExchangeStore store, Invitation invitation) {
    return sync(store, invitation, ExchangeOptions.builder());
  }

  static ExchangeOutcome sync(
      MemoryExchangeStore store, Invitation invitation, ExchangeOptions.Builder options) {
    ExchangeOptions patient =
        options
            .retry(new RetryPolicy(8, Duration.ofMillis(1), Duration.ofMillis(40)))
            .random(new Random(7))
            .build();
    return Exchange.run(store, HttpRemote.of(invitation), patient);
  }

  @Override
  public void close() {
    relay.stop();
  }

  private void start(int port) {
    relay = Relay.builder().port(port).data(directory).limits(limits).build().start();
  }
}
