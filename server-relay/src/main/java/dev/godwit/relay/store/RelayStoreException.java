package dev.godwit.relay.store;

/**
 * The store failed: the disk is full or broken, or the process is closing. What was not confirmed
 * may or may not be kept.
 */
public class RelayStoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RelayStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
