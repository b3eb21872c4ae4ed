package dev.godwit.sync.protocol;

import dev.godwit.sync.change.EnvelopePart;

/**
 * Reads parts one after another, holding about one in memory.
 *
 * <p>A cursor may stay open while a slow other side is served: it must not keep a lock or a read
 * transaction open between calls that would keep writers out or a write-ahead log from being reset.
 */
public interface PartCursor extends AutoCloseable {
  /** The next part, or null when there is none left, or none within what one page may look at. */
  EnvelopePart next();

  /**
   * The position up to which everything has been returned or was known: that of the last envelope
   * whose last part was returned, or of one skipped after it. 0 on a log without positions.
   */
  long position();

  /**
   * Whether there may be more after a null. Only logs that bound how far one page looks say true.
   */
  default boolean stoppedEarly() {
    return false;
  }

  @Override
  void close();
}
