package dev.godwit.tests.oracle;

import dev.godwit.sync.change.MergeOperation;
import dev.godwit.sync.change.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A counter: the last of the writes that set it and that no other such replaces, and every step
 * that counts on it.
 */
final class Counter {
  private final Life life;
  private final String column;

  Counter(Life life, String column) {
    this.life = life;
    this.column = column;
  }

  Shown shown(Write last) {
    List<Write> standing = standing(life.writes());
    Write base = standing.get(standing.size() - 1);
    BigDecimal sum = number(base.value(column));
    if (sum == null) {
      return new Shown(last, base.value(column));
    }
    Steps own = steps(base, base);
    sum = sum.add(own.sum());
    boolean real = base.value(column) instanceof Value.Real || own.real();
    for (Write earlier : basesBefore(base)) {
      Steps unseen = steps(earlier, base);
      sum = sum.add(unseen.sum());
      real |= unseen.real();
    }
    return new Shown(last, value(sum, real));
  }

  private record Steps(BigDecimal sum, boolean real) {}

  /**
   * The steps on one base that a later one had not seen. Where they come to anything that is a REAL
   * if any step on that base is one: of the others nothing is kept but their sum.
   */
  private Steps steps(Write on, Write later) {
    BigDecimal sum = BigDecimal.ZERO;
    boolean real = false;
    for (Write write : life.writes()) {
      MergeOperation.Step step = step(write);
      if (step != null && step.base().equals(on.dot())) {
        sum = later == on || !later.saw(write) ? sum.add(step.amount().exact()) : sum;
        real |= step.amount().real();
      }
    }
    return new Steps(sum, real && (later == on || sum.signum() != 0));
  }

  /** The writes among these that set the counter and that no other one of these replaces. */
  private List<Write> standing(List<Write> among) {
    return among.stream()
        .filter(this::sets)
        .filter(one -> among.stream().noneMatch(other -> replaces(other, one)))
        .sorted(Write.LAST_WINS)
        .toList();
  }

  private boolean replaces(Write later, Write earlier) {
    return later != earlier && (sets(later) || later.isInsert()) && later.saw(earlier);
  }

  /**
   * What the counter was set by before it was set as a counter: on anything else, an insert of the
   * row say, nothing counts that was stepped on what was before.
   */
  private Set<Write> basesBefore(Write base) {
    Set<Write> before = new HashSet<>();
    if (base.operation(column) instanceof MergeOperation.Reset) {
      List<Write> seen = life.writes().stream().filter(base::saw).toList();
      for (Write one : standing(seen)) {
        before.add(one);
        before.addAll(basesBefore(one));
      }
    }
    return before;
  }

  private boolean sets(Write write) {
    return write.writes(column) && step(write) == null;
  }

  private MergeOperation.Step step(Write write) {
    return write.writes(column) && write.operation(column) instanceof MergeOperation.Step step
        ? step
        : null;
  }

  private static BigDecimal number(Value value) {
    if (value instanceof Value.Integer integer) {
      return BigDecimal.valueOf(integer.number());
    }
    boolean finite = value instanceof Value.Real real && Double.isFinite(real.number());
    return finite ? new BigDecimal(((Value.Real) value).number()) : null;
  }

  private static Value value(BigDecimal sum, boolean real) {
    if (real) {
      return Value.of(sum.doubleValue());
    }
    BigInteger whole = sum.toBigIntegerExact();
    BigInteger least = BigInteger.valueOf(Long.MIN_VALUE);
    BigInteger most = BigInteger.valueOf(Long.MAX_VALUE);
    return Value.of(whole.max(least).min(most).longValue());
  }
}
