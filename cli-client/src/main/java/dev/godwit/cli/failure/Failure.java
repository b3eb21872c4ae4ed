package dev.godwit.cli.failure;

import java.util.Objects;

/** The command cannot go on: one line on what is wrong, one on what to try, and the exit code. */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ExitCode exitCode;
  private final String remedy;

  /**
   * @param remedy what to try, without the word
   */
  public Failure(ExitCode exitCode, String message, String remedy) {
    this(exitCode, message, remedy, null);
  }

  public Failure(ExitCode exitCode, String message, String remedy, Throwable cause) {
    super(message, cause);
    this.exitCode = Objects.requireNonNull(exitCode, "exitCode");
    this.remedy = Objects.requireNonNull(remedy, "remedy");
  }

  public ExitCode exitCode() {
    return exitCode;
  }

  /** What to try. */
  public String remedy() {
    return remedy;
  }
}
