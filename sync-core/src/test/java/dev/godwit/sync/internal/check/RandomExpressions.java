package dev.godwit.sync.internal.check;

import java.util.Random;

/** Draws SQL expressions of the portable subset, and values for the columns that they mention. */
final class RandomExpressions {
  static final String TABLE =
      "CREATE TABLE t (i INTEGER, r REAL, t TEXT, n NUMERIC, b BLOB, u, c TEXT COLLATE NOCASE,"
          + " d VARCHAR(20) COLLATE RTRIM)";
  static final String[] COLUMNS = {"i", "r", "t", "n", "b", "u", "c", "d"};

  private static final String[] LITERALS = {
    "0",
    "1",
    "-1",
    "2",
    "3",
    "10",
    "0.5",
    "1.0",
    "2.5",
    "-3.25",
    "1e3",
    "100000",
    "'a'",
    "'A'",
    "'abc'",
    "'aBc'",
    "'abc '",
    "''",
    "' '",
    "'1'",
    "'2.50'",
    "' 3 '",
    "'-1'",
    "'1e3'",
    "'12abc'",
    "'ä'",
    "'%b%'",
    "'a_c'",
    "'[a-c]*'",
    "'x''y'",
    "x''",
    "x'61'",
    "x'616263'",
    "NULL",
    "9223372036854775807",
    "-9223372036854775808",
    "4294967296",
    "TRUE",
    "FALSE",
    "' a'",
    "'é€😀'"
  };
  private static final String[] BINARY = {
    " = ",
    " == ",
    " <> ",
    " != ",
    " < ",
    " <= ",
    " > ",
    " >= ",
    " IS ",
    " IS NOT ",
    " AND ",
    " OR ",
    " + ",
    " - ",
    " * ",
    " / ",
    " % ",
    " || ",
    "+",
    "- ",
    " LIKE ",
    " NOT LIKE ",
    " GLOB "
  };
  private static final String[] CALLS = {
    "length",
    "abs",
    "lower",
    "upper",
    "trim",
    "ltrim",
    "rtrim",
    "typeof",
    "round",
    "TRIM/2",
    "rtrim/2",
    "ltrim/2",
    "substr/2",
    "substr/3",
    "instr/2",
    "coalesce/2",
    "coalesce/3",
    "ifnull/2",
    "nullif/2",
    "min/2",
    "max/3"
  };
  private static final String[] COLLATIONS = {"BINARY", "nocase", "RTRIM"};

  private final Random random;

  RandomExpressions(Random random) {
    this.random = random;
  }

  private <T> T one(T[] of) {
    return of[random.nextInt(of.length)];
  }

  String value() {
    return one(LITERALS);
  }

  String expression(int depth) {
    if (depth == 0 || random.nextInt(6) == 0) {
      return random.nextInt(3) == 0 ? one(LITERALS) : one(COLUMNS);
    }
    String text = node(depth - 1);
    // Half of the time without parentheses, so that precedence counts.
    return random.nextBoolean() ? "(" + text + ")" : text;
  }

  private String node(int depth) {
    switch (random.nextInt(12)) {
      case 0:
        return "NOT " + expression(depth);
      case 1:
        return one(new String[] {"- ", "+ "}) + expression(depth);
      case 2:
        return expression(depth)
            + one(new String[] {" IS NULL", " ISNULL", " NOTNULL", " NOT NULL"});
      case 3:
        return expression(depth)
            + one(new String[] {" IN (", " NOT IN ("})
            + literals(1 + random.nextInt(4))
            + ")";
      case 4:
        return expression(depth)
            + one(new String[] {" BETWEEN ", " NOT BETWEEN "})
            + expression(depth)
            + " AND "
            + expression(depth);
      case 5:
        return "CASE "
            + (random.nextBoolean() ? expression(depth) + " " : "")
            + "WHEN "
            + expression(depth)
            + " THEN "
            + expression(depth)
            + (random.nextBoolean() ? " ELSE " + expression(depth) : "")
            + " END";
      case 6:
        return one(COLUMNS) + " COLLATE " + one(COLLATIONS);
      case 7, 8:
        return call(depth);
      default:
        return expression(depth) + one(BINARY) + expression(depth);
    }
  }

  private String call(int depth) {
    String[] parts = one(CALLS).split("/");
    int count = parts.length == 1 ? 1 : Integer.parseInt(parts[1]);
    StringBuilder text = new StringBuilder(parts[0]).append('(');
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : ", ").append(expression(depth));
    }
    return text.append(')').toString();
  }

  private String literals(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : ", ").append(one(LITERALS));
    }
    return text.toString();
  }
}
