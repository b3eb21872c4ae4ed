package dev.godwit.cli.command;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.failure.Failure;
import dev.godwit.cli.failure.Failures;
import dev.godwit.cli.output.TextTable;
import dev.godwit.cli.session.Environment;
import dev.godwit.sync.Replica;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code godwit policy}: shows and changes what concurrent writes come to. */
@Command(
    name = "policy",
    description = {
      "Show or change what concurrent writes come to, on all devices.",
      "",
      "For a column: last-writer-wins (the default), manual, max, min, counter,",
      "set, map, text, custom('NAME'), replica-priority('DEVICE', ...); the first",
      "two and replica-priority also with: in group 'NAME'. A column that holds the",
      "key of another table, without a FOREIGN KEY: references TABLE on delete",
      "cascade, restrict, set null or set default; of its own table, where no row",
      "shall be below itself, also: tree. A UNIQUE column, with or without one of",
      "the others: null where taken, so that a row shows NULL where another one has",
      "its value. For a table, when a row is deleted here and edited there:",
      "update-wins (the default), delete-wins."
    },
    footer = {
      "",
      "Example:",
      "  godwit policy calendar.db",
      "  godwit policy calendar.db events.title manual",
      "  godwit policy calendar.db events.title \"replica-priority('desk', 'phone')\"",
      "  godwit policy calendar.db events.calendar references calendars on delete cascade",
      "  godwit policy calendar.db folders.parent tree",
      "  godwit policy calendar.db contacts.mail null where taken",
      "  godwit policy calendar.db events delete-wins"
    })
public final class PolicyCommand extends Verb {
  @Parameters(index = "0", paramLabel = "FILE", description = "The database.")
  private Path file;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TABLE[.COLUMN]",
      description = "Whose policy.")
  private String target;

  @Parameters(index = "2..*", paramLabel = "POLICY", description = "What it is to be.")
  private List<String> policy = new ArrayList<>();

  public PolicyCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run() {
    PolicyChoice choice =
        policy.isEmpty() ? null : PolicyChoice.of(target, String.join(" ", policy));
    try (Replica replica = local(file).open()) {
      if (choice != null) {
        change(replica, choice);
      }
      list(replica.policies());
    }
    return ExitCode.DONE;
  }

  private void change(Replica replica, PolicyChoice choice) {
    try {
      choice.apply(replica);
    } catch (IllegalArgumentException refused) {
      throw new Failure(
          ExitCode.SCHEMA, Failures.message(refused), "godwit policy --help", refused);
    }
  }

  private void list(Map<String, String> policies) {
    TextTable table = new TextTable("", "of", "policy");
    policies.forEach(
        (of, text) -> {
          if (target == null || of.equalsIgnoreCase(target) || isWithin(of)) {
            table.row(of, text);
          }
        });
    if (!table.isEmpty()) {
      table.print(out());
    }
    String others = table.isEmpty() ? "all" : "all others";
    out().println(others + ": last-writer-wins, of rows deleted and edited: update-wins");
  }

  private boolean isWithin(String of) {
    return of.length() > target.length()
        && of.regionMatches(true, 0, target + ".", 0, target.length() + 1);
  }
}
