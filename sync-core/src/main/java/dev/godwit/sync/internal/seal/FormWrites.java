package dev.godwit.sync.internal.seal;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.MergeOperation;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.EnvelopeTable;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.internal.merge.LifeState;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.policy.ColumnPolicy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Writes to merge columns that were made upon less than the states hold, by a form that was opened
 * before a sync: what they did is the difference to what the form showed, not to what the table
 * showed when it was saved.
 *
 * <p>Until the pack is over the table shows what was saved, so that later writes to the row are
 * made upon that.
 */
final class FormWrites {
  private final EnvelopeTable log;
  private final Replicas replicas;
  private final View view;
  private final Map<Row, Map<String, Shown>> saved = new HashMap<>();

  private record Row(int table, LifeId life) {}

  /**
   * The transactions of which is made what the table shows of a column that a form has saved.
   *
   * @param told those that the form was shown
   * @param since those that have written to the column since; no vector tells them from others of
   *     this replica, which the form was not shown
   */
  private record Shown(VersionVector told, Set<Dot> since) {
    boolean covers(Dot dot) {
      return told.covers(dot) || since.contains(dot);
    }

    Shown with(Dot dot) {
      Set<Dot> all = new HashSet<>(since);
      all.add(dot);
      return new Shown(told, all);
    }
  }

  /** What the table showed of a column, and what somebody made of that. */
  record Write(Value before, Value after) {}

  FormWrites(EnvelopeTable log, Replicas replicas, View view) {
    this.log = log;
    this.replicas = replicas;
    this.view = view;
  }

  /**
   * Whether a write to the column was made upon less than the row's state holds: somebody has
   * written to it what its author had not been shown.
   *
   * @param told what the author says that he was shown of the row, null when he says nothing: then
   *     it is what the table showed
   */
  boolean areUpon(
      TrackedTable table, LifeId life, LifeState state, String column, VersionVector told) {
    if (told != null) {
      return state.siblings(column).stream().anyMatch(version -> !told.covers(version.dot()));
    }
    return !saved.isEmpty()
        && saved.getOrDefault(new Row(table.number(), life), Map.of()).containsKey(column);
  }

  /**
   * What writes to such columns of a row did; the table shows them from now on.
   *
   * @param told as for {@link #areUpon}
   * @param writes by column
   * @param written the transaction that they are in
   * @return the operations, null for those that set the value as a whole
   */
  Map<String, MergeOperation> operations(
      TrackedTable table, LifeId life, VersionVector told, Map<String, Write> writes, Dot written) {
    Map<String, Shown> columns =
        saved.computeIfAbsent(new Row(table.number(), life), none -> new HashMap<>());
    PastRow row = PastRow.read(log, replicas, table.name(), life);
    LifeState now = row.seenBy(replicas.vector()::covers);
    Map<String, MergeOperation> operations = new HashMap<>();
    writes.forEach(
        (column, write) -> {
          Shown shown = told == null ? columns.get(column) : new Shown(told, Set.of());
          // A text that a form has saved is nothing that its edits, merged, ever came to.
          boolean edits =
              told == null && view.policy(table.name(), column).kind() == ColumnPolicy.Kind.TEXT;
          operations.put(
              column,
              edits
                  ? view.edits(table.name(), now, column, write.before(), write.after())
                  : view.operation(
                      table.name(),
                      row.seenBy(shown::covers),
                      shown.told(),
                      now,
                      column,
                      write.after()));
          columns.put(column, shown.with(written));
        });
    return operations;
  }
}
