package dev.godwit.sync.internal.apply;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.merge.Dominance;
import dev.godwit.sync.internal.merge.LifeState;
import dev.godwit.sync.internal.merge.TextCompaction;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.TableRows;
import java.util.Map;
import java.util.function.Predicate;

/** Joins row changes into the states of their lives, and journals what they settle. */
final class Merger {
  private final Catalog catalog;
  private final LifeRows rows;
  private final TableRows tables;
  private final Journal journal;
  private final Causality causality;
  private final View view;
  private final LoggedTexts texts;

  Merger(
      Catalog catalog,
      LifeRows rows,
      TableRows tables,
      Journal journal,
      Causality causality,
      View view,
      LoggedTexts texts) {
    this.catalog = catalog;
    this.rows = rows;
    this.tables = tables;
    this.journal = journal;
    this.causality = causality;
    this.view = view;
    this.texts = texts;
  }

  /**
   * Joins one change.
   *
   * @param dependencies those of its transaction
   * @param tableRow what the table shows of the row, null to read it when it is needed
   */
  RowState merge(
      RowChange change, Dot dot, VersionVector dependencies, Map<String, Value> tableRow) {
    int number = catalog.number(change.shape().table());
    TrackedTable table = catalog.table(number);
    RowState row = rows.row(number, change.life());
    Predicate<Dot> dominated = Dominance.of(change, dot, dependencies);
    causality.joins(dot, dependencies);
    if (table != null && row.isVisible()) {
      RowKey hint =
          change.extras().keyBefore() == null ? change.key() : change.extras().keyBefore();
      rows.keys().shownKey(table, row, hint, change.extras());
      if (row.state().leansOnTable()
          && (view.splitsCheck(change.shape()) || needsTable(row.state(), change, dominated))) {
        Map<String, Value> shown = tableRow == null ? tables.read(table, row.shownKey()) : tableRow;
        rows.keys().expand(table, row, present(table, row, shown));
      }
    }
    boolean known = !row.state().isEmpty();
    if (known && table != null && !table.isSurrogate() && takesAnotherKey(table, change)) {
      row.state().bornUnder(row.state().keys().get(0));
    }
    for (TextCompaction.Edits forgotten :
        TextCompaction.neededBy(row.state(), change, dot, dependencies)) {
      TextCompaction.recall(row.state(), forgotten, texts.read(row.life(), forgotten));
    }
    row.state().merge(change, dot, dependencies, dominated);
    if (!row.state().isNewborn()) {
      row.changedUnits()
          .addAll(view.policies().completed(change.shape().table(), change.shape().columns()));
      if (table != null) {
        row.changedUnits().addAll(table.completed(change.shape().columns()));
      }
      row.changedUnits().addAll(view.correctable(change.shape().table()));
    }
    row.keyChanged(
        row.keyChanged() || change.writesKey() || !known || change.kind() == RowChange.Kind.DELETE);
    row.touched(true);
    if (!change.extras().settled().isEmpty()) {
      journal.note(change.shape().table(), row, change, dot);
    }
    return row;
  }

  /**
   * Whether a row gets another key than the one under which it was born: also when it is inserted
   * anew, and its key has come to refer to another row.
   */
  private static boolean takesAnotherKey(TrackedTable table, RowChange change) {
    return change.extras().keyBefore() != null
        || change.kind() == RowChange.Kind.INSERT
            && table.keyRefers()
            && !change.life().equals(table.birthLife(change.key(), change.extras()));
  }

  private static Map<String, Value> present(
      TrackedTable table, RowState row, Map<String, Value> shown) {
    if (shown == null) {
      throw new IllegalStateException(
          "expected table "
              + table.name()
              + " to have the row "
              + row.shownKey()
              + " but it is gone: run doctor");
    }
    return shown;
  }

  /**
   * Whether some version that the table alone holds the value of will stand beside others, or
   * outlive its row.
   */
  private static boolean needsTable(LifeState state, RowChange change, Predicate<Dot> dominated) {
    if (change.kind() != RowChange.Kind.UPDATE && change.kind() != RowChange.Kind.RESOLUTION) {
      return true;
    }
    if (change.writesKey() || !change.extras().merge().isEmpty()) {
      return true;
    }
    for (String unit : change.shape().columns()) {
      for (Version version : state.siblings(unit)) {
        if (!dominated.test(version.dot())) {
          return true;
        }
      }
    }
    return false;
  }
}
