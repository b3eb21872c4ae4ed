package dev.godwit.cli.command;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.failure.Failure;
import dev.godwit.cli.failure.Failures;
import dev.godwit.sync.report.Listing;
import dev.godwit.sync.report.Paging;
import java.io.PrintWriter;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** The options of verbs that list something long. */
final class PageOptions {
  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "At most so many. Default: ${DEFAULT-VALUE}")
  private int limit;

  @Option(names = "--after", paramLabel = "PLACE", description = "Go on behind an earlier page.")
  private String after = "";

  @Option(names = "--json", description = "Print one JSON object instead.")
  private boolean json;

  boolean json() {
    return json;
  }

  <T> Listing<T> read(Function<Paging, Listing<T>> listing) {
    try {
      return listing.apply(new Paging(limit, after));
    } catch (IllegalArgumentException wrong) {
      throw new Failure(
          ExitCode.USAGE, Failures.message(wrong), "--limit, and --after as it was printed", wrong);
    }
  }

  void tellMore(PrintWriter out, Listing<?> page) {
    if (page.hasMore()) {
      out.println("more: --after " + page.more());
    }
  }
}
