package dev.godwit.cli.session;

import dev.godwit.cli.credentials.Credentials;
import dev.godwit.cli.output.Progress;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * What surrounds a command: where it prints, whether that is a terminal, what interrupts it, where
 * this machine keeps things.
 *
 * <p>Results go to {@link #out}, everything that is said about the work to {@link #log}, so that
 * results can be piped.
 */
public final class Environment {
  private final PrintWriter out;
  private final PrintWriter log;
  private final InputStream in;
  private final Map<String, String> variables;
  private final Path folder;
  private final Interruption interruption;

  /** The surroundings of this process. */
  public static Environment ofProcess() {
    return new Environment(
        writer(System.out),
        writer(System.err),
        System.in,
        Map.copyOf(System.getenv()),
        null,
        new Interruption());
  }

  /** Surroundings made for the purpose; nobody can be asked. */
  public static Environment of(
      PrintWriter out, PrintWriter log, InputStream in, Map<String, String> variables) {
    return new Environment(out, log, in, Map.copyOf(variables), null, new Interruption());
  }

  private Environment(
      PrintWriter out,
      PrintWriter log,
      InputStream in,
      Map<String, String> variables,
      Path folder,
      Interruption interruption) {
    this.out = out;
    this.log = log;
    this.in = in;
    this.variables = variables;
    this.folder = folder;
    this.interruption = interruption;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  /**
   * Another machine, as far as commands can tell: paths and what it keeps are in this folder, and
   * everything goes where this one's results go.
   */
  public Environment elsewhere(Path folder) {
    Map<String, String> own = new HashMap<>(variables);
    own.put("GODWIT_HOME", folder.resolve("config").toString());
    return new Environment(out, out, in, own, folder, interruption);
  }

  /** The same with relative paths meant in this folder. */
  public Environment at(Path there) {
    return new Environment(out, log, in, variables, there, interruption);
  }

  /** The same with results and everything said going there. */
  public Environment printingTo(PrintWriter there) {
    return new Environment(there, there, in, variables, folder, interruption);
  }

  /** The file that is meant by a path of the command line. */
  public Path resolve(Path path) {
    return folder == null ? path : folder.resolve(path);
  }

  /** Results. */
  public PrintWriter out() {
    return out;
  }

  /** What is said about the work. */
  public PrintWriter log() {
    return log;
  }

  /** Where answers to questions are read. */
  public InputStream in() {
    return in;
  }

  public Interruption interruption() {
    return interruption;
  }

  public Credentials credentials() {
    return new Credentials(home());
  }

  /** The folder for what belongs to this machine and user. */
  public Path home() {
    return Credentials.home(variables);
  }

  /** The value of an environment variable, or null. */
  public String variable(String name) {
    return variables.get(name);
  }

  /** Whether a person sees what goes to {@link #log}. */
  public boolean logIsTerminal() {
    return folder == null && isTerminal("error");
  }

  /** Whether a person can be asked. */
  public boolean canAsk() {
    return isTerminal("input") && logIsTerminal();
  }

  /** The launcher looks; without it, Java knows only whether input and output both are one. */
  private static boolean isTerminal(String stream) {
    String told = System.getProperty("godwit.terminal." + stream);
    return told == null ? System.console() != null : told.equals("true");
  }

  /** Runs work that may take long; on a terminal a line says so meanwhile. */
  public <T> T during(String text, Function<Progress, T> work) {
    Progress progress = Progress.begin(log, logIsTerminal(), text);
    try {
      return work.apply(progress);
    } finally {
      progress.close();
    }
  }

  /** How people call this machine. */
  public String deviceName() {
    String name = variables.get("COMPUTERNAME");
    if (name == null || name.isEmpty()) {
      name = Objects.requireNonNullElse(variables.get("HOSTNAME"), "");
    }
    if (name.isEmpty()) {
      try {
        name = InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException nameless) {
        name = "device";
      }
    }
    return name.length() > 100 ? name.substring(0, 100) : name;
  }
}
