package dev.godwit.sync.internal.check;

import dev.godwit.sync.change.Value;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers in texts and texts of numbers, as SQLite converts them; where its versions differ in the
 * last digit, not at all.
 */
final class Numbers {
  /** Decimal digits that every version of SQLite converts to and from a double exactly. */
  private static final int DIGITS_MAX = 15;

  /** Those that every version writes alike: from 3.54 on more may come out as seventeen. */
  private static final int WRITTEN_DIGITS_MAX = 13;

  /** Below this, fewer digits may come out as seventeen too. */
  private static final double SMALLEST_WRITTEN_ALIKE = 1e-3;

  /** Powers of ten up to this one are exact as doubles. */
  private static final int POWER_MAX = 22;

  private static final double SMALLEST_WITH_EXPONENT = 1e15;
  private static final String SPACE = "[ \\t\\n\\x0b\\f\\r]*";
  private static final String NUMBER = "([+-]?)(\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE]([+-]?\\d{1,9}))?";
  private static final Pattern WHOLE = Pattern.compile(SPACE + NUMBER + SPACE);
  private static final Pattern PREFIX = Pattern.compile(SPACE + NUMBER);

  private Numbers() {}

  /** The number that a text is, null when it is none. */
  static Value whole(String text) {
    Matcher matcher = WHOLE.matcher(text);
    return matcher.matches() ? number(matcher) : null;
  }

  /** The number with which a text begins, 0 when with none. */
  private static Value prefix(String text) {
    Matcher matcher = PREFIX.matcher(text);
    if (!matcher.lookingAt()) {
      return Value.of(0);
    }
    if (matcher.end() < text.length() && "eE.".indexOf(text.charAt(matcher.end())) >= 0) {
      throw new NotPortableException("a text that is almost a number");
    }
    return number(matcher);
  }

  private static Value number(Matcher matcher) {
    boolean negative = matcher.group(1).equals("-");
    String digits = matcher.group(2);
    String exponent = matcher.group(3);
    if (digits.indexOf('.') < 0 && exponent == null) {
      return integer(negative, digits);
    }
    BigDecimal exact = new BigDecimal(digits.endsWith(".") ? digits + "0" : digits);
    int power = (exponent == null ? 0 : Integer.parseInt(exponent)) - exact.scale();
    boolean fits = exact.precision() <= DIGITS_MAX && Math.abs(power) <= POWER_MAX;
    if (!fits && exact.signum() != 0) {
      throw new NotPortableException("a text with more digits than a number has");
    }
    double magnitude = exact.signum() == 0 ? 0 : exact.unscaledValue().doubleValue();
    double scaled = power < 0 ? magnitude / Math.pow(10, -power) : magnitude * Math.pow(10, power);
    return Value.of(negative ? -scaled : scaled);
  }

  private static Value integer(boolean negative, String digits) {
    try {
      return Value.of(Long.parseLong(negative ? "-" + digits : digits));
    } catch (NumberFormatException e) {
      throw new NotPortableException("an integer beyond 64 bits");
    }
  }

  /** What a value is worth in arithmetic, NULL for NULL. */
  static Value operand(Value value) {
    if (value instanceof Value.Text text) {
      return prefix(text.text());
    }
    if (value instanceof Value.Blob) {
      throw new NotPortableException("arithmetic with a blob");
    }
    return value;
  }

  /** What a value is worth as a condition, null for unknown. */
  static Boolean truth(Value value) {
    Value number = operand(value);
    if (number instanceof Value.Integer integer) {
      return integer.number() != 0;
    }
    if (number instanceof Value.Real real) {
      // Older versions cut the fraction off first.
      if (real.number() != 0 && Math.abs(real.number()) < 1) {
        throw new NotPortableException("a fraction as a condition");
      }
      return real.number() != 0;
    }
    return null;
  }

  static Value ofTruth(Boolean truth) {
    return truth == null ? Value.NULL : Value.of(truth ? 1 : 0);
  }

  static double asDouble(Value number) {
    return number instanceof Value.Integer integer
        ? integer.number()
        : ((Value.Real) number).number();
  }

  /** What a value that is not NULL is worth as an integer: numbers are cut. */
  static long asLong(Value value) {
    Value number = operand(value);
    if (number instanceof Value.Integer integer) {
      return integer.number();
    }
    if (value instanceof Value.Text) {
      // Only the digits before the point or the exponent would count.
      throw new NotPortableException("a text with a fraction as an integer");
    }
    double real = ((Value.Real) number).number();
    if (Math.abs(real) >= 0x1p62) {
      throw new NotPortableException("a real number beyond integers");
    }
    return (long) real;
  }

  /** The text of a number. */
  static String text(Value number) {
    if (number instanceof Value.Integer integer) {
      return Long.toString(integer.number());
    }
    double real = ((Value.Real) number).number();
    boolean plain =
        Math.abs(real) < SMALLEST_WITH_EXPONENT && Math.abs(real) >= SMALLEST_WRITTEN_ALIKE;
    boolean zero = Double.doubleToRawLongBits(real) == 0;
    if (!plain && !zero) {
      throw new NotPortableException("the text of a very large or small number");
    }
    if (real == Math.rint(real)) {
      return (long) real + ".0";
    }
    BigDecimal rounded = new BigDecimal(real).round(new MathContext(WRITTEN_DIGITS_MAX));
    if (rounded.doubleValue() != real) {
      throw new NotPortableException("the text of a number with many digits");
    }
    return rounded.stripTrailingZeros().toPlainString();
  }

  /** The value as text, null for NULL. */
  static String asText(Value value) {
    if (value instanceof Value.Text text) {
      return text.text();
    }
    if (value instanceof Value.Blob) {
      throw new NotPortableException("a blob as a text");
    }
    return value instanceof Value.Null ? null : text(value);
  }

  /** An integer where the number is one. */
  static Value integerIfExact(Value.Real real) {
    boolean exact = Math.abs(real.number()) < 0x1p62 && real.number() == Math.rint(real.number());
    return exact ? Value.of((long) real.number()) : real;
  }
}
