package dev.godwit.relay.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Ends the reading of a body that takes too long in all, however steadily it drips. */
final class TimedInput extends FilterInputStream {
  private final Duration limit;
  private final long startNanos = System.nanoTime();

  TimedInput(InputStream stream, Duration limit) {
    super(stream);
    this.limit = limit;
  }

  @Override
  public int read() throws IOException {
    check();
    return super.read();
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    check();
    return super.read(target, offset, length);
  }

  private void check() throws IOException {
    if (System.nanoTime() - startNanos > limit.toNanos()) {
      throw new RequestTooSlowException(
          "expected the request within " + limit + " but it is not complete");
    }
  }
}
