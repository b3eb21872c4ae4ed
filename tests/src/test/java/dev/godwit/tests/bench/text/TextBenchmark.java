package dev.godwit.tests.bench.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Replays recorded editing sessions, one patch at a time, and prints time, size, load time and
 * heap.
 *
 * <p>{@code mvn -q -B -pl tests -am -Ptext-benchmark test-compile} with {@code -Dgodwit.data=DIR},
 * a folder that holds, at any depth, sessions in the format of github.com/josephg/editing-traces as
 * {@code *.json.gz}. {@code -Dgodwit.compare=true} runs the same traces through Automerge (from
 * Maven) and, where Node.js is installed, diamond-types, Loro and Yjs (from npm), each in a process
 * of its own one after the other, and prints ratios to the first row. "Sealed" is the same with
 * every patch a transaction of its own. The others are put into a folder under {@code target}.
 */
public final class TextBenchmark {
  private TextBenchmark() {}

  /** The folder of traces, the folder for what is downloaded, and whether to compare. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    List<Path> files = EditingTrace.files(folder);
    if (files.isEmpty()) {
      System.out.println(
          "no *.json.gz in " + folder.toAbsolutePath().normalize() + "\n  try: -Dgodwit.data=DIR");
      return;
    }
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
