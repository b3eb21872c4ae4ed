package dev.godwit.sync.internal.check;

import dev.godwit.sync.change.Value;
import java.util.Locale;

/**
 * What SQLite makes of values that meet a column.
 *
 * <p>See "Datatypes In SQLite" in SQLite's documentation, sections 3 and 4. In order: each that is
 * numeric comes behind each that is not.
 */
enum Affinity {
  /** Of an expression that is no column. */
  NONE,
  BLOB,
  TEXT,
  NUMERIC,
  INTEGER,
  REAL;

  /** That of a column with this declared type, "" for none. */
  static Affinity ofType(String declaredType) {
    String type = declaredType.toUpperCase(Locale.ROOT);
    if (type.contains("INT")) {
      return INTEGER;
    }
    if (type.contains("CHAR") || type.contains("CLOB") || type.contains("TEXT")) {
      return TEXT;
    }
    if (type.isEmpty() || type.contains("BLOB")) {
      return BLOB;
    }
    boolean real = type.contains("REAL") || type.contains("FLOA") || type.contains("DOUB");
    return real ? REAL : NUMERIC;
  }

  boolean isNumeric() {
    return compareTo(NUMERIC) >= 0;
  }

  /** The one that two sides of a comparison are brought to. */
  static Affinity ofComparison(Affinity left, Affinity right) {
    if (left != NONE && right != NONE) {
      return left.isNumeric() || right.isNumeric() ? NUMERIC : BLOB;
    }
    return left == NONE ? right : left;
  }

  /** The value as a column of this affinity stores it. */
  Value stored(Value value) {
    if (this == TEXT && isNumber(value)) {
      return Value.of(Numbers.text(value));
    }
    if (!isNumeric()) {
      return value;
    }
    Value number = value;
    if (value instanceof Value.Text text) {
      Value read = Numbers.whole(text.text());
      number = read == null ? value : read;
    }
    if (this == REAL) {
      return number instanceof Value.Integer integer ? Value.of((double) integer.number()) : number;
    }
    return number instanceof Value.Real real ? Numbers.integerIfExact(real) : number;
  }

  /** One side of a comparison under this affinity. */
  Value compared(Value value, Value other) {
    if (isNumeric() && value instanceof Value.Text text) {
      Value number = Numbers.whole(text.text());
      return number == null ? value : number;
    }
    boolean asText = this == TEXT && isNumber(value) && other instanceof Value.Text;
    return asText ? Value.of(Numbers.text(value)) : value;
  }

  static boolean isNumber(Value value) {
    return value instanceof Value.Integer || value instanceof Value.Real;
  }
}
