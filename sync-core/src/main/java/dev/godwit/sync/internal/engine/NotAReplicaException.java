package dev.godwit.sync.internal.engine;

/** The file has no Godwit tables. */
public final class NotAReplicaException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  NotAReplicaException(String file) {
    super("expected " + file + " to be tracked but it is not: run init on it first");
  }
}
