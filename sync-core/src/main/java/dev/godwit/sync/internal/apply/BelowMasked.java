package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.state.KeyPlace;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.TableRows;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What goes out of the tables since this device's SQLite refuses something: a row of which it
 * refuses a change that is about other rows, what refers to one that is out, since its reference
 * would dangle, and what refers to that.
 */
final class BelowMasked {
  private static final String NOT_SHOWN = " that this device does not show: ";

  private final Catalog catalog;
  private final TableRows tables;
  private final RowValues values;
  private final HeldRows held;
  private final MaskedRows masked;
  private final ReferenceRows references;

  BelowMasked(
      Catalog catalog,
      TableRows tables,
      RowValues values,
      HeldRows held,
      MaskedRows masked,
      ReferenceRows references) {
    this.catalog = catalog;
    this.tables = tables;
    this.values = values;
    this.held = held;
    this.masked = masked;
    this.references = references;
  }

  /** Why a row cannot be shown, null where what it refers to does not hinder it. */
  String reason(TrackedTable table, RowState row) {
    if (table.references().isEmpty() || !masked.any()) {
      return null;
    }
    Set<RowState> walked = new HashSet<>();
    walked.add(row);
    for (ReferenceRows.Link link : references.of(row)) {
      RowState parent = lacking(row, link);
      String cause = parent == null || !walked.add(parent) ? null : cause(parent, walked);
      if (cause != null) {
        return "refers by "
            + link.column()
            + " to a row of table "
            + catalog.table(parent.table()).name()
            + NOT_SHOWN
            + cause;
      }
    }
    return null;
  }

  /**
   * What SQLite refuses that keeps a row out, itself or another one that it refers to; null for
   * nothing: rows that refer to each other in a circle do not keep each other out.
   *
   * @param walked rows that are known not to
   */
  private String cause(RowState row, Set<RowState> walked) {
    Deque<RowState> above = new ArrayDeque<>();
    above.add(row);
    while (!above.isEmpty()) {
      RowState next = above.remove();
      if (!next.masked().contains(NOT_SHOWN)) {
        return next.masked();
      }
      for (ReferenceRows.Link link : references.of(next)) {
        RowState parent = lacking(next, link);
        if (parent != null && walked.add(parent)) {
          above.add(parent);
        }
      }
    }
    return null;
  }

  /** The other row that a reference shows and its table does not; null where it does. */
  private RowState lacking(RowState row, ReferenceRows.Link link) {
    RowState parent = shown(row, link);
    return parent != null && isRefused(parent) ? parent : null;
  }

  /** Tells that a row goes out of its table, which alone may tell what refers to it. */
  void goes(RowState row) {
    references.referringTo(row, List.of(row.shownKey())).forEach(references::of);
  }

  /** The row that a reference shows, null where it shows none. */
  private RowState shown(RowState row, ReferenceRows.Link link) {
    if (link.returned()) {
      return null;
    }
    if (held.substitutes(row, link.column())) {
      return link.fallback();
    }
    return references.showsNull(link) ? null : link.parent();
  }

  private boolean isRefused(RowState row) {
    TrackedTable table = catalog.table(row.table());
    return row.masked() != null
        && !row.isVisible()
        && held.stands(table, row)
        && !held.isOut(table, row);
  }

  /**
   * Whether a row stands in its table with something that SQLite has refused to change and that is
   * about other rows: its key, which another one may have, or what it refers to, or others refer to
   * it by.
   *
   * @param key the key that it is to have
   */
  boolean hangsOtherwise(RowState row, RowKey key) {
    TrackedTable table = catalog.table(row.table());
    if (table == null || key == null || row.masked() == null || !row.isVisible()) {
      return false;
    }
    if (!KeyPlace.same(table, key, row.shownKey())) {
      return true;
    }
    // What its table alone tells is read before it is compared.
    references.of(row);
    Set<String> columns = new TreeSet<>(table.referringColumns());
    for (Catalog.Child child : catalog.childrenByValue(table)) {
      child.reference().referred().forEach(column -> columns.add(column.name()));
    }
    columns.removeAll(table.schema().keyColumns());
    Map<String, Value> has = columns.isEmpty() ? null : tables.read(table, row.shownKey());
    return has != null
        && columns.stream()
            .anyMatch(column -> !has.get(column).equals(values.shown(table, row, column)));
  }

  /**
   * The rows in the tables that refer to rows which SQLite has refused.
   *
   * @param targets the keys that rows were to have
   */
  Set<RowState> of(Collection<RowState> changed, Map<RowState, RowKey> targets) {
    Set<RowState> below = new LinkedHashSet<>();
    for (RowState parent : changed) {
      TrackedTable table = catalog.table(parent.table());
      RowKey key = targets.get(parent);
      if (table != null && key != null && isRefused(parent)) {
        for (RowState row : references.referringTo(parent, List.of(key))) {
          if (row.isVisible() && reason(catalog.table(row.table()), row) != null) {
            below.add(row);
          }
        }
      }
    }
    return below;
  }
}
