package dev.godwit.cli.command;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.failure.Failure;
import dev.godwit.cli.failure.Failures;
import dev.godwit.cli.output.Shown;
import dev.godwit.cli.session.Environment;
import dev.godwit.cli.session.Question;
import dev.godwit.sync.Replica;
import dev.godwit.sync.schema.SchemaProposal;
import dev.godwit.sync.schema.SchemaStatement;
import java.nio.file.Path;
import java.util.List;

/** Shows what a space would have run in a file, lets a person decide, and runs it. */
final class SchemaApproval {
  private final Environment environment;
  private final boolean approved;

  SchemaApproval(Environment environment, boolean approved) {
    this.environment = environment;
    this.approved = approved;
  }

  /** Makes and tracks what the file lacks of the space. */
  void acceptAll(Replica replica, Path file) {
    SchemaProposal proposal = replica.schemaProposal();
    if (proposal.isEmpty()) {
      return;
    }
    if (!proposal.obstacles().isEmpty()) {
      throw new Failure(
          ExitCode.SCHEMA,
          "the space does not fit "
              + file
              + ": "
              + Shown.line(String.join("; ", proposal.obstacles())),
          "another FILE, or make its tables equal to the space's");
    }
    show(proposal);
    decide(proposal, file);
    List<String> tables = accept(replica, proposal, file);
    for (String table : tables) {
      environment
          .out()
          .println("  tracking " + table + ", " + Verb.count(RowCount.of(replica, table), "row"));
    }
  }

  private void show(SchemaProposal proposal) {
    if (!proposal.statements().isEmpty()) {
      environment.out().println("the space's schema:");
      environment.out().println();
      for (SchemaStatement statement : proposal.statements()) {
        environment.out().println(indented(Shown.text(statement.sql())) + ";");
      }
      environment.out().println();
    }
  }

  private static String indented(String text) {
    return "  " + text.replace("\n", "\n  ");
  }

  private void decide(SchemaProposal proposal, Path file) {
    if (approved || proposal.statements().isEmpty()) {
      return;
    }
    if (environment.canAsk()) {
      if (!Question.isYes(environment, "run these statements in " + file + "?")) {
        throw new Failure(ExitCode.DECLINED, "not joined", "godwit join when you know more");
      }
    } else if (proposal.runsLater()) {
      throw new Failure(
          ExitCode.DECLINED,
          "the space's views and triggers hold SQL of other devices, and nobody can be asked",
          "read it above, then the same command with --yes");
    }
  }

  private List<String> accept(Replica replica, SchemaProposal proposal, Path file) {
    try {
      return environment.during(
          "filling the tables of " + file, progress -> replica.accept(proposal));
    } catch (IllegalArgumentException refused) {
      throw new Failure(
          ExitCode.SCHEMA,
          Failures.message(refused),
          "another FILE, or make its tables equal to the space's",
          refused);
    }
  }
}
