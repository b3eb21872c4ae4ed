package dev.godwit.crdt.encoding;

import java.util.Comparator;

/**
 * The order of byte strings as unsigned bytes, a prefix before what it begins; that of keys in
 * canonical encodings.
 */
public final class ByteOrder implements Comparator<byte[]> {
  /** The order; it has no state. */
  public static final ByteOrder UNSIGNED = new ByteOrder();

  private ByteOrder() {}

  @Override
  public int compare(byte[] left, byte[] right) {
    int shared = Math.min(left.length, right.length);
    for (int i = 0; i < shared; i++) {
      int order = Integer.compare(left[i] & 0xff, right[i] & 0xff);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.length, right.length);
  }
}
