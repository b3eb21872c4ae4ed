package dev.godwit.cli.command;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.output.Json;
import dev.godwit.cli.output.Wrapped;
import dev.godwit.cli.session.Environment;
import dev.godwit.sync.Replica;
import dev.godwit.sync.report.CompactionReport;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code godwit compact}: forgets how merged texts came about. */
@Command(
    name = "compact",
    description = {
      "Forget how texts came about that are merged letter by letter.",
      "",
      "What all devices known to the file have seen goes from the state; the log",
      "keeps it, so that nothing anybody writes later is merged otherwise. Rows and",
      "conflicts stay as they are. The file keeps the space for later rows; SQLite's",
      "VACUUM gives it back."
    },
    footer = {"", "Example:", "  godwit compact notes.db"})
public final class CompactCommand extends Verb {
  @Parameters(index = "0", paramLabel = "FILE", description = "The database.")
  private Path file;

  @Option(names = "--json", description = "Print one JSON object instead.")
  private boolean json;

  public CompactCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run() {
    try (Replica replica = local(file).open()) {
      CompactionReport report =
          environment().during("compacting " + file, progress -> replica.compact());
      if (json) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("compaction", report);
        Json.print(out(), fields);
      } else {
        print(report);
      }
    }
    return ExitCode.DONE;
  }

  private void print(CompactionReport report) {
    if (report.textsCompacted() == 0) {
      out().println("nothing to forget in " + count(report.texts(), "text"));
    } else {
      out()
          .println(
              "forgot "
                  + count(report.editsForgotten(), "edit")
                  + " in "
                  + report.textsCompacted()
                  + " of "
                  + count(report.texts(), "text")
                  + ": "
                  + report.bytesBefore()
                  + " bytes of state are "
                  + report.bytesAfter());
    }
    if (report.textsKept() > 0) {
      Wrapped.print(
          out(),
          "note: ",
          count(report.textsKept(), "text")
              + " kept as before, because the log does not tell the same: godwit doctor "
              + file);
    }
  }
}
