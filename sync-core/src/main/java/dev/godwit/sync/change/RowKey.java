package dev.godwit.sync.change;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The values of a row's primary key in the order of the key's columns; never holds NULL.
 *
 * <p>The spelling counts: keys that SQLite holds equal under NOCASE are unequal here. Immutable.
 */
public record RowKey(List<Value> values) {
  public RowKey {
    values = List.copyOf(values);
  }

  public static RowKey of(Value... values) {
    return new RowKey(List.of(values));
  }

  /** The key as a person reads it: values as SQL writes them, separated by commas. */
  @Override
  public String toString() {
    return values.stream().map(Value::toString).collect(Collectors.joining(", "));
  }
}
