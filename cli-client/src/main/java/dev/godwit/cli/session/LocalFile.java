package dev.godwit.cli.session;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.failure.Failure;
import dev.godwit.cli.failure.Failures;
import dev.godwit.sync.NotAReplicaException;
import dev.godwit.sync.Replica;
import dev.godwit.sync.ReplicaBuilder;
import dev.godwit.sync.sqlite.JdbcSqlite;
import dev.godwit.sync.transport.Invitation;
import java.nio.file.Files;
import java.nio.file.Path;

/** A database file that the user named. */
public final class LocalFile {
  private final Environment environment;
  private final Path path;

  public LocalFile(Environment environment, Path path) {
    this.environment = environment;
    this.path = path;
  }

  /** The path as the user wrote it. */
  public Path path() {
    return path;
  }

  /** Where it really is. */
  public Path real() {
    return environment.resolve(path);
  }

  public boolean exists() {
    return Files.exists(real());
  }

  public JdbcSqlite source() {
    if (Files.isDirectory(real())) {
      throw new Failure(
          ExitCode.FILE,
          "expected a SQLite file but " + path + " is a folder",
          "name the file in it");
    }
    if (!exists()) {
      throw new Failure(
          ExitCode.FILE, "there is no file " + path, "check the path, or make it with sqlite3");
    }
    return JdbcSqlite.at(real().toString());
  }

  /** Opens it as the replica that it is. */
  public Replica open() {
    return open(Replica.builder(source()).onlyReplicas());
  }

  /** Opens it so. */
  public Replica open(ReplicaBuilder builder) {
    try {
      return builder.open();
    } catch (NotAReplicaException untracked) {
      throw new Failure(
          ExitCode.SCHEMA,
          path + " is not tracked",
          "godwit init " + path + ", or godwit join " + path + " INVITATION",
          untracked);
    } catch (IllegalArgumentException | IllegalStateException refused) {
      throw new Failure(ExitCode.SCHEMA, Failures.message(refused), "godwit init --help", refused);
    }
  }

  /** How the replica reaches its relay. */
  public Invitation credentials(Replica replica) {
    return environment
        .credentials()
        .find(replica.id())
        .orElseThrow(
            () ->
                new Failure(
                    ExitCode.NO_ACCESS,
                    path + " has no relay on this machine",
                    "godwit share " + path + " URL, or godwit join " + path + " INVITATION"));
  }
}
