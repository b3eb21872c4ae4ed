package dev.godwit.cli.command;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.failure.Failure;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How long verbs that exchange with a relay go on. */
final class TimeoutOption {
  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "Give up after this time. Default: as long as it goes on")
  private Integer seconds;

  /** The limit, null for none. */
  Duration limit() {
    if (seconds != null && seconds < 1) {
      throw new Failure(
          ExitCode.USAGE,
          "expected a timeout of at least 1 second but got " + seconds,
          "--timeout 60");
    }
    return seconds == null ? null : Duration.ofSeconds(seconds);
  }
}
