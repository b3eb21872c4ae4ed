package dev.godwit.sync.wire;

/** A body is longer than the limit. */
public final class MessageTooLargeException extends MalformedMessageException {
  private static final long serialVersionUID = 1L;

  public MessageTooLargeException(String message) {
    super(message);
  }
}
