package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.state.RowState;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What refers to a row that this device's SQLite refuses is masked as well, and so is what refers
 * to that: its reference would dangle.
 */
final class BelowMasked {
  private static final String NOT_SHOWN = " that this device does not show: ";

  private final Catalog catalog;
  private final HeldRows held;
  private final MaskedRows masked;
  private final ReferenceRows references;

  BelowMasked(Catalog catalog, HeldRows held, MaskedRows masked, ReferenceRows references) {
    this.catalog = catalog;
    this.held = held;
    this.masked = masked;
    this.references = references;
  }

  /** Why a row cannot be shown, null where what it refers to does not hinder it. */
  String reason(TrackedTable table, RowState row) {
    if (table.references().isEmpty() || !masked.any()) {
      return null;
    }
    for (ReferenceRows.Link link : references.of(row)) {
      RowState parent = shown(row, link);
      if (parent != null && parent != row && isRefused(parent)) {
        return "refers by "
            + link.column()
            + " to a row of table "
            + catalog.table(parent.table()).name()
            + NOT_SHOWN
            + cause(parent.masked());
      }
    }
    return null;
  }

  /** What SQLite has refused in the end, however many rows are below that. */
  private static String cause(String reason) {
    int after = reason.lastIndexOf(NOT_SHOWN);
    return after < 0 ? reason : reason.substring(after + NOT_SHOWN.length());
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
