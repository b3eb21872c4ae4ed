package dev.godwit.sync.internal.capture;

import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import java.util.List;

/**
 * One note of a trigger: what kind of thing happened to which key, and what was there before.
 *
 * @param id its place among the notes
 * @param kind of {@link CaptureTriggers}
 * @param timeMillis when, by the writer's clock; 0 for rows that were there when tracking began
 * @param key which row: the old key, or the new one for an arrival
 * @param before the columns' values before, by position in the table's schema; null where the note
 *     does not tell
 */
public record Note(long id, int kind, long timeMillis, RowKey key, Value[] before) {
  /** Whether the row was there before, wholly known: displaced, deleted or left. */
  boolean tellsPresence() {
    return kind == CaptureTriggers.DISPLACED
        || kind == CaptureTriggers.DELETED
        || kind == CaptureTriggers.LEFT;
  }

  /** Whether the key was free before, unless another note tells otherwise: inserted or arrived. */
  boolean tellsAbsence() {
    return kind == CaptureTriggers.INSERTED || kind == CaptureTriggers.ARRIVED;
  }

  boolean isInserted() {
    return kind == CaptureTriggers.INSERTED;
  }

  boolean isDeleted() {
    return kind == CaptureTriggers.DELETED;
  }

  boolean isLeft() {
    return kind == CaptureTriggers.LEFT;
  }

  boolean isArrived() {
    return kind == CaptureTriggers.ARRIVED;
  }

  /** Whether a note of this kind tells that a row left its key or came to another. */
  public static boolean isMove(int kind) {
    return kind == CaptureTriggers.LEFT || kind == CaptureTriggers.ARRIVED;
  }

  boolean isDisplaced() {
    return kind == CaptureTriggers.DISPLACED;
  }

  /**
   * The row under one key before these notes were made.
   *
   * @param notes all about one key, in order
   * @param after the row behind the last of them, null for none
   * @return the row by column position, null for none
   */
  public static Value[] rowBefore(List<Note> notes, Value[] after) {
    Value[] row = null;
    for (Note note : notes) {
      if (note.tellsAbsence()) {
        return null;
      }
      if (row == null) {
        row = new Value[note.before.length];
      }
      for (int i = 0; i < row.length; i++) {
        row[i] = row[i] == null ? note.before[i] : row[i];
      }
      if (note.tellsPresence()) {
        return row;
      }
    }
    if (after == null || row == null) {
      return after;
    }
    for (int i = 0; i < row.length; i++) {
      row[i] = row[i] == null ? after[i] : row[i];
    }
    return row;
  }
}
