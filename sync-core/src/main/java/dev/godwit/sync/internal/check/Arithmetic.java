package dev.godwit.sync.internal.check;

import dev.godwit.sync.change.Value;
import java.math.BigInteger;

/** The arithmetic operators: 64-bit integers that become real numbers where they do not fit. */
enum Arithmetic {
  ADD,
  SUBTRACT,
  MULTIPLY,
  DIVIDE,
  REMAINDER;

  Value of(Value left, Value right) {
    Value one = Numbers.operand(left);
    Value other = Numbers.operand(right);
    if (one.equals(Value.NULL) || other.equals(Value.NULL)) {
      return Value.NULL;
    }
    if (one instanceof Value.Integer a && other instanceof Value.Integer b) {
      return ofIntegers(a.number(), b.number());
    }
    if (this == REMAINDER) {
      long divisor = Numbers.asLong(right);
      long rest = divisor == 0 ? 0 : Numbers.asLong(left) % divisor;
      return divisor == 0 ? Value.NULL : Value.of((double) rest);
    }
    return ofReals(Numbers.asDouble(one), Numbers.asDouble(other));
  }

  private Value ofIntegers(long a, long b) {
    if ((this == DIVIDE || this == REMAINDER) && b == 0) {
      return Value.NULL;
    }
    if (this == REMAINDER) {
      return Value.of(a % b);
    }
    BigInteger one = BigInteger.valueOf(a);
    BigInteger other = BigInteger.valueOf(b);
    BigInteger exact =
        switch (this) {
          case ADD -> one.add(other);
          case SUBTRACT -> one.subtract(other);
          case MULTIPLY -> one.multiply(other);
          default -> one.divide(other);
        };
    return exact.bitLength() < Long.SIZE ? Value.of(exact.longValue()) : ofReals(a, b);
  }

  private Value ofReals(double a, double b) {
    if (this == DIVIDE && b == 0) {
      return Value.NULL;
    }
    double result =
        switch (this) {
          case ADD -> a + b;
          case SUBTRACT -> a - b;
          case MULTIPLY -> a * b;
          default -> a / b;
        };
    return Double.isNaN(result) ? Value.NULL : Value.of(result);
  }
}
