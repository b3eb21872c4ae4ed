package dev.godwit.cli.command;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.failure.Failure;
import dev.godwit.cli.failure.Failures;
import dev.godwit.cli.session.Environment;
import dev.godwit.cli.session.SyncRun;
import dev.godwit.sync.Replica;
import dev.godwit.sync.SyncReport;
import dev.godwit.sync.protocol.ExchangeException;
import dev.godwit.sync.transport.Invitation;
import dev.godwit.sync.transport.RelaySpaces;
import dev.godwit.sync.transport.SpaceToken;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code godwit share}: opens a file's space at a relay and pushes. */
@Command(
    name = "share",
    description = {
      "Open a space at a relay, push the file there, and print an invitation.",
      "",
      "The invitation is the only line on standard output. Whoever has it can read",
      "and write the shared tables. Run it again when the relay was set up anew: the",
      "space is opened under the same secret, and old invitations stay good."
    },
    footer = {
      "",
      "Environment: GODWIT_OPERATOR_TOKEN, where the relay's operator wants one.",
      "",
      "Example:",
      "  godwit share calendar.db http://192.168.1.20:7117"
    })
public final class ShareCommand extends Verb {
  @Parameters(index = "0", paramLabel = "FILE", description = "The database.")
  private Path file;

  @Parameters(index = "1", paramLabel = "URL", description = "The relay's address.")
  private String url;

  public ShareCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run() {
    try (Replica replica = local(file).open()) {
      Optional<Invitation> known = environment().credentials().find(replica.id());
      Invitation invitation = invitation(replica, known);
      if (known.isEmpty()) {
        // First: whoever opens a space and forgets the secret has locked everybody out.
        environment().credentials().save(replica.id(), invitation);
      }
      SyncReport report = push(replica, invitation, known.isPresent());
      environment().credentials().save(replica.id(), invitation);
      new SyncSummary(file, replica, report).print(log());
      log().println("anyone with this invitation can read and write what is shared:");
      out().println(invitation.uri());
    }
    return ExitCode.DONE;
  }

  private SyncReport push(Replica replica, Invitation invitation, boolean hasRelay) {
    boolean uncertain = true;
    try {
      open(invitation);
      return new SyncRun(environment(), replica, invitation).run();
    } catch (ExchangeException refused) {
      uncertain =
          refused instanceof ExchangeException.Unreachable
              || refused instanceof ExchangeException.Cancelled;
      throw refused;
    } finally {
      if (!uncertain && !hasRelay) {
        environment().credentials().remove(replica.id());
      }
    }
  }

  /** The secret stays the same when there is one, so that what others hold stays good. */
  private Invitation invitation(Replica replica, Optional<Invitation> known) {
    SpaceToken token =
        known.map(Invitation::token).orElseGet(() -> SpaceToken.random(new SecureRandom()));
    try {
      Invitation invitation = new Invitation(url, replica.space(), token);
      if (known.isPresent() && !known.get().relay().equals(invitation.relay())) {
        log().println("moving from " + known.get().relay() + " to " + invitation.relay());
        log().println("other devices follow by: godwit join FILE INVITATION");
      }
      return invitation;
    } catch (IllegalArgumentException wrong) {
      throw new Failure(
          ExitCode.USAGE,
          Failures.message(wrong),
          "godwit share " + file + " http://HOST:7117",
          wrong);
    }
  }

  private void open(Invitation invitation) {
    if (invitation.isReadableOnTheWay()) {
      log()
          .println(
              "warning: plain HTTP to another machine: secret and data can be read on the way");
    }
    RelaySpaces.open(
        invitation, Optional.ofNullable(environment().variable("GODWIT_OPERATOR_TOKEN")));
  }
}
