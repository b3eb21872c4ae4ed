package dev.godwit.sync.internal.merge;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.encoding.EncodingReader;
import dev.godwit.crdt.encoding.EncodingWriter;
import dev.godwit.sync.change.MergeOperation;
import dev.godwit.sync.change.MergeOperation.Amount;
import dev.godwit.sync.change.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A counter: writes that set it, which stand beside each other as a register's versions do, and the
 * sum of the steps made on each.
 *
 * <p>A step counts on the write that its author's counter was set by. On a later write it counts if
 * that one was made as a counter's, had seen the earlier one and had not seen the step: such a
 * write tells, for each base before it, the sum that it had seen, and what comes on top counts.
 * Steps need not be kept one by one for that. Sums are exact; the value is rounded or saturated
 * once.
 */
final class CounterState implements MergeState {
  private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

  private final List<Base> bases = new ArrayList<>();
  private final TreeMap<Dot, Total> totals = new TreeMap<>();

  /** For each step that still stands as a register version, the base that it counts on. */
  private final TreeMap<Dot, Dot> steps = new TreeMap<>();

  /** A write that set the counter, and what it had seen of the steps on bases before it. */
  private record Base(Version version, Map<Dot, Amount> seen) implements Comparable<Base> {
    @Override
    public int compareTo(Base other) {
      return version.compareTo(other.version);
    }
  }

  /** The steps on one base, and when the last of them was made. */
  private record Total(Amount sum, HybridTimestamp latest) {}

  @Override
  public MergeOperation.Type type() {
    return MergeOperation.Type.COUNTER;
  }

  @Override
  public void joinBase(Version written, Predicate<Dot> dominated) {
    join(written, Map.of(), dominated);
  }

  @Override
  public void join(
      Version written,
      MergeOperation operation,
      VersionVector dependencies,
      Predicate<Dot> dominated) {
    if (operation instanceof MergeOperation.Reset reset) {
      join(written, reset.seen(), dominated);
    } else if (operation instanceof MergeOperation.Step step) {
      Total known = totals.get(step.base());
      Amount sum = known == null ? step.amount() : known.sum().plus(step.amount());
      boolean later = known == null || known.latest().compareTo(written.time()) < 0;
      totals.put(step.base(), new Total(sum, later ? written.time() : known.latest()));
      steps.keySet().removeIf(dominated);
      steps.put(written.dot(), step.base());
    }
  }

  private void join(Version written, Map<Dot, Amount> seen, Predicate<Dot> dominated) {
    forget(dominated);
    bases.add(new Base(written, seen));
    Collections.sort(bases);
  }

  @Override
  public void forget(Predicate<Dot> dominated) {
    bases.removeIf(base -> dominated.test(base.version().dot()));
    steps.keySet().removeIf(dominated);
  }

  @Override
  public Set<Dot> kept() {
    Set<Dot> kept = new HashSet<>();
    bases.forEach(base -> kept.add(base.version().dot()));
    return kept;
  }

  @Override
  public Value shown(List<Version> siblings) {
    if (bases.isEmpty()) {
      return null;
    }
    Value set = base().value();
    Amount exact = exact();
    return exact == null ? set : rounded(exact);
  }

  @Override
  public Set<Dot> lost(List<Version> siblings) {
    Set<Dot> lost = new HashSet<>();
    for (Base one : bases) {
      Dot dot = one.version().dot();
      boolean same = one.version().value().equals(base().value()) && !totals.containsKey(dot);
      if (!same && one.version() != base()) {
        lost.add(dot);
      }
    }
    for (Version version : siblings) {
      Dot base = steps.get(version.dot());
      if (base != null && !counts(base)) {
        lost.add(version.dot());
      }
    }
    return lost;
  }

  /** Whether steps on a base are in the visible value. */
  private boolean counts(Dot base) {
    Base last = last();
    return last != null && (last.version().dot().equals(base) || last.seen().containsKey(base));
  }

  /** The write that the visible value is based on, null when there is none. */
  Version base() {
    Base last = last();
    return last == null ? null : last.version();
  }

  private Base last() {
    return bases.isEmpty() ? null : bases.get(bases.size() - 1);
  }

  /** The visible value before it is rounded, null when it is no number. */
  Amount exact() {
    Base base = last();
    if (base == null) {
      return null;
    }
    Amount sum = amount(base.version().value());
    if (sum == null) {
      return null;
    }
    Total own = totals.get(base.version().dot());
    sum = own == null ? sum : sum.plus(own.sum());
    for (Map.Entry<Dot, Amount> entry : base.seen().entrySet()) {
      Total earlier = totals.get(entry.getKey());
      if (earlier != null) {
        BigDecimal unseen = earlier.sum().exact().subtract(entry.getValue().exact());
        sum = sum.plus(new Amount(unseen, earlier.sum().real() && unseen.signum() != 0));
      }
    }
    return sum;
  }

  /**
   * What a write that sets the counter now has seen.
   *
   * @param limit of how many bases: those with the latest steps
   */
  Map<Dot, Amount> seen(int limit) {
    TreeMap<Dot, Total> known = new TreeMap<>();
    Total none = new Total(new Amount(BigDecimal.ZERO, false), HybridTimestamp.ZERO);
    for (Base base : bases) {
      known.put(base.version().dot(), none);
      base.seen().keySet().forEach(dot -> known.put(dot, none));
    }
    // Not the steps on others: what was before the row was inserted again counts no more.
    totals.forEach((dot, total) -> known.computeIfPresent(dot, (same, empty) -> total));
    List<Map.Entry<Dot, Total>> latest = new ArrayList<>(known.entrySet());
    latest.sort(
        (one, other) -> {
          int byTime = other.getValue().latest().compareTo(one.getValue().latest());
          return byTime != 0 ? byTime : other.getKey().compareTo(one.getKey());
        });
    Map<Dot, Amount> seen = new TreeMap<>();
    for (Map.Entry<Dot, Total> entry : latest.subList(0, Math.min(limit, latest.size()))) {
      seen.put(entry.getKey(), entry.getValue().sum());
    }
    return seen;
  }

  /** A number exactly; null for what is none, and for infinities. */
  static Amount amount(Value value) {
    if (value instanceof Value.Integer integer) {
      return new Amount(BigDecimal.valueOf(integer.number()), false);
    }
    boolean finite =
        value instanceof Value.Real real
            && !Double.isInfinite(real.number())
            && !Double.isNaN(real.number());
    return finite ? new Amount(new BigDecimal(((Value.Real) value).number()), true) : null;
  }

  private static Value rounded(Amount amount) {
    if (amount.real()) {
      return Value.of(amount.exact().doubleValue());
    }
    BigInteger whole = amount.exact().toBigInteger();
    return Value.of(whole.max(LEAST).min(MOST).longValue());
  }

  @Override
  public void rename(UnaryOperator<Dot> names) {
    bases.replaceAll(
        base -> {
          MergeOperation.Reset renamed =
              (MergeOperation.Reset) new MergeOperation.Reset(base.seen()).renamed(names);
          Version version = base.version().withDot(names.apply(base.version().dot()));
          return new Base(version, renamed.seen());
        });
    TreeMap<Dot, Total> renamed = new TreeMap<>();
    totals.forEach((dot, total) -> renamed.put(names.apply(dot), total));
    totals.clear();
    totals.putAll(renamed);
    TreeMap<Dot, Dot> standing = new TreeMap<>();
    steps.forEach((dot, base) -> standing.put(names.apply(dot), names.apply(base)));
    steps.clear();
    steps.putAll(standing);
  }

  @Override
  public void write(EncodingWriter out) {
    out.writeUnsigned(bases.size());
    for (Base base : bases) {
      VersionCodec.write(out, base.version());
      out.writeBytes(new MergeOperation.Reset(base.seen()).encode());
    }
    out.writeUnsigned(totals.size());
    totals.forEach(
        (dot, total) -> {
          out.writeDot(dot).writeUnsigned(total.latest().packed());
          MergeOperation.write(out, total.sum());
        });
    out.writeUnsigned(steps.size());
    steps.forEach((dot, base) -> out.writeDot(dot).writeDot(base));
  }

  static CounterState read(EncodingReader in) {
    CounterState state = new CounterState();
    for (int left = in.readInt(Integer.MAX_VALUE); left > 0; left--) {
      Version version = VersionCodec.read(in);
      MergeOperation.Reset seen = (MergeOperation.Reset) MergeOperation.decode(in.readBytes());
      state.bases.add(new Base(version, seen.seen()));
    }
    for (int left = in.readInt(Integer.MAX_VALUE); left > 0; left--) {
      Dot dot = in.readDot();
      HybridTimestamp latest = new HybridTimestamp(in.readUnsigned(Long.MAX_VALUE));
      state.totals.put(dot, new Total(MergeOperation.readAmount(in), latest));
    }
    for (int left = in.readInt(Integer.MAX_VALUE); left > 0; left--) {
      state.steps.put(in.readDot(), in.readDot());
    }
    return state;
  }
}
