package dev.godwit.cli.command;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.session.Environment;
import dev.godwit.cli.session.LocalFile;
import dev.godwit.sync.Replica;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code godwit invite}: prints an invitation. */
@Command(
    name = "invite",
    description = {
      "Print an invitation for one more device.",
      "",
      "Whoever has it can read and write the shared tables: hand it over in private."
    },
    footer = {"", "Example:", "  godwit invite calendar.db"})
public final class InviteCommand extends Verb {
  @Parameters(paramLabel = "FILE", description = "The database.")
  private Path file;

  public InviteCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run() {
    LocalFile local = local(file);
    try (Replica replica = local.open()) {
      out().println(local.credentials(replica).uri());
    }
    return ExitCode.DONE;
  }
}
