package dev.godwit.sync.internal.inspect;

import dev.godwit.sync.change.RowKey;

/** A key as a person reads it, of bounded length. */
final class ReadableKey {
  /** Keys are names or numbers; what is longer is told apart by its beginning. */
  static final int LENGTH_MAX = 200;

  private ReadableKey() {}

  static String of(RowKey key) {
    return bounded(key.toString());
  }

  static String bounded(String text) {
    return text.length() <= LENGTH_MAX ? text : text.substring(0, LENGTH_MAX - 1) + "…";
  }
}
