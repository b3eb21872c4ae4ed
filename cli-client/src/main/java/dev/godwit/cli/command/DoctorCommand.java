package dev.godwit.cli.command;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.output.Json;
import dev.godwit.cli.output.Progress;
import dev.godwit.cli.output.Shown;
import dev.godwit.cli.output.Wrapped;
import dev.godwit.cli.session.Environment;
import dev.godwit.sync.Replica;
import dev.godwit.sync.report.Comparison;
import dev.godwit.sync.report.DoctorOptions;
import dev.godwit.sync.report.DoctorReport;
import dev.godwit.sync.report.Finding;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code godwit doctor}: checks a file, or compares two. */
@Command(
    name = "doctor",
    description = {
      "Check a file from end to end; with OTHER, compare two.",
      "",
      "Rows against the state they should show, the state against the log, the",
      "log's chains, the file itself, foreign keys. It mends nothing. Exit code 10",
      "says that something is wrong, or that the two differ."
    },
    footer = {"", "Example:", "  godwit doctor calendar.db /media/backup/calendar.db"})
public final class DoctorCommand extends Verb {
  @Parameters(index = "0", paramLabel = "FILE", description = "The database.")
  private Path file;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "OTHER",
      description = "Another replica's file, here on this machine.")
  private Path other;

  @Option(names = "--json", description = "Print one JSON object instead.")
  private boolean json;

  public DoctorCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run() {
    try (Replica replica = local(file).open()) {
      if (other == null) {
        return examine(replica);
      }
      try (Replica there = local(other).open()) {
        return compare(replica, there);
      }
    }
  }

  private ExitCode examine(Replica replica) {
    DoctorReport report =
        environment().during("checking " + file, progress -> replica.doctor(options(progress)));
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("healthy", report.isHealthy());
      fields.put("report", report);
      Json.print(out(), fields);
    } else {
      print(file, report);
    }
    return report.isHealthy() ? ExitCode.DONE : ExitCode.DIFFERENCE;
  }

  private ExitCode compare(Replica replica, Replica there) {
    Comparison comparison =
        environment().during("comparing", progress -> replica.compare(there, options(progress)));
    boolean good =
        comparison.isSame() && comparison.here().isHealthy() && comparison.there().isHealthy();
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("same", comparison.isSame());
      fields.put("comparison", comparison);
      Json.print(out(), fields);
    } else {
      print(file, comparison.here());
      print(other, comparison.there());
      out().println(verdict(comparison));
    }
    return good ? ExitCode.DONE : ExitCode.DIFFERENCE;
  }

  private static String verdict(Comparison comparison) {
    if (comparison.isSame()) {
      return "same: both hold the same transactions and show the same rows";
    }
    String met = comparison.sameVectors() ? "" : "not synced: each lacks something of the other";
    if (comparison.difference() == null) {
      return met + "; the rows are the same";
    }
    String difference = "first difference: " + Shown.line(comparison.difference().text());
    return met.isEmpty() ? difference : met + "\n" + difference;
  }

  private DoctorOptions options(Progress progress) {
    return DoctorOptions.builder()
        .cancelled(environment().interruption()::isAsked)
        .progress(
            (step, done, total) ->
                progress.say(
                    "checking "
                        + step.name().toLowerCase(Locale.ROOT)
                        + ", "
                        + done
                        + (total < 0 ? "" : " of " + total)))
        .build();
  }

  private void print(Path checked, DoctorReport report) {
    String state = report.isHealthy() ? ": healthy, " : ": DAMAGED, ";
    out().println(checked + state + count(report.transactions(), "transaction") + digest(report));
    for (Finding finding : report.findings()) {
      String severity = finding.severity().name().toLowerCase(Locale.ROOT);
      Wrapped.print(out(), "  " + severity + ": ", finding.where() + ": " + finding.problem());
      Wrapped.print(out(), "    try: ", finding.advice());
    }
    long more = report.findingsTotal() - report.findings().size();
    if (more > 0) {
      out().println("  and " + more + " more");
    }
  }

  private static String digest(DoctorReport report) {
    return report.tablesDigest() == null
        ? ""
        : ", digest " + report.tablesDigest().substring(0, 16);
  }
}
