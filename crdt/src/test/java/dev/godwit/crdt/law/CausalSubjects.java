package dev.godwit.crdt.law;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.dots.CausalDelta;
import dev.godwit.crdt.dots.CausalState;
import dev.godwit.crdt.dots.DotMap;
import dev.godwit.crdt.dots.DotSet;
import dev.godwit.crdt.dots.DotStore;
import dev.godwit.crdt.dots.DotStoreType;
import dev.godwit.crdt.dots.DotValues;
import dev.godwit.crdt.encoding.ValueCodec;
import dev.godwit.crdt.map.AddWinsMap;
import dev.godwit.crdt.register.MultiValueRegister;
import dev.godwit.crdt.set.AddWinsSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The types with a dot store, and nestings of them, under the laws. Paths are keys with slashes
 * between.
 */
final class CausalSubjects {
  private CausalSubjects() {}

  abstract static class Causal<S extends DotStore<S>, C extends CausalState<S, C>>
      extends Subject<C> {
    abstract DotStoreType<S> type();

    @Override
    C merge(C left, C right) {
      left.merge(right);
      return left;
    }

    @Override
    C applyDelta(C left, C right, VersionVector since) {
      byte[] encoded = right.deltaSince(since).encode(type());
      left.apply(CausalDelta.decode(encoded, type()));
      return left;
    }

    @Override
    VersionVector version(C state) {
      return state.version();
    }

    @Override
    byte[] encode(C state) {
      return state.encode();
    }

    @Override
    byte[] encodeDelta(C state, VersionVector since) {
      return state.deltaSince(since).encode(type());
    }

    @Override
    void decodeDelta(byte[] encoded) {
      CausalDelta.decode(encoded, type());
    }

    static String key(Random random) {
      return String.valueOf((char) ('a' + random.nextInt(4)));
    }

    static Set<String> paths(HistoryTwin twin, String kind, boolean withAmount) {
      return twin
          .standing(
              kind,
              (later, change) ->
                  change.path.equals(later.path)
                      || later.kind.equals("remove") && change.path.startsWith(later.path + "/"))
          .stream()
          .map(change -> change.path + (withAmount ? "=" + change.amount : ""))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  static final class Register extends Causal<DotValues<Long>, MultiValueRegister<Long>> {
    private long next;

    @Override
    DotStoreType<DotValues<Long>> type() {
      return MultiValueRegister.type(ValueCodec.NUMBER);
    }

    @Override
    MultiValueRegister<Long> empty() {
      return new MultiValueRegister<>(ValueCodec.NUMBER);
    }

    @Override
    MultiValueRegister<Long> copy(MultiValueRegister<Long> state) {
      return state.copy();
    }

    @Override
    MultiValueRegister<Long> change(
        MultiValueRegister<Long> state, ReplicaId replica, Random random, HistoryTwin twin) {
      if (random.nextInt(5) == 0) {
        twin.add("remove", "", 0);
        state.clear();
      } else {
        twin.add("write", "", ++next);
        state.write(replica, next);
      }
      return state;
    }

    @Override
    Object value(MultiValueRegister<Long> state) {
      return state.values().stream()
          .map(value -> "=" + value)
          .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    Object expected(HistoryTwin twin) {
      return paths(twin, "write", true);
    }

    @Override
    MultiValueRegister<Long> decode(byte[] encoded) {
      return MultiValueRegister.decode(encoded, ValueCodec.NUMBER);
    }
  }

  static final class Elements extends Causal<DotMap<String, DotSet>, AddWinsSet<String>> {
    @Override
    DotStoreType<DotMap<String, DotSet>> type() {
      return AddWinsSet.type(ValueCodec.TEXT);
    }

    @Override
    AddWinsSet<String> empty() {
      return new AddWinsSet<>(ValueCodec.TEXT);
    }

    @Override
    AddWinsSet<String> copy(AddWinsSet<String> state) {
      return state.copy();
    }

    @Override
    AddWinsSet<String> change(
        AddWinsSet<String> state, ReplicaId replica, Random random, HistoryTwin twin) {
      String element = key(random);
      if (random.nextInt(3) == 0) {
        twin.add("remove", element, 0);
        state.remove(element);
      } else {
        twin.add("add", element, 0);
        state.add(replica, element);
      }
      return state;
    }

    @Override
    Object value(AddWinsSet<String> state) {
      return new TreeSet<>(state.elements());
    }

    @Override
    Object expected(HistoryTwin twin) {
      return paths(twin, "add", false);
    }

    @Override
    AddWinsSet<String> decode(byte[] encoded) {
      return AddWinsSet.decode(encoded, ValueCodec.TEXT);
    }
  }

  static final class MapOfRegisters
      extends Causal<DotMap<String, DotValues<Long>>, AddWinsMap<String, DotValues<Long>>> {
    private static final DotStoreType<DotValues<Long>> NESTED = DotValues.type(ValueCodec.NUMBER);
    private long next;

    @Override
    DotStoreType<DotMap<String, DotValues<Long>>> type() {
      return AddWinsMap.type(ValueCodec.TEXT, NESTED);
    }

    @Override
    AddWinsMap<String, DotValues<Long>> empty() {
      return new AddWinsMap<>(ValueCodec.TEXT, NESTED);
    }

    @Override
    AddWinsMap<String, DotValues<Long>> copy(AddWinsMap<String, DotValues<Long>> state) {
      return state.copy();
    }

    @Override
    AddWinsMap<String, DotValues<Long>> change(
        AddWinsMap<String, DotValues<Long>> state,
        ReplicaId replica,
        Random random,
        HistoryTwin twin) {
      String key = key(random);
      if (random.nextInt(3) == 0) {
        twin.add("remove", key, 0);
        state.remove(key);
      } else {
        twin.add("write", key, ++next);
        state.update(replica, key, (register, dots) -> register.assign(dots.get(), next));
      }
      return state;
    }

    @Override
    Object value(AddWinsMap<String, DotValues<Long>> state) {
      Set<String> shown = new TreeSet<>();
      state
          .keys()
          .forEach(key -> state.get(key).values().forEach(value -> shown.add(key + "=" + value)));
      return shown;
    }

    @Override
    Object expected(HistoryTwin twin) {
      return paths(twin, "write", true);
    }

    @Override
    AddWinsMap<String, DotValues<Long>> decode(byte[] encoded) {
      return AddWinsMap.decode(encoded, ValueCodec.TEXT, NESTED);
    }
  }

  static final class MapOfSets
      extends Causal<
          DotMap<String, DotMap<String, DotSet>>, AddWinsMap<String, DotMap<String, DotSet>>> {
    private static final DotStoreType<DotMap<String, DotSet>> NESTED =
        AddWinsSet.type(ValueCodec.TEXT);

    @Override
    DotStoreType<DotMap<String, DotMap<String, DotSet>>> type() {
      return AddWinsMap.type(ValueCodec.TEXT, NESTED);
    }

    @Override
    AddWinsMap<String, DotMap<String, DotSet>> empty() {
      return new AddWinsMap<>(ValueCodec.TEXT, NESTED);
    }

    @Override
    AddWinsMap<String, DotMap<String, DotSet>> copy(
        AddWinsMap<String, DotMap<String, DotSet>> state) {
      return state.copy();
    }

    @Override
    AddWinsMap<String, DotMap<String, DotSet>> change(
        AddWinsMap<String, DotMap<String, DotSet>> state,
        ReplicaId replica,
        Random random,
        HistoryTwin twin) {
      String key = key(random);
      String element = key(random);
      int choice = random.nextInt(6);
      if (choice == 0) {
        twin.add("remove", key, 0);
        state.remove(key);
      } else if (choice == 1) {
        twin.add("remove", key + "/" + element, 0);
        state.update(replica, key, (set, dots) -> set.remove(element));
      } else {
        twin.add("add", key + "/" + element, 0);
        state.update(
            replica, key, (set, dots) -> set.update(element, flag -> flag.assign(dots.get())));
      }
      return state;
    }

    @Override
    Object value(AddWinsMap<String, DotMap<String, DotSet>> state) {
      Set<String> shown = new TreeSet<>();
      state
          .keys()
          .forEach(key -> state.get(key).keys().forEach(element -> shown.add(key + "/" + element)));
      return shown;
    }

    @Override
    Object expected(HistoryTwin twin) {
      return paths(twin, "add", false);
    }

    @Override
    AddWinsMap<String, DotMap<String, DotSet>> decode(byte[] encoded) {
      return AddWinsMap.decode(encoded, ValueCodec.TEXT, NESTED);
    }
  }

  static final class MapOfMaps
      extends Causal<
          DotMap<String, DotMap<String, DotValues<Long>>>,
          AddWinsMap<String, DotMap<String, DotValues<Long>>>> {
    private static final DotStoreType<DotMap<String, DotValues<Long>>> NESTED =
        AddWinsMap.type(ValueCodec.TEXT, DotValues.type(ValueCodec.NUMBER));
    private long next;

    @Override
    DotStoreType<DotMap<String, DotMap<String, DotValues<Long>>>> type() {
      return AddWinsMap.type(ValueCodec.TEXT, NESTED);
    }

    @Override
    AddWinsMap<String, DotMap<String, DotValues<Long>>> empty() {
      return new AddWinsMap<>(ValueCodec.TEXT, NESTED);
    }

    @Override
    AddWinsMap<String, DotMap<String, DotValues<Long>>> copy(
        AddWinsMap<String, DotMap<String, DotValues<Long>>> state) {
      return state.copy();
    }

    @Override
    AddWinsMap<String, DotMap<String, DotValues<Long>>> change(
        AddWinsMap<String, DotMap<String, DotValues<Long>>> state,
        ReplicaId replica,
        Random random,
        HistoryTwin twin) {
      String key = key(random);
      String inner = key(random);
      int choice = random.nextInt(6);
      if (choice == 0) {
        twin.add("remove", key, 0);
        state.remove(key);
      } else if (choice == 1) {
        twin.add("remove", key + "/" + inner, 0);
        state.update(replica, key, (map, dots) -> map.remove(inner));
      } else {
        twin.add("write", key + "/" + inner, ++next);
        state.update(
            replica,
            key,
            (map, dots) -> map.update(inner, register -> register.assign(dots.get(), next)));
      }
      return state;
    }

    @Override
    Object value(AddWinsMap<String, DotMap<String, DotValues<Long>>> state) {
      Set<String> shown = new TreeSet<>();
      for (String key : state.keys()) {
        DotMap<String, DotValues<Long>> map = state.get(key);
        map.keys()
            .forEach(
                inner ->
                    map.get(inner)
                        .values()
                        .forEach(value -> shown.add(key + "/" + inner + "=" + value)));
      }
      return shown;
    }

    @Override
    Object expected(HistoryTwin twin) {
      return paths(twin, "write", true);
    }

    @Override
    AddWinsMap<String, DotMap<String, DotValues<Long>>> decode(byte[] encoded) {
      return AddWinsMap.decode(encoded, ValueCodec.TEXT, NESTED);
    }
  }
}
