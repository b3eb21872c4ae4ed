package dev.godwit.tests.bench.text;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.text.TextDiff;
import dev.godwit.crdt.text.TextDocument;
import java.util.Locale;
import java.util.Random;

/** What an edit and a diff cost in texts of many megabytes, which no recorded session has. */
final class LargeText {
  private static final int EDITS = 20_000;
  private static final double NANOS_PER_MICRO = 1_000;

  private LargeText() {}

  static void measure() throws Exception {
    System.out.println(
        "| size of the text | µs for an edit at a random place | ms to diff one keystroke | ms, another text |");
    System.out.println("|---|---|---|---|");
    for (int megabytes : new int[] {1, 10, 50}) {
      String text = words(megabytes << 20, 1);
      String typed = text.substring(0, text.length() / 2) + "x" + text.substring(text.length() / 2);
      String other = words(megabytes << 20, 2);
      System.out.println(
          String.format(
              Locale.ROOT,
              "| %d MB | %.2f | %.1f | %.1f |",
              megabytes,
              microsPerEdit(text),
              Measurement.medianMillis(() -> TextDiff.between(text, typed)),
              Measurement.medianMillis(() -> TextDiff.between(text, other))));
    }
  }

  private static double microsPerEdit(String text) {
    TextDocument document = new TextDocument(ReplicaId.of(new byte[ReplicaId.LENGTH_BYTES]));
    document.insert(0, text);
    Random random = new Random(1);
    double best = Double.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < EDITS; i++) {
        document.replace(random.nextInt(document.length() - 1), random.nextInt(2), "é");
      }
      best = Math.min(best, (System.nanoTime() - start) / NANOS_PER_MICRO / EDITS);
    }
    return best;
  }

  private static String words(int length, long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder(length);
    while (text.length() < length) {
      text.append(Integer.toString(random.nextInt(100_000), 36))
          .append(random.nextInt(10) == 0 ? '\n' : ' ');
    }
    return text.toString();
  }
}
