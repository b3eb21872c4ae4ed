package dev.godwit.relay.http;

import java.io.IOException;

/** A request took longer than it may. */
final class RequestTooSlowException extends IOException {
  private static final long serialVersionUID = 1L;

  RequestTooSlowException(String message) {
    super(message);
  }
}
