package dev.godwit.tests.bench.text;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Fetches other text types and runs their own programs, which are resources beside this class, on
 * the same traces.
 */
final class OtherSystems {
  private static final String AUTOMERGE = "org.automerge:automerge:0.0.7";
  private static final List<String> NPM_PACKAGES =
      List.of("diamond-types-node@1.0.2", "loro-crdt@1.17.1", "yjs@13.6.33");
  private static final long MOST_MINUTES = 30;

  private final Path folder;

  /** Puts what it fetches into this folder. */
  OtherSystems(Path folder) {
    this.folder = folder;
  }

  List<Measurement> measure(List<Path> traces) throws Exception {
    Files.createDirectories(folder);
    List<Measurement> all = new ArrayList<>();
    all.addAll(automerge(traces));
    if (succeeds(List.of("node", "--version"))) {
      all.addAll(npm(traces));
    } else {
      System.out.println("no Node.js here: diamond-types, Loro and Yjs are left out");
    }
    return all;
  }

  private List<Measurement> automerge(List<Path> traces) throws Exception {
    run(
        List.of(
            "mvn",
            "-q",
            "-B",
            "dependency:copy",
            "-Dartifact=" + AUTOMERGE,
            "-DoutputDirectory=" + folder));
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp"));
    command.add(
        folder.resolve("automerge-" + AUTOMERGE.split(":")[2] + ".jar")
            + File.pathSeparator
            + System.getProperty("java.class.path"));
    command.add(resource("AutomergeReplay.java.txt", "AutomergeReplay.java").toString());
    return measured(command, traces);
  }

  private List<Measurement> npm(List<Path> traces) throws Exception {
    List<String> install =
        new ArrayList<>(List.of("npm", "install", "--no-audit", "--no-fund", "--no-save"));
    install.add("--prefix=" + folder);
    install.addAll(NPM_PACKAGES);
    run(install);
    Path program = resource("replay.mjs", "replay.mjs");
    List<Measurement> all = new ArrayList<>();
    for (String system : List.of("diamond-types", "loro", "yjs")) {
      all.addAll(measured(List.of("node", "--expose-gc", program.toString(), system), traces));
    }
    return all;
  }

  private List<Measurement> measured(List<String> command, List<Path> traces) throws Exception {
    List<String> full = new ArrayList<>(command);
    traces.forEach(trace -> full.add(trace.toAbsolutePath().toString()));
    List<Measurement> all = new ArrayList<>();
    for (String line : run(full).split("\n")) {
      if (line.chars().filter(unit -> unit == '\t').count() == 5) {
        all.add(Measurement.parse(line));
      }
    }
    return all;
  }

  private Path resource(String name, String fileName) throws IOException {
    Path file = folder.resolve(fileName);
    try (InputStream content = OtherSystems.class.getResourceAsStream(name)) {
      Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
    }
    return file;
  }

  private static boolean succeeds(List<String> command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  private String run(List<String> command) throws Exception {
    Path output = Files.createTempFile(folder, "run", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IllegalStateException(
          "expected an end within " + MOST_MINUTES + " minutes of " + command);
    }
    String printed = Files.readString(output);
    Files.delete(output);
    if (process.exitValue() != 0) {
      throw new IllegalStateException(
          "expected exit 0 but got " + process.exitValue() + " of " + command + "\n" + printed);
    }
    return printed;
  }
}
