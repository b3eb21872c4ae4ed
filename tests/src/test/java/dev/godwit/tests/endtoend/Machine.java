package dev.godwit.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One machine: a folder to work in, a configuration of its own, and a shell with the command. */
final class Machine {
  /** A process that takes longer hangs. */
  private static final long PATIENCE_SECONDS = 180;

  /** Between two looks at what a process has printed. */
  static final long LOOK_MILLIS = 20;

  private final Path folder;
  private final Path bin;
  private int runs;

  /** What a command line did. */
  record Said(int exitCode, String out, String log) {
    Said done() {
      assertEquals(0, exitCode, () -> "expected success but got: " + out + log);
      return this;
    }

    /** Both, as a terminal shows them when they do not mix. */
    String all() {
      return log.isEmpty() ? out : out.isEmpty() ? log : log + out;
    }
  }

  Machine(Path folder, Path bin) {
    this.folder = folder;
    this.bin = bin;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path path(String file) {
    return folder.resolve(file);
  }

  /** Runs a line of shell to its end. */
  Said sh(String line) {
    return end(begin(line));
  }

  /** Runs {@code godwit} with these arguments to its end. */
  Said godwit(String arguments) {
    return sh("godwit " + arguments);
  }

  /** Runs SQL with the stock shell; returns what it printed. */
  String sqlite(String file, String sql) {
    return sh("sqlite3 -cmd '.timeout 10000' " + file + " \"" + sql + "\"").done().out().trim();
  }

  /** A process that runs, and where it prints. */
  record Running(Process process, Path out, Path log) {
    /** Waits until it has printed this. */
    void awaitOutput(String text) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (!read(out).contains(text)) {
        assertTrue(System.nanoTime() < end, () -> "expected '" + text + "' in: " + read(out));
        boolean ended = endsWithin(process, LOOK_MILLIS);
        assertTrue(!ended || read(out).contains(text), () -> "it ended: " + read(out) + read(log));
      }
    }
  }

  /** Waits so long for its end; returns whether it came. */
  static boolean endsWithin(Process process, long millis) {
    try {
      return process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Starts a line of shell. */
  Running begin(String line) {
    runs++;
    Path out = folder.resolve("." + runs + ".out");
    Path log = folder.resolve("." + runs + ".log");
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", line);
    builder.directory(folder.toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    builder.redirectOutput(out.toFile());
    builder.redirectError(log.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("PATH", bin + ":" + environment.get("PATH"));
    environment.put("GODWIT_HOME", folder.resolve("config").toString());
    environment.put("GODWIT_NO_BUILD", "1");
    environment.put("HOSTNAME", folder.getFileName().toString());
    environment.put("TZ", "UTC");
    // Java says on the error stream that it has picked these up.
    environment.remove("JAVA_TOOL_OPTIONS");
    try {
      return new Running(builder.start(), out, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for its end. */
  static Said end(Running running) {
    try {
      if (!running.process().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        running.process().destroyForcibly();
        throw new AssertionError("it hangs; it said: " + read(running.out()) + read(running.log()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return new Said(running.process().exitValue(), read(running.out()), read(running.log()));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rows of a query, one a line. */
  List<String> rows(String file, String query) {
    String text = sqlite(file, query);
    return text.isEmpty() ? List.of() : new ArrayList<>(text.lines().toList());
  }
}
