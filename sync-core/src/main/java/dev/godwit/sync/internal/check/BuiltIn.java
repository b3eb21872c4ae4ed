package dev.godwit.sync.internal.check;

import dev.godwit.sync.change.KeyColumn.Collation;
import dev.godwit.sync.change.Value;
import java.util.List;
import java.util.Locale;

/** The functions that an expression may call. */
enum BuiltIn {
  LENGTH(1, 1),
  ABS(1, 1),
  LOWER(1, 1),
  UPPER(1, 1),
  TRIM(1, 2),
  LTRIM(1, 2),
  RTRIM(1, 2),
  SUBSTR(2, 3),
  INSTR(2, 2),
  COALESCE(2, Integer.MAX_VALUE),
  IFNULL(2, 2),
  NULLIF(2, 2),
  TYPEOF(1, 1),
  MIN(2, Integer.MAX_VALUE),
  MAX(2, Integer.MAX_VALUE),
  /** To whole numbers: further digits are rounded differently by different versions. */
  ROUND(1, 1);

  private static final double ROUND_MAX = 0x1p50;

  private final int argumentsMin;
  private final int argumentsMax;

  BuiltIn(int argumentsMin, int argumentsMax) {
    this.argumentsMin = argumentsMin;
    this.argumentsMax = argumentsMax;
  }

  /** The function of that name with so many arguments, null when it is not one of these. */
  static BuiltIn named(String name, int arguments) {
    for (BuiltIn function : values()) {
      if (function.name().equalsIgnoreCase(name)
          && arguments >= function.argumentsMin
          && arguments <= function.argumentsMax) {
        return function;
      }
    }
    return null;
  }

  /** Whether it compares its arguments. */
  boolean compares() {
    return this == NULLIF || this == MIN || this == MAX;
  }

  Value of(List<Value> arguments, Collation collation) {
    Value first = arguments.get(0);
    return switch (this) {
      case LENGTH -> length(first);
      case ABS -> magnitude(first);
      case LOWER -> cased(first, false);
      case UPPER -> cased(first, true);
      case TRIM -> trimmed(arguments, true, true);
      case LTRIM -> trimmed(arguments, true, false);
      case RTRIM -> trimmed(arguments, false, true);
      case SUBSTR -> part(arguments);
      case INSTR -> place(first, arguments.get(1));
      case COALESCE, IFNULL -> firstKnown(arguments);
      case NULLIF ->
          ValueOrder.compare(first, arguments.get(1), collation) == 0 ? Value.NULL : first;
      case TYPEOF -> Value.of(first.storageClass());
      case MIN -> extreme(arguments, collation, -1);
      case MAX -> extreme(arguments, collation, 1);
      case ROUND -> rounded(first);
    };
  }

  private static Value length(Value value) {
    if (value instanceof Value.Blob blob) {
      return Value.of(blob.bytes().length);
    }
    String text = Numbers.asText(value);
    return text == null ? Value.NULL : Value.of(text.codePointCount(0, text.length()));
  }

  private static Value magnitude(Value value) {
    if (value instanceof Value.Integer integer) {
      if (integer.number() == Long.MIN_VALUE) {
        throw new NotPortableException("abs() of an integer that has no positive one");
      }
      return Value.of(Math.abs(integer.number()));
    }
    Value number = Numbers.operand(value);
    return number.equals(Value.NULL)
        ? Value.NULL
        : Value.of(Math.abs(Numbers.asDouble(number)) + 0.0);
  }

  private static Value cased(Value value, boolean upper) {
    String text = Numbers.asText(value);
    if (text == null) {
      return Value.NULL;
    }
    StringBuilder cased = new StringBuilder(text);
    for (int i = 0; i < cased.length(); i++) {
      char c = cased.charAt(i);
      if (c < 128) {
        String letter = String.valueOf(c);
        cased.setCharAt(
            i,
            (upper ? letter.toUpperCase(Locale.ROOT) : letter.toLowerCase(Locale.ROOT)).charAt(0));
      }
    }
    return Value.of(cased.toString());
  }

  private static Value trimmed(List<Value> arguments, boolean left, boolean right) {
    String text = Numbers.asText(arguments.get(0));
    String of = arguments.size() == 1 ? " " : Numbers.asText(arguments.get(1));
    if (text == null || of == null) {
      return Value.NULL;
    }
    int from = 0;
    int to = text.length();
    while (left && from < to && of.indexOf(text.codePointAt(from)) >= 0) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (right && from < to && of.indexOf(text.codePointBefore(to)) >= 0) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return Value.of(text.substring(from, to));
  }

  /** Counts characters from 1, or from the end by negative numbers. */
  private static Value part(List<Value> arguments) {
    String text = Numbers.asText(arguments.get(0));
    boolean known = text != null && !arguments.contains(Value.NULL);
    if (!known) {
      return Value.NULL;
    }
    int[] characters = text.codePoints().toArray();
    long start = bounded(arguments.get(1));
    long count = arguments.size() == 3 ? bounded(arguments.get(2)) : Integer.MAX_VALUE;
    if (count < 0) {
      throw new NotPortableException("substr() with a negative length");
    }
    if (start < 0) {
      start += characters.length;
      count = start < 0 ? Math.max(0, count + start) : count;
      start = Math.max(0, start);
    } else if (start > 0) {
      start--;
    } else if (count > 0) {
      count--;
    }
    int from = (int) Math.min(start, characters.length);
    int to = (int) Math.min(start + count, characters.length);
    return Value.of(new String(characters, from, Math.max(0, to - from)));
  }

  private static long bounded(Value value) {
    long number = Numbers.asLong(value);
    if (Math.abs(number) > Integer.MAX_VALUE / 2 || number == Long.MIN_VALUE) {
      throw new NotPortableException("a place beyond any text");
    }
    return number;
  }

  private static Value place(Value in, Value of) {
    String text = Numbers.asText(in);
    String part = Numbers.asText(of);
    if (text == null || part == null) {
      return Value.NULL;
    }
    int at = text.indexOf(part);
    return Value.of(at < 0 ? 0 : text.codePointCount(0, at) + 1);
  }

  private static Value firstKnown(List<Value> values) {
    for (Value value : values) {
      if (!value.equals(Value.NULL)) {
        return value;
      }
    }
    return Value.NULL;
  }

  /** Of equal ones the last for min, the first for max, as SQLite has it. */
  private static Value extreme(List<Value> values, Collation collation, int direction) {
    Value best = values.get(0);
    for (Value value : values) {
      if (value.equals(Value.NULL)) {
        return Value.NULL;
      }
      int order = ValueOrder.compare(value, best, collation);
      best = direction > 0 ? (order > 0 ? value : best) : (order <= 0 ? value : best);
    }
    return best;
  }

  private static Value rounded(Value value) {
    Value number = Numbers.operand(value);
    if (number.equals(Value.NULL)) {
      return Value.NULL;
    }
    double real = Numbers.asDouble(number);
    if (Math.abs(real) >= ROUND_MAX) {
      throw new NotPortableException("round() of a very large number");
    }
    return Value.of((double) (long) (real < 0 ? real - 0.5 : real + 0.5));
  }
}
