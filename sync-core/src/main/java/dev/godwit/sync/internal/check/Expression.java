package dev.godwit.sync.internal.check;

import dev.godwit.sync.change.KeyColumn.Collation;
import dev.godwit.sync.change.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * An SQL expression over the columns of one row, with SQLite's own meaning: storage classes, column
 * affinity in comparisons, collations, unknown (NULL) as a third truth value. Immutable.
 */
sealed interface Expression {
  /**
   * The value for a row.
   *
   * @throws NotPortableException when engines may differ in it, or a value that counts is not known
   */
  Value value(Row row);

  /** What it asks of what it is compared with. */
  default Affinity affinity() {
    return Affinity.NONE;
  }

  /** How texts are compared with it, null when it does not say. */
  default Collation collation() {
    return null;
  }

  /** A value that stands in the text. */
  record Literal(Value value) implements Expression {
    @Override
    public Value value(Row row) {
      return value;
    }
  }

  /** A column of the row. */
  record Column(String name, Affinity affinity, Collation collation) implements Expression {
    @Override
    public Value value(Row row) {
      Value value = row.value(name);
      boolean odd =
          value instanceof Value.MalformedText
              || value instanceof Value.Text text && text.text().indexOf('\0') >= 0;
      if (value == null || odd) {
        throw new NotPortableException(odd ? "a text with odd bytes" : "a value that is not known");
      }
      return affinity.stored(value);
    }
  }

  /** {@code x COLLATE name}. */
  record Collated(Expression operand, Collation collation) implements Expression {
    @Override
    public Value value(Row row) {
      return operand.value(row);
    }

    @Override
    public Affinity affinity() {
      return operand.affinity();
    }
  }

  /** {@code +x}: the value without the column's affinity. */
  record Plain(Expression operand) implements Expression {
    @Override
    public Value value(Row row) {
      return operand.value(row);
    }

    @Override
    public Collation collation() {
      return operand.collation();
    }
  }

  /** Two operands and an arithmetic operator. */
  record Calculation(Arithmetic operator, Expression left, Expression right) implements Expression {
    @Override
    public Value value(Row row) {
      return operator.of(left.value(row), right.value(row));
    }
  }

  /** {@code a || b}. */
  record Concatenation(Expression left, Expression right) implements Expression {
    @Override
    public Value value(Row row) {
      String before = Numbers.asText(left.value(row));
      String behind = Numbers.asText(right.value(row));
      return before == null || behind == null ? Value.NULL : Value.of(before + behind);
    }
  }

  /** How two values compare. */
  enum Relation {
    EQUAL,
    LESS,
    LESS_OR_EQUAL,
    /** Equal, and NULL equal to NULL alone. */
    SAME;

    private boolean holds(int order) {
      return this == LESS ? order < 0 : this == LESS_OR_EQUAL ? order <= 0 : order == 0;
    }
  }

  /** A comparison; those with other signs are made of these by negation or by turning round. */
  record Comparison(
      Relation relation, Expression left, Expression right, Affinity common, Collation order)
      implements Expression {
    static Comparison of(Relation relation, Expression left, Expression right, Collation order) {
      Affinity common = Affinity.ofComparison(left.affinity(), right.affinity());
      return new Comparison(relation, left, right, common, order);
    }

    @Override
    public Value value(Row row) {
      return Numbers.ofTruth(holds(left.value(row), right.value(row)));
    }

    Boolean holds(Value one, Value other) {
      if (one.equals(Value.NULL) || other.equals(Value.NULL)) {
        return relation == Relation.SAME ? Boolean.valueOf(one.equals(other)) : null;
      }
      Value left = common.compared(one, other);
      Value right = common.compared(other, one);
      return relation.holds(ValueOrder.compare(left, right, order));
    }
  }

  /** {@code x BETWEEN low AND high}. */
  record Range(Expression operand, Comparison low, Comparison high) implements Expression {
    @Override
    public Value value(Row row) {
      Value value = operand.value(row);
      Boolean above = low.holds(low.left().value(row), value);
      Boolean below = high.holds(value, high.right().value(row));
      return Numbers.ofTruth(Logic.and(above, below));
    }
  }

  /** {@code x IN (a, b, …)}. */
  record Membership(Expression operand, List<Comparison> choices) implements Expression {
    @Override
    public Value value(Row row) {
      Value value = operand.value(row);
      Boolean found = false;
      for (Comparison choice : choices) {
        Boolean same = choice.holds(value, choice.right().value(row));
        found = Logic.or(found, same);
      }
      return Numbers.ofTruth(found);
    }
  }

  /** AND, OR and NOT. */
  record Logic(Operator operator, Expression left, Expression right) implements Expression {
    enum Operator {
      AND,
      OR,
      /** Of the left operand; the right one is the same. */
      NOT
    }

    @Override
    public Value value(Row row) {
      Boolean one = Numbers.truth(left.value(row));
      if (operator == Operator.NOT) {
        return Numbers.ofTruth(one == null ? null : !one);
      }
      // Both sides always: a side that engines may refuse counts even where it decides nothing.
      Boolean other = Numbers.truth(right.value(row));
      return Numbers.ofTruth(operator == Operator.AND ? and(one, other) : or(one, other));
    }

    private static Boolean and(Boolean one, Boolean other) {
      if (Boolean.FALSE.equals(one) || Boolean.FALSE.equals(other)) {
        return false;
      }
      return one == null || other == null ? null : Boolean.TRUE;
    }

    private static Boolean or(Boolean one, Boolean other) {
      if (Boolean.TRUE.equals(one) || Boolean.TRUE.equals(other)) {
        return true;
      }
      return one == null || other == null ? null : Boolean.FALSE;
    }
  }

  /** {@code x LIKE y} and {@code x GLOB y}. */
  record Match(Expression text, Expression pattern, boolean glob) implements Expression {
    @Override
    public Value value(Row row) {
      String in = Numbers.asText(text.value(row));
      String wanted = Numbers.asText(pattern.value(row));
      if (in == null || wanted == null) {
        return Value.NULL;
      }
      return Value.of((glob ? Wildcards.glob(in, wanted) : Wildcards.like(in, wanted)) ? 1 : 0);
    }
  }

  /**
   * {@code CASE WHEN a THEN b … ELSE c END}; a CASE with an operand holds comparisons with it as
   * conditions.
   */
  record Choice(List<Expression> conditions, List<Expression> results, Expression otherwise)
      implements Expression {
    @Override
    public Value value(Row row) {
      for (int i = 0; i < conditions.size(); i++) {
        if (Boolean.TRUE.equals(Numbers.truth(conditions.get(i).value(row)))) {
          return results.get(i).value(row);
        }
      }
      return otherwise.value(row);
    }
  }

  /** A call of one of the functions. */
  record Call(BuiltIn function, List<Expression> arguments, Collation order) implements Expression {
    @Override
    public Value value(Row row) {
      List<Value> values = new ArrayList<>(arguments.size());
      boolean firstOnly = function == BuiltIn.COALESCE || function == BuiltIn.IFNULL;
      for (Expression argument : arguments) {
        Value value = argument.value(row);
        values.add(value);
        if (firstOnly && !value.equals(Value.NULL)) {
          break;
        }
      }
      return function.of(values, order);
    }
  }
}
