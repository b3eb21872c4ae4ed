package dev.godwit.cli.command;

import dev.godwit.cli.session.Environment;
import dev.godwit.sync.Replica;
import dev.godwit.sync.SyncReport;
import dev.godwit.sync.transport.Invitation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.TreeSet;

/** What a sync did, in a few lines. */
final class SyncSummary {
  private final Environment environment;
  private final Path file;

  SyncSummary(Environment environment, Path file) {
    this.environment = environment;
    this.file = file;
  }

  void print(PrintWriter to, Replica replica, SyncReport report, Invitation invitation) {
    report.notices().forEach(notice -> to.println("note: " + notice));
    to.println(line(report));
    if (report.conflicts() > 0) {
      to.println(
          Verb.count(report.conflicts(), "conflict")
              + " resolved; what lost is kept: godwit conflicts "
              + file);
    }
    report.problems().forEach(problem -> to.println("not applied: " + problem));
    if (report.forkedReplicas() > 0) {
      to.println(
          "not exchanged: "
              + Verb.count(report.forkedReplicas(), "replica")
              + " whose history differs here and there");
    }
    int missing = replica.schemaProposal().tables().size();
    if (missing > 0) {
      to.println(
          "the space has "
              + Verb.count(missing, "table")
              + " that this file does not track: godwit join "
              + file);
    }
    environment.log().flush();
  }

  private static String line(SyncReport report) {
    long sent = report.exchange().envelopesSent();
    StringBuilder line = new StringBuilder();
    line.append("sent ").append(sent).append(", received ");
    line.append(Verb.count(report.exchange().envelopesReceived(), "transaction"));
    if (!report.changedTables().isEmpty()) {
      line.append("; changed ").append(String.join(", ", new TreeSet<>(report.changedTables())));
    }
    return line.toString();
  }
}
