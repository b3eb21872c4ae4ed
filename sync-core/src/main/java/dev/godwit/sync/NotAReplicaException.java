package dev.godwit.sync;

/** The file is an ordinary SQLite file that Godwit does not track. */
public final class NotAReplicaException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  NotAReplicaException(String file) {
    super("expected " + file + " to be tracked but it is not");
  }
}
