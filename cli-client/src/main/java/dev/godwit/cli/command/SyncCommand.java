package dev.godwit.cli.command;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.failure.Failure;
import dev.godwit.cli.failure.Failures;
import dev.godwit.cli.session.Environment;
import dev.godwit.cli.session.FileWatch;
import dev.godwit.cli.session.LocalFile;
import dev.godwit.cli.session.SyncRun;
import dev.godwit.sync.Replica;
import dev.godwit.sync.SyncReport;
import dev.godwit.sync.protocol.ExchangeException;
import dev.godwit.sync.transport.Invitation;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code godwit sync}: exchanges with the relay. */
@Command(
    name = "sync",
    description = {
      "Exchange with the relay now.",
      "",
      "Done (exit code 0) means: the relay has confirmed all that was written here,",
      "and all that it had is in the tables. Conflicts are resolved, shown, and kept.",
      "Interrupted at any point, the next sync goes on from there."
    },
    footer = {"", "Example:", "  godwit sync calendar.db --watch"})
public final class SyncCommand extends Verb {
  /** How often the relay is asked when nothing is written here. */
  private static final long EVERY_MILLIS = 5_000;

  @Parameters(paramLabel = "FILE", description = "The database.")
  private Path file;

  @Option(
      names = "--watch",
      description = "Go on: sync when the file is written, and every few seconds.")
  private boolean watch;

  @Option(names = "--json", description = "Print one JSON object instead.")
  private boolean json;

  @Mixin private TimeoutOption timeout = new TimeoutOption();

  public SyncCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run() {
    LocalFile local = local(file);
    try (Replica replica = local.open()) {
      Invitation invitation = local.credentials(replica);
      if (watch) {
        return watch(replica, invitation);
      }
      SyncReport report = exchange(replica, invitation);
      tell(replica, report);
      boolean complete = report.problems().isEmpty() && report.forkedReplicas() == 0;
      return complete ? ExitCode.DONE : ExitCode.INCOMPLETE;
    }
  }

  private void tell(Replica replica, SyncReport report) {
    SyncSummary summary = new SyncSummary(file, replica, report);
    if (json) {
      summary.printJson(out());
    } else {
      summary.print(out());
    }
  }

  private SyncReport exchange(Replica replica, Invitation invitation) {
    try {
      return new SyncRun(environment(), replica, invitation).timeout(timeout.limit()).run();
    } catch (ExchangeException.CredentialsRefused refused) {
      throw new Failure(
          ExitCode.NO_ACCESS,
          invitation.relay() + " does not let this file in: " + Failures.message(refused),
          "if the relay lost its data: godwit share " + file + " " + invitation.relay(),
          refused);
    }
  }

  private ExitCode watch(Replica replica, Invitation invitation) {
    FileWatch written = new FileWatch(local(file).real());
    boolean unreachable = false;
    log().println("watching " + file + ", stop with Ctrl-C");
    do {
      try {
        SyncReport report = exchange(replica, invitation);
        if (unreachable || moved(report)) {
          tell(replica, report);
        }
        unreachable = false;
      } catch (ExchangeException.Unreachable away) {
        if (!unreachable) {
          log().println("waiting: " + Failures.message(away));
        }
        unreachable = true;
      }
    } while (!written.await(environment().interruption(), EVERY_MILLIS));
    log().println("stopped watching " + file);
    return ExitCode.INTERRUPTED;
  }

  private static boolean moved(SyncReport report) {
    return report.exchange().envelopesSent() > 0
        || report.exchange().envelopesReceived() > 0
        || !report.notices().isEmpty();
  }
}
