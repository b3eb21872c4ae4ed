package dev.godwit.sync.internal.check;

import dev.godwit.sync.change.KeyColumn.Collation;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.check.Expression.Comparison;
import dev.godwit.sync.internal.check.Expression.Logic;
import dev.godwit.sync.internal.check.Expression.Relation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Makes an expression of its tokens, with SQLite's precedence of operators.
 *
 * <p>Whatever is not in the closed, portable subset is refused by a {@link NotPortableException}
 * that names it.
 */
final class ExpressionParser {
  /** Longer than any condition people write; what is longer is not judged. */
  static final int TOKENS_MAX = 2_000;

  /** SQLite itself allows 1,000; this keeps the stack small on every device. */
  static final int DEPTH_MAX = 60;

  private static final int OR = 1;
  private static final int AND = 2;
  private static final int NOT = 3;
  private static final int EQUALITY = 4;
  private static final int ORDER = 5;
  private static final int BITS = 6;
  private static final int SUM = 7;
  private static final int PRODUCT = 8;
  private static final int JOIN = 9;
  private static final int COLLATE = 10;
  private static final int SIGN = 11;
  private static final int NONE = 0;

  private static final Expression TRUE = new Expression.Literal(Value.of(1));
  private static final Expression FALSE = new Expression.Literal(Value.of(0));

  private final List<SqlToken> tokens;
  private final TableText table;
  private final Set<Expression> collateInside = Collections.newSetFromMap(new IdentityHashMap<>());
  private int at;
  private int depth;

  private ExpressionParser(List<SqlToken> tokens, TableText table) {
    this.tokens = tokens;
    this.table = table;
  }

  /** The expression that these tokens are over the columns of a table. */
  static Expression parse(List<SqlToken> tokens, TableText table) {
    if (tokens.size() > TOKENS_MAX) {
      throw new NotPortableException("it is longer than " + TOKENS_MAX + " words");
    }
    ExpressionParser parser = new ExpressionParser(tokens, table);
    Expression expression = parser.parse(OR);
    if (parser.at < tokens.size()) {
      throw refused(tokens.get(parser.at));
    }
    return expression;
  }

  private Expression parse(int level) {
    if (++depth > DEPTH_MAX) {
      throw new NotPortableException("it is nested more than " + DEPTH_MAX + " deep");
    }
    Expression left = operand(level);
    for (int next = level(); next != NONE && next >= level; next = level()) {
      left = behind(left, next);
    }
    depth--;
    return left;
  }

  /** How strongly the operator that comes next binds. */
  private int level() {
    if (at == tokens.size()) {
      return NONE;
    }
    SqlToken token = tokens.get(at);
    if (token.kind() == SqlToken.Kind.SIGN) {
      return switch (token.text()) {
        case "=", "==", "<>", "!=" -> EQUALITY;
        case "<", "<=", ">", ">=" -> ORDER;
        case "&", "|", "<<", ">>" -> BITS;
        case "+", "-" -> SUM;
        case "*", "/", "%" -> PRODUCT;
        case "||", "->" -> JOIN;
        default -> NONE;
      };
    }
    return switch (token.keyword()) {
      case "OR" -> OR;
      case "AND" -> AND;
      case "IS", "IN", "LIKE", "GLOB", "BETWEEN", "ISNULL", "NOTNULL", "NOT", "REGEXP", "MATCH" ->
          EQUALITY;
      case "COLLATE" -> COLLATE;
      default -> NONE;
    };
  }

  private Expression behind(Expression left, int level) {
    SqlToken operator = tokens.get(at++);
    switch (level) {
      case OR:
        return logic(Logic.Operator.OR, left, parse(AND));
      case AND:
        return logic(Logic.Operator.AND, left, parse(NOT));
      case EQUALITY:
        return equality(left, operator);
      case ORDER:
        return order(left, operator.text(), parse(BITS));
      case SUM:
        return calculation(
            operator.text().equals("+") ? Arithmetic.ADD : Arithmetic.SUBTRACT,
            left,
            parse(PRODUCT));
      case PRODUCT:
        Arithmetic product =
            operator.text().equals("*")
                ? Arithmetic.MULTIPLY
                : operator.text().equals("/") ? Arithmetic.DIVIDE : Arithmetic.REMAINDER;
        return calculation(product, left, parse(JOIN));
      case JOIN:
        if (!operator.text().equals("||")) {
          throw refused(operator);
        }
        Expression right = parse(COLLATE);
        return built(new Expression.Concatenation(left, right), left, right);
      case COLLATE:
        return collated(left);
      default:
        throw refused(operator);
    }
  }

  private Expression calculation(Arithmetic operator, Expression left, Expression right) {
    return built(new Expression.Calculation(operator, left, right), left, right);
  }

  private Expression logic(Logic.Operator operator, Expression left, Expression right) {
    return built(new Logic(operator, left, right), left, right);
  }

  private Expression collated(Expression operand) {
    Collation collation = TableText.collation(take().text());
    if (collation == null || operand instanceof Expression.Collated) {
      throw new NotPortableException("a collation that is not built in, or two of them");
    }
    return built(new Expression.Collated(operand, collation), operand);
  }

  private Expression order(Expression left, String sign, Expression right) {
    Relation relation = sign.endsWith("=") ? Relation.LESS_OR_EQUAL : Relation.LESS;
    // Turned round, but texts are compared by the collation that the side written first has.
    Collation collation = collation(left, right);
    boolean less = sign.startsWith("<");
    return built(
        Comparison.of(relation, less ? left : right, less ? right : left, collation), left, right);
  }

  private Expression compared(Relation relation, Expression left, Expression right) {
    return built(Comparison.of(relation, left, right, collation(left, right)), left, right);
  }

  /** A written collation before a column's, the left side's before the right one's. */
  private Collation collation(Expression left, Expression right) {
    if (collateInside.contains(left) || collateInside.contains(right)) {
      throw new NotPortableException("COLLATE inside of what is compared");
    }
    boolean written =
        right instanceof Expression.Collated && !(left instanceof Expression.Collated);
    Expression first = written ? right : left;
    Collation collation = first.collation();
    collation = collation == null ? right.collation() : collation;
    return collation == null ? Collation.BINARY : collation;
  }

  private Expression equality(Expression left, SqlToken operator) {
    if (operator.kind() == SqlToken.Kind.SIGN) {
      Expression equal = compared(Relation.EQUAL, left, parse(ORDER));
      return operator.text().contains("<") || operator.text().contains("!") ? not(equal) : equal;
    }
    switch (operator.keyword()) {
      case "NOT":
        SqlToken negated = take();
        if (negated.isWord("NULL")) {
          return not(isNull(left));
        }
        if (!Set.of("IN", "LIKE", "GLOB", "BETWEEN").contains(negated.keyword())) {
          throw refused(negated);
        }
        return not(equality(left, negated));
      case "ISNULL":
        return isNull(left);
      case "NOTNULL":
        return not(isNull(left));
      case "IS":
        return is(left);
      case "IN":
        return membership(left);
      case "BETWEEN":
        return range(left);
      case "LIKE":
      case "GLOB":
        Expression pattern = parse(ORDER);
        return built(new Expression.Match(left, pattern, operator.isWord("GLOB")), left, pattern);
      default:
        throw refused(operator);
    }
  }

  private Expression is(Expression left) {
    boolean negated = takes("NOT");
    if (at < tokens.size() && tokens.get(at).isWord("DISTINCT")) {
      throw refused(tokens.get(at));
    }
    Expression right = parse(ORDER);
    Expression bare = right instanceof Expression.Collated collated ? collated.operand() : right;
    if (bare == TRUE || bare == FALSE) {
      throw new NotPortableException("IS with TRUE or FALSE");
    }
    Expression same = compared(Relation.SAME, left, right);
    return negated ? not(same) : same;
  }

  private Expression isNull(Expression operand) {
    return built(
        Comparison.of(Relation.SAME, operand, new Expression.Literal(Value.NULL), Collation.BINARY),
        operand);
  }

  private Expression not(Expression operand) {
    return logic(Logic.Operator.NOT, operand, operand);
  }

  private Expression membership(Expression left) {
    expect("(");
    List<Comparison> choices = new ArrayList<>();
    do {
      Expression choice = parse(OR);
      if (!(choice instanceof Expression.Literal)) {
        throw new NotPortableException("IN with anything but literals");
      }
      Collation collation = collation(left, choice);
      // The list is brought to the left side's affinity, whatever is in it.
      choices.add(new Comparison(Relation.EQUAL, left, choice, left.affinity(), collation));
    } while (takesSign(","));
    expect(")");
    return built(new Expression.Membership(left, choices), left);
  }

  private Expression range(Expression left) {
    Expression low = parse(ORDER);
    if (!takes("AND")) {
      throw new NotPortableException("BETWEEN without AND");
    }
    Expression high = parse(ORDER);
    Comparison above = Comparison.of(Relation.LESS_OR_EQUAL, low, left, collation(left, low));
    Comparison below = Comparison.of(Relation.LESS_OR_EQUAL, left, high, collation(left, high));
    return built(new Expression.Range(left, above, below), left, low, high);
  }

  private Expression operand(int level) {
    SqlToken token = take();
    switch (token.kind()) {
      case SIGN:
        return signed(token);
      case NUMBER:
        return new Expression.Literal(number(token, false));
      case TEXT:
        return new Expression.Literal(Value.of(token.text()));
      case BLOB:
        return new Expression.Literal(blob(token));
      default:
        break;
    }
    if (token.isWord("NOT")) {
      if (level > NOT) {
        throw new NotPortableException("NOT inside of what is compared");
      }
      return not(parse(NOT));
    }
    return token.isWord("CASE") ? choice() : named(token);
  }

  private Expression signed(SqlToken sign) {
    switch (sign.text()) {
      case "(":
        Expression inside = parse(OR);
        expect(")");
        return inside;
      case "+":
        Expression plain = parse(SIGN);
        return built(new Expression.Plain(plain), plain);
      case "-":
        if (at < tokens.size() && tokens.get(at).kind() == SqlToken.Kind.NUMBER) {
          return new Expression.Literal(number(take(), true));
        }
        Expression negated = parse(SIGN);
        return calculation(Arithmetic.SUBTRACT, new Expression.Literal(Value.of(0)), negated);
      default:
        throw refused(sign);
    }
  }

  private static Value number(SqlToken token, boolean negative) {
    Value number = Numbers.whole((negative ? "-" : "") + token.text());
    if (number == null) {
      throw refused(token);
    }
    return number;
  }

  private static Value blob(SqlToken token) {
    String digits = token.text();
    byte[] bytes = new byte[digits.length() / 2];
    for (int i = 0; i < digits.length(); i++) {
      int digit = Character.digit(digits.charAt(i), 16);
      if (digit < 0 || digits.length() % 2 != 0) {
        throw refused(token);
      }
      bytes[i / 2] |= (byte) (i % 2 == 0 ? digit << 4 : digit);
    }
    return Value.of(bytes);
  }

  private Expression named(SqlToken token) {
    SqlToken name = token;
    if (token.kind() == SqlToken.Kind.WORD && takesSign("(")) {
      return call(token);
    }
    if (takesSign(".")) {
      if (!token.text().equalsIgnoreCase(table.table())) {
        throw refused(token);
      }
      name = take();
    }
    Expression.Column column = name.isName() ? table.column(name.text()) : null;
    if (column != null) {
      if (column.collation() == null) {
        throw new NotPortableException("a column with a collation that is not built in");
      }
      return column;
    }
    return switch (token.keyword()) {
      case "NULL" -> new Expression.Literal(Value.NULL);
      case "TRUE" -> TRUE;
      case "FALSE" -> FALSE;
      default -> throw refused(token);
    };
  }

  private Expression call(SqlToken name) {
    List<Expression> arguments = new ArrayList<>();
    if (!takesSign(")")) {
      do {
        arguments.add(parse(OR));
      } while (takesSign(","));
      expect(")");
    }
    BuiltIn function = BuiltIn.named(name.text(), arguments.size());
    if (function == null) {
      throw refused(name);
    }
    Collation collation = null;
    for (Expression argument : arguments) {
      if (function.compares() && collateInside.contains(argument)) {
        throw new NotPortableException("COLLATE inside of what is compared");
      }
      collation = collation == null ? argument.collation() : collation;
    }
    Expression[] parts = arguments.toArray(new Expression[0]);
    return built(
        new Expression.Call(function, arguments, collation == null ? Collation.BINARY : collation),
        parts);
  }

  private Expression choice() {
    Expression operand = at < tokens.size() && tokens.get(at).isWord("WHEN") ? null : parse(OR);
    List<Expression> conditions = new ArrayList<>();
    List<Expression> results = new ArrayList<>();
    while (takes("WHEN")) {
      Expression condition = parse(OR);
      conditions.add(operand == null ? condition : compared(Relation.EQUAL, operand, condition));
      if (!takes("THEN")) {
        throw new NotPortableException("CASE without THEN");
      }
      results.add(parse(OR));
    }
    Expression otherwise = takes("ELSE") ? parse(OR) : new Expression.Literal(Value.NULL);
    if (!takes("END")) {
      throw new NotPortableException("CASE without END");
    }
    List<Expression> parts = new ArrayList<>(conditions);
    parts.addAll(results);
    parts.add(otherwise);
    return built(
        new Expression.Choice(conditions, results, otherwise), parts.toArray(new Expression[0]));
  }

  /** Remembers which expressions have a COLLATE somewhere inside: SQLite looks for it there. */
  private Expression built(Expression expression, Expression... parts) {
    for (Expression part : parts) {
      if (part instanceof Expression.Collated || collateInside.contains(part)) {
        collateInside.add(expression);
      }
    }
    return expression;
  }

  private SqlToken take() {
    if (at == tokens.size()) {
      throw new NotPortableException("it ends too early");
    }
    return tokens.get(at++);
  }

  private boolean takes(String word) {
    boolean there = at < tokens.size() && tokens.get(at).isWord(word);
    at += there ? 1 : 0;
    return there;
  }

  private boolean takesSign(String sign) {
    boolean there = at < tokens.size() && tokens.get(at).isSign(sign);
    at += there ? 1 : 0;
    return there;
  }

  private void expect(String sign) {
    if (!takesSign(sign)) {
      throw new NotPortableException("no '" + sign + "' where one belongs");
    }
  }

  private static NotPortableException refused(SqlToken token) {
    String text = token.text().length() > 40 ? token.text().substring(0, 40) : token.text();
    return new NotPortableException("'" + text + "' is not judged");
  }
}
