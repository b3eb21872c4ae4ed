package dev.godwit.tests.bench.sync;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.Arrays;
import java.util.concurrent.Callable;

/**
 * Measures work in processor milliseconds of the whole process, so that a neighbour on the machine
 * disturbs little, and in wall milliseconds.
 */
final class Stopwatch {
  private static final OperatingSystemMXBean SYSTEM = ManagementFactory.getOperatingSystemMXBean();

  /** What one piece of work took. */
  record Lap(double cpuMillis, double wallMillis) {}

  private Stopwatch() {}

  static Lap time(Callable<?> work) throws Exception {
    long cpu = cpuNanos();
    long wall = System.nanoTime();
    work.call();
    return new Lap((cpuNanos() - cpu) / 1e6, (System.nanoTime() - wall) / 1e6);
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) SYSTEM).getProcessCpuTime();
  }

  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
