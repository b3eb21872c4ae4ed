package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowExtras;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.check.UniqueRule;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.merge.KeyVersion;
import dev.godwit.sync.internal.merge.Presence;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.TableRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What met where a constraint holds a row back: the siblings of such conflicts. */
final class HeldSides {
  /** Several values are shown as one text; what is longer is told apart by its beginning. */
  private static final int TEXT_LENGTH_MAX = 200;

  private final Catalog catalog;
  private final LifeRows rows;
  private final View view;
  private final TableRows tables;

  HeldSides(Session session, Catalog catalog, LifeRows rows, View view) {
    this.catalog = catalog;
    this.rows = rows;
    this.view = view;
    this.tables = new TableRows(session);
  }

  private TrackedTable table(RowState row) {
    return catalog.table(row.table());
  }

  private StandingConflict.Sibling side(
      RowState row, Written by, String action, Value value, boolean shown) {
    return new StandingConflict.Sibling(
        row.table(),
        row.life(),
        by.dot(),
        by.time(),
        action,
        value,
        shown,
        rows.keys().listed(table(row), row));
  }

  private static Written birth(RowState row) {
    return Written.of(row.state().wantedKey());
  }

  /** The last delete of a row, or the row where nobody has deleted it. */
  StandingConflict.Sibling deletion(RowState row) {
    Written last = null;
    for (Presence presence : row.state().existence()) {
      Written by = Written.of(presence);
      if (!presence.present() && (last == null || by.compareTo(last) > 0)) {
        last = by;
      }
    }
    if (last == null || view.isPresent(table(row).name(), row.state())) {
      return side(row, birth(row), "row", null, row.isToBeSeen());
    }
    return side(row, last, "delete", null, !row.isToBeSeen());
  }

  /**
   * The write by which a row refers to another one.
   *
   * @param parent null where nothing is known of it
   */
  StandingConflict.Sibling referring(RowState row, String column, RowState parent) {
    TrackedTable table = table(row);
    boolean inKey = column == null || table.schema().keyColumns().contains(column);
    Version version = inKey ? null : view.shown(table.name(), row.state(), column);
    Written by = version == null ? birth(row) : Written.of(version);
    TrackedTable.Reference reference = column == null ? null : table.references().get(column);
    Value value =
        reference == null || reference.isToKey()
            ? meant(reference, parent)
            : version == null ? null : version.value();
    boolean shown = row.isToBeSeen() && parent != null && parent.isToBeSeen();
    return side(row, by, "row", value, shown);
  }

  /** What the column that keeps a reference would show of its row; null where nothing is known. */
  private static Value meant(TrackedTable.Reference reference, RowState parent) {
    KeyVersion key = parent == null ? null : parent.state().wantedKey();
    RowKey meant = key == null ? null : key.key() == null ? parent.shownKey() : key.key();
    int part = reference == null ? 0 : reference.columns().indexOf(reference.column());
    return meant == null ? null : meant.values().get(part);
  }

  /** The column by which one row refers to the other; null when it does no more. */
  String columnTo(RowState child, RowState parent) {
    TrackedTable table = table(child);
    for (TrackedTable.Reference reference : table.sortedReferences()) {
      ReferringValues values = rows.keys().referring(table, child, reference);
      Version version = values.carrier();
      if (reference.parent() == parent.table() && version != null) {
        LifeId meant =
            version.value() == null && child.isVisible()
                ? meantByTable(reference, values(child, reference.columns()))
                : values.meant();
        if (parent.life().equals(meant)) {
          return reference.column();
        }
      }
    }
    return null;
  }

  /** What a reference means that only the table tells: whoever has that key there. */
  private LifeId meantByTable(TrackedTable.Reference reference, Map<String, Value> values) {
    return values.containsValue(Value.NULL)
        ? null
        : rows.referredTo(reference, reference.key(values::get));
  }

  /**
   * Finds the row that has a unique value which another one wants, where only its table knows it.
   */
  void locateHolder(RowState holder, RowState wanting, String index) {
    TrackedTable table = table(holder);
    UniqueRule rule = table.uniqueRule(index);
    if (rule != null) {
      List<Value> tuple = rule.tuple(values(wanting, table.columnNames())::get);
      String holders = table.holderSql(rule);
      if (tuple != null && holders != null) {
        locate(holder, tables.keys(table, holders, tuple));
      }
    }
  }

  /** Finds a row that refers to another one, where only its table knows it. */
  void locateChild(RowState child, RowState parent) {
    RowKey key = parent.isVisible() ? parent.shownKey() : null;
    for (TrackedTable.Reference reference : table(child).sortedReferences()) {
      if (key != null && reference.isToKey() && reference.parent() == parent.table()) {
        locate(child, tables.keysReferring(table(child), reference, table(parent), key));
      }
    }
  }

  /**
   * Finds a row of a tree that another one is above or was to be, where only its table knows it.
   */
  void locateAbove(RowState below, RowState row, String column) {
    TrackedTable table = table(row);
    TrackedTable.Reference reference = table.references().get(column);
    Set<RowState> walked = new HashSet<>();
    RowState at = below;
    while (isUnlocated(row) && at != null && walked.add(at)) {
      rows.keys().expandShown(table, at);
      Version version = view.standing(table.name(), at.state(), column);
      at = version == null || version.value() == null ? null : above(table, reference, version);
    }
    if (isUnlocated(row)) {
      rows.keys().shownKey(table, row, below.state().wantedKey().key(), RowExtras.NONE);
    }
  }

  private static boolean isUnlocated(RowState row) {
    return row.isVisible() && row.shownKey() == null;
  }

  private RowState above(TrackedTable table, TrackedTable.Reference reference, Version version) {
    LifeId life = reference == null ? null : rows.keys().referenced(reference, version);
    return life == null ? null : rows.keys().located(table, life, RowKey.of(version.value()));
  }

  /** The write by which a row of a tree came to hang on another one, shown or not. */
  StandingConflict.Sibling moving(RowState row, String column) {
    TrackedTable table = table(row);
    rows.keys().expandShown(table, row);
    Version version = view.standing(table.name(), row.state(), column);
    if (version == null) {
      return side(row, birth(row), "row", null, row.isToBeSeen());
    }
    TrackedTable.Reference reference = table.references().get(column);
    LifeId parent = reference == null ? null : rows.keys().referenced(reference, version);
    Value key = parent == null ? null : rows.keys().shownValue(reference, parent, version.value());
    boolean shown = row.isToBeSeen() && row.state().undone(column) == null;
    return side(row, Written.of(version), "edit", key == null ? version.value() : key, shown);
  }

  private void locate(RowState row, List<RowKey> candidates) {
    for (RowKey key : candidates) {
      if (!row.isVisible() || row.shownKey() != null) {
        return;
      }
      if (row.life().equals(rows.heldAt(table(row), key))) {
        row.shownKey(key);
      }
    }
  }

  /** The columns of a unique index, in order. */
  Collection<String> columns(TrackedTable table, String index) {
    UniqueRule rule = table.uniqueRule(index);
    return rule == null ? List.of(index) : rule.columns();
  }

  /** The last write by which a row came to want what an index lets only one have. */
  StandingConflict.Sibling claiming(RowState row, String index, boolean shown) {
    TrackedTable table = table(row);
    Collection<String> columns = columns(table, index);
    List<Written> written = Written.of(view, table, row, columns);
    Written last = written.isEmpty() ? birth(row) : Collections.max(written);
    Map<String, Value> values = values(row, columns);
    Value value = values.size() == 1 ? values.values().iterator().next() : Value.of(text(values));
    return side(row, last, "row", value, shown);
  }

  /** What stands of a column. */
  List<StandingConflict.Sibling> versions(RowState row, String column) {
    Version shown = view.shown(table(row).name(), row.state(), column);
    List<StandingConflict.Sibling> siblings = new ArrayList<>();
    for (Version version : row.state().siblings(column)) {
      siblings.add(
          side(
              row,
              Written.of(version),
              version.resolution() ? "resolution" : "edit",
              version.value(),
              shown != null && shown.dot().equals(version.dot())));
    }
    return siblings;
  }

  /** The writes of which the values of a row come that is not in its table. */
  List<StandingConflict.Sibling> writing(RowState row) {
    Map<Written, Map<String, Value>> written = new LinkedHashMap<>();
    for (String column : table(row).valueColumnNames()) {
      Version version = view.shown(table(row).name(), row.state(), column);
      if (version != null && version.value() != null) {
        written
            .computeIfAbsent(Written.of(version), none -> new LinkedHashMap<>())
            .put(column, version.value());
      }
    }
    List<StandingConflict.Sibling> siblings = new ArrayList<>();
    written.forEach(
        (by, values) -> siblings.add(side(row, by, "edit", Value.of(text(values)), false)));
    return siblings.isEmpty()
        ? Collections.singletonList(side(row, birth(row), "row", null, false))
        : siblings;
  }

  /** What the table shows of a row, or would, were every unique value free. */
  private Map<String, Value> values(RowState row, Collection<String> columns) {
    TrackedTable table = table(row);
    KeyVersion wanted = row.state().wantedKey();
    Map<String, Value> known = new HashMap<>();
    RowKey shown = row.isVisible() ? row.shownKey() : null;
    if (row.masked() != null) {
      for (String column : table.columnNames()) {
        known.put(column, rows.keys().value(table, row, column));
      }
    } else if (shown != null) {
      Map<String, Value> read = tables.read(table, shown);
      known.putAll(read == null ? Map.of() : read);
      for (String column : view.nullsWhereTaken(table.name())) {
        Version version = view.shown(table.name(), row.state(), column);
        if (version != null && version.value() != null) {
          known.put(column, version.value());
        }
      }
      putKey(table, shown, known);
    } else {
      for (String column : table.valueColumnNames()) {
        known.put(column, view.value(table.name(), row.state(), column));
      }
      putKey(table, wanted.key(), known);
    }
    for (String column : table.lackingColumns()) {
      known.put(column, view.value(table.name(), row.state(), column));
    }
    Map<String, Value> values = new LinkedHashMap<>();
    columns.forEach(column -> values.put(column, known.getOrDefault(column, Value.NULL)));
    return values;
  }

  private static void putKey(TrackedTable table, RowKey key, Map<String, Value> values) {
    List<String> columns = table.schema().keyColumns();
    for (int i = 0; key != null && i < columns.size(); i++) {
      values.put(columns.get(i), key.values().get(i));
    }
  }

  private static String text(Map<String, Value> values) {
    List<String> each = new ArrayList<>();
    values.forEach((column, value) -> each.add(column + " = " + value));
    String text = String.join(", ", each);
    return text.length() <= TEXT_LENGTH_MAX ? text : text.substring(0, TEXT_LENGTH_MAX - 1) + "…";
  }
}
