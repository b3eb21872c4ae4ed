package dev.godwit.cli.command;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.failure.Failure;
import dev.godwit.cli.failure.Failures;
import dev.godwit.cli.output.ConflictText;
import dev.godwit.cli.output.SqlLiteral;
import dev.godwit.cli.session.Answers;
import dev.godwit.cli.session.Environment;
import dev.godwit.sync.Replica;
import dev.godwit.sync.policy.Settlement;
import dev.godwit.sync.report.ListedConflict;
import dev.godwit.sync.report.Listing;
import dev.godwit.sync.report.Paging;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code godwit resolve}: settles conflicts. */
@Command(
    name = "resolve",
    description = {
      "Settle a conflict, for all devices.",
      "",
      "Without ID it asks about one conflict after another, of those that wait for",
      "somebody; with --all also of those that a rule has settled. ID is what",
      "godwit conflicts shows, or the beginning of it. What is decided is an",
      "ordinary write, and reaches the others with the next godwit sync."
    },
    footer = {
      "",
      "Example:",
      "  godwit resolve calendar.db",
      "  godwit resolve calendar.db 7k2m9xq4 --take 2",
      "  godwit resolve calendar.db 7k2m9xq4 --value \"'Lunch for all'\""
    })
public final class ResolveCommand extends Verb {
  private static final int PAGE_SIZE = 100;
  private static final String ASKED =
      "N take, v VALUE, k keep both, r restore, Enter skip, q quit:";

  @Parameters(index = "0", paramLabel = "FILE", description = "The database.")
  private Path file;

  @Parameters(index = "1", arity = "0..1", paramLabel = "ID", description = "The conflict.")
  private String conflict;

  @Option(names = "--all", description = "Ask also about what a rule has settled.")
  private boolean all;

  @ArgGroup(exclusive = true, multiplicity = "0..1")
  private Choice choice;

  /** How to settle it: one of these. */
  static final class Choice {
    @Option(names = "--take", paramLabel = "N", description = "Version N of those that are shown.")
    private Integer take;

    @Option(
        names = "--value",
        paramLabel = "SQL-LITERAL",
        description = {
          "Another value: 5, 'text', x'00' or NULL. For rows with one key: a key;",
          "for a row that another one keeps out: what it is to have instead."
        })
    private String value;

    @Option(names = "--keep-both", description = "Rows that want one key stay, each under its own.")
    private boolean keepBoth;

    @Option(
        names = "--restore",
        description = "A row that was deleted stays, or comes back; also one that is referred to.")
    private boolean restore;

    Settlement settlement() {
      if (take != null) {
        return new Settlement.Take(take);
      }
      if (value != null) {
        return new Settlement.Write(SqlLiteral.parse(value));
      }
      return keepBoth ? new Settlement.KeepBoth() : new Settlement.Restore();
    }
  }

  public ResolveCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run() {
    if (conflict != null && choice == null || conflict == null && choice != null) {
      throw new Failure(
          ExitCode.USAGE,
          conflict == null
              ? "expected the ID of a conflict to settle it so"
              : "expected --take, --value, --keep-both or --restore for conflict " + conflict,
          "godwit conflicts " + file,
          null);
    }
    try (Replica replica = local(file).open()) {
      if (conflict == null) {
        return askAll(replica);
      }
      try {
        replica.settle(conflict.toLowerCase(Locale.ROOT), choice.settlement());
      } catch (IllegalArgumentException refused) {
        throw new Failure(
            ExitCode.USAGE, Failures.message(refused), "godwit conflicts " + file, refused);
      }
      out().println("settled " + conflict + "; the others get it with godwit sync " + file);
    }
    return ExitCode.DONE;
  }

  private ExitCode askAll(Replica replica) {
    List<ListedConflict> asked = asked(replica);
    Answers answers = new Answers(environment());
    int settled = 0;
    int at = 0;
    boolean goesOn = true;
    while (goesOn && at < asked.size()) {
      // What is settled may have settled others.
      ListedConflict one = replica.listedConflict(asked.get(at).id());
      at++;
      if (one == null || !one.stands()) {
        settled++;
        continue;
      }
      ConflictText.print(out(), one);
      Boolean done = ask(replica, one, answers);
      goesOn = done != null;
      settled += Boolean.TRUE.equals(done) ? 1 : 0;
    }
    int left = asked.size() - settled;
    out().println(told(settled, left));
    return ExitCode.DONE;
  }

  private String told(int settled, int left) {
    if (settled + left == 0) {
      return all
          ? "nothing conflicts"
          : "nothing waits to be settled; --all asks about what a rule has settled";
    }
    String next = settled == 0 ? "" : "; the others get it with godwit sync " + file;
    return "settled " + settled + ", left " + left + next;
  }

  private List<ListedConflict> asked(Replica replica) {
    List<ListedConflict> asked = new ArrayList<>();
    String after = "";
    while (after != null) {
      Listing<ListedConflict> page = replica.listedConflicts(new Paging(PAGE_SIZE, after));
      page.entries().stream().filter(one -> one.open() || all && one.stands()).forEach(asked::add);
      after = page.more();
    }
    return asked;
  }

  /** Asks until the answer can be done. Whether something was settled; null to stop. */
  private Boolean ask(Replica replica, ListedConflict one, Answers answers) {
    while (true) {
      String answer = answers.to(ASKED);
      if (answer == null || answer.equals("q")) {
        return null;
      }
      if (answer.isEmpty()) {
        return false;
      }
      try {
        replica.settle(one.id(), settlement(answer));
        return true;
      } catch (IllegalArgumentException refused) {
        log().println("no: " + Failures.message(refused));
      }
    }
  }

  private static Settlement settlement(String answer) {
    if (answer.matches("\\d{1,6}")) {
      return new Settlement.Take(Integer.parseInt(answer));
    }
    if (answer.startsWith("v ")) {
      return new Settlement.Write(SqlLiteral.parse(answer.substring(2)));
    }
    if (answer.equals("k")) {
      return new Settlement.KeepBoth();
    }
    if (answer.equals("r")) {
      return new Settlement.Restore();
    }
    throw new IllegalArgumentException("expected one of those but got " + answer);
  }
}
