package dev.godwit.sync.wire;

import dev.godwit.sync.protocol.ExchangeError;
import java.io.IOException;

/** Instead of the expected message the other side sent an error, or its message calls for one. */
public final class RemoteErrorException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient ExchangeError error;

  public RemoteErrorException(ExchangeError error) {
    super(error.text());
    this.error = error;
  }

  /** The error. */
  public ExchangeError error() {
    return error;
  }
}
