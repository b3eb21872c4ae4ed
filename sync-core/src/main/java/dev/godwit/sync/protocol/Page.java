package dev.godwit.sync.protocol;

import dev.godwit.sync.change.EnvelopePart;

/**
 * The room left in one request or answer. A first part is taken even when it is larger, so that a
 * page always moves on.
 */
final class Page {
  private final int maxBytes;
  private final int maxParts;
  private long bytes;
  private int parts;

  Page(int maxBytes, int maxParts) {
    this.maxBytes = Math.min(maxBytes, ProtocolLimits.MAX_BATCH_BYTES);
    this.maxParts = Math.min(maxParts, ProtocolLimits.MAX_BATCH_PARTS);
  }

  /**
   * Whether nothing fits any more, whatever comes next; a full count is left to {@link #takes},
   * which knows what comes.
   */
  boolean isFull() {
    return parts > 0 && bytes >= maxBytes;
  }

  /** Takes the part, or says that it belongs on the next page. */
  boolean takes(EnvelopePart part) {
    if (isFull() || parts >= maxParts || parts > 0 && bytes + part.bytes().length > maxBytes) {
      return false;
    }
    parts++;
    bytes += part.bytes().length;
    return true;
  }
}
