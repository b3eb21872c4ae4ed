package dev.godwit.cli.command;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.output.Json;
import dev.godwit.cli.output.Progress;
import dev.godwit.cli.output.Shown;
import dev.godwit.cli.output.TextTable;
import dev.godwit.cli.output.Times;
import dev.godwit.cli.session.Environment;
import dev.godwit.sync.Replica;
import dev.godwit.sync.report.HeldBackRow;
import dev.godwit.sync.report.PeerStatus;
import dev.godwit.sync.report.RemoteStatus;
import dev.godwit.sync.report.ReplicaStatus;
import dev.godwit.sync.report.StatusDetail;
import dev.godwit.sync.report.TableStatus;
import dev.godwit.sync.transport.Invitation;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code godwit status}: how a file stands. */
@Command(
    name = "status",
    description = {
      "Show how a file stands: its tables, its relay, the other devices, what waits.",
      "",
      "It asks nobody but the file."
    },
    footer = {"", "Example:", "  godwit status calendar.db"})
public final class StatusCommand extends Verb {
  private static final int LABEL_CHARACTERS = 13;

  @Parameters(paramLabel = "FILE", description = "The database.")
  private Path file;

  @Option(names = "--json", description = "Print one JSON object instead.")
  private boolean json;

  public StatusCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run() {
    try (Replica replica = local(file).open()) {
      ReplicaStatus status =
          environment().during("reading " + file, progress -> replica.status(StatusDetail.COUNTED));
      Optional<Invitation> relay = environment().credentials().find(status.replica());
      if (json) {
        Json.print(out(), fields(status, relay, status.conflicts().open()));
      } else {
        print(status, relay, status.conflicts().open());
      }
    }
    return ExitCode.DONE;
  }

  private Map<String, Object> fields(ReplicaStatus status, Optional<Invitation> relay, long open) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("status", status);
    fields.put("openConflicts", open);
    fields.put("relay", relay.map(Invitation::relay));
    fields.put("credentials", environment().credentials().path(status.replica()).toString());
    return fields;
  }

  private void print(ReplicaStatus status, Optional<Invitation> relay, long open) {
    line("file", file + ", " + Progress.size(status.fileSizeBytes()));
    line(
        "replica",
        status.replica().shortText() + ", " + TextTable.cut(Shown.line(status.deviceName()), 50));
    line("space", status.space().shortText());
    line(
        "relay", relay.map(known -> known.relay() + ", " + sent(status, known)).orElse("none yet"));
    relay.ifPresent(
        known -> line("credentials", "" + environment().credentials().path(status.replica())));
    line("log", log(status));
    line("conflicts", conflicts(status, open));
    tables(status);
    replicas(status);
    heldBack(status);
  }

  private void line(String label, String text) {
    out().println(label + " ".repeat(LABEL_CHARACTERS - label.length()) + text);
  }

  private static String sent(ReplicaStatus status, Invitation relay) {
    String name = relay.relay() + relay.space();
    boolean unsealed = status.notesPending() > 0;
    for (RemoteStatus remote : status.remotes()) {
      if (remote.name().equals(name)) {
        return remote.ownUnacknowledged() == 0 && !unsealed
            ? "holds all that was written here"
            : "does not hold yet "
                + (remote.ownUnacknowledged() == 0
                    ? "what was just written"
                    : count(remote.ownUnacknowledged(), "transaction"));
      }
    }
    return "not met yet";
  }

  private static String log(ReplicaStatus status) {
    String size =
        status.log().sizeBytes().isPresent()
            ? ", " + Progress.size(status.log().sizeBytes().getAsLong())
            : "";
    return count(status.log().transactions(), "transaction") + size;
  }

  private static String conflicts(ReplicaStatus status, long open) {
    long settled = status.conflicts().closed();
    return settled + open == 0 ? "none" : open + " to be settled, " + settled + " settled";
  }

  private void tables(ReplicaStatus status) {
    out().println();
    TextTable table = new TextTable("", "table", "rows", "tracked");
    for (TableStatus each : status.tables()) {
      table.row(
          each.name(), each.rows().isPresent() ? "" + each.rows().getAsLong() : "", note(each));
    }
    table.print(out());
  }

  private static String note(TableStatus table) {
    if (!table.tracked()) {
      return table.reason() == null ? "no" : "no: " + table.reason();
    }
    long withoutKey = table.rowsWithoutKey().orElse(0);
    return withoutKey == 0
        ? "yes"
        : "yes, but " + count(withoutKey, "row has", "rows have") + " NULL in the key";
  }

  private void replicas(ReplicaStatus status) {
    out().println();
    TextTable table = new TextTable("", "replica", "device", "transactions", "latest write");
    for (PeerStatus peer : status.replicas()) {
      String waiting =
          peer.held() > peer.sequence() ? ", " + (peer.held() - peer.sequence()) + " waiting" : "";
      String ahead =
          peer.clockAheadMillis() > 0
              ? ", its clock is " + peer.clockAheadMillis() / 1_000 + " s ahead"
              : "";
      table.row(
          peer.replica().shortText(),
          peer.deviceName() + (peer.self() ? " (this file)" : ""),
          peer.sequence() + waiting,
          (peer.sequence() == 0 ? "none" : Times.shown(peer.latest())) + ahead);
    }
    table.print(out());
  }

  private void heldBack(ReplicaStatus status) {
    if (status.heldBack().isEmpty()) {
      return;
    }
    out().println();
    out().println("rows that the tables do not show as the space has them:");
    TextTable table = new TextTable("  ", "table", "key", "how", "why");
    for (HeldBackRow row : status.heldBack()) {
      table.row(
          row.table(),
          row.key(),
          row.kind().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
          row.reason());
    }
    table.print(out());
    if (!status.heldBackComplete()) {
      out().println("  … and more");
    }
    out().println("what each was, and what can be done: godwit conflicts " + file);
  }
}
