package dev.godwit.crdt.law;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridClock;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.counter.GCounter;
import dev.godwit.crdt.counter.PnCounter;
import dev.godwit.crdt.encoding.ValueCodec;
import dev.godwit.crdt.register.LwwRegister;
import dev.godwit.crdt.set.GrowOnlySet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The types under the laws; those with a dot store are in {@link CausalSubjects}. */
final class Subjects {
  private Subjects() {}

  static Stream<Subject<?>> all() {
    return Stream.of(
        new GrowingCounter(),
        new Counter(),
        new LastWrite(),
        new GrowingSet(),
        new CausalSubjects.Register(),
        new CausalSubjects.Elements(),
        new CausalSubjects.MapOfRegisters(),
        new CausalSubjects.MapOfSets(),
        new CausalSubjects.MapOfMaps(),
        new TextSubject());
  }

  static final class GrowingCounter extends Subject<GCounter> {
    @Override
    GCounter empty() {
      return GCounter.zero();
    }

    @Override
    GCounter copy(GCounter state) {
      return state;
    }

    @Override
    GCounter change(GCounter state, ReplicaId replica, Random random, HistoryTwin twin) {
      long amount = random.nextInt(1000) + 1L;
      twin.add("add", "", amount);
      return state.plus(replica, amount);
    }

    @Override
    GCounter merge(GCounter left, GCounter right) {
      return left.merge(right);
    }

    @Override
    GCounter applyDelta(GCounter left, GCounter right, VersionVector since) {
      return left.merge(right.deltaSince(since));
    }

    @Override
    VersionVector version(GCounter state) {
      return state.version();
    }

    @Override
    Object value(GCounter state) {
      return state.value();
    }

    @Override
    Object expected(HistoryTwin twin) {
      return twin.changes().stream().mapToLong(change -> change.amount).sum();
    }

    @Override
    byte[] encode(GCounter state) {
      return state.encode();
    }

    @Override
    GCounter decode(byte[] encoded) {
      return GCounter.decode(encoded);
    }
  }

  static final class Counter extends Subject<PnCounter> {
    @Override
    PnCounter empty() {
      return PnCounter.zero();
    }

    @Override
    PnCounter copy(PnCounter state) {
      return state;
    }

    @Override
    PnCounter change(PnCounter state, ReplicaId replica, Random random, HistoryTwin twin) {
      long amount = random.nextInt(2000) - 1000L;
      twin.add("add", "", amount);
      return state.plus(replica, amount);
    }

    @Override
    PnCounter merge(PnCounter left, PnCounter right) {
      return left.merge(right);
    }

    @Override
    PnCounter applyDelta(PnCounter left, PnCounter right, VersionVector since) {
      return left.merge(right.deltaSince(since));
    }

    @Override
    VersionVector version(PnCounter state) {
      return state.version();
    }

    @Override
    Object value(PnCounter state) {
      return state.value();
    }

    @Override
    Object expected(HistoryTwin twin) {
      return twin.changes().stream().mapToLong(change -> change.amount).sum();
    }

    @Override
    byte[] encode(PnCounter state) {
      return state.encode();
    }

    @Override
    PnCounter decode(byte[] encoded) {
      return PnCounter.decode(encoded);
    }
  }

  /**
   * Each replica's clock is its register's time; the wall clock stands still, so that timestamps
   * often are equal.
   */
  static final class LastWrite extends Subject<LwwRegister<String>> {
    private long sequence;

    @Override
    LwwRegister<String> empty() {
      return LwwRegister.empty();
    }

    @Override
    LwwRegister<String> copy(LwwRegister<String> state) {
      return state;
    }

    @Override
    LwwRegister<String> change(
        LwwRegister<String> state, ReplicaId replica, Random random, HistoryTwin twin) {
      HybridTimestamp time = HybridClock.tick(state.time(), random.nextInt(3));
      Dot dot = new Dot(replica, ++sequence);
      twin.add("write", "value " + sequence, 0, time, dot);
      return state.write("value " + sequence, time, dot);
    }

    @Override
    LwwRegister<String> merge(LwwRegister<String> left, LwwRegister<String> right) {
      return left.merge(right);
    }

    @Override
    LwwRegister<String> applyDelta(
        LwwRegister<String> left, LwwRegister<String> right, VersionVector since) {
      return left.merge(right.deltaSince(since));
    }

    @Override
    VersionVector version(LwwRegister<String> state) {
      return state.version();
    }

    @Override
    Object value(LwwRegister<String> state) {
      return state.isEmpty() ? Optional.empty() : Optional.of(state.value());
    }

    @Override
    Object expected(HistoryTwin twin) {
      return twin.changes().stream()
          .max(
              Comparator.comparing((HistoryTwin.Change change) -> change.time)
                  .thenComparing(change -> change.dot))
          .map(change -> change.path);
    }

    @Override
    byte[] encode(LwwRegister<String> state) {
      return state.encode(ValueCodec.TEXT);
    }

    @Override
    LwwRegister<String> decode(byte[] encoded) {
      return LwwRegister.decode(encoded, ValueCodec.TEXT);
    }
  }

  static final class GrowingSet extends Subject<GrowOnlySet<String>> {
    private static final List<String> ELEMENTS = List.of("a", "b", "c", "é", "\ud83d\ude00", "");

    @Override
    GrowOnlySet<String> empty() {
      return new GrowOnlySet<>(ValueCodec.TEXT);
    }

    @Override
    GrowOnlySet<String> copy(GrowOnlySet<String> state) {
      return state.copy();
    }

    @Override
    GrowOnlySet<String> change(
        GrowOnlySet<String> state, ReplicaId replica, Random random, HistoryTwin twin) {
      String element = ELEMENTS.get(random.nextInt(ELEMENTS.size()));
      twin.add("add", element, 0);
      state.add(replica, element);
      return state;
    }

    @Override
    GrowOnlySet<String> merge(GrowOnlySet<String> left, GrowOnlySet<String> right) {
      left.merge(right);
      return left;
    }

    @Override
    GrowOnlySet<String> applyDelta(
        GrowOnlySet<String> left, GrowOnlySet<String> right, VersionVector since) {
      left.merge(right.deltaSince(since));
      return left;
    }

    @Override
    VersionVector version(GrowOnlySet<String> state) {
      return state.version();
    }

    @Override
    Object value(GrowOnlySet<String> state) {
      return state.elements();
    }

    @Override
    Object expected(HistoryTwin twin) {
      return twin.changes().stream().map(change -> change.path).collect(Collectors.toSet());
    }

    @Override
    byte[] encode(GrowOnlySet<String> state) {
      return state.encode();
    }

    @Override
    GrowOnlySet<String> decode(byte[] encoded) {
      return GrowOnlySet.decode(encoded, ValueCodec.TEXT);
    }
  }
}
