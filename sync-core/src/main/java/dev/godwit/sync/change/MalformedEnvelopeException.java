package dev.godwit.sync.change;

/** Bytes that claim to be an envelope, or a part of one, are not: nothing of them may be kept. */
public class MalformedEnvelopeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MalformedEnvelopeException(String message) {
    super(message);
  }
}
