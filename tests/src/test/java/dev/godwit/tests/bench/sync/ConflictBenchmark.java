package dev.godwit.tests.bench.sync;

import dev.godwit.sync.Replica;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.sqlite.JdbcSqlite;
import dev.godwit.sync.transport.InProcessRemote;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Locale;

/**
 * What conflicts cost, and what it costs that there might be some.
 *
 * <p>{@code mvn -q -B -pl tests -am -Psync-benchmark test-compile
 * -Dgodwit.bench.name=ConflictBenchmark}; {@code -Dgodwit.bench.rows} (100,000) for the rows
 * without conflicts, {@code -Dgodwit.bench.rounds} (3).
 */
public final class ConflictBenchmark {
  private static final int[] CONFLICTS =
      parse(System.getProperty("godwit.bench.conflicts", "2500,5000,10000"));

  private static final String PLAIN =
      "CREATE TABLE task (id INTEGER PRIMARY KEY, list INTEGER, position INTEGER, title TEXT, starts INTEGER,"
          + " ends INTEGER)";

  private static final String CONSTRAINED =
      "CREATE TABLE task (id INTEGER PRIMARY KEY, list INTEGER NOT NULL REFERENCES list ON DELETE CASCADE,"
          + " position INTEGER NOT NULL, title TEXT, starts INTEGER, ends INTEGER, CHECK (starts <= ends),"
          + " UNIQUE (list, position))";

  private static final String INSERT =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
          + " INSERT INTO task SELECT i, 1, i, 'task ' || i, i, i + 10 FROM n";

  private final int rows = Integer.getInteger("godwit.bench.rows", 100_000);
  private final int rounds = Integer.getInteger("godwit.bench.rounds", 3);
  private final Path folder;
  private int files;

  private ConflictBenchmark(Path folder) {
    this.folder = folder;
  }

  /** Two files of one space. */
  private record Two(Replica one, Replica other) implements AutoCloseable {
    void meet() {
      one.sync(InProcessRemote.of(other.exchangeStore()));
      other.sync(InProcessRemote.of(one.exchangeStore()));
    }

    @Override
    public void close() {
      one.close();
      other.close();
    }
  }

  /** One kind of conflict, made in every row. */
  private record Kind(String name, String schema, String here, String there) {}

  public static void main(String[] arguments) throws Exception {
    Files.inFolder(folder -> new ConflictBenchmark(folder).run());
  }

  private void run() throws Exception {
    withoutConflicts();
    withConflicts();
  }

  private void withoutConflicts() throws Exception {
    print("%n%,d rows without a conflict, against plain SQLite with the same schema", rows);
    double[] plain = costs(PLAIN);
    double[] constrained = costs(CONSTRAINED);
    row("write, no constraint", plain[0]);
    row("write, UNIQUE, CHECK, NOT NULL, reference", constrained[0]);
    row("pull and apply, no constraint", plain[1]);
    row("pull and apply, with all of them", constrained[1]);
  }

  private static int[] parse(String counts) {
    return Arrays.stream(counts.split(",")).mapToInt(Integer::parseInt).toArray();
  }

  private static void row(String name, double ratio) {
    print("  %-44s %5.2f x", name, ratio);
  }

  /** The ratios of writing and of applying to plain SQLite. */
  private double[] costs(String schema) throws Exception {
    double[] write = new double[rounds];
    double[] apply = new double[rounds];
    String insert = String.format(Locale.ROOT, INSERT, rows);
    for (int round = -1; round < rounds; round++) {
      Path path = file(schema);
      Stopwatch.Lap plain;
      try (Connection connection = Files.connect(path)) {
        run(connection, "INSERT INTO list VALUES (1, 'work')");
        plain = Stopwatch.time(() -> run(connection, insert));
      }
      try (Two two = two(schema)) {
        write(two.one(), "INSERT INTO list VALUES (1, 'work')");
        two.meet();
        Stopwatch.Lap written = Stopwatch.time(() -> write(two.one(), insert));
        two.one().seal();
        Stopwatch.Lap applied = Stopwatch.time(() -> take(two));
        if (round >= 0) {
          write[round] = written.cpuMillis() / plain.cpuMillis();
          apply[round] = applied.cpuMillis() / plain.cpuMillis();
        }
      }
    }
    return new double[] {Stopwatch.median(write), Stopwatch.median(apply)};
  }

  private void withConflicts() throws Exception {
    print(
        "%na conflict in every row: taking in the edits of the other side, against taking in as many new rows");
    String[] heads = new String[CONFLICTS.length];
    for (int i = 0; i < heads.length; i++) {
      heads[i] = String.format(Locale.ROOT, "%,9d  ", CONFLICTS[i]);
    }
    print("  %-46s %s", "rows", String.join("  ", heads));
    String title = "UPDATE task SET title = title || ' here'";
    Kind[] kinds = {
      new Kind("one column, edited on both sides", PLAIN, title, title + " || ' there'"),
      new Kind("deleted there", PLAIN, title, "DELETE FROM task"),
      new Kind(
          "CHECK that both sides together break",
          CONSTRAINED,
          "UPDATE task SET starts = starts + 9",
          "UPDATE task SET ends = ends - 9"),
      new Kind(
          "UNIQUE(list, position), both shifted by one",
          CONSTRAINED,
          "UPDATE task SET position = -position - 1; UPDATE task SET position = -position",
          "UPDATE task SET position = -position - 1; UPDATE task SET position = -position"),
      new Kind(
          "the same, and another first row on each side",
          CONSTRAINED,
          "UPDATE task SET position = -position - 1; UPDATE task SET position = -position;"
              + " INSERT INTO task VALUES (1000001, 1, 1, 'first here', 1, 1)",
          "UPDATE task SET position = -position - 1; UPDATE task SET position = -position;"
              + " INSERT INTO task VALUES (1000002, 1, 1, 'first there', 1, 1)"),
      new Kind(
          "UNIQUE(list, position), every value contested",
          CONSTRAINED,
          "UPDATE task SET position = position + 1000000 WHERE id % 2",
          "UPDATE task SET position = position + 999999 WHERE id % 2 = 0"),
    };
    for (Kind kind : kinds) {
      StringBuilder quiet = new StringBuilder();
      StringBuilder merged = new StringBuilder();
      for (int count : CONFLICTS) {
        double[] ratios = conflicts(kind, count);
        quiet.append(String.format(Locale.ROOT, "%9.2f x  ", ratios[0]));
        merged.append(String.format(Locale.ROOT, "%9.2f x  ", ratios[1]));
      }
      print("  %-46s %s", kind.name(), merged);
      print("  %-46s %s", "  the same, nobody writing there", quiet);
    }
  }

  /** What applying and what merging costs, against applying as many new rows. */
  private double[] conflicts(Kind kind, int count) throws Exception {
    double[] quiet = new double[rounds];
    double[] merged = new double[rounds];
    for (int round = -1; round < rounds; round++) {
      double inserted = merge(kind, count, false, true);
      double applied = merge(kind, count, false, false) / inserted;
      double both = merge(kind, count, true, false) / inserted;
      if (round >= 0) {
        quiet[round] = applied;
        merged[round] = both;
      }
    }
    return new double[] {Stopwatch.median(quiet), Stopwatch.median(merged)};
  }

  /**
   * Milliseconds of taking in what one side wrote.
   *
   * @param concurrent whether the other side has written meanwhile
   * @param inserts whether to stop after the inserts
   */
  private double merge(Kind kind, int count, boolean concurrent, boolean inserts) throws Exception {
    try (Two two = two(kind.schema())) {
      write(two.one(), "INSERT INTO list VALUES (1, 'work')");
      two.meet();
      write(two.one(), String.format(Locale.ROOT, INSERT, count));
      two.one().seal();
      Stopwatch.Lap inserted = Stopwatch.time(() -> take(two));
      if (inserts) {
        return inserted.cpuMillis();
      }
      two.meet();
      write(two.one(), kind.here().split("; "));
      two.one().seal();
      if (concurrent) {
        write(two.other(), kind.there().split("; "));
        two.other().seal();
      }
      return Stopwatch.time(() -> take(two)).cpuMillis();
    }
  }

  private static Object take(Two two) {
    return two.other().sync(InProcessRemote.of(two.one().exchangeStore()));
  }

  private Two two(String schema) throws Exception {
    Replica one = replica(file(schema), null);
    return new Two(one, replica(file(schema), one.space()));
  }

  private Path file(String schema) throws Exception {
    Path path = folder.resolve("file" + files++ + ".db");
    try (Connection connection = Files.connect(path)) {
      run(connection, "CREATE TABLE list (id INTEGER PRIMARY KEY, name TEXT)");
      run(connection, schema);
    }
    return path;
  }

  private static Replica replica(Path path, SpaceId space) {
    var builder =
        Replica.builder(JdbcSqlite.at(path.toString()).withSynchronousNormal()).deviceName("bench");
    Replica replica = (space == null ? builder : builder.space(space)).open();
    replica.track("list", "task");
    return replica;
  }

  private static Object write(Replica replica, String... statements) {
    replica.write(
        transaction -> {
          for (String sql : statements) {
            transaction.execute(sql);
          }
        });
    return null;
  }

  private static Object run(Connection connection, String sql) throws Exception {
    try (Statement statement = connection.createStatement()) {
      return statement.execute(sql);
    }
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
