package dev.godwit.sync.wire;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Counts what is read and refuses more than the limits of the body and of the item that is being
 * read.
 */
final class CountedInput extends FilterInputStream {
  /** A parser reads ahead: so many bytes of an item may have been counted for the one before it. */
  private static final int READ_AHEAD_BYTES = 16 * 1_024;

  private final long limitBytes;
  private long readBytes;
  private long itemLimitBytes;

  CountedInput(InputStream stream, long limitBytes) {
    super(stream);
    this.limitBytes = limitBytes;
    this.itemLimitBytes = limitBytes;
  }

  /** From here on, at most so many bytes until the next call. */
  void startItem(long itemBytes) {
    itemLimitBytes = readBytes + itemBytes + READ_AHEAD_BYTES;
  }

  long readBytes() {
    return readBytes;
  }

  @Override
  public int read() throws IOException {
    int single = super.read();
    count(single < 0 ? 0 : 1);
    return single;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int read = super.read(target, offset, length);
    count(Math.max(read, 0));
    return read;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void count(int bytes) throws IOException {
    readBytes += bytes;
    if (readBytes > limitBytes) {
      throw new MessageTooLargeException(
          "expected a body of at most " + limitBytes + " bytes but got more");
    }
    if (readBytes > itemLimitBytes) {
      throw new MessageTooLargeException(
          "expected a smaller item but it goes on after byte " + readBytes + " of the body");
    }
  }
}
