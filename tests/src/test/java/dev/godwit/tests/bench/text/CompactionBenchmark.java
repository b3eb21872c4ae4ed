package dev.godwit.tests.bench.text;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.text.TextDocument;
import dev.godwit.sync.Replica;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.policy.ColumnPolicy;
import dev.godwit.sync.report.CompactionReport;
import dev.godwit.sync.sqlite.JdbcSqlite;
import dev.godwit.sync.transport.InProcessRemote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What compaction saves: recorded sessions of one writer go through a {@code text} column of a
 * tracked file, saved some hundred times each; another device hears of it and writes something.
 *
 * <p>{@code mvn -q -B -pl tests -am -Ptext-benchmark -Dgodwit.text.bench=CompactionBenchmark
 * test-compile} with {@code -Dgodwit.data=DIR}, as for {@link TextBenchmark}. {@code
 * -Dgodwit.bench.saves} is how often each session is saved. Prints the bytes of {@code godwit_row}
 * before and after, of the log and of the text, and how long it took to forget, and to take in an
 * edit by a third device that knows the beginning only.
 */
public final class CompactionBenchmark {
  private static final String SCHEMA = "CREATE TABLE note (id TEXT PRIMARY KEY NOT NULL, body)";
  private static final int SAVES_DEFAULT = 300;

  private CompactionBenchmark() {}

  /** The folder of traces. */
  public static void main(String[] arguments) throws Exception {
    int saves = Integer.getInteger("godwit.bench.saves", SAVES_DEFAULT);
    System.out.println(
        "| trace             | saves | state bytes |   after | ratio |     log |    text | forget ms | from below ms |\n"
            + "|---|---|---|---|---|---|---|---|---|");
    for (Path file : EditingTrace.files(Path.of(arguments[0]))) {
      EditingTrace trace = EditingTrace.read(file);
      if (!trace.concurrent()) {
        Path folder = Files.createTempDirectory("godwit-compaction");
        try {
          measure(trace, saves, folder);
        } finally {
          delete(folder);
        }
      }
    }
  }

  private static void measure(EditingTrace trace, int saves, Path folder) throws Exception {
    Path path = folder.resolve("writer.db");
    try (Replica writer = replica(path);
        Replica other = replica(folder.resolve("other.db"));
        Replica stranger = replica(folder.resolve("stranger.db"));
        Replica carrier = replica(folder.resolve("carrier.db"))) {
      writer.track("note");
      writer.policy("note.body", ColumnPolicy.text());
      writer.write(tx -> tx.execute("INSERT INTO note VALUES ('n', '')"));
      for (Replica one : List.of(other, stranger)) {
        one.sync(InProcessRemote.of(writer.exchangeStore()));
        one.accept(one.schemaProposal());
      }
      for (String text : texts(trace, saves)) {
        writer.write(tx -> tx.execute("UPDATE note SET body = ?", text));
      }
      other.sync(InProcessRemote.of(writer.exchangeStore()));
      other.write(tx -> tx.execute("INSERT INTO note VALUES ('other', '')"));
      other.sync(InProcessRemote.of(writer.exchangeStore()));
      long before = number(path, "SELECT sum(length(state)) FROM godwit_row");
      long begin = System.nanoTime();
      CompactionReport report = writer.compact();
      double forgetMillis = (System.nanoTime() - begin) / 1e6;
      long after = number(path, "SELECT sum(length(state)) FROM godwit_row");
      stranger.write(tx -> tx.execute("UPDATE note SET body = 'a line to begin with\n'"));
      // Brought by one that tracks nothing, so that nobody else's work is measured.
      carrier.sync(InProcessRemote.of(stranger.exchangeStore()));
      begin = System.nanoTime();
      writer.sync(InProcessRemote.of(carrier.exchangeStore()));
      double belowMillis = (System.nanoTime() - begin) / 1e6;
      require(trace, path, report);
      System.out.printf(
          Locale.ROOT,
          "| %-17s | %5d | %11d | %7d | %5.2f | %7d | %7d | %9.1f | %13.1f |%n",
          trace.name(),
          report.editsForgotten(),
          before,
          after,
          (double) after / before,
          number(path, "SELECT sum(length(bytes)) FROM godwit_log"),
          trace.endContent().length(),
          forgetMillis,
          belowMillis);
    }
  }

  private static void require(EditingTrace trace, Path path, CompactionReport report)
      throws SQLException {
    long expected = trace.endContent().codePointCount(0, trace.endContent().length()) + 21L;
    long length = number(path, "SELECT length(body) FROM note WHERE id = 'n'");
    if (length != expected || report.textsCompacted() != 1) {
      throw new IllegalStateException(
          "expected the end content of "
              + trace.name()
              + " behind a line, and one text compacted, but got "
              + length
              + " characters and "
              + report);
    }
  }

  /** The text after each so many patches, and at the end. */
  private static List<String> texts(EditingTrace trace, int saves) {
    List<String> texts = new ArrayList<>();
    TextDocument document = new TextDocument(ReplicaId.of(new byte[ReplicaId.LENGTH_BYTES]));
    int patches = 0;
    int every = Math.max(1, trace.patchCount() / saves);
    for (EditingTrace.Transaction transaction : trace.transactions()) {
      for (EditingTrace.Patch patch : transaction.patches()) {
        document.replace(patch.position(), patch.deleteCount(), patch.insert());
        if (++patches % every == 0) {
          texts.add(document.text());
        }
      }
    }
    texts.add(document.text());
    return texts;
  }

  private static Replica replica(Path path) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement statement = connection.createStatement()) {
      statement.execute(SCHEMA);
    }
    return Replica.builder(JdbcSqlite.at(path.toString()).withSynchronousNormal())
        .deviceName(path.getFileName().toString())
        .space(SpaceId.parse("0123456789abcdef0123456789abcdef"))
        .open();
  }

  private static long number(Path path, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
