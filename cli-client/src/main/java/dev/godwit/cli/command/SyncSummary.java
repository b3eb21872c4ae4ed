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
    long received = report.exchange().envelopesReceived();
    if (sent + received == 0) {
      return "up to date: nothing new on either side";
    }
    StringBuilder line = new StringBuilder("up to date: sent ");
    line.append(sent == 0 ? "nothing" : Verb.count(sent, "transaction"));
    line.append(", received ");
    line.append(received == 0 ? "nothing" : "" + received);
    if (received > 0 && sent == 0) {
      line.append(received == 1 ? " transaction" : " transactions");
    }
    if (!report.changedTables().isEmpty()) {
      line.append("; changed ").append(String.join(", ", new TreeSet<>(report.changedTables())));
    }
    return line.toString();
  }
}
