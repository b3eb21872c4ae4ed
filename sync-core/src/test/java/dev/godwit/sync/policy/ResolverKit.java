package dev.godwit.sync.policy;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Checks that an application's {@link Resolver} keeps the laws, on conflicts drawn at random: the
 * same arguments give the same value, whatever was resolved before and in whatever order; arguments
 * stay as they are; every conflict gets a value.
 *
 * <pre>
 * ResolverKit.of(new LongestTitle()).check();
 * </pre>
 *
 * A broken law is an {@link AssertionError} that names the law, the conflict and the seed. Used by
 * one thread.
 */
public final class ResolverKit {
  /** Some tenths of a second for a resolver that compares texts. */
  private static final int CONFLICTS = 500;

  private static final int SIBLINGS_MAX = 5;

  private final Resolver resolver;
  private long seed = System.nanoTime();
  private List<Value> values =
      List.of(
          Value.NULL,
          Value.of(0),
          Value.of(-1),
          Value.of(Long.MAX_VALUE),
          Value.of(0.5),
          Value.of(""),
          Value.of("a"),
          Value.of("A longer text, with \"quotes\" and \uD83D\uDE00"),
          Value.of(new byte[] {0, 1, -1}),
          new Value.MalformedText(new byte[] {(byte) 0xff}));
  private boolean anyOrder;

  private record Conflict(Value base, List<Sibling> siblings) {}

  private ResolverKit(Resolver resolver) {
    this.resolver = resolver;
  }

  /** Checks of this resolver, with values of every storage class. */
  public static ResolverKit of(Resolver resolver) {
    return new ResolverKit(resolver);
  }

  /** Draws from these values instead, for a column that only ever holds such. */
  public ResolverKit values(Value... drawn) {
    values = List.of(drawn);
    return this;
  }

  /** Draws the same conflicts as another run. */
  public ResolverKit seed(long same) {
    seed = same;
    return this;
  }

  /**
   * Requires also that the order of the siblings does not matter: for resolvers that do not mean to
   * look at who wrote last.
   */
  public ResolverKit siblingsInAnyOrder() {
    anyOrder = true;
    return this;
  }

  /**
   * Runs the checks.
   *
   * @throws AssertionError when a law is broken
   */
  public void check() {
    Random random = new Random(seed);
    List<Conflict> conflicts = new ArrayList<>();
    for (int i = 0; i < CONFLICTS; i++) {
      conflicts.add(conflict(random));
    }
    List<Value> results = new ArrayList<>();
    conflicts.forEach(conflict -> results.add(resolved(conflict)));
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < CONFLICTS; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    for (int i : order) {
      Conflict conflict = conflicts.get(i);
      same(
          conflict,
          results.get(i),
          resolved(conflict),
          "the same value whatever was resolved before");
      if (anyOrder) {
        List<Sibling> shuffled = new ArrayList<>(conflict.siblings());
        Collections.shuffle(shuffled, random);
        Value other = resolved(new Conflict(conflict.base(), shuffled));
        same(conflict, results.get(i), other, "the same value for siblings in another order");
      }
    }
  }

  private Value resolved(Conflict conflict) {
    String before = conflict.toString();
    Value value;
    try {
      value = resolver.resolve(conflict.base(), List.copyOf(conflict.siblings()));
    } catch (RuntimeException e) {
      throw new AssertionError("expected a value but it threw " + e + where(conflict), e);
    }
    if (value == null) {
      throw new AssertionError("expected a value but got null" + where(conflict));
    }
    if (!before.equals(conflict.toString())) {
      throw new AssertionError("expected the arguments to stay as they are" + where(conflict));
    }
    return value;
  }

  private void same(Conflict conflict, Value one, Value other, String law) {
    if (!one.equals(other)) {
      throw new AssertionError(
          "expected " + law + " but got " + one + " and " + other + where(conflict));
    }
  }

  private String where(Conflict conflict) {
    return " for base " + conflict.base() + " and " + conflict.siblings() + ", seed " + seed;
  }

  private Conflict conflict(Random random) {
    List<Sibling> siblings = new ArrayList<>();
    int count = 2 + random.nextInt(SIBLINGS_MAX - 1);
    for (int i = 0; i < count; i++) {
      byte[] id = new byte[ReplicaId.LENGTH_BYTES];
      random.nextBytes(id);
      siblings.add(
          new Sibling(
              fresh(values.get(random.nextInt(values.size()))),
              "device " + random.nextInt(3),
              HybridTimestamp.of(random.nextInt(3), random.nextInt(2)),
              new Dot(ReplicaId.of(id), 1 + random.nextInt(9))));
    }
    siblings.sort(Comparator.comparing(Sibling::time).thenComparing(Sibling::dot));
    boolean known = random.nextInt(4) > 0;
    return new Conflict(known ? fresh(values.get(random.nextInt(values.size()))) : null, siblings);
  }

  /** An equal value with bytes of its own. */
  private static Value fresh(Value value) {
    return Value.ofCanonical(value.canonicalBytes());
  }
}
