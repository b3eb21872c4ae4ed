package dev.godwit.tests.bench.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Replays recorded editing sessions, one patch at a time, and prints time, size, load time and
 * heap.
 *
 * <p>{@code mvn -q -B -pl tests -am -Ptext-benchmark test-compile} with {@code -Dgodwit.data=DIR},
 * where {@code DIR/editing-traces} holds {@code *.json.gz} and {@code concurrent/*.json.gz} of
 * github.com/josephg/editing-traces. {@code -Dgodwit.compare=true} runs the same traces through
 * Automerge (from Maven) and, where Node.js is installed, diamond-types, Loro and Yjs (from npm),
 * each in a process of its own one after the other, and prints ratios to the first row. "Sealed" is
 * the same with every patch a transaction of its own. The others are put into a folder under {@code
 * target}.
 */
public final class TextBenchmark {
  private TextBenchmark() {}

  /** The folder of traces, the folder for what is downloaded, and whether to compare. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]).resolve("editing-traces");
    if (!Files.isDirectory(folder)) {
      System.out.println(
          "no editing traces in " + folder.toAbsolutePath() + "\n  try: -Dgodwit.data=DIR");
      return;
    }
    List<Path> files = traces(folder);
    List<Measurement> all = new ArrayList<>();
    for (Path file : files) {
      EditingTrace trace = EditingTrace.read(file);
      all.add(new TextReplay(trace).measure("godwit"));
      if (!trace.concurrent()) {
        all.add(new TextReplay(trace).measureSealed("godwit (sealed)"));
      }
    }
    if (Boolean.parseBoolean(arguments[2])) {
      all.addAll(new OtherSystems(Path.of(arguments[1])).measure(files));
    }
    print(files, all);
    LargeText.measure();
  }

  private static List<Path> traces(Path folder) throws Exception {
    List<Path> files = new ArrayList<>();
    for (Path directory : List.of(folder, folder.resolve("concurrent"))) {
      if (Files.isDirectory(directory)) {
        try (Stream<Path> listed = Files.list(directory)) {
          listed.filter(file -> file.toString().endsWith(".json.gz")).sorted().forEach(files::add);
        }
      }
    }
    return files;
  }

  private static void print(List<Path> files, List<Measurement> all) {
    System.out.println(Measurement.header());
    for (Path file : files) {
      Measurement reference = null;
      for (Measurement measurement : all) {
        if (file.getFileName().toString().equals(measurement.trace() + ".json.gz")) {
          reference = reference == null ? measurement : reference;
          System.out.println(measurement.row(reference));
        }
      }
    }
  }
}
