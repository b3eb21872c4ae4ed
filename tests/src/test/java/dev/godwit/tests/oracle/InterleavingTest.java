package dev.godwit.tests.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.RowExtras;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.RowShape;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.merge.Dominance;
import dev.godwit.sync.internal.merge.LifeState;
import dev.godwit.sync.internal.merge.Version;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * One row, three replicas, and everything that they can do in a few steps: insert, edit either
 * column, delete, change the key, learn from each other. Whatever the order in which the changes
 * arrive, the state is the same to the last version, and shows what the oracle says.
 */
class InterleavingTest {
  private static final int REPLICAS = 3;
  private static final int STEPS = 4;
  private static final int KINDS = 5;
  private static final List<KeyColumn> KEY =
      List.of(new KeyColumn("k", KeyColumn.Collation.BINARY, null));
  private static final TableModel TABLE =
      TableModel.of("t", false, List.of("k"), List.of("a", "b"));
  private static final RowKey BIRTH = RowKey.of(Value.of("k"));
  private static final LifeId LIFE = shape("a").birthLife(BIRTH, RowExtras.NONE);

  /** Joins a change into a state: as the library does, or with a fault. */
  private interface Join {
    void join(LifeState state, Transaction transaction, int arrival);
  }

  private static void library(LifeState state, Transaction transaction, int arrival) {
    RowChange change = transaction.changes().get(0);
    state.merge(
        change,
        transaction.dot(),
        transaction.dependencies(),
        Dominance.of(change, transaction.dot(), transaction.dependencies()));
  }

  @Test
  void theOrderOfArrivalNeverMatters() {
    assertEquals(0, differences(InterleavingTest::library, Integer.MAX_VALUE));
  }

  @Test
  void losersThatAreDroppedAreMissed() {
    assertFound(
        (state, transaction, arrival) -> {
          library(state, transaction, arrival);
          state
              .units()
              .values()
              .forEach(versions -> versions.subList(0, versions.size() - 1).clear());
        });
  }

  @Test
  void arrivalAsTieBreakIsNoticed() {
    assertFound(
        (state, transaction, arrival) -> {
          RowChange change = transaction.changes().get(0);
          RowChange late = at(change, HybridTimestamp.of(arrival, 0));
          library(
              state,
              new Transaction(transaction.dot(), transaction.dependencies(), List.of(late)),
              arrival);
        });
  }

  @Test
  void deletesThatAreIgnoredAreMissed() {
    assertFound(
        (state, transaction, arrival) -> {
          if (transaction.changes().get(0).kind() != RowChange.Kind.DELETE) {
            library(state, transaction, arrival);
          }
        });
  }

  @Test
  void dependenciesThatAreNotRecordedAreMissed() {
    assertFound(
        (state, transaction, arrival) ->
            library(
                state,
                new Transaction(transaction.dot(), VersionVector.empty(), transaction.changes()),
                arrival));
  }

  @Test
  void anEditThatRevivesOnlyWhatItWroteIsNoticed() {
    assertFound(
        (state, transaction, arrival) -> {
          library(state, transaction, arrival);
          if (transaction.changes().get(0).kind() == RowChange.Kind.DELETE) {
            state.units().clear();
          }
        });
  }

  private static void assertFound(Join fault) {
    assertTrue(differences(fault, 1) > 0, "the fault was not found");
  }

  /** How many histories end in different states, or show something else than the oracle. */
  private static int differences(Join join, int enough) {
    int differences = 0;
    int choices = REPLICAS * (KINDS + REPLICAS - 1);
    int histories = (int) Math.pow(choices, STEPS);
    Set<List<Transaction>> seen = new HashSet<>();
    for (int number = 0; number < histories && differences < enough; number++) {
      List<Transaction> history = history(number, choices);
      if (seen.add(history) && !holds(history, join)) {
        differences++;
      }
    }
    return differences;
  }

  private static List<Transaction> history(int number, int choices) {
    List<Transaction> history = new ArrayList<>();
    VersionVector[] known = new VersionVector[REPLICAS];
    history.add(transaction(0, VersionVector.empty(), insert(history, VersionVector.empty(), 0)));
    java.util.Arrays.fill(known, VersionVector.empty().with(history.get(0).dot()));
    int left = number;
    for (int step = 0; step < STEPS; step++) {
      int choice = left % choices;
      left /= choices;
      int replica = choice % REPLICAS;
      int what = choice / REPLICAS;
      if (what >= KINDS) {
        int other = (replica + 1 + what - KINDS) % REPLICAS;
        known[replica] = known[replica].join(known[other]);
      } else {
        RowChange change = change(history, known[replica], what, step);
        if (change != null) {
          Transaction made = transaction(replica, known[replica], change);
          history.add(made);
          known[replica] = known[replica].with(made.dot());
        }
      }
    }
    return history;
  }

  private static Transaction transaction(int replica, VersionVector known, RowChange change) {
    byte[] id = new byte[ReplicaId.LENGTH_BYTES];
    id[0] = (byte) (replica + 1);
    ReplicaId author = ReplicaId.of(id);
    return new Transaction(new Dot(author, known.sequence(author) + 1), known, List.of(change));
  }

  private static RowChange change(
      List<Transaction> history, VersionVector known, int what, int step) {
    LifeState seen = LifeState.empty();
    history.stream()
        .filter(transaction -> known.covers(transaction.dot()))
        .forEach(transaction -> library(seen, transaction, 0));
    if (what == 0) {
      return seen.isPresent() ? null : insert(history, known, step);
    }
    if (!seen.isPresent()) {
      return null;
    }
    RowKey key = seen.wantedKey().key();
    Value value = Value.of("v" + step);
    return switch (what) {
      case 1 -> update(key, "a", value, known);
      case 2 -> update(key, "b", value, known);
      case 3 -> change(RowChange.Kind.DELETE, List.of(), key, List.of(), RowExtras.NONE, known);
      default ->
          change(
              RowChange.Kind.UPDATE,
              List.of(),
              RowKey.of(Value.of("k" + step)),
              List.of(),
              RowExtras.NONE.withKeyBefore(key),
              known);
    };
  }

  private static RowChange insert(List<Transaction> history, VersionVector known, int step) {
    List<Value> values = List.of(Value.of("i" + step + history.size()), Value.of("same"));
    return change(RowChange.Kind.INSERT, List.of("a", "b"), BIRTH, values, RowExtras.NONE, known);
  }

  private static RowChange update(RowKey key, String column, Value value, VersionVector known) {
    return change(
        RowChange.Kind.UPDATE, List.of(column), key, List.of(value), RowExtras.NONE, known);
  }

  /** Timestamps count what is known, so that concurrent ones are often equal. */
  private static RowChange change(
      RowChange.Kind kind,
      List<String> columns,
      RowKey key,
      List<Value> values,
      RowExtras extras,
      VersionVector known) {
    long time = known.entries().values().stream().mapToLong(Long::longValue).sum();
    return new RowChange(
        shape(columns.toArray(new String[0])),
        kind,
        LIFE,
        key,
        HybridTimestamp.of(time, 0),
        values,
        List.of(),
        extras);
  }

  private static RowChange at(RowChange change, HybridTimestamp time) {
    return new RowChange(
        change.shape(),
        change.kind(),
        change.life(),
        change.key(),
        time,
        change.values(),
        change.before(),
        change.extras());
  }

  private static RowShape shape(String... columns) {
    return new RowShape("t", KEY, List.of(columns));
  }

  private static boolean holds(List<Transaction> history, Join join) {
    Set<String> states = new HashSet<>();
    arrive(history, new ArrayList<>(), VersionVector.empty(), join, states);
    Oracle oracle = new Oracle(List.of(TABLE), history);
    Set<String> losers = new TreeSet<>();
    oracle.losers().forEach(loser -> losers.add(loser.unit() + " of " + loser.dot()));
    String expected = " keeps " + losers + " shows " + String.join("", oracle.rows("t"));
    return states.size() == 1 && states.iterator().next().endsWith(expected);
  }

  /** Every order in which the changes can arrive, each after all that it depends on. */
  private static void arrive(
      List<Transaction> history,
      List<Transaction> arrived,
      VersionVector known,
      Join join,
      Set<String> states) {
    if (arrived.size() == history.size()) {
      LifeState state = LifeState.empty();
      for (int i = 0; i < arrived.size(); i++) {
        join.join(state, arrived.get(i), i);
      }
      states.add(text(state));
      return;
    }
    for (Transaction next : history) {
      if (!known.covers(next.dot()) && known.covers(next.dependencies())) {
        arrived.add(next);
        arrive(history, arrived, known.with(next.dot()), join, states);
        arrived.remove(arrived.size() - 1);
      }
    }
  }

  private static String text(LifeState state) {
    Set<String> existence = new TreeSet<>();
    state.existence().forEach(presence -> existence.add(presence.toString()));
    String shown = "";
    if (state.isPresent()) {
      List<Value> row = new ArrayList<>(state.wantedKey().key().values());
      row.add(value(state.pick("a")));
      row.add(value(state.pick("b")));
      shown = row.toString();
    }
    Set<String> losers = new TreeSet<>();
    state.units().forEach((unit, versions) -> losers(unit, versions, losers));
    String whole = existence + " " + state.keys() + " " + state.units();
    return whole + " keeps " + losers + " shows " + shown;
  }

  private static void losers(String unit, List<Version> versions, Set<String> losers) {
    for (Version version : versions) {
      if (!version.value().equals(versions.get(versions.size() - 1).value())) {
        losers.add(unit + " of " + version.dot());
      }
    }
  }

  private static Value value(Version version) {
    return version == null ? Value.NULL : version.value();
  }
}
