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
import java.util.HashMap;
import java.util.Map;

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
  private final Map<Row, VersionVector> showed = new HashMap<>();

  private record Row(int table, LifeId life) {}

  FormWrites(EnvelopeTable log, Replicas replicas, View view) {
    this.log = log;
    this.replicas = replicas;
    this.view = view;
  }

  /**
   * What the writer of a row had been shown of it.
   *
   * @param told what he said, null when he said nothing
   * @return null for all that is in its state
   */
  VersionVector shown(TrackedTable table, LifeId life, VersionVector told) {
    return told == null && !showed.isEmpty() ? showed.get(new Row(table.number(), life)) : told;
  }

  /** Whether somebody has written to the column what the writer had not been shown. */
  boolean areUpon(LifeState state, String column, VersionVector shown) {
    return shown != null
        && state.siblings(column).stream().anyMatch(version -> !shown.covers(version.dot()));
  }

  /**
   * What a write to such a column did.
   *
   * @param shown what its author had been shown
   * @param after the value written
   * @return null when it sets the value as a whole
   */
  MergeOperation operation(
      TrackedTable table, LifeId life, VersionVector shown, String column, Value after) {
    PastRow row = PastRow.read(log, replicas, table.name(), life);
    LifeState now = row.seenBy(replicas.vector());
    return view.operation(table.name(), row.seenBy(shown), shown, now, column, after);
  }

  /** Takes note that the table shows what a transaction wrote upon what its author was shown. */
  void shows(TrackedTable table, LifeId life, VersionVector shown, Dot written) {
    showed.put(new Row(table.number(), life), shown.with(written));
  }
}
