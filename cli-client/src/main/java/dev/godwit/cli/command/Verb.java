package dev.godwit.cli.command;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.session.Environment;
import dev.godwit.cli.session.LocalFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** What all verbs have: their surroundings, {@code --help} and {@code --verbose}. */
public abstract class Verb implements Callable<Integer> {
  private final Environment environment;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  private boolean help;

  @Option(names = "--verbose", description = "Tell what happens; on an error, where.")
  private boolean verbose;

  Verb(Environment environment) {
    this.environment = environment;
  }

  @Override
  public final Integer call() {
    return run().number();
  }

  /** Does the work. */
  abstract ExitCode run();

  final Environment environment() {
    return environment;
  }

  final PrintWriter out() {
    return environment.out();
  }

  final PrintWriter log() {
    return environment.log();
  }

  final LocalFile local(Path file) {
    return new LocalFile(environment, file);
  }

  /** The number with its noun. */
  static String count(long number, String singular) {
    return count(number, singular, singular + "s");
  }

  static String count(long number, String singular, String plural) {
    return number + " " + (number == 1 ? singular : plural);
  }
}
