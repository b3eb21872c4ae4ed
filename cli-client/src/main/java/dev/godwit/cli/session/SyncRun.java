package dev.godwit.cli.session;

import dev.godwit.cli.output.Progress;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.Replica;
import dev.godwit.sync.SyncReport;
import dev.godwit.sync.transport.ExchangeOptions;
import dev.godwit.sync.transport.HttpRemote;
import dev.godwit.sync.transport.HttpSettings;
import dev.godwit.sync.transport.Invitation;
import dev.godwit.sync.transport.RetryPolicy;
import java.time.Duration;

/**
 * One exchange with the relay of a file: shows progress, stops at Ctrl-C, and keeps the credentials
 * when the file takes a new identity.
 */
public final class SyncRun {
  private final Environment environment;
  private final Replica replica;
  private final Invitation invitation;
  private Duration timeout;

  public SyncRun(Environment environment, Replica replica, Invitation invitation) {
    this.environment = environment;
    this.replica = replica;
    this.invitation = invitation;
  }

  /** Gives up after this time; null for the usual limits. */
  public SyncRun timeout(Duration limit) {
    timeout = limit;
    return this;
  }

  /** Exchanges until both sides hold what either held. */
  public SyncReport run() {
    ReplicaId before = replica.id();
    try {
      return environment.during(
          "exchanging with " + invitation.relay(),
          progress -> replica.sync(HttpRemote.of(invitation, settings()), options(progress)));
    } finally {
      ReplicaId after = replica.id();
      if (!after.equals(before)) {
        environment.credentials().save(after, invitation);
      }
    }
  }

  private ExchangeOptions options(Progress progress) {
    ExchangeOptions.Builder options =
        ExchangeOptions.builder()
            .cancellation(environment.interruption().cancellation())
            .progress(progress.ofExchange())
            .retry(RetryPolicy.ofDefaults());
    if (timeout != null) {
      options.deadline(timeout);
    }
    return options.build();
  }

  private HttpSettings settings() {
    HttpSettings usual = HttpSettings.ofDefaults();
    if (timeout == null) {
      return usual;
    }
    return new HttpSettings(
        shorter(usual.connect()),
        shorter(usual.read()),
        shorter(usual.write()),
        shorter(usual.call()));
  }

  private Duration shorter(Duration usual) {
    return usual.compareTo(timeout) < 0 ? usual : timeout;
  }
}
