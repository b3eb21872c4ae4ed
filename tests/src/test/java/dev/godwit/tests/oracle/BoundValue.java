package dev.godwit.tests.oracle;

import dev.godwit.sync.change.Value;

/** Values as the driver binds them. */
public final class BoundValue {
  private BoundValue() {}

  public static Object of(Value value) {
    if (value instanceof Value.Integer integer) {
      return integer.number();
    }
    if (value instanceof Value.Real real) {
      return real.number();
    }
    if (value instanceof Value.Text text) {
      return text.text();
    }
    return value instanceof Value.Blob blob ? blob.bytes() : null;
  }
}
