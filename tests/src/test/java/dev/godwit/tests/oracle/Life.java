package dev.godwit.tests.oracle;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** One row with everything that was ever written to it. */
final class Life {
  private final TableModel table;
  private final LifeId id;
  private final List<Write> writes = new ArrayList<>();

  /** Asked for so often that it is kept, once all writes are here. */
  private List<Write> existence;

  Life(TableModel table, LifeId id) {
    this.table = table;
    this.id = id;
  }

  TableModel table() {
    return table;
  }

  LifeId id() {
    return id;
  }

  void add(Write write) {
    writes.add(write);
  }

  List<Write> writes() {
    return writes;
  }

  /** The writes of one kind that no other one of those replaces. */
  private List<Write> standing(Predicate<Write> concerned, BiPredicate<Write, Write> replaces) {
    List<Write> standing = new ArrayList<>();
    for (Write one : writes) {
      boolean replaced =
          writes.stream().anyMatch(other -> other != one && replaces.test(other, one));
      if (concerned.test(one) && !replaced) {
        standing.add(one);
      }
    }
    standing.sort(Write.LAST_WINS);
    return standing;
  }

  /** What is written by a comparison or migration takes nothing away from what people wrote. */
  private static boolean mayReplace(Write later, Write earlier) {
    return !later.isDerived() || earlier.isDerived();
  }

  List<Write> existence() {
    if (existence == null) {
      existence =
          standing(
              write -> true, (later, earlier) -> mayReplace(later, earlier) && later.saw(earlier));
    }
    return existence;
  }

  boolean isPresent() {
    List<Write> existence = existence();
    boolean written = existence.stream().anyMatch(write -> !write.isDelete() && !write.isDerived());
    boolean absent = existence.stream().anyMatch(Write::isDelete);
    return written && !table.policies().deleteWins() || !existence.isEmpty() && !absent;
  }

  /** Deletes that nobody has replaced. */
  List<Write> standingDeletes() {
    return existence().stream().filter(Write::isDelete).toList();
  }

  /** Of a row in the table: whether a delete stands beside what keeps it there, be it a pin. */
  boolean isRevived() {
    return !standingDeletes().isEmpty();
  }

  List<Write> keys() {
    return standing(
        Write::writesKey,
        (later, earlier) -> later.writesKey() && mayReplace(later, earlier) && later.saw(earlier));
  }

  Write wantedKey() {
    List<Write> keys = keys();
    return keys.get(keys.size() - 1);
  }

  /** The write that bore the row under the key from which its id follows, null when none did. */
  Write birth() {
    List<Write> births = new ArrayList<>();
    for (Write write : writes) {
      RowKey key = write.change().key();
      boolean bears = write.isInsert() || write.isDerived();
      if (bears && id.equals(write.change().shape().birthLife(key, write.change().extras()))) {
        births.add(write);
      }
    }
    return births.isEmpty() ? null : Collections.max(births, Write.LAST_WINS);
  }

  List<Write> siblings(String column) {
    return standing(
        write -> write.writes(column),
        (later, earlier) -> (later.writes(column) || later.isInsert()) && later.saw(earlier));
  }

  /** The write whose value a column shows, null when it was never written. */
  Write pick(String column) {
    List<Write> siblings = siblings(column);
    if (siblings.isEmpty()) {
      return null;
    }
    TablePolicies.Pick policy = table.policies().pick(column);
    if (policy == TablePolicies.Pick.LAST) {
      return siblings.get(siblings.size() - 1);
    }
    List<Write> ordinary = siblings.stream().filter(write -> !write.isDerived()).toList();
    Write picked = null;
    for (Write sibling : ordinary.isEmpty() ? siblings : ordinary) {
      int order =
          picked == null ? 0 : Equality.compare(sibling.value(column), picked.value(column));
      picked = picked == null || isBetter(policy, order) ? sibling : picked;
    }
    return picked;
  }

  /** Of equal values the last writer's. */
  private static boolean isBetter(TablePolicies.Pick policy, int order) {
    return policy == TablePolicies.Pick.MAX ? order >= 0 : order <= 0;
  }

  /** The dots of keys which this row's key was written over. */
  Set<Dot> claims() {
    return new HashSet<>(wantedKey().change().extras().claims());
  }
}
