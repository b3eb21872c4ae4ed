package dev.godwit.tests.simulation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Runs many seeds from the command line and tells every failure: from, count. */
final class Explore {
  private Explore() {}

  public static void main(String[] arguments) throws Exception {
    long from = Long.parseLong(arguments[0]);
    long count = Long.parseLong(arguments[1]);
    int tell = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 3;
    Runs runs =
        new Runs(
            Files.createTempDirectory(
                Path.of(arguments.length > 3 ? arguments[3] : System.getProperty("java.io.tmpdir")),
                "explore"));
    Map<String, Integer> failures = new TreeMap<>();
    long start = System.nanoTime();
    int told = 0;
    for (long seed = from; seed < from + count; seed++) {
      Scenario scenario = Scenarios.random(seed);
      Throwable failure = runs.failure(scenario);
      if (failure != null) {
        failures.merge(scenario.family().name(), 1, Integer::sum);
        if (told++ < tell) {
          try {
            runs.check(seed);
          } catch (AssertionError e) {
            System.out.println(e.getMessage());
            if (!(e.getCause() instanceof AssertionError)) {
              for (int i = 0; i < Math.min(12, e.getCause().getStackTrace().length); i++) {
                System.out.println("    at " + e.getCause().getStackTrace()[i]);
              }
            }
          }
        }
      }
    }
    System.out.println(
        failures + " of " + count + " in " + (System.nanoTime() - start) / 1_000_000 + " ms");
  }
}
