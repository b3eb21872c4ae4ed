package dev.godwit.sync.internal.check;

import dev.godwit.sync.change.Value;
import java.util.List;
import java.util.Optional;

/**
 * A portable SQL expression over one row of a table: a CHECK, the condition of a partial index, a
 * term of an index. Immutable.
 */
public final class Condition {
  private final Expression expression;

  /** What an expression says of a row. */
  public enum Verdict {
    TRUE,
    FALSE,
    /** NULL: a CHECK lets it pass, a partial index leaves it out. */
    NULL,
    /** Not decided: a value is not known, or engines differ. */
    UNDECIDED
  }

  /**
   * What comes of reading a text.
   *
   * @param condition null when it is not portable
   * @param reason why not, in few words; null when it is
   */
  public record Parsed(Condition condition, String reason) {}

  private Condition(Expression expression) {
    this.expression = expression;
  }

  /** Reads an expression over the columns of a table. */
  public static Parsed parse(String sql, TableText table) {
    return parse(SqlToken.of(sql), table);
  }

  static Parsed parse(List<SqlToken> tokens, TableText table) {
    try {
      return new Parsed(new Condition(ExpressionParser.parse(tokens, table)), null);
    } catch (NotPortableException refused) {
      return new Parsed(null, refused.getMessage());
    }
  }

  /** What it says of a row. */
  public Verdict verdict(Row row) {
    try {
      Boolean truth = Numbers.truth(expression.value(row));
      return truth == null ? Verdict.NULL : truth ? Verdict.TRUE : Verdict.FALSE;
    } catch (NotPortableException undecided) {
      return Verdict.UNDECIDED;
    }
  }

  /** Its value for a row; empty when that is not decided. */
  public Optional<Value> value(Row row) {
    try {
      return Optional.of(expression.value(row));
    } catch (NotPortableException undecided) {
      return Optional.empty();
    }
  }
}
