package dev.godwit.sync.wire;

import java.io.IOException;

/**
 * A body is not what the protocol says: truncated, altered, beyond a limit, or something else
 * altogether.
 */
public class MalformedMessageException extends IOException {
  private static final long serialVersionUID = 1L;

  public MalformedMessageException(String message) {
    super(message);
  }

  public MalformedMessageException(String message, Throwable cause) {
    super(message, cause);
  }
}
