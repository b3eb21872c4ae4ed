package dev.godwit.sync.internal.engine;

import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.internal.apply.LoggedTexts;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.merge.TextCompaction;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.RowStates;
import dev.godwit.sync.report.CompactionReport;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes merged texts forget edits that everybody known has seen; the log keeps them.
 *
 * <p>Looks through the states in read transactions, and rewrites some at a time in write
 * transactions of their own: a crash in between leaves some done and others not, which is a state
 * like any other. Only states are written: what the tables show and what conflicts stays.
 */
public final class Compaction {
  /** States loaded or rewritten in one transaction: some milliseconds for which writers wait. */
  private static final int LIVES_A_SLICE = 64;

  private final ReplicaFile file;
  private VersionVector stable = VersionVector.empty();
  private long texts;
  private long textsCompacted;
  private long editsForgotten;
  private long textsKept;
  private long bytesBefore;
  private long bytesAfter;

  /** One row with a state of its own. */
  private record Row(int table, LifeId life) {}

  public Compaction(ReplicaFile file) {
    this.file = file;
  }

  /** Does it. */
  public CompactionReport run() {
    List<Row> rows = file.read(this::rowsWithState);
    List<Row> reaching = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += LIVES_A_SLICE) {
      List<Row> slice = rows.subList(from, Math.min(rows.size(), from + LIVES_A_SLICE));
      reaching.addAll(file.read(workspace -> reaching(workspace, slice)));
    }
    for (int from = 0; from < reaching.size(); from += LIVES_A_SLICE) {
      List<Row> slice = reaching.subList(from, Math.min(reaching.size(), from + LIVES_A_SLICE));
      file.write(
          workspace -> {
            compact(workspace, slice);
            return null;
          });
    }
    return new CompactionReport(
        stable, texts, textsCompacted, editsForgotten, textsKept, bytesBefore, bytesAfter);
  }

  private List<Row> rowsWithState(Workspace workspace) {
    stable = workspace.replicas().acknowledged(workspace.meta().replica());
    List<Row> rows = new ArrayList<>();
    for (TrackedTable table : workspace.catalog().tables()) {
      if (!table.isSystem()) {
        for (LifeId life : states(workspace).livesWithState(table.number())) {
          rows.add(new Row(table.number(), life));
        }
      }
    }
    return rows;
  }

  /** Those with edits below the stable version. */
  private List<Row> reaching(Workspace workspace, List<Row> rows) {
    RowStates states = states(workspace);
    List<Row> found = new ArrayList<>();
    for (Row one : rows) {
      RowState row = states.load(one.table(), one.life());
      texts += TextCompaction.texts(row.state());
      if (!TextCompaction.forgettable(row.state(), stable).isEmpty()) {
        found.add(one);
      }
    }
    return found;
  }

  private void compact(Workspace workspace, List<Row> rows) {
    RowStates states = states(workspace);
    LoggedTexts log = new LoggedTexts(workspace.log());
    for (Row one : rows) {
      // Between two transactions the table may have gone, and the row with it.
      if (workspace.catalog().table(one.table()) != null) {
        compact(states, log, states.load(one.table(), one.life()));
      }
    }
  }

  private void compact(RowStates states, LoggedTexts log, RowState row) {
    long compacted = 0;
    long forgotten = 0;
    for (TextCompaction.Edits edits : TextCompaction.forgettable(row.state(), stable)) {
      boolean done = forget(log, row, edits);
      compacted += done ? 1 : 0;
      forgotten += done ? edits.edits().size() : 0;
      textsKept += done ? 0 : 1;
    }
    int before = states.stateBytes(row.table(), row.life());
    int after = compacted == 0 ? before : states.shrink(row, before);
    // Which few edits made a text takes as much to tell as the edits themselves.
    if (after < before) {
      textsCompacted += compacted;
      editsForgotten += forgotten;
      bytesBefore += before;
      bytesAfter += after;
    }
  }

  private boolean forget(LoggedTexts log, RowState row, TextCompaction.Edits edits) {
    try {
      return TextCompaction.forget(row.state(), stable, edits, log.read(row.life(), edits));
    } catch (UncheckedIOException e) {
      // The doctor tells what is wrong with the log: a reason more to forget nothing.
      return false;
    }
  }

  private static RowStates states(Workspace workspace) {
    return new RowStates(workspace.session(), workspace.catalog(), workspace.replicas());
  }
}
