package dev.godwit.cli.command;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.failure.Failure;
import dev.godwit.cli.failure.Failures;
import dev.godwit.cli.session.Environment;
import dev.godwit.cli.session.LocalFile;
import dev.godwit.cli.session.Probe;
import dev.godwit.cli.session.SyncRun;
import dev.godwit.sync.Replica;
import dev.godwit.sync.ReplicaBuilder;
import dev.godwit.sync.SyncReport;
import dev.godwit.sync.protocol.ExchangeException;
import dev.godwit.sync.transport.Invitation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code godwit join}: makes a file a replica of a space.
 *
 * <p>A new file is built under another name, FILE.joining, and gets its own only when it is whole;
 * a join that was cut off goes on with it. A file of the user's is not touched before the relay has
 * let the invitation in, and is an ordinary file again when its tables do not fit.
 */
@Command(
    name = "join",
    description = {
      "Take part in a space.",
      "",
      "Makes FILE with everything the space has; or joins with a FILE that has the",
      "same tables: rows that only it has are added, rows that differ stay as the",
      "space has them, and yours are kept. The statements that make tables, views",
      "and triggers come from other devices: they are shown before they are run.",
      "Without INVITATION, a FILE that has joined gets the space's newer tables, and",
      "the indexes that were made, changed or dropped elsewhere since."
    },
    footer = {
      "",
      "Example:",
      "  godwit join calendar.db 'godwit+https://relay.example.org/3f…#qS…'"
    })
public final class JoinCommand extends Verb {
  @Parameters(index = "0", paramLabel = "FILE", description = "The database.")
  private Path file;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "INVITATION",
      description = "The line that godwit share or invite printed; quote it.")
  private String line;

  @Option(names = "--name", paramLabel = "DEVICE", description = "How people call this device.")
  private String name;

  @Option(names = "--yes", description = "Run the space's statements without asking.")
  private boolean yes;

  @Mixin private TimeoutOption timeout = new TimeoutOption();

  public JoinCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run() {
    Invitation invitation = line == null ? null : parsed();
    LocalFile local = local(file);
    if (!local.exists()) {
      makeNew(required(invitation));
    } else if (Replica.isReplica(local.source())) {
      again(local, invitation);
    } else {
      joinWith(local, required(invitation));
    }
    return ExitCode.DONE;
  }

  private Invitation parsed() {
    try {
      return Invitation.parse(line);
    } catch (IllegalArgumentException wrong) {
      throw new Failure(
          ExitCode.NO_ACCESS,
          Failures.message(wrong),
          "godwit invite FILE on a device that takes part, and copy the whole line",
          wrong);
    }
  }

  private Invitation required(Invitation invitation) {
    if (invitation == null) {
      throw new Failure(
          ExitCode.USAGE,
          file + " does not take part in a space yet, so an invitation is needed",
          "godwit join " + file + " INVITATION");
    }
    return invitation;
  }

  private void makeNew(Invitation invitation) {
    Path work = Path.of(file + ".joining");
    LocalFile local = local(work);
    boolean whole = false;
    try {
      if (local.exists()) {
        log().println("going on with " + work);
      } else {
        Files.createFile(local.real());
      }
      try (Replica replica = local.open(builder(local, invitation))) {
        requireSpace(replica, invitation);
        join(replica, invitation);
      }
      Files.move(local.real(), local(file).real());
      whole = true;
      out().println(file + " takes part in space " + invitation.space().shortText());
    } catch (IOException e) {
      throw new Failure(
          ExitCode.FILE, "cannot make " + file + ": " + e, "a folder that can be written", e);
    } catch (ExchangeException.Unreachable | ExchangeException.Cancelled cut) {
      whole = true;
      log().println("what has arrived is kept in " + work + " for the next attempt");
      throw cut;
    } finally {
      if (!whole) {
        remove(local);
      }
    }
  }

  private void remove(LocalFile work) {
    try {
      Files.deleteIfExists(work.real());
    } catch (IOException e) {
      log().println("warning: " + work.path() + " stays behind: " + e.getMessage());
    }
  }

  private void again(LocalFile local, Invitation invitation) {
    try (Replica replica = local.open()) {
      Invitation used = invitation == null ? local.credentials(replica) : invitation;
      requireSpace(replica, used);
      join(replica, used);
    }
  }

  private void joinWith(LocalFile local, Invitation invitation) {
    Probe.check(invitation, timeout.limit());
    Replica replica = local.open(builder(local, invitation));
    boolean fits = false;
    try {
      join(replica, invitation);
      fits = true;
    } catch (ExchangeException.Unreachable | ExchangeException.Cancelled cut) {
      fits = true;
      log().println("what has arrived is kept in " + file + " for the next attempt");
      throw cut;
    } finally {
      if (fits) {
        replica.close();
      } else {
        replica.leaveSpace();
      }
    }
  }

  private ReplicaBuilder builder(LocalFile local, Invitation invitation) {
    return Replica.builder(local.source())
        .space(invitation.space())
        .deviceName(name == null ? environment().deviceName() : name);
  }

  private void requireSpace(Replica replica, Invitation invitation) {
    if (!replica.space().equals(invitation.space())) {
      throw new Failure(
          ExitCode.SCHEMA,
          file
              + " belongs to space "
              + replica.space().shortText()
              + " but the invitation is for "
              + invitation.space().shortText(),
          "another FILE, or godwit untrack " + file + " first");
    }
  }

  /** Fetches, shows, asks, makes the tables, and sends what only this file had. */
  private void join(Replica replica, Invitation invitation) {
    exchange(replica, invitation);
    new SchemaApproval(environment(), yes).acceptAll(replica, file);
    environment().credentials().save(replica.id(), invitation);
    SyncReport report = exchange(replica, invitation);
    if (report.exchange().envelopesSent() > 0 || !report.notices().isEmpty()) {
      new SyncSummary(file, replica, report).print(log());
    }
  }

  private SyncReport exchange(Replica replica, Invitation invitation) {
    return new SyncRun(environment(), replica, invitation).timeout(timeout.limit()).run();
  }
}
