package dev.godwit.sync.internal.policy;

import dev.godwit.sync.change.Value;
import java.math.BigDecimal;

/**
 * SQLite's order of values across storage classes: NULL, then numbers by what they are worth, then
 * texts, then blobs, both by their bytes (collation BINARY).
 */
final class ValueOrder {
  private ValueOrder() {}

  static int compare(Value left, Value right) {
    int byClass = Integer.compare(rank(left), rank(right));
    if (byClass != 0) {
      return byClass;
    }
    switch (rank(left)) {
      case 0:
        return 0;
      case 1:
        return compareNumbers(left, right);
      default:
        return compareBytes(left.canonicalBytes(), right.canonicalBytes());
    }
  }

  private static int rank(Value value) {
    if (value instanceof Value.Null) {
      return 0;
    }
    if (value instanceof Value.Integer || value instanceof Value.Real) {
      return 1;
    }
    return value instanceof Value.Blob ? 3 : 2;
  }

  private static int compareNumbers(Value left, Value right) {
    if (left instanceof Value.Integer one && right instanceof Value.Integer other) {
      return Long.compare(one.number(), other.number());
    }
    double one = asDouble(left);
    double other = asDouble(right);
    if (Double.isInfinite(one) || Double.isInfinite(other)) {
      return Double.compare(one, other);
    }
    return exact(left).compareTo(exact(right));
  }

  private static double asDouble(Value number) {
    return number instanceof Value.Integer integer
        ? integer.number()
        : ((Value.Real) number).number();
  }

  private static BigDecimal exact(Value number) {
    return number instanceof Value.Integer integer
        ? BigDecimal.valueOf(integer.number())
        : new BigDecimal(((Value.Real) number).number());
  }

  private static int compareBytes(byte[] left, byte[] right) {
    int common = Math.min(left.length, right.length);
    for (int i = 0; i < common; i++) {
      int order = Integer.compare(left[i] & 0xff, right[i] & 0xff);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.length, right.length);
  }
}
