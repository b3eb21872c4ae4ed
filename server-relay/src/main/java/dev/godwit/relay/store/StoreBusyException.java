package dev.godwit.relay.store;

/** More is waiting to be written than may wait: try again later. */
public final class StoreBusyException extends RelayStoreException {
  private static final long serialVersionUID = 1L;

  public StoreBusyException(String message) {
    super(message, null);
  }
}
