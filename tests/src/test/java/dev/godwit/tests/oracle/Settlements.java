package dev.godwit.tests.oracle;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.sync.change.KeyColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The conflicts that writes to a row have settled: what stood beside each other among all that the
 * author of a write knew, and what that write replaces.
 */
final class Settlements {
  private final Lives lives;
  private final Life life;
  private final Map<Conflict, Write> found = new HashMap<>();

  private record Conflict(String unit, TreeSet<Dot> siblings) {}

  Settlements(Lives lives, Life life) {
    this.lives = lives;
    this.life = life;
    life.writes().forEach(this::add);
  }

  /** All of them, each with the first write that settled it. */
  Set<Oracle.Settled> all() {
    Set<Oracle.Settled> all = new HashSet<>();
    found.forEach(
        (one, by) ->
            all.add(
                new Oracle.Settled(
                    life.table().name(), life.id(), one.unit(), one.siblings(), by.dot())));
    return all;
  }

  private void add(Write write) {
    Life known = new Life(life.table(), life.id(), Map.of());
    for (Write one : life.writes()) {
      boolean earlier = one.dot().equals(write.dot()) && one.ordinal() < write.ordinal();
      if (earlier || write.transaction().dependencies().covers(one.dot())) {
        known.add(one);
      }
    }
    if (known.existence().stream().allMatch(Write::isDelete)) {
      return;
    }
    boolean whole = write.isInsert() || write.isDelete();
    if (!write.isDerived()) {
      existence(write, known.existence());
      if (write.writesKey() || write.isDelete()) {
        keys(write, replaced(write, known.keys()));
      }
    }
    for (String column : life.table().values()) {
      boolean merges = life.table().policy(column).kind().merges();
      if (!merges && (whole || write.writes(column))) {
        values(write, column, replaced(write, known.siblings(column)));
      }
    }
  }

  private static List<Write> replaced(Write by, List<Write> standing) {
    return standing.stream().filter(by::saw).toList();
  }

  private void existence(Write write, List<Write> standing) {
    List<Write> ordinary = standing.stream().filter(one -> !one.isDerived()).toList();
    List<Write> met = new ArrayList<>(replaced(write, ordinary));
    // Of edits beside a delete it counts that there are any: the last one says so.
    met.removeIf(
        one -> !one.isDelete() && ordinary.stream().anyMatch(other -> follows(other, one)));
    if (met.stream().anyMatch(Write::isDelete) && !met.stream().allMatch(Write::isDelete)) {
      put("", met, write);
    }
  }

  private static boolean follows(Write other, Write edit) {
    return !other.isDelete() && other.transaction().dependencies().covers(edit.dot());
  }

  private void keys(Write write, List<Write> met) {
    List<KeyColumn> columns = write.change().shape().keyColumns();
    for (int i = 0; i < columns.size(); i++) {
      Set<Object> said = new HashSet<>();
      for (Write one : met) {
        said.add(meant(one, i));
      }
      if (said.size() > 1) {
        put(columns.get(i).name(), met, write);
      }
    }
  }

  /**
   * What a column of a key says: the row that it refers to, else the value as it was written. Where
   * several refer together the one that keeps it says it, and the others nothing.
   */
  private Object meant(Write write, int place) {
    String column = life.table().key().get(place);
    for (Referral referral : Referral.ofKey(lives, life, write)) {
      if (referral.columns().contains(column)) {
        return referral.column().equals(column) ? referral.to() : "";
      }
    }
    return write.change().key().values().get(place);
  }

  private void values(Write write, String column, List<Write> met) {
    if (met.stream().anyMatch(one -> !one.agrees(met.get(0), column))) {
      put(column, met, write);
    }
  }

  private void put(String unit, List<Write> met, Write by) {
    TreeSet<Dot> siblings = new TreeSet<>();
    met.forEach(one -> siblings.add(one.dot()));
    found.merge(
        new Conflict(unit, siblings),
        by,
        (one, other) -> Write.FIRST.compare(one, other) <= 0 ? one : other);
  }
}
