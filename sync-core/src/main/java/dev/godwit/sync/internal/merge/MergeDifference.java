package dev.godwit.sync.internal.merge;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.text.TextDiff;
import dev.godwit.crdt.text.TextOperation;
import dev.godwit.sync.change.MergeOperation;
import dev.godwit.sync.change.MergeOperation.Amount;
import dev.godwit.sync.change.Value;
import java.math.BigDecimal;
import java.util.List;

/**
 * Works out which operation a local write to a merge column is: the difference between what the
 * table showed and what it shows now.
 */
public final class MergeDifference {
  /**
   * A write that sets a counter tells what it has seen of so many bases before it: steps made on an
   * older one, by a device that was away while the counter was set that often, no longer count.
   */
  static final int BASES_TOLD_MAX = 64;

  private MergeDifference() {}

  /**
   * The operation.
   *
   * @param known what is kept of the unit for operations of the type, null when none was made
   * @param siblings its register versions, with their values
   * @return null when the write sets the value as a whole, and nothing more is to be said
   */
  public static MergeOperation of(
      MergeOperation.Type type,
      MergeState known,
      List<Version> siblings,
      Value before,
      Value after) {
    if (siblings.isEmpty()) {
      return null;
    }
    MergeState state = MergeState.of(known, type, siblings);
    Value merged = state.shown(siblings);
    Value shown = merged == null ? siblings.get(siblings.size() - 1).value() : merged;
    // Where the table could not show what the operations come to, there is nothing to compare with.
    boolean comparable = before.equals(shown) || isSameAmount(type, before, shown);
    return switch (type) {
      case COUNTER -> counter((CounterState) state, comparable ? before : Value.NULL, after);
      case SET, MAP -> comparable ? entries((EntriesState) state, before, after) : null;
      case TEXT -> comparable ? edits((TextState) state, siblings, before, after) : null;
    };
  }

  /** A column may store a sum of fractions that comes to a whole number as an integer. */
  private static boolean isSameAmount(MergeOperation.Type type, Value before, Value shown) {
    Amount stored = type == MergeOperation.Type.COUNTER ? CounterState.amount(before) : null;
    Amount sum = stored == null ? null : CounterState.amount(shown);
    return sum != null && stored.exact().compareTo(sum.exact()) == 0;
  }

  private static MergeOperation counter(CounterState state, Value before, Value after) {
    Amount from = CounterState.amount(before);
    Amount to = CounterState.amount(after);
    Amount exact = state.exact();
    if (from == null || to == null || exact == null || isSetAnew(from, to)) {
      return new MergeOperation.Reset(state.seen(BASES_TOLD_MAX));
    }
    // Against the exact sum, not the rounded one that was shown: then the own write shows as made.
    BigDecimal step = to.exact().subtract(exact.exact());
    return new MergeOperation.Step(state.base().dot(), new Amount(step, to.real()));
  }

  private static boolean isSetAnew(Amount from, Amount to) {
    boolean byOne = to.exact().subtract(from.exact()).abs().compareTo(BigDecimal.ONE) == 0;
    boolean toZero = to.exact().signum() == 0 && !byOne;
    return toZero || from.real() && !to.real();
  }

  private static MergeOperation entries(EntriesState state, Value before, Value after) {
    List<JsonEntries.Entry> shown = JsonEntries.of(state.type(), before);
    List<JsonEntries.Entry> wanted = JsonEntries.of(state.type(), after);
    return shown == null || wanted == null ? null : state.difference(shown, wanted);
  }

  private static MergeOperation edits(
      TextState state, List<Version> siblings, Value before, Value after) {
    Dot base = state.base(siblings);
    if (base == null || !(before instanceof Value.Text from) || !(after instanceof Value.Text to)) {
      return null;
    }
    List<TextOperation> operations = TextDiff.between(from.text(), to.text());
    // A form may write back what it showed, over what the table shows.
    boolean told = !operations.isEmpty() || before.equals(after);
    boolean fits = told && operations.size() <= MergeOperation.COUNT_MAX;
    return fits ? new MergeOperation.Edits(base, operations) : null;
  }

  /**
   * Edits of a text that a table showed although it was never what all that was known came to.
   *
   * @param known what is kept of the text now, null when no edit was ever made
   * @param now what the edits come to
   * @param before what the table showed
   * @return null when these are no texts, or another one has been set meanwhile
   */
  public static MergeOperation moved(
      MergeState known, List<Version> siblings, Value now, Value before, Value after) {
    TextState state = (TextState) MergeState.of(known, MergeOperation.Type.TEXT, siblings);
    Dot base = state.base(siblings);
    boolean texts =
        base != null
            && now instanceof Value.Text
            && before instanceof Value.Text
            && after instanceof Value.Text;
    if (!texts) {
      return null;
    }
    String from = ((Value.Text) before).text();
    List<TextOperation> edits = TextDiff.between(from, ((Value.Text) after).text());
    List<TextOperation> moved = TextState.moved(from, ((Value.Text) now).text(), edits);
    return moved.size() > MergeOperation.COUNT_MAX ? null : new MergeOperation.Edits(base, moved);
  }

  /**
   * Edits of a text as it was when their author was shown it, as edits of what has become of it.
   *
   * @param seen what the author had seen
   * @param known what is kept of the text now; it is of no use afterwards
   * @return null when another text has been set meanwhile
   */
  public static MergeOperation moved(
      MergeOperation.Edits edits, VersionVector seen, MergeState known, List<Version> siblings) {
    TextState state = (TextState) known;
    // Where no edit was ever made nothing is kept.
    return state != null && edits.base().equals(state.base(siblings))
        ? new MergeOperation.Edits(edits.base(), state.moved(edits, seen))
        : null;
  }
}
