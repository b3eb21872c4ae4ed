package dev.godwit.cli.session;

import dev.godwit.cli.failure.ExitCode;
import dev.godwit.cli.failure.Failure;
import dev.godwit.sync.Replica;
import dev.godwit.sync.protocol.ExchangeException;
import dev.godwit.sync.sqlite.JdbcSqlite;
import dev.godwit.sync.transport.Cancellation;
import dev.godwit.sync.transport.ExchangeOptions;
import dev.godwit.sync.transport.HttpRemote;
import dev.godwit.sync.transport.Invitation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Asks a relay one question with a file made for it, to see that an invitation is good before
 * anything of the user's is touched.
 */
public final class Probe {
  private Probe() {}

  /**
   * Returns when the relay lets the invitation in.
   *
   * @param timeout when to give up, null for the usual limits
   * @throws ExchangeException when it does not, or cannot be reached
   */
  public static void check(Invitation invitation, Duration timeout) {
    Path file = null;
    try {
      file = Files.createTempFile("godwit-probe", ".db");
      ask(file, invitation, timeout);
    } catch (IOException e) {
      throw new Failure(
          ExitCode.FILE,
          "cannot make a temporary file: " + e.getMessage(),
          "free some room in " + System.getProperty("java.io.tmpdir"),
          e);
    } finally {
      remove(file);
    }
  }

  private static void ask(Path file, Invitation invitation, Duration timeout) {
    Cancellation enough = new Cancellation();
    ExchangeOptions.Builder options =
        ExchangeOptions.builder()
            .batchParts(1)
            .cancellation(enough)
            .progress(state -> enough.cancel());
    if (timeout != null) {
      options.deadline(timeout);
    }
    try (Replica replica =
        Replica.builder(JdbcSqlite.at(file.toString())).space(invitation.space()).open()) {
      replica.sync(HttpRemote.of(invitation), options.build());
    } catch (ExchangeException.Cancelled answered) {
      // The relay has answered, and that was the question.
      return;
    }
  }

  private static void remove(Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException left) {
      // A temporary file that stays behind harms nobody; the answer is what counts.
      file.toFile().deleteOnExit();
    }
  }
}
