package dev.godwit.cli.command;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.failure.Failure;
import dev.godwit.cli.failure.Failures;
import dev.godwit.cli.session.Environment;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.Replica;
import dev.godwit.sync.report.ReplicaStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code godwit untrack}: ends the tracking of tables or of a file. */
@Command(
    name = "untrack",
    description = {
      "Stop tracking tables; without a table, the whole file.",
      "",
      "Rows, indexes and triggers of your own stay as they are. A whole file",
      "becomes an ordinary SQLite file again and forgets its relay: sync before,",
      "for what was not sent yet stays in this file only."
    },
    footer = {"", "Example:", "  godwit untrack calendar.db drafts"})
public final class UntrackCommand extends Verb {
  @Parameters(index = "0", paramLabel = "FILE", description = "The database.")
  private Path file;

  @Parameters(index = "1..*", arity = "0..*", paramLabel = "TABLE", description = "Its tables.")
  private List<String> tables = new ArrayList<>();

  public UntrackCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run() {
    try (Replica replica = local(file).open()) {
      if (tables.isEmpty()) {
        ReplicaId id = replica.id();
        tellUnsent(replica.status());
        replica.leaveSpace();
        environment().credentials().remove(id);
        out().println(file + " is an ordinary SQLite file again");
      } else {
        stop(replica);
      }
    }
    return ExitCode.DONE;
  }

  private void tellUnsent(ReplicaStatus status) {
    boolean sent =
        status.remotes().stream().anyMatch(remote -> remote.ownUnacknowledged() == 0)
            && status.notesPending() == 0;
    if (!sent) {
      log().println("note: what no relay has confirmed stays in " + file + " only");
    }
  }

  private void stop(Replica replica) {
    try {
      for (String table : replica.untrack(tables.toArray(new String[0]))) {
        out().println("no longer tracking " + table);
      }
    } catch (IllegalArgumentException unknown) {
      throw new Failure(
          ExitCode.SCHEMA, Failures.message(unknown), "godwit status " + file, unknown);
    }
  }
}
