package dev.godwit.tests.bench.sync;

import dev.godwit.sync.Replica;
import dev.godwit.sync.report.DoctorOptions;
import dev.godwit.sync.report.DoctorReport;
import dev.godwit.sync.report.Paging;
import dev.godwit.sync.report.StatusDetail;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;

/**
 * How long it takes to look into a file: status, log, conflicts and doctor on so many rows of
 * events, a tenth of them updated and a twentieth deleted afterwards.
 *
 * <p>{@code mvn -q -B -pl tests -am -Psync-benchmark -Dgodwit.bench.name=DoctorBenchmark
 * test-compile}, with {@code -Dgodwit.bench.rows} for the number of rows.
 */
public final class DoctorBenchmark {
  /** Made by SQLite, so that the heap measured is that of the library. */
  private static final String ROWS =
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
          + " INSERT INTO events SELECT lower(hex(randomblob(16))), 'title of event ' || i,"
          + " 1700000000000 + i * 900, 1700003600000 + i * 900, 'place ' || i % 100,"
          + " 'notes of some length that somebody has written about event number ' || i,"
          + " 'device-' || i % 4 FROM n";

  private DoctorBenchmark() {}

  public static void main(String[] arguments) throws SQLException, IOException {
    int count = Integer.getInteger("godwit.bench.rows", 100_000);
    Path folder = java.nio.file.Files.createTempDirectory("godwit-doctor");
    Path path = Files.create(folder.resolve("events.db"));
    try (Replica replica = Files.replica(path, null)) {
      replica.write(tx -> tx.execute(ROWS, count));
      replica.seal();
      replica.write(tx -> tx.execute("UPDATE events SET title = 'moved' WHERE rowid % 10 = 0"));
      replica.seal();
      replica.write(tx -> tx.execute("DELETE FROM events WHERE rowid % 20 = 1"));
      replica.seal();
      for (int round = 0; round < 3; round++) {
        print("status", () -> replica.status());
        print("status, counted", () -> replica.status(StatusDetail.COUNTED));
        print("log", () -> replica.log(Paging.first(20)));
        print("conflicts", () -> replica.listedConflicts(Paging.first(100)));
        doctor(replica);
      }
    } finally {
      try (java.util.stream.Stream<Path> files = java.nio.file.Files.list(folder)) {
        for (Path file : files.toList()) {
          java.nio.file.Files.delete(file);
        }
      }
      java.nio.file.Files.delete(folder);
    }
  }

  private static void print(String what, Runnable work) {
    long begin = System.nanoTime();
    work.run();
    System.out.printf("%-16s %8.1f ms%n", what, (System.nanoTime() - begin) / 1e6);
  }

  private static void doctor(Replica replica) {
    Map<DoctorOptions.Step, Long> begun = new EnumMap<>(DoctorOptions.Step.class);
    long[] peak = new long[1];
    DoctorOptions options =
        DoctorOptions.builder()
            .progress(
                (step, done, total) -> {
                  begun.putIfAbsent(step, System.nanoTime());
                  Runtime runtime = Runtime.getRuntime();
                  peak[0] = Math.max(peak[0], runtime.totalMemory() - runtime.freeMemory());
                })
            .build();
    long begin = System.nanoTime();
    long beginCpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    DoctorReport report = replica.doctor(options);
    long end = System.nanoTime();
    System.out.printf(
        "doctor %,d rows, %,d lives: %.1f ms, of which on the processor %.1f ms, heap at most %,d MB,"
            + " findings %d:",
        report.rows(),
        report.lives(),
        (end - begin) / 1e6,
        (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - beginCpu) / 1e6,
        peak[0] >> 20,
        report.findingsTotal());
    long last = end;
    DoctorOptions.Step[] steps = DoctorOptions.Step.values();
    for (int i = steps.length - 1; i >= 0; i--) {
      System.out.printf(" %s %.0f ms", steps[i], (last - begun.get(steps[i])) / 1e6);
      last = begun.get(steps[i]);
    }
    System.out.println();
  }
}
