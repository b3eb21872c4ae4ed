package dev.godwit.tests.bench.sync;

import dev.godwit.relay.Relay;
import dev.godwit.sync.Replica;
import dev.godwit.sync.SyncReport;
import dev.godwit.sync.transport.HttpRemote;
import dev.godwit.sync.transport.Invitation;
import dev.godwit.sync.transport.RelaySpaces;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What Godwit costs, as ratios against plain SQLite through the same driver in the same run.
 *
 * <p>{@code mvn -q -B -pl tests -am -Psync-benchmark test-compile}; {@code -Dgodwit.bench.rows}
 * (100,000), {@code -Dgodwit.bench.rounds} (3), {@code -Dgodwit.bench.idle-rows} (1,000,000),
 * {@code -Dgodwit.bench.parts} ({@code writes,exchange,idle}).
 */
public final class SyncBenchmark {
  private final int rows = Integer.getInteger("godwit.bench.rows", 100_000);
  private final int rounds = Integer.getInteger("godwit.bench.rounds", 3);
  private final int idleRows = Integer.getInteger("godwit.bench.idle-rows", 1_000_000);
  private final Path folder;
  private int files;

  private SyncBenchmark(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] arguments) throws Exception {
    Files.inFolder(folder -> new SyncBenchmark(folder).run());
  }

  private void run() throws Exception {
    String parts = System.getProperty("godwit.bench.parts", "writes,exchange,idle");
    if (parts.contains("writes")) {
      writes();
    }
    if (parts.contains("exchange")) {
      exchange();
    }
    if (parts.contains("idle")) {
      idle();
    }
  }

  private Path next() {
    return folder.resolve("file" + files++ + ".db");
  }

  private void writes() throws Exception {
    Events all = Events.random(rows, 1);
    Events extra = Events.random(Math.max(1, rows / 20), 2);
    Map<Workload, double[]> ratios = new EnumMap<>(Workload.class);
    Map<Workload, double[]> plainMillis = new EnumMap<>(Workload.class);
    for (Workload workload : Workload.values()) {
      ratios.put(workload, new double[rounds]);
      plainMillis.put(workload, new double[rounds]);
    }
    double[] packing = new double[rounds];
    double[] size = new double[rounds];
    double[] packedSize = new double[rounds];
    for (int round = -1; round < rounds; round++) {
      Path plainPath = Files.create(next());
      Path trackedPath = Files.create(next());
      try (Connection plain = Files.connect(plainPath);
          Replica replica = Files.replica(trackedPath, null)) {
        for (Workload workload : Workload.values()) {
          Stopwatch.Lap one = Stopwatch.time(() -> run(workload, Files.plain(plain), all, extra));
          Stopwatch.Lap other =
              Stopwatch.time(() -> run(workload, Files.tracked(replica), all, extra));
          double plainSize = Files.sizeBytes(plainPath);
          double trackedSize = Files.sizeBytes(trackedPath);
          Stopwatch.Lap pack = Stopwatch.time(replica::seal);
          if (round >= 0) {
            ratios.get(workload)[round] = other.cpuMillis() / one.cpuMillis();
            plainMillis.get(workload)[round] = one.cpuMillis();
          }
          if (round >= 0 && workload == Workload.BULK_INSERT) {
            size[round] = trackedSize / plainSize;
            packing[round] = pack.cpuMillis() / one.cpuMillis();
            packedSize[round] = Files.sizeBytes(trackedPath) / plainSize;
          }
        }
      }
    }
    print(
        "%nwrites of %,d rows, sealed in their own commit, against plain SQLite (processor time)",
        rows);
    for (Workload workload : Workload.values()) {
      print(
          "  %-36s %5.2f x   (plain %,.0f ms)",
          workload,
          Stopwatch.median(ratios.get(workload)),
          Stopwatch.median(plainMillis.get(workload)));
    }
    print(
        "  %-36s %5.2f x   (of the insert; done later, at the next sync)",
        "packing the insert", Stopwatch.median(packing));
    print("  %-36s %5.2f x", "file, nothing sent", Stopwatch.median(size));
    print("  %-36s %5.2f x", "file, packed", Stopwatch.median(packedSize));
  }

  private static Object run(Workload workload, Workload.Target target, Events all, Events extra)
      throws Exception {
    workload.run(target, all, extra);
    return null;
  }

  private void exchange() throws Exception {
    Events all = Events.random(rows, 3);
    double[] push = new double[rounds];
    double[] pull = new double[rounds];
    double[] pushCpu = new double[rounds];
    double[] pullCpu = new double[rounds];
    double bytesPerRow = 0;
    double peakBytes = 0;
    double packedSize = 0;
    for (int round = -1; round < rounds; round++) {
      try (Relay relay =
          Relay.builder().port(0).data(folder.resolve("relay" + files++)).build().start()) {
        Path plainPath = Files.create(next());
        Stopwatch.Lap plain;
        try (Connection connection = Files.connect(plainPath)) {
          plain =
              Stopwatch.time(() -> run(Workload.BULK_INSERT, Files.plain(connection), all, all));
        }
        Path onePath = Files.create(next());
        Path otherPath = Files.create(next());
        try (Replica one = Files.replica(onePath, null);
            Replica other = Files.replica(otherPath, one.space())) {
          Invitation invitation =
              RelaySpaces.open(relay.url(), one.space(), Optional.empty(), new SecureRandom());
          one.sync(HttpRemote.of(invitation));
          other.sync(HttpRemote.of(invitation));
          Workload.BULK_INSERT.run(Files.tracked(one), all, all);
          SyncReport[] report = new SyncReport[1];
          Stopwatch.Lap pushed =
              Stopwatch.time(() -> report[0] = one.sync(HttpRemote.of(invitation)));
          resetPeak();
          Stopwatch.Lap pulled = Stopwatch.time(() -> other.sync(HttpRemote.of(invitation)));
          if (round >= 0) {
            push[round] = pushed.wallMillis() / plain.wallMillis();
            pull[round] = pulled.wallMillis() / plain.wallMillis();
            pushCpu[round] = pushed.cpuMillis() / plain.cpuMillis();
            pullCpu[round] = pulled.cpuMillis() / plain.cpuMillis();
            peakBytes = Math.max(peakBytes, peak());
            bytesPerRow = (double) report[0].exchange().bytesSent() / rows;
            packedSize = Files.sizeBytes(onePath) / (double) Files.sizeBytes(plainPath);
          }
        }
      }
    }
    print("%nreplica, relay, replica: %,d rows, against a plain insert of the same rows", rows);
    print(
        "  %-36s %5.2f x wall, %5.2f x processor",
        "push, packing included", Stopwatch.median(push), Stopwatch.median(pushCpu));
    print(
        "  %-36s %5.2f x wall, %5.2f x processor",
        "pull and apply", Stopwatch.median(pull), Stopwatch.median(pullCpu));
    print("  %-36s %5.1f bytes", "on the wire, a row", bytesPerRow);
    print("  %-36s %5.0f MB", "peak heap in use, all three together", peakBytes / 1e6);
    print("  %-36s %5.2f x", "file, sent and packed", packedSize);
  }

  private void idle() throws Exception {
    Events all = Events.random(idleRows, 4);
    try (Relay relay =
        Relay.builder().port(0).data(folder.resolve("relay" + files++)).build().start()) {
      Path onePath = Files.create(next());
      try (Replica one = Files.replica(onePath, null)) {
        Invitation invitation =
            RelaySpaces.open(relay.url(), one.space(), Optional.empty(), new SecureRandom());
        Workload.BULK_INSERT.run(Files.tracked(one), all, all);
        one.sync(HttpRemote.of(invitation));
        try (Connection connection = Files.connect(onePath);
            Statement statement = connection.createStatement()) {
          statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        try (CountingProxy proxy = CountingProxy.before(relay.port())) {
          Invitation through =
              new Invitation(
                  "http://127.0.0.1:" + proxy.port() + "/", invitation.space(), invitation.token());
          one.sync(HttpRemote.of(through));
          double[] millis = new double[20];
          long before = proxy.bytes();
          int requests = 0;
          for (int i = 0; i < millis.length; i++) {
            SyncReport[] report = new SyncReport[1];
            millis[i] =
                Stopwatch.time(() -> report[0] = one.sync(HttpRemote.of(through))).wallMillis();
            requests += report[0].exchange().requests();
          }
          print("%na sync with nothing to do, %,d rows", idleRows);
          print("  %-36s %5.1f", "requests", requests / (double) millis.length);
          print(
              "  %-36s %5d bytes",
              "both ways, headers included", (proxy.bytes() - before) / millis.length);
          print("  %-36s %5.1f ms", "wall", Stopwatch.median(millis));
        }
      }
    }
  }

  private static void resetPeak() {
    System.gc();
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      pool.resetPeakUsage();
    }
  }

  private static double peak() {
    double peak = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP) {
        peak += pool.getPeakUsage().getUsed();
      }
    }
    return peak;
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
