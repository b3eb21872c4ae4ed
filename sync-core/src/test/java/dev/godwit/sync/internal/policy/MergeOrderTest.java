package dev.godwit.sync.internal.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.encoding.EncodingReader;
import dev.godwit.crdt.encoding.EncodingWriter;
import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.MergeOperation;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.RowExtras;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.RowShape;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.check.Rules;
import dev.godwit.sync.internal.merge.Dominance;
import dev.godwit.sync.internal.merge.LifeState;
import dev.godwit.sync.internal.merge.MergeState;
import dev.godwit.sync.internal.merge.Version;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Joins one history of one row in many causal orders: the view is the same under every policy, and
 * a counter is what the definition says, worked out from the whole history.
 */
class MergeOrderTest {
  private static final String TABLE = "t";
  private static final KeyColumn KEY = new KeyColumn("id", KeyColumn.Collation.BINARY, null);
  private static final RowKey ROW = RowKey.of(Value.of("r"));
  private static final LifeId LIFE =
      new RowShape(TABLE, List.of(KEY), List.of()).birthLife(ROW, RowExtras.NONE);
  private static final int HISTORIES = Integer.getInteger("godwit.policy.histories", 2_000);
  private static final int ORDERS = 12;
  private static final String[] POLICIES = {
    "counter", "set", "map", "text", "last-writer-wins", "max", "manual", "replica-priority('2')"
  };

  private record Sealed(Dot dot, VersionVector dependencies, RowChange change) {}

  /** One author: what he has seen, in one causal order. */
  private static final class Author {
    private final ReplicaId id;
    private final List<Sealed> seen = new ArrayList<>();
    private LifeState state = LifeState.empty();
    private VersionVector vector = VersionVector.empty();

    private Author(int number) {
      byte[] bytes = new byte[ReplicaId.LENGTH_BYTES];
      bytes[0] = (byte) number;
      id = ReplicaId.of(bytes);
    }

    private void join(Sealed sealed) {
      if (!vector.covers(sealed.dot())) {
        MergeOrderTest.join(state, sealed);
        seen.add(sealed);
        vector = vector.with(sealed.dot());
      }
    }
  }

  private static void join(LifeState state, Sealed sealed) {
    state.merge(
        sealed.change(),
        sealed.dot(),
        sealed.dependencies(),
        Dominance.of(sealed.change(), sealed.dot(), sealed.dependencies()));
  }

  private static View view(String policy) {
    List<Policies.Declaration> rows = List.of(new Policies.Declaration(TABLE, "c", policy));
    return new View(new Policies(rows), id -> "" + id.bytes()[0], () -> Rules.NONE);
  }

  @Test
  void everyOrderShowsTheSameUnderEveryPolicy() {
    long base = Long.getLong("godwit.seed", System.nanoTime());
    for (int run = 0; run < HISTORIES; run++) {
      long seed = base + run;
      Random random = new Random(seed);
      List<Sealed> history = history(random, POLICIES[random.nextInt(5)]);
      Map<String, Value> expected = shown(history, random, 0);
      for (int order = 1; order < ORDERS; order++) {
        assertEquals(expected, shown(history, random, order), "-Dgodwit.seed=" + seed);
      }
      assertEquals(counted(history), expected.get("counter"), "counter, -Dgodwit.seed=" + seed);
    }
  }

  /**
   * What each policy shows after one causal order of joining; the state is written and read
   * between.
   */
  private static Map<String, Value> shown(List<Sealed> history, Random random, int order) {
    LifeState state = LifeState.empty();
    VersionVector joined = VersionVector.empty();
    List<Sealed> left = new ArrayList<>(history);
    while (!left.isEmpty()) {
      int at = order == 0 ? 0 : random.nextInt(left.size());
      Sealed next = left.get(at);
      boolean ready =
          joined.covers(next.dependencies())
              && joined.sequence(next.dot().replica()) == next.dot().sequence() - 1;
      if (ready) {
        left.remove(at);
        join(state, next);
        joined = joined.with(next.dot());
        stored(state);
      }
    }
    Map<String, Value> shown = new TreeMap<>();
    for (String policy : POLICIES) {
      Version version = view(policy).shown(TABLE, state, "c");
      shown.put(policy, version == null ? Value.NULL : version.value());
    }
    return shown;
  }

  private static void stored(LifeState state) {
    if (state.merges() != null) {
      for (List<MergeState> kept : state.merges().values()) {
        kept.replaceAll(
            one -> {
              EncodingWriter out = new EncodingWriter();
              one.write(out);
              return MergeState.read(one.type(), new EncodingReader(out.toBytes()));
            });
      }
    }
  }

  private static List<Sealed> history(Random random, String policy) {
    List<Author> authors = List.of(new Author(1), new Author(2), new Author(3));
    List<Sealed> history = new ArrayList<>();
    int steps = 3 + random.nextInt(14);
    for (int step = 0; step < steps; step++) {
      Author author = authors.get(random.nextInt(3));
      if (random.nextInt(3) == 0) {
        authors.get(random.nextInt(3)).seen.forEach(author::join);
      }
      String written = random.nextInt(12) == 0 ? "last-writer-wins" : policy;
      Sealed sealed = write(random, author, view(written), step);
      author.join(sealed);
      history.add(sealed);
    }
    return history;
  }

  private static Sealed write(Random random, Author author, View view, int step) {
    Dot dot = new Dot(author.id, author.vector.sequence(author.id) + 1);
    boolean insert = author.state.isEmpty() || random.nextInt(12) == 0;
    Version shown = insert ? null : view.shown(TABLE, author.state, "c");
    Value before = shown == null ? Value.NULL : shown.value();
    Value after = after(random, before);
    RowExtras extras = RowExtras.NONE;
    if (!insert && view.merges(TABLE, "c")) {
      MergeOperation operation = view.operation(TABLE, author.state, "c", before, after);
      if (operation != null) {
        extras = extras.withMerge(Map.of(1, operation.encode()));
      }
    }
    RowChange change =
        new RowChange(
            new RowShape(TABLE, List.of(KEY), List.of("c")),
            insert ? RowChange.Kind.INSERT : RowChange.Kind.UPDATE,
            LIFE,
            ROW,
            HybridTimestamp.of(step / 3, 0),
            List.of(after),
            List.of(),
            extras);
    return new Sealed(dot, author.vector, change);
  }

  private static Value after(Random random, Value before) {
    if (before instanceof Value.Integer number && random.nextInt(5) > 0) {
      return Value.of(number.number() + random.nextInt(7) - 3);
    }
    int kind = random.nextInt(8);
    String letters = "" + (char) ('a' + random.nextInt(4));
    if (before instanceof Value.Text text && kind > 2) {
      String old = text.text();
      if (old.startsWith("[") && old.length() > 2) {
        return Value.of(
            kind < 5
                ? "[" + old.substring(old.indexOf(',') + 1)
                : old.replaceFirst("\\[", "[\"" + letters + "\","));
      }
      if (old.startsWith("{") && old.length() > 2) {
        return Value.of("{\"" + letters + "\":" + kind + (kind < 5 ? "}" : ",\"z\":" + old + "}"));
      }
      int at = random.nextInt(old.length() + 1);
      return Value.of(
          kind < 5 ? old.substring(0, at) : old.substring(0, at) + letters + old.substring(at));
    }
    switch (kind) {
      case 0:
        return Value.NULL;
      case 1:
        return Value.of("[\"" + letters + "\",1,1]");
      case 2:
        return Value.of("{\"" + letters + "\":1}");
      case 3:
        return Value.of("some text " + letters);
      default:
        return Value.of(random.nextInt(20));
    }
  }

  /** The counter by its definition, from the whole history. */
  private static Value counted(List<Sealed> history) {
    List<Sealed> bases = new ArrayList<>();
    for (Sealed one : history) {
      boolean dominated = false;
      for (Sealed other : history) {
        dominated |=
            !(operation(other) instanceof MergeOperation.Step)
                && other.dependencies().covers(one.dot());
      }
      if (!dominated && !(operation(one) instanceof MergeOperation.Step)) {
        bases.add(one);
      }
    }
    bases.sort(
        (one, other) -> {
          int byTime = one.change().time().compareTo(other.change().time());
          return byTime != 0 ? byTime : one.dot().compareTo(other.dot());
        });
    Sealed base = bases.get(bases.size() - 1);
    if (!(base.change().values().get(0) instanceof Value.Integer set)) {
      return base.change().values().get(0);
    }
    BigDecimal sum = BigDecimal.valueOf(set.number());
    for (Sealed one : history) {
      if (operation(one) instanceof MergeOperation.Step step) {
        boolean told =
            operation(base) instanceof MergeOperation.Reset reset
                && reset.seen().containsKey(step.base());
        boolean counts =
            step.base().equals(base.dot()) || told && !base.dependencies().covers(one.dot());
        sum = counts ? sum.add(step.amount().exact()) : sum;
      }
    }
    return Value.of(sum.longValueExact());
  }

  private static MergeOperation operation(Sealed sealed) {
    byte[] bytes = sealed.change().extras().merge().get(1);
    return bytes == null ? null : MergeOperation.decode(bytes);
  }
}
