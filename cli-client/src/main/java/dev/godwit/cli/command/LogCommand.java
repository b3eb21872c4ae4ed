package dev.godwit.cli.command;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.output.Json;
import dev.godwit.cli.output.Shown;
import dev.godwit.cli.output.TextTable;
import dev.godwit.cli.output.Times;
import dev.godwit.cli.session.Environment;
import dev.godwit.sync.Replica;
import dev.godwit.sync.report.ChangeEntry;
import dev.godwit.sync.report.Listing;
import dev.godwit.sync.report.LogEntry;
import dev.godwit.sync.report.Paging;
import dev.godwit.sync.report.TableChanges;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code godwit log}: the transactions a file holds. */
@Command(
    name = "log",
    description = {
      "Show the transactions of all devices, the latest to arrive first.",
      "",
      "What another program has written is one transaction from one godwit command",
      "to the next."
    },
    footer = {"", "Example:", "  godwit log calendar.db --changes --limit 5"})
public final class LogCommand extends Verb {
  /** Row changes shown of one transaction: more are not read one by one on a terminal. */
  private static final int CHANGES_SHOWN = 50;

  /** Tables of the space itself: a person calls them its schema. */
  private static final String SPACE_TABLES = "godwit_space_";

  private static final int DEVICE_CHARACTERS = 30;
  private static final int TEXT_CHARACTERS = 24;

  @Parameters(paramLabel = "FILE", description = "The database.")
  private Path file;

  @Mixin private PageOptions page = new PageOptions();

  @Option(names = "--changes", description = "Also what was changed, row by row.")
  private boolean changes;

  public LogCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run() {
    try (Replica replica = local(file).open()) {
      Listing<LogEntry> log = page.read(replica::log);
      if (page.json()) {
        Json.print(out(), fields(replica, log));
      } else if (log.entries().isEmpty()) {
        out().println("the log is empty");
      } else if (changes) {
        log.entries().forEach(entry -> printChanges(replica, entry));
      } else {
        print(log);
      }
      if (!page.json()) {
        page.tellMore(out(), log);
      }
    }
    return ExitCode.DONE;
  }

  private Map<String, Object> fields(Replica replica, Listing<LogEntry> log) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("transactions", log.entries());
    if (changes) {
      Map<String, Object> byTransaction = new LinkedHashMap<>();
      for (LogEntry entry : log.entries()) {
        byTransaction.put(
            entry.dot().replica() + ":" + entry.dot().sequence(),
            changes(replica, entry, Paging.LIMIT_MAX).entries());
      }
      fields.put("changes", byTransaction);
    }
    fields.put("more", log.more());
    return fields;
  }

  private static Listing<ChangeEntry> changes(Replica replica, LogEntry entry, int most) {
    return entry.problem() == null
        ? replica.changes(entry.dot(), Paging.first(most))
        : new Listing<>(List.of(), null);
  }

  private void print(Listing<LogEntry> log) {
    TextTable table = new TextTable("", "written", "device", "transaction", "changes");
    for (LogEntry entry : log.entries()) {
      table.row(Times.shown(entry.time()), device(entry), name(entry), summary(entry));
    }
    table.print(out());
  }

  private void printChanges(Replica replica, LogEntry entry) {
    out()
        .println(
            Times.shown(entry.time())
                + "  "
                + Shown.line(device(entry))
                + "  "
                + name(entry)
                + waits(entry));
    if (entry.problem() != null) {
      out().println("  " + Shown.line(entry.problem()));
    }
    Listing<ChangeEntry> listing = changes(replica, entry, CHANGES_SHOWN);
    for (ChangeEntry change : listing.entries()) {
      out().println("  " + line(change));
    }
    if (listing.hasMore()) {
      out().println("  … and more");
    }
  }

  private static String device(LogEntry entry) {
    return TextTable.cut(entry.deviceName(), DEVICE_CHARACTERS)
        + (entry.self() ? " (this file)" : "");
  }

  private static String name(LogEntry entry) {
    return entry.dot().replica().shortText() + ":" + entry.dot().sequence();
  }

  private static String waits(LogEntry entry) {
    return entry.applied() ? "" : "  (waits)";
  }

  private static String summary(LogEntry entry) {
    if (entry.problem() != null) {
      return "cannot be read: " + entry.problem();
    }
    List<String> parts = new ArrayList<>();
    boolean schema = false;
    for (TableChanges table : entry.tables()) {
      if (table.table().startsWith(SPACE_TABLES)) {
        schema = true;
      } else {
        parts.add(table.table() + " " + kinds(table));
      }
    }
    if (schema) {
      parts.add("the space's schema");
    }
    return String.join("; ", parts) + (entry.complete() ? "" : " …") + waits(entry);
  }

  private static String kinds(TableChanges table) {
    List<String> kinds = new ArrayList<>();
    add(kinds, "+", table.inserted());
    add(kinds, "~", table.updated());
    add(kinds, "-", table.deleted());
    add(kinds, "resolved ", table.resolved());
    add(kinds, "derived ", table.derived());
    return String.join(" ", kinds);
  }

  private static void add(List<String> kinds, String sign, long number) {
    if (number > 0) {
      kinds.add(sign + number);
    }
  }

  private static String line(ChangeEntry change) {
    String kind = change.kind().name().toLowerCase(Locale.ROOT);
    List<String> columns = new ArrayList<>();
    for (ChangeEntry.Column column : change.columns()) {
      String before = column.before() == null ? "" : shortText(column.before().toString()) + " → ";
      columns.add(column.name() + " " + before + shortText(String.valueOf(column.after())));
    }
    String what = columns.isEmpty() ? "" : ": " + String.join(", ", columns);
    return TextTable.cut(Shown.line(kind + " " + change.table() + " " + change.key() + what), 78);
  }

  private static String shortText(String text) {
    return TextTable.cut(text, TEXT_CHARACTERS);
  }
}
