package dev.godwit.sync.internal.merge;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.text.TextTransaction;
import dev.godwit.sync.change.MergeOperation;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Forgets the beginning of the edits that merged texts are made of, and remembers it again.
 *
 * <p>What is forgotten is what everybody known has seen. That somebody unknown has not can never be
 * ruled out, so nothing depends on it: the log has all edits for good. One is forgotten only when
 * the log gives back exactly what is to be forgotten, and when an edit arrives whose author had not
 * seen all of that, the beginning is read from the log, and the edit merges as if nothing had been
 * forgotten. Pure: the log is read by the caller ({@link Logged}).
 */
public final class TextCompaction {
  private TextCompaction() {}

  /**
   * Some edits of one text.
   *
   * @param unit the column
   * @param base the write that had set the text
   * @param edits the transactions of the edits
   */
  public record Edits(String unit, Dot base, List<Dot> edits) {
    public Edits {
      edits = List.copyOf(edits);
    }
  }

  /**
   * The same as the log has it.
   *
   * @param written the value that the base set, null when the log does not tell
   * @param edits those that the log has, in any order
   */
  public record Logged(Value written, List<TextTransaction> edits) {
    public Logged {
      edits = List.copyOf(edits);
    }
  }

  /** The number of texts of a life whose edits are kept, or were and are forgotten. */
  public static int texts(LifeState state) {
    int count = 0;
    for (String unit : units(state)) {
      count += text(state, unit).texts().size();
    }
    return count;
  }

  /**
   * What can be forgotten of a life.
   *
   * @param stable what everybody known has seen
   */
  public static List<Edits> forgettable(LifeState state, VersionVector stable) {
    List<Edits> found = new ArrayList<>();
    for (String unit : units(state)) {
      TextState text = text(state, unit);
      for (Dot base : text.texts()) {
        List<Dot> edits = text.forgettable(base, stable);
        if (!edits.isEmpty()) {
          found.add(new Edits(unit, base, edits));
        }
      }
    }
    return found;
  }

  /**
   * Forgets what {@link #forgettable} has found with the same stable version.
   *
   * @return whether the log has it; nothing was forgotten otherwise
   */
  public static boolean forget(LifeState state, VersionVector stable, Edits edits, Logged logged) {
    return logged.edits().size() == edits.edits().size()
        && text(state, edits.unit()).forget(edits.base(), stable, logged.written(), logged.edits());
  }

  /** What must be remembered again before a change can be merged. */
  public static List<Edits> neededBy(
      LifeState state, RowChange change, Dot dot, VersionVector dependencies) {
    if (state.merges() == null || change.extras().merge().isEmpty()) {
      return List.of();
    }
    List<Edits> needed = new ArrayList<>();
    for (String unit : units(state)) {
      int column = change.shape().columns().indexOf(unit);
      TextState text = text(state, unit);
      if (column >= 0
          && LifeState.operation(change, column) instanceof MergeOperation.Edits edits
          && text.isBelow(edits.base(), dot, dependencies)) {
        needed.add(new Edits(unit, edits.base(), text.beginning(edits.base())));
      }
    }
    return needed;
  }

  /**
   * Remembers what {@link #neededBy} has found.
   *
   * @throws IllegalStateException when the log does not give back what was forgotten
   */
  public static void recall(LifeState state, Edits edits, Logged logged) {
    text(state, edits.unit()).recall(edits.base(), logged.written(), logged.edits());
  }

  private static List<String> units(LifeState state) {
    List<String> units = new ArrayList<>();
    if (state.merges() != null) {
      for (String unit : state.merges().keySet()) {
        if (text(state, unit) != null) {
          units.add(unit);
        }
      }
    }
    return units;
  }

  private static TextState text(LifeState state, String unit) {
    return (TextState) state.merged(unit, MergeOperation.Type.TEXT);
  }
}
