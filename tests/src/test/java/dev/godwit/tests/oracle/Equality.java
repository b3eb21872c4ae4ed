package dev.godwit.tests.oracle;

import dev.godwit.sync.change.Value;
import java.util.Arrays;
import java.util.Locale;

/** SQLite's equality of values, with the collations BINARY and NOCASE, and its order. */
final class Equality {
  private Equality() {}

  /** A text that is equal for values that SQLite holds equal. */
  static String identity(Value value, boolean ignoresCase) {
    if (value instanceof Value.Real real && real.number() == Math.rint(real.number())) {
      return Long.toString((long) real.number());
    }
    return ignoresCase ? value.toString().toLowerCase(Locale.ROOT) : value.toString();
  }

  /** SQLite's order: NULL, numbers, texts, blobs; numbers that a double holds. */
  static int compare(Value left, Value right) {
    int byClass = Integer.compare(rank(left), rank(right));
    if (byClass != 0 || rank(left) == 0) {
      return byClass;
    }
    return rank(left) == 1
        ? Double.compare(number(left), number(right))
        : Arrays.compareUnsigned(left.canonicalBytes(), right.canonicalBytes());
  }

  private static int rank(Value value) {
    return switch (value.storageClass()) {
      case "null" -> 0;
      case "integer", "real" -> 1;
      case "text" -> 2;
      default -> 3;
    };
  }

  private static double number(Value value) {
    return value instanceof Value.Integer integer
        ? integer.number()
        : ((Value.Real) value).number();
  }
}
