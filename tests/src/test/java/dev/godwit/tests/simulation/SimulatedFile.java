package dev.godwit.tests.simulation;

import dev.godwit.sync.sqlite.JdbcSqlite;
import dev.godwit.sync.sqlite.SqliteConnection;
import dev.godwit.sync.sqlite.SqliteSource;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The file of a simulated device, used by one scenario after another. Its machine never loses
 * power, so that nothing need reach the disk.
 *
 * <p>Opening connections and compiling statements takes longer than what a scenario does with them:
 * both are kept from one scenario to the next, since the file then begins with the same schema. For
 * one thread.
 */
final class SimulatedFile implements SqliteSource, AutoCloseable {
  /** Settings of every connection to it. */
  private static final String[] SETTINGS = {
    "PRAGMA synchronous = OFF", "PRAGMA journal_mode = MEMORY"
  };

  private final Path path;
  private final JdbcSqlite file;
  private final Queue<KeptConnection> idle = new ArrayDeque<>();
  private OtherProgram program;

  SimulatedFile(Path path) {
    this.path = path;
    this.file = JdbcSqlite.at(path.toString());
  }

  /** Begins anew with this content. Nobody may be using the file. */
  void begin(byte[] content) throws IOException {
    // Not truncated before it is written: that takes longer.
    try (RandomAccessFile whole = new RandomAccessFile(path.toFile(), "rw")) {
      whole.write(content);
      whole.setLength(content.length);
    }
  }

  /** What it holds. Nobody may be writing to the file. */
  byte[] content() throws IOException {
    return Files.readAllBytes(path);
  }

  /** Takes a kept connection, the one given back first, or opens one. */
  @Override
  public SqliteConnection open() {
    KeptConnection kept = idle.poll();
    if (kept == null) {
      kept = new KeptConnection(file.open(), idle);
      for (String setting : SETTINGS) {
        kept.set(setting);
      }
    }
    kept.look();
    return kept;
  }

  /** The other program that writes to the file, with foreign keys off. */
  OtherProgram program() throws SQLException, IOException {
    if (program == null) {
      program = new OtherProgram(path);
      for (String setting : SETTINGS) {
        program.execute(setting);
      }
    }
    program.execute("PRAGMA foreign_keys = OFF");
    program.execute(KeptConnection.LOOK);
    return program;
  }

  /** Closes the connections that nobody uses: the next ones know nothing of what was before. */
  void closeIdle() {
    idle.forEach(KeptConnection::discard);
    idle.clear();
  }

  @Override
  public String name() {
    return file.name();
  }

  @Override
  public String path() {
    return file.path();
  }

  @Override
  public void close() {
    closeIdle();
    try {
      if (program != null) {
        program.close();
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot close " + path.getFileName(), e);
    }
    program = null;
  }
}
