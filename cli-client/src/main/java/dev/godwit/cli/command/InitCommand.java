package dev.godwit.cli.command;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.failure.Failure;
import dev.godwit.cli.failure.Failures;
import dev.godwit.cli.session.Environment;
import dev.godwit.cli.session.LocalFile;
import dev.godwit.sync.Replica;
import dev.godwit.sync.ReplicaBuilder;
import dev.godwit.sync.schema.TableCandidate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code godwit init}: begins to track a file. */
@Command(
    name = "init",
    description = {
      "Start tracking an SQLite file.",
      "",
      "From then on every program may go on writing to it as before: what is",
      "written is noted by triggers and shared by the next godwit sync. Without",
      "--table all tables that can be are tracked. Run it again to add tables."
    },
    footer = {"", "Example:", "  godwit init calendar.db --name anna-laptop"})
public final class InitCommand extends Verb {
  @Parameters(paramLabel = "FILE", description = "The database.")
  private Path file;

  @Option(names = "--name", paramLabel = "DEVICE", description = "How people call this device.")
  private String name;

  @Option(
      names = "--table",
      paramLabel = "NAME",
      description = "A table to track; may be repeated.")
  private List<String> tables = new ArrayList<>();

  @Option(
      names = "--policy",
      paramLabel = "TABLE[.COLUMN]=POLICY",
      description = {
        "What concurrent writes come to, on all devices; may be repeated:",
        "events.title=manual, events=delete-wins; godwit policy lists them all."
      })
  private List<String> policies = new ArrayList<>();

  public InitCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run() {
    List<PolicyChoice> declared = new ArrayList<>();
    policies.forEach(policy -> declared.add(PolicyChoice.of(policy)));
    LocalFile local = local(file);
    List<String> chosen = new ArrayList<>(tables);
    List<String> refused = new ArrayList<>();
    if (tables.isEmpty()) {
      choose(Replica.candidates(local.source()), chosen, refused);
    }
    try (Replica replica = open(local, chosen, declared)) {
      declare(replica, declared);
      tell(replica, chosen, refused);
    }
    return ExitCode.DONE;
  }

  private void choose(List<TableCandidate> candidates, List<String> chosen, List<String> refused) {
    for (TableCandidate candidate : candidates) {
      if (candidate.obstacle().isPresent()) {
        refused.add(candidate.obstacle().get());
      } else {
        chosen.add(candidate.name());
      }
    }
    if (chosen.isEmpty()) {
      throw new Failure(
          ExitCode.SCHEMA,
          refused.isEmpty()
              ? file + " has no tables"
              : "no table of " + file + " can be tracked: " + String.join("; ", refused),
          refused.isEmpty() ? "make some first" : "give a table a primary key",
          null);
    }
  }

  private Replica open(LocalFile local, List<String> chosen, List<PolicyChoice> declared) {
    String device = name == null ? environment().deviceName() : name;
    ReplicaBuilder builder =
        Replica.builder(local.source()).deviceName(device).track(chosen.toArray(new String[0]));
    declared.forEach(choice -> choice.beforeRows(builder));
    return environment().during("reading the rows of " + file, progress -> local.open(builder));
  }

  private void declare(Replica replica, List<PolicyChoice> choices) {
    try {
      choices.forEach(choice -> choice.apply(replica));
    } catch (IllegalArgumentException refused) {
      throw new Failure(
          ExitCode.SCHEMA,
          file + " is tracked, but a policy was not taken: " + Failures.message(refused),
          "godwit init " + file + " --policy TABLE.COLUMN=POLICY again",
          refused);
    }
  }

  private void tell(Replica replica, List<String> tracked, List<String> refused) {
    out()
        .println(
            file
                + " is replica "
                + replica.id().shortText()
                + " of space "
                + replica.space().shortText());
    for (String table : tracked) {
      out().println("  tracking " + table + ", " + count(RowCount.of(replica, table), "row"));
    }
    refused.forEach(reason -> log().println("warning: not tracked: " + reason));
    if (environment().credentials().find(replica.id()).isEmpty()) {
      out().println("next: godwit share " + file + " URL, with the address of a relay");
    }
  }
}
