package dev.godwit.cli.failure;

import dev.godwit.relay.store.RelayStoreException;
import dev.godwit.sync.NotAReplicaException;
import dev.godwit.sync.protocol.ExchangeException;
import dev.godwit.sync.sqlite.SqliteException;
import java.util.concurrent.CancellationException;

/** Says what an exception of the library means to somebody at a terminal. */
public final class Failures {
  private static final int MESSAGE_CHARACTERS_MAX = 600;

  private Failures() {}

  /** The failure of an exception; one of its own stays as it is. */
  public static Failure of(Throwable thrown) {
    if (thrown instanceof Failure failure) {
      return failure;
    }
    if (thrown instanceof SqliteException sqlite) {
      return ofSqlite(sqlite);
    }
    if (thrown instanceof ExchangeException exchange) {
      return ofExchange(exchange);
    }
    if (thrown instanceof NotAReplicaException) {
      return new Failure(
          ExitCode.SCHEMA,
          message(thrown),
          "godwit init FILE to begin, or godwit join FILE INVITATION to join others",
          thrown);
    }
    if (thrown instanceof CancellationException) {
      return new Failure(ExitCode.INTERRUPTED, "stopped: nothing was changed", "again", thrown);
    }
    if (thrown instanceof RelayStoreException) {
      return new Failure(
          ExitCode.SERVE,
          message(thrown),
          "another folder with --data, or stop the other relay",
          thrown);
    }
    return new Failure(
        ExitCode.UNEXPECTED,
        "unexpected " + thrown.getClass().getSimpleName() + ": " + message(thrown),
        "the same with --verbose, and report what it prints",
        thrown);
  }

  private static Failure ofSqlite(SqliteException e) {
    String message = message(e);
    return switch (e.reason()) {
      case BUSY ->
          new Failure(
              ExitCode.LOCKED,
              "the file is locked by another program: " + message,
              "end the other program's transaction, then the same command again",
              e);
      case READ_ONLY ->
          file("the file or its folder cannot be written", "check its permissions", e);
      case CANNOT_OPEN -> file(message, "check the path and its permissions", e);
      case NOT_A_DATABASE ->
          file("the file is no SQLite database, or is encrypted", "check the path", e);
      case CORRUPT ->
          file(
              "the file is damaged",
              "a backup, or: sqlite3 FILE .recover | sqlite3 REPAIRED; then join with it",
              e);
      case FULL -> file("there is no room left on the disk", "free some, then again", e);
      case INTERRUPTED ->
          new Failure(ExitCode.INTERRUPTED, "stopped: what was committed is kept", "again", e);
      case CONSTRAINT, OTHER ->
          new Failure(
              ExitCode.UNEXPECTED,
              "SQLite refused a statement: " + message,
              "the same with --verbose, and report what it prints",
              e);
    };
  }

  private static Failure file(String message, String remedy, SqliteException e) {
    return new Failure(ExitCode.FILE, message + detail(e, message), remedy, e);
  }

  private static String detail(SqliteException e, String message) {
    String detail = message(e);
    return detail.equals(message) ? "" : ": " + detail;
  }

  private static Failure ofExchange(ExchangeException e) {
    if (e instanceof ExchangeException.Unreachable) {
      return new Failure(
          ExitCode.UNREACHABLE,
          message(e),
          "again when it runs: nothing is lost, it continues where it stopped",
          e);
    }
    if (e instanceof ExchangeException.CredentialsRefused) {
      return new Failure(
          ExitCode.NO_ACCESS,
          message(e),
          "ask for a new invitation; if the relay was set up anew, godwit share FILE URL",
          e);
    }
    if (e instanceof ExchangeException.Cancelled) {
      return new Failure(
          ExitCode.INTERRUPTED,
          "stopped: what had arrived is kept",
          "the same command again, it continues",
          e);
    }
    String remedy =
        e instanceof ExchangeException.VersionMismatch
            ? "install the same version of godwit on both sides"
            : "check the address; behind a portal or proxy, try from another network";
    return new Failure(ExitCode.RELAY, message(e), remedy, e);
  }

  /** The message in one line of bounded length. */
  public static String message(Throwable thrown) {
    String text =
        thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
    String line = text.replaceAll("\\s+", " ").trim();
    return line.length() > MESSAGE_CHARACTERS_MAX
        ? line.substring(0, MESSAGE_CHARACTERS_MAX) + "…"
        : line;
  }
}
