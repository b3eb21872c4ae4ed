package dev.godwit.tests.oracle;

import dev.godwit.sync.change.Value;
import java.util.Locale;

/** SQLite's equality of values, with the collations BINARY and NOCASE. */
final class Equality {
  private Equality() {}

  /** A text that is equal for values that SQLite holds equal. */
  static String identity(Value value, boolean ignoresCase) {
    if (value instanceof Value.Real real && real.number() == Math.rint(real.number())) {
      return Long.toString((long) real.number());
    }
    return ignoresCase ? value.toString().toLowerCase(Locale.ROOT) : value.toString();
  }
}
