package dev.godwit.sync.internal.check;

import dev.godwit.sync.change.Value;

/** The values that a condition is judged for. */
public interface Row {
  /**
   * The value of a column.
   *
   * @return null when it is not known: then nothing is decided
   */
  Value value(String column);
}
