package dev.godwit.sync.internal.check;

import dev.godwit.sync.change.KeyColumn.Collation;
import dev.godwit.sync.change.Value;
import java.math.BigDecimal;

/**
 * SQLite's order of values across storage classes: NULL, then numbers by what they are worth, then
 * texts by a built-in collation, then blobs by their bytes.
 */
public final class ValueOrder {
  private ValueOrder() {}

  /** Compares texts by their bytes (collation BINARY). */
  public static int compare(Value left, Value right) {
    return compare(left, right, Collation.BINARY);
  }

  /** Negative, zero or positive as the left value is less, equal or greater. */
  public static int compare(Value left, Value right, Collation collation) {
    int byClass = Integer.compare(rank(left), rank(right));
    if (byClass != 0) {
      return byClass;
    }
    switch (rank(left)) {
      case 0:
        return 0;
      case 1:
        return compareNumbers(left, right);
      case 2:
        return compareBytes(collated(left, collation), collated(right, collation));
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

  /** The bytes of a text as the collation compares them, behind the one for the storage class. */
  private static byte[] collated(Value text, Collation collation) {
    byte[] bytes = text.canonicalBytes();
    if (collation == Collation.NOCASE) {
      for (int i = 1; i < bytes.length; i++) {
        boolean capital = bytes[i] >= 'A' && bytes[i] <= 'Z';
        bytes[i] += capital ? 'a' - 'A' : 0;
      }
    } else if (collation == Collation.RTRIM) {
      int length = bytes.length;
      while (length > 1 && bytes[length - 1] == ' ') {
        length--;
      }
      byte[] trimmed = new byte[length];
      System.arraycopy(bytes, 0, trimmed, 0, length);
      return trimmed;
    }
    return bytes;
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
