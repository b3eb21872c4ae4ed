package dev.godwit.tests.bench.text;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * What one system needed for one trace; -1 where it was not measured.
 *
 * @param replayMillis all patches, one call each, on an empty text: the median of the runs after
 *     warm-up
 * @param sizeBytes the encoded text with its history
 * @param loadMillis from those bytes to the text
 * @param heapBytes what the document keeps alive
 */
public record Measurement(
    String system,
    String trace,
    double replayMillis,
    long sizeBytes,
    double loadMillis,
    long heapBytes) {
  private static final int WARM_UP_RUNS = 12;
  private static final int RUNS = 15;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** The median of the runs in milliseconds. */
  static double medianMillis(Callable<?> task) throws Exception {
    double[] millis = new double[RUNS];
    for (int run = -WARM_UP_RUNS; run < RUNS; run++) {
      long start = System.nanoTime();
      Object result = task.call();
      long nanos = System.nanoTime() - start;
      if (result == null) {
        throw new IllegalStateException("expected a result of the measured task but got none");
      }
      if (run >= 0) {
        millis[run] = (double) nanos / NANOS_PER_MILLI;
      }
    }
    Arrays.sort(millis);
    return millis[RUNS / 2];
  }

  /** The line that the programs of other systems print: its fields with tabs between. */
  static Measurement parse(String line) {
    String[] fields = line.split("\t");
    return new Measurement(
        fields[0],
        fields[1],
        Double.parseDouble(fields[2]),
        Long.parseLong(fields[3]),
        Double.parseDouble(fields[4]),
        Long.parseLong(fields[5]));
  }

  String row(Measurement reference) {
    return String.format(
        Locale.ROOT,
        "| %-17s | %-16s | %9s | %7s | %8s | %6s | %8s | %8s |",
        trace,
        system,
        shown(replayMillis, 1),
        ratio(replayMillis, reference.replayMillis),
        sizeBytes < 0 ? "" : Long.toString(sizeBytes),
        ratio(sizeBytes, reference.sizeBytes),
        shown(loadMillis, 2),
        heapBytes < 0 ? "" : Long.toString(heapBytes / 1024));
  }

  static String header() {
    return "| trace             | system           | replay ms | ratio   |    bytes | ratio  |  load ms | heap KiB |\n"
        + "|---|---|---|---|---|---|---|---|";
  }

  private static String shown(double value, int digits) {
    return value < 0 ? "" : String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  private static String ratio(double value, double reference) {
    return value < 0 || reference <= 0 ? "" : String.format(Locale.ROOT, "%.2f", value / reference);
  }
}
