package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowExtras;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.KeyPlace;
import dev.godwit.sync.internal.state.RowState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;

/** What the references of rows mean that are written here, for the change that says it. */
public final class MeantReferences {
  private final LifeRows rows;
  private final View view;

  MeantReferences(LifeRows rows, View view) {
    this.rows = rows;
    this.view = view;
  }

  /**
   * What the reference columns of a row mean, key columns first.
   *
   * @param columns the value columns in question
   * @param values their values
   */
  public RowExtras of(TrackedTable table, RowKey key, List<String> columns, List<Value> values) {
    return of(table, key, columns, values, (reference, tuple) -> null);
  }

  /**
   * The same of values that somebody chose among those that stand beside each other: what is
   * nobody's key means the row that the version with that value refers to, which is away.
   */
  public RowExtras ofChosen(
      TrackedTable table, RowState row, RowKey key, List<String> columns, List<Value> values) {
    return of(
        table, key, columns, values, (reference, tuple) -> chosen(table, row, reference, tuple));
  }

  /**
   * Both of them.
   *
   * @param otherwise what a value column means that shows nobody's key, null for nobody
   */
  private RowExtras of(
      TrackedTable table,
      RowKey key,
      List<String> columns,
      List<Value> values,
      BiFunction<TrackedTable.Reference, RowKey, LifeId> otherwise) {
    if (table.references().isEmpty()) {
      return RowExtras.NONE;
    }
    RowExtras meant = rows.meant(table, key);
    Map<Integer, LifeId> references = new HashMap<>(meant.references());
    Set<Integer> bare = new HashSet<>(meant.bare());
    int keyCount = table.keyColumns().size();
    for (int i = 0; i < values.size(); i++) {
      TrackedTable.Reference reference = table.references().get(columns.get(i));
      RowKey tuple = reference == null ? null : tuple(table, reference, key, columns, values);
      if (tuple != null) {
        BiFunction<TrackedTable.Reference, RowKey, LifeId> lives =
            (one, shown) -> {
              LifeId life = rows.referredTo(one, shown);
              return life == null ? otherwise.apply(one, shown) : life;
            };
        rows.meant(reference, tuple, keyCount + i, lives, references, bare);
      }
    }
    return references.isEmpty() && bare.isEmpty()
        ? RowExtras.NONE
        : RowExtras.NONE.withReferences(references, bare);
  }

  /** The row that a version with these values refers to, null where none does. */
  private LifeId chosen(
      TrackedTable table, RowState row, TrackedTable.Reference reference, RowKey tuple) {
    for (Version version : row.state().siblings(reference.column())) {
      ReferringValues values = written(table, row, reference, reference.column(), version);
      if (values.meant() != null && values.key().equals(tuple)) {
        return values.meant();
      }
    }
    return null;
  }

  /** The values of the columns of a reference, null where some are not among these. */
  private static RowKey tuple(
      TrackedTable table,
      TrackedTable.Reference reference,
      RowKey key,
      List<String> columns,
      List<Value> values) {
    List<Value> tuple = new ArrayList<>(reference.columns().size());
    for (String column : reference.columns()) {
      int place = table.schema().keyColumns().indexOf(column);
      int at = columns.indexOf(column);
      if (place < 0 && at < 0) {
        return null;
      }
      tuple.add(place < 0 ? values.get(at) : key.values().get(place));
    }
    return new RowKey(tuple);
  }

  /** What the reference columns of a key meant before the transaction at hand. */
  public RowExtras ofKeyBefore(TrackedTable table, RowKey key) {
    return rows.meantBeforeOwn(table, key);
  }

  /**
   * Which rows the parent columns of trees referred to before the transaction at hand, by position.
   *
   * @param before what the table showed of these columns
   */
  public Map<Integer, LifeId> origins(
      TrackedTable table, List<String> columns, List<Value> before) {
    Map<Integer, LifeId> origins = new HashMap<>();
    for (String tree : view.trees(table.name())) {
      int column = columns.indexOf(tree);
      TrackedTable.Reference reference = table.references().get(tree);
      if (column >= 0 && reference != null && !reference.isOfSeveral()) {
        LifeId parent = rows.meantBeforeOwn(reference, RowKey.of(before.get(column)));
        if (parent != null) {
          origins.put(table.keyColumns().size() + column, parent);
        }
      }
    }
    return origins;
  }

  /**
   * These columns and all that a write to one of them writes as well: those that are in a group
   * with it, and those that refer to another row together with it.
   */
  public List<String> completed(TrackedTable table, List<String> columns) {
    List<String> known = table.columnNames();
    List<String> completed = columns;
    int before;
    do {
      before = completed.size();
      List<String> grouped = view.policies().completed(table.name(), completed);
      if (grouped != completed) {
        grouped.retainAll(known);
      }
      completed = table.completed(grouped);
    } while (completed.size() > before);
    return completed;
  }

  /**
   * The columns without those which merely follow: they refer to the row to which they referred,
   * and which has another key now, or something else in the columns referred to. An ON UPDATE
   * CASCADE leaves such.
   *
   * @param row before that, with all values
   * @param before what the row showed
   * @param after what it shows
   */
  public List<String> withoutFollowing(
      TrackedTable table,
      RowState row,
      List<String> columns,
      Map<String, Value> before,
      Map<String, Value> after) {
    Set<TrackedTable.Reference> same = new HashSet<>();
    for (TrackedTable.Reference reference : table.sortedReferences()) {
      if (!Collections.disjoint(columns, table.valueColumns(reference))
          && follows(
              table, row, reference, reference.key(before::get), reference.key(after::get))) {
        same.add(reference);
      }
    }
    if (same.isEmpty()) {
      return columns;
    }
    List<String> others = new ArrayList<>(columns);
    others.removeIf(
        column ->
            !table.referencesOf(column).isEmpty() && same.containsAll(table.referencesOf(column)));
    // Who writes one of several that belong together writes all of them.
    return completed(table, others).size() == others.size() ? others : columns;
  }

  /**
   * Whether a key merely follows: it says the same, and the rows to which it refers have other keys
   * now.
   *
   * @param row before that, with all values
   */
  public boolean keyFollows(TrackedTable table, RowState row, RowKey before, RowKey after) {
    KeyVersion wanted = row.state().keys().isEmpty() ? null : row.state().wantedKey();
    if (!table.keyRefers()
        || wanted == null
        || wanted.key() == null
        || KeyPlace.same(table, before, after)) {
      return false;
    }
    return table
        .meaning(wanted.key(), wanted.extras())
        .equals(table.meaning(after, rows.meant(table, after)));
  }

  /** Whether a reference that shows something else than before refers to the same row. */
  private boolean follows(
      TrackedTable table,
      RowState row,
      TrackedTable.Reference reference,
      RowKey before,
      RowKey after) {
    if (before.values().contains(Value.NULL) || after.values().contains(Value.NULL)) {
      return false;
    }
    // Another spelling of the same is somebody's write.
    if (KeyPlace.same(rows.table(reference), reference, before, after)) {
      return false;
    }
    LifeId meant = rows.keys().referring(table, row, reference).meant();
    return meant != null && meant.equals(rows.referredTo(reference, after));
  }

  /**
   * The columns, and those that come to refer to another row because the key changes of which a
   * reference takes a part.
   *
   * @param row before that
   * @param before what the row showed
   * @param after what it shows
   */
  public List<String> withMoved(
      TrackedTable table,
      RowState row,
      List<String> columns,
      Map<String, Value> before,
      Map<String, Value> after) {
    List<String> all = new ArrayList<>(columns);
    for (TrackedTable.Reference reference : table.sortedReferences()) {
      if (table.isPartlyInKey(reference) && !columns.contains(reference.column())) {
        LifeId one =
            reference.isToKey()
                ? rows.meantBeforeOwn(reference, reference.key(before::get))
                : rows.keys().referring(table, row, reference).meant();
        RowKey shown = reference.key(after::get);
        boolean refers = !shown.values().contains(Value.NULL);
        LifeId other = refers ? rows.referredTo(reference, shown) : null;
        if (!Objects.equals(one, other)) {
          all.addAll(table.valueColumns(reference));
        }
      }
    }
    return all.size() == columns.size() ? columns : completed(table, all);
  }

  /**
   * The columns, and those that come to refer to another row because that one has taken the key of
   * the row that they referred to.
   *
   * @param row with all values
   * @param after what it shows
   * @param gone the row from which was taken what others refer to by it, null for none
   */
  public List<String> withTaken(
      TrackedTable table,
      RowState row,
      List<String> columns,
      Map<String, Value> after,
      BiFunction<TrackedTable.Reference, RowKey, LifeId> gone) {
    List<String> all = new ArrayList<>(columns);
    for (TrackedTable.Reference reference : table.sortedReferences()) {
      boolean ofKey = table.keyReferences().contains(reference);
      if (!ofKey && !columns.contains(reference.column())) {
        LifeId before = gone.apply(reference, reference.key(after::get));
        LifeId meant = rows.keys().referring(table, row, reference).meant();
        if (before != null && before.equals(meant)) {
          all.addAll(table.valueColumns(reference));
        }
      }
    }
    return all.size() == columns.size() ? columns : completed(table, all);
  }

  /** The same of the key of a row: whether it comes to refer to another row, the key unchanged. */
  public boolean isKeyTaken(
      TrackedTable table,
      RowState row,
      RowKey key,
      BiFunction<TrackedTable.Reference, RowKey, LifeId> gone) {
    KeyVersion wanted = row.state().keys().isEmpty() ? null : row.state().wantedKey();
    if (wanted == null || wanted.key() == null) {
      return false;
    }
    for (TrackedTable.Reference reference : table.keyReferences()) {
      LifeId before = gone.apply(reference, table.tuple(reference, key));
      LifeId meant = table.referred(reference, wanted.key(), wanted.extras());
      if (before != null && before.equals(meant)) {
        return true;
      }
    }
    return false;
  }

  /** The key that a row wants, as it is shown here. */
  public RowKey wantedKey(TrackedTable table, RowState row) {
    return rows.keys().wantedKey(table, row);
  }

  /** What a version of a column means here: a reference shows the key that its row shows now. */
  public Value shownHere(TrackedTable table, RowState row, String column, Version version) {
    for (TrackedTable.Reference reference : table.referencesOf(column)) {
      ReferringValues values = written(table, row, reference, column, version);
      LifeId parent = values.meant();
      RowKey shown = parent == null ? null : rows.keys().shownKey(reference, parent, values.key());
      if (shown != null) {
        return shown.values().get(reference.columns().indexOf(column));
      }
    }
    return version.value();
  }

  /** What the write that made a version of a column said in all columns of a reference. */
  private ReferringValues written(
      TrackedTable table,
      RowState row,
      TrackedTable.Reference reference,
      String column,
      Version version) {
    return ReferringValues.of(
        table,
        reference,
        one -> one.equals(column) ? version : ofSameWrite(row, one, version),
        rows.keys().keyFor(table, row, reference));
  }

  private static Version ofSameWrite(RowState row, String column, Version version) {
    for (Version sibling : row.state().siblings(column)) {
      if (sibling.dot().equals(version.dot())) {
        return sibling;
      }
    }
    return null;
  }
}
