package dev.godwit.cli;

import dev.godwit.cli.command.CompactCommand;
import dev.godwit.cli.command.ConflictsCommand;
import dev.godwit.cli.command.DemoCommand;
import dev.godwit.cli.command.DoctorCommand;
import dev.godwit.cli.command.InitCommand;
import dev.godwit.cli.command.InviteCommand;
import dev.godwit.cli.command.JoinCommand;
import dev.godwit.cli.command.LogCommand;
import dev.godwit.cli.command.PolicyCommand;
import dev.godwit.cli.command.RelayCommand;
import dev.godwit.cli.command.ResolveCommand;
import dev.godwit.cli.command.ShareCommand;
import dev.godwit.cli.command.StatusCommand;
import dev.godwit.cli.command.SyncCommand;
import dev.godwit.cli.command.UntrackCommand;
import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.failure.Failure;
import dev.godwit.cli.failure.Failures;
import dev.godwit.cli.session.Environment;
import dev.godwit.sync.protocol.ProtocolLimits;
import java.util.Arrays;
import org.sqlite.SQLiteJDBCLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The {@code godwit} command. */
@Command(
    name = "godwit",
    versionProvider = Godwit.Version.class,
    description = "Syncs plain SQLite files between devices that are often offline.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "godwit COMMAND --help explains one command; COMMAND.md lists exit codes.",
      "",
      "Example:",
      "  godwit demo"
    })
public final class Godwit implements Runnable {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the versions of godwit and what it runs on.")
  private boolean version;

  @Spec private CommandSpec spec;

  private Godwit() {}

  /** Runs the command of this process. */
  public static void main(String[] arguments) {
    Environment environment = Environment.ofProcess();
    environment.interruption().install();
    int exitCode = run(environment, arguments);
    environment.out().flush();
    environment.log().flush();
    environment.interruption().ended();
    if (!environment.interruption().isAsked()) {
      System.exit(exitCode);
    }
  }

  /** Runs one command line; returns its exit code. */
  static int run(Environment environment, String... arguments) {
    boolean verbose = Arrays.asList(arguments).contains("--verbose");
    if (verbose) {
      System.setProperty("org.slf4j.simpleLogger.log.dev.godwit", "debug");
    }
    return commandLine(environment, verbose).execute(arguments);
  }

  private static CommandLine commandLine(Environment environment, boolean verbose) {
    return new CommandLine(new Godwit())
        .addSubcommand(new InitCommand(environment))
        .addSubcommand(new UntrackCommand(environment))
        .addSubcommand(new RelayCommand(environment))
        .addSubcommand(new ShareCommand(environment))
        .addSubcommand(new InviteCommand(environment))
        .addSubcommand(new JoinCommand(environment))
        .addSubcommand(new SyncCommand(environment))
        .addSubcommand(new StatusCommand(environment))
        .addSubcommand(new LogCommand(environment))
        .addSubcommand(new ConflictsCommand(environment))
        .addSubcommand(new ResolveCommand(environment))
        .addSubcommand(new PolicyCommand(environment))
        .addSubcommand(new DoctorCommand(environment))
        .addSubcommand(new CompactCommand(environment))
        .addSubcommand(new DemoCommand(environment, Godwit::run))
        .setOut(environment.out())
        .setErr(environment.log())
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .setParameterExceptionHandler((wrong, given) -> tellUsage(environment, wrong))
        .setExecutionExceptionHandler(
            (thrown, line, parsed) -> tell(environment, verbose, thrown, parsed));
  }

  /** Without a verb: what there is. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int tellUsage(Environment environment, ParameterException wrong) {
    environment.log().println("godwit: " + Failures.message(wrong));
    environment
        .log()
        .println("try: " + wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE.number();
  }

  private static int tell(
      Environment environment, boolean verbose, Exception thrown, ParseResult parsed) {
    Failure failure = Failures.of(thrown);
    environment.log().println("godwit: " + Failures.message(failure));
    environment.log().println("try: " + failure.remedy());
    if (verbose) {
      failure.printStackTrace(environment.log());
    }
    return failure.exitCode().number();
  }

  /** What {@code --version} shows. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws Exception {
      String own = Godwit.class.getPackage().getImplementationVersion();
      return new String[] {
        "godwit "
            + (own == null ? "built from source" : own)
            + " (protocol "
            + ProtocolLimits.VERSION
            + ", SQLite "
            + SQLiteJDBCLoader.getVersion()
            + ", Java "
            + System.getProperty("java.version")
            + ")"
      };
    }
  }
}
