package dev.godwit.cli.command;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.output.Json;
import dev.godwit.cli.output.Shown;
import dev.godwit.cli.output.TextTable;
import dev.godwit.cli.output.Times;
import dev.godwit.cli.session.Environment;
import dev.godwit.sync.Replica;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.policy.OpenConflict;
import dev.godwit.sync.policy.Sibling;
import dev.godwit.sync.report.ConflictEntry;
import dev.godwit.sync.report.Listing;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code godwit conflicts}: what was written at the same time, what is seen and what is kept. */
@Command(
    name = "conflicts",
    description = {
      "Show what devices wrote to the same place without knowing of each other.",
      "",
      "Every device shows the same value; the other one is kept and shown here."
    },
    footer = {"", "Example:", "  godwit conflicts calendar.db"})
public final class ConflictsCommand extends Verb {
  private static final int VALUE_CHARACTERS = 40;

  @Parameters(paramLabel = "FILE", description = "The database.")
  private Path file;

  @Mixin private PageOptions page = new PageOptions();

  public ConflictsCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run() {
    try (Replica replica = local(file).open()) {
      Listing<ConflictEntry> conflicts = page.read(replica::conflicts);
      List<OpenConflict> open = replica.openConflicts();
      if (page.json()) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("open", open);
        fields.put("conflicts", conflicts.entries());
        fields.put("more", conflicts.more());
        Json.print(out(), fields);
        return ExitCode.DONE;
      }
      open.forEach(this::print);
      if (open.isEmpty() && conflicts.entries().isEmpty()) {
        out().println("no conflicts");
      }
      conflicts.entries().forEach(this::print);
      page.tellMore(out(), conflicts);
    }
    return ExitCode.DONE;
  }

  private void print(OpenConflict conflict) {
    String place = conflict.table() + " " + conflict.key() + "." + conflict.column();
    out().println(TextTable.cut(Shown.line("to be settled: " + place), 80));
    TextTable sides = new TextTable("  ", "value", "device", "written");
    for (Sibling side : conflict.siblings()) {
      sides.row(shown(side.value()), side.device(), Times.shown(side.time()));
    }
    sides.print(out());
    out().println("  write the value that should hold, and sync");
  }

  private void print(ConflictEntry conflict) {
    String unit = conflict.unit().isEmpty() ? "" : "." + conflict.unit();
    out()
        .println(
            TextTable.cut(
                Shown.line(
                    conflict.table()
                        + " "
                        + conflict.key()
                        + unit
                        + ": "
                        + conflict.kind()
                        + ", "
                        + conflict.resolution()
                        + (conflict.open() ? ", open" : "")),
                80));
    TextTable sides = new TextTable("  ", "", "value", "device", "written");
    sides.row(side("seen", conflict.winner()));
    sides.row(side("kept", conflict.loser()));
    if (conflict.base() != null) {
      sides.row("before", shown(conflict.base()), "", "");
    }
    sides.print(out());
  }

  private static String[] side(String label, ConflictEntry.Side side) {
    return new String[] {label, shown(side.value()), side.deviceName(), Times.shown(side.time())};
  }

  private static String shown(Value value) {
    return value == null ? "the row" : TextTable.cut(value.toString(), VALUE_CHARACTERS);
  }
}
