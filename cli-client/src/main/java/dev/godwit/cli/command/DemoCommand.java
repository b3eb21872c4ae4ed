package dev.godwit.cli.command;

import dev.godwit.cli.demo.Story;
import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.failure.Failure;
import dev.godwit.cli.session.Environment;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code godwit demo}: the README's story, for real. */
@Command(
    name = "demo",
    description = {
      "Show it: a relay and two laptops in a temporary folder.",
      "",
      "Tracks a small calendar, edits it on both while offline, syncs, shows the",
      "tables, the conflict and the log, and checks that both agree (exit code 0)."
    },
    footer = {"", "Example:", "  godwit demo"})
public final class DemoCommand extends Verb {
  private final dev.godwit.cli.demo.Command godwit;

  @Option(names = "--keep", paramLabel = "DIR", description = "Use this folder, and leave it.")
  private Path folder;

  @Option(names = "--quiet", description = "Only check.")
  private boolean quiet;

  public DemoCommand(Environment environment, dev.godwit.cli.demo.Command godwit) {
    super(environment);
    this.godwit = godwit;
  }

  @Override
  ExitCode run() {
    Environment stage =
        quiet ? environment().printingTo(new PrintWriter(Writer.nullWriter())) : environment();
    try {
      Path used = folder == null ? Files.createTempDirectory("godwit-demo") : empty(folder);
      try {
        Files.createDirectories(used.resolve("home"));
        Files.createDirectories(used.resolve("office"));
        new Story(stage, godwit, used).tell();
      } finally {
        if (folder == null) {
          remove(used);
        }
      }
    } catch (IOException e) {
      throw new Failure(
          ExitCode.FILE, "cannot write the demo's files: " + e, "--keep with another folder", e);
    }
    if (folder != null) {
      stage.out().println("the files are in " + folder);
    }
    return ExitCode.DONE;
  }

  private static Path empty(Path chosen) throws IOException {
    Files.createDirectories(chosen);
    try (Stream<Path> found = Files.list(chosen)) {
      if (found.findAny().isPresent()) {
        throw new Failure(
            ExitCode.FILE, "expected an empty folder but " + chosen + " is not", "another one");
      }
    }
    return chosen;
  }

  private static void remove(Path used) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> found = Files.walk(used)) {
      deepestFirst = found.sorted(Comparator.reverseOrder()).collect(Collectors.toList());
    }
    for (Path path : deepestFirst) {
      Files.delete(path);
    }
  }
}
