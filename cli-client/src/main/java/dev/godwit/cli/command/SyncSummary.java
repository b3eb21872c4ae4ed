package dev.godwit.cli.command;

import dev.godwit.cli.output.Json;
import dev.godwit.cli.output.Shown;
import dev.godwit.sync.Replica;
import dev.godwit.sync.SyncReport;
import dev.godwit.sync.report.ReplicaStatus;
import dev.godwit.sync.schema.SchemaProposal;
import dev.godwit.sync.schema.SchemaStatement;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a sync did, and what waits for somebody afterwards. */
final class SyncSummary {
  private static final Set<SchemaStatement.Kind> INDEXES =
      EnumSet.of(SchemaStatement.Kind.INDEX, SchemaStatement.Kind.DROP_INDEX);

  private final Path file;
  private final SyncReport report;
  private final ReplicaStatus status;
  private final List<String> missingTables;
  private final List<String> otherIndexes;
  private final long open;

  SyncSummary(Path file, Replica replica, SyncReport report) {
    this.file = file;
    this.report = report;
    this.status = replica.status();
    this.open = replica.openConflicts().size();
    SchemaProposal proposal = replica.schemaProposal();
    this.missingTables = proposal.tables();
    this.otherIndexes =
        proposal.statements().stream()
            .filter(one -> INDEXES.contains(one.kind()))
            .map(SchemaStatement::name)
            .distinct()
            .toList();
  }

  void printJson(PrintWriter to) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("sync", report);
    fields.put("openConflicts", open);
    fields.put("heldBack", status.heldBack());
    fields.put("missingTables", missingTables);
    fields.put("otherIndexes", otherIndexes);
    Json.print(to, fields);
  }

  void print(PrintWriter to) {
    report.notices().forEach(notice -> to.println("note: " + notice));
    to.println(line(report));
    tell(to, report.conflicts(), "new conflict", "conflicts", "what lost is kept");
    tell(to, open, "open conflict", "conflicts", "somebody should decide");
    tell(to, status.heldBack().size(), "row", "status", "not shown here as the space has it");
    report.problems().forEach(problem -> to.println("not applied: " + Shown.line(problem)));
    if (report.forkedReplicas() > 0) {
      to.println(
          "not exchanged: "
              + Verb.count(report.forkedReplicas(), "replica")
              + " whose history differs here and there");
    }
    if (!missingTables.isEmpty()) {
      to.println(
          "the space has "
              + Verb.count(missingTables.size(), "table")
              + " that this file does not track: godwit join "
              + file);
    } else if (!otherIndexes.isEmpty()) {
      to.println(
          "the space has other indexes than this file ("
              + Shown.line(String.join(", ", otherIndexes))
              + "): godwit join "
              + file);
    }
  }

  private void tell(PrintWriter to, long number, String noun, String verb, String what) {
    if (number > 0) {
      to.println(Verb.count(number, noun) + ", " + what + ": godwit " + verb + " " + file);
    }
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
