package dev.godwit.tests.oracle;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.KeyColumn;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** One row with everything that was ever written to it. */
final class Life {
  private final TableModel table;
  private final LifeId id;
  private final Map<ReplicaId, String> deviceNames;
  private final List<Write> writes = new ArrayList<>();

  // What follows is asked for so often that it is kept, once all writes are here.
  private List<Write> existence;

  private final Map<String, List<Write>> siblings = new HashMap<>();
  private final Map<String, Unit> units = new HashMap<>();
  private final Map<String, Move> moves = new HashMap<>();
  private CheckedRow checked;

  Life(TableModel table, LifeId id, Map<ReplicaId, String> deviceNames) {
    this.table = table;
    this.id = id;
    this.deviceNames = deviceNames;
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

  /** Whether somebody who had seen this write has deleted the row, whatever has come since. */
  boolean isOutlived(Write write) {
    return writes.stream().anyMatch(one -> one.isDelete() && one.saw(write));
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
      if (bears && id.equals(born(write, key))) {
        births.add(write);
      }
    }
    return births.isEmpty() ? null : Collections.max(births, Write.LAST_WINS);
  }

  /**
   * The row that is born under a key: what several columns refer to together, or one to a key that
   * is a reference itself, stands for all of them.
   */
  private LifeId born(Write write, RowKey key) {
    Map<Integer, LifeId> references = write.change().extras().references();
    List<byte[]> parts = write.change().shape().canonicalKey(key, write.change().extras());
    Map<Integer, LifeId> told = new HashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      KeyColumn column = write.change().shape().keyColumns().get(i);
      Reference rule = table.references().get(column.name());
      if (rule != null && column.parent() == null && references.containsKey(i)) {
        rule.columns(column.name())
            .forEach(other -> parts.set(table.key().indexOf(other), new byte[0]));
        told.put(i, references.get(i));
      }
    }
    told.forEach(
        (place, life) ->
            parts.set(
                place,
                ByteBuffer.allocate(1 + LifeId.LENGTH_BYTES)
                    .put((byte) 'L')
                    .put(life.bytes())
                    .array()));
    return LifeId.natural(table.name(), parts);
  }

  List<Write> siblings(String column) {
    return siblings.computeIfAbsent(
        column,
        one ->
            standing(
                write -> write.writes(one),
                (later, earlier) -> (later.writes(one) || later.isInsert()) && later.saw(earlier)));
  }

  Unit unit(String column) {
    return units.computeIfAbsent(column, one -> new Unit(this, one, deviceNames));
  }

  /** What the rules of its table make of the row. */
  CheckedRow checked() {
    if (checked == null) {
      checked = new CheckedRow(this);
    }
    return checked;
  }

  /** What a column shows, null when it was never written. */
  Shown shown(String column) {
    boolean tree = table.policy(column).isTree();
    boolean fallen = !tree && checked().fallen().contains(column);
    Shown shown = fallen ? unit(column).ofLastWriter() : unit(column).merged();
    return shown == null ? null : shown.moved(column, move(column));
  }

  /** What becomes of the row's last move in a tree. */
  Move move(String column) {
    return moves.getOrDefault(column, Move.STANDS);
  }

  void move(String column, Move move) {
    moves.put(column, move);
  }

  /** The dots of keys which this row's key was written over. */
  Set<Dot> claims() {
    return new HashSet<>(wantedKey().change().extras().claims());
  }
}
