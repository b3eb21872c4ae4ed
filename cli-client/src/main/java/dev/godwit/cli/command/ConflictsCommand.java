package dev.godwit.cli.command;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.output.ConflictText;
import dev.godwit.cli.output.Json;
import dev.godwit.cli.session.Environment;
import dev.godwit.sync.Replica;
import dev.godwit.sync.report.ListedConflict;
import dev.godwit.sync.report.Listing;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code godwit conflicts}: what was written at the same time, what is shown and what is kept. */
@Command(
    name = "conflicts",
    description = {
      "Show what devices wrote to the same place without knowing of each other.",
      "",
      "Every device shows the version marked * and keeps the others; below them ^",
      "marks what differs. Those that somebody should settle come first, then the",
      "latest. SQL reads the same from the view godwit_conflict."
    },
    footer = {"", "Example:", "  godwit conflicts calendar.db"})
public final class ConflictsCommand extends Verb {
  @Parameters(paramLabel = "FILE", description = "The database.")
  private Path file;

  @Mixin private PageOptions page = new PageOptions();

  public ConflictsCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run() {
    try (Replica replica = local(file).open()) {
      Listing<ListedConflict> conflicts = page.read(replica::listedConflicts);
      if (page.json()) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("conflicts", conflicts.entries());
        fields.put("more", conflicts.more());
        Json.print(out(), fields);
        return ExitCode.DONE;
      }
      if (conflicts.entries().isEmpty()) {
        out().println("no conflicts");
      }
      boolean first = true;
      for (ListedConflict one : conflicts.entries()) {
        if (!first) {
          out().println();
        }
        first = false;
        ConflictText.print(out(), one);
      }
      page.tellMore(out(), conflicts);
      if (conflicts.entries().stream().anyMatch(ListedConflict::open)) {
        out().println();
        out().println("settle: godwit resolve " + file);
      }
    }
    return ExitCode.DONE;
  }
}
