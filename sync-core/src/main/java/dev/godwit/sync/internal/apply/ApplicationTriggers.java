package dev.godwit.sync.internal.apply;

import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.Note;
import dev.godwit.sync.internal.capture.NoteReader;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.schema.Sql;
import dev.godwit.sync.internal.state.KeyPlace;
import dev.godwit.sync.internal.state.TableRows;
import dev.godwit.sync.sqlite.SqliteException;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Undoes what the application's own triggers do to tracked rows while changes from elsewhere are
 * applied: that effect came with the changes and must not happen twice. What they do to other
 * tables (a full-text index) stays.
 *
 * <p>Where the file has such triggers capture stays on during the apply. The notes then tell which
 * rows were touched by somebody else than us, and what was there before. Rows are put right first
 * with the triggers in place, so that an index follows, and, where a trigger insists, once more
 * with the table's triggers taken away for the moment.
 */
final class ApplicationTriggers {
  private final Session session;
  private final Catalog catalog;
  private final TableRows tables;
  private final boolean present;
  private final Map<KeyPlace, Expected> written = new LinkedHashMap<>();
  private long afterNote;

  /**
   * What a row is to be: these columns so, the others as they were before, here or where the row
   * comes from; or gone.
   */
  private static final class Expected {
    private final KeyPlace origin;
    private final boolean whole;
    private final Map<String, Value> values;

    Expected(KeyPlace origin, boolean whole, Map<String, Value> values) {
      this.origin = origin;
      this.whole = whole;
      this.values = values == null ? null : new LinkedHashMap<>(values);
    }

    static Expected gone() {
      return new Expected(null, false, null);
    }
  }

  ApplicationTriggers(Session session, Catalog catalog, TableRows tables) {
    this.session = session;
    this.catalog = catalog;
    this.tables = tables;
    this.present = exist(session);
  }

  private static boolean exist(Session session) {
    try (SqliteRows rows =
        session
            .statement(
                "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name NOT LIKE 'godwit\\_%' ESCAPE '\\'"
                    + " AND tbl_name IN (SELECT name FROM sqlite_master WHERE type = 'table') LIMIT 1")
            .query()) {
      return rows.next();
    }
  }

  /** Whether the file has triggers of the application. */
  boolean present() {
    return present;
  }

  /** Begins to watch what triggers do, with the notes behind this one. */
  void watchFrom(long note) {
    afterNote = note;
  }

  /** Tells what we have written together, so that it can be told from what triggers write. */
  void wrote(List<TableWrite> writes) {
    if (!present) {
      return;
    }
    Map<TableWrite, Expected> carried = new HashMap<>();
    for (TableWrite write : writes) {
      if (write.movesKey()) {
        carried.put(write, written.get(KeyPlace.of(write.table(), write.before())));
      }
    }
    // Where one row has left another may have come, in whichever order they are listed.
    for (TableWrite write : writes) {
      if (write.before() != null && (write.after() == null || write.movesKey())) {
        written.put(KeyPlace.of(write.table(), write.before()), Expected.gone());
      }
    }
    for (TableWrite write : writes) {
      if (write.after() != null) {
        stands(write, carried.get(write));
      }
    }
  }

  private void stands(TableWrite write, Expected carried) {
    KeyPlace place = KeyPlace.of(write.table(), write.after());
    if (write.isInsert()) {
      written.put(place, new Expected(null, true, write.values()));
    } else if (write.movesKey()) {
      KeyPlace from = KeyPlace.of(write.table(), write.before());
      Expected moved = carried == null ? new Expected(from, false, Map.of()) : carried;
      KeyPlace origin = moved.whole || moved.origin != null ? moved.origin : from;
      Expected expected = new Expected(origin, moved.whole, moved.values);
      expected.values.putAll(write.values());
      written.put(place, expected);
    } else {
      Expected before = written.get(place);
      boolean known = before != null && before.values != null;
      Expected expected = known ? before : new Expected(null, false, Map.of());
      expected.values.putAll(write.values());
      written.put(place, expected);
    }
  }

  /**
   * Puts tracked rows right that triggers have touched since they were last put right, and forgets
   * the notes.
   */
  void reconcile() {
    if (!present) {
      return;
    }
    List<Correction> corrections = corrections();
    for (Correction correction : corrections) {
      correct(correction);
    }
    List<Correction> insisting = new ArrayList<>();
    for (Correction correction : corrections) {
      if (!correction.isRight()) {
        insisting.add(correction);
      }
    }
    if (!insisting.isEmpty()) {
      withoutTriggers(insisting);
    }
    session.statement("DELETE FROM godwit_pending WHERE id > ?").bind(1, afterNote).update();
    written.clear();
  }

  /** A row, and what it is to be: null for gone. */
  private final class Correction {
    private final TrackedTable table;
    private final RowKey key;
    private final Map<String, Value> row;

    private Correction(TrackedTable table, RowKey key, Map<String, Value> row) {
      this.table = table;
      this.key = key;
      this.row = row;
    }

    private boolean isRight() {
      Map<String, Value> actual = tables.read(table, key);
      return row == null ? actual == null : row.equals(actual);
    }
  }

  private List<Correction> corrections() {
    List<Correction> corrections = new ArrayList<>();
    for (Map.Entry<Integer, List<Integer>> kinds :
        NoteReader.kinds(session, afterNote, Long.MAX_VALUE).entrySet()) {
      TrackedTable table = catalog.table(kinds.getKey());
      Map<KeyPlace, List<Note>> noted = new LinkedHashMap<>();
      Map<KeyPlace, Value[]> rows = new LinkedHashMap<>();
      try (NoteReader reader = new NoteReader(session, table, afterNote, Long.MAX_VALUE)) {
        while (reader.next()) {
          Note note = reader.note();
          KeyPlace place = KeyPlace.of(table, note.key());
          noted.computeIfAbsent(place, none -> new ArrayList<>()).add(note);
          rows.put(place, reader.tableRow());
        }
      }
      noted.forEach((place, notes) -> add(table, place, noted, rows.get(place), corrections));
    }
    return corrections;
  }

  private void add(
      TrackedTable table,
      KeyPlace place,
      Map<KeyPlace, List<Note>> noted,
      Value[] actual,
      List<Correction> corrections) {
    Expected expected = written.get(place);
    List<Note> notes = noted.get(place);
    Map<String, Value> row =
        byName(table, Note.rowBefore(notes, actual == null ? null : actual.clone()));
    if (expected != null && expected.origin != null && noted.containsKey(expected.origin)) {
      row = byName(table, Note.rowBefore(noted.get(expected.origin), null));
    }
    if (expected != null) {
      if (expected.values == null) {
        row = null;
      } else {
        Map<String, Value> base = expected.whole || row == null ? new LinkedHashMap<>() : row;
        Map<String, Value> now = byName(table, actual);
        if (expected.whole && now != null) {
          base.putAll(now);
        }
        base.putAll(expected.values);
        row = base;
      }
    }
    Map<String, Value> now = byName(table, actual);
    boolean right = row == null ? now == null : row.equals(now);
    if (!right) {
      corrections.add(new Correction(table, notes.get(0).key(), row));
    }
  }

  private static Map<String, Value> byName(TrackedTable table, Value[] row) {
    if (row == null) {
      return null;
    }
    Map<String, Value> byName = new LinkedHashMap<>();
    List<String> names = table.schema().columnNames();
    for (int i = 0; i < row.length; i++) {
      byName.put(names.get(i), row[i]);
    }
    return byName;
  }

  private void correct(Correction correction) {
    try {
      Map<String, Value> actual = tables.read(correction.table, correction.key);
      if (correction.row == null) {
        tables.delete(correction.table, correction.key);
      } else if (actual == null) {
        tables.insert(correction.table, correction.row).update();
      } else if (!correction.row.equals(actual)) {
        tables.update(correction.table, correction.key, correction.row);
      }
    } catch (SqliteException e) {
      if (e.reason() != SqliteException.Reason.CONSTRAINT
          && e.reason() != SqliteException.Reason.OTHER) {
        throw e;
      }
      // A trigger refuses the row: it is tried again with the triggers away.
      return;
    }
  }

  private void withoutTriggers(List<Correction> corrections) {
    List<String[]> triggers = new ArrayList<>();
    try (SqliteRows rows =
        session
            .statement(
                "SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'trigger'"
                    + " AND name NOT LIKE 'godwit\\_%' ESCAPE '\\' ORDER BY rowid")
            .query()) {
      while (rows.next()) {
        String on = rows.text(2);
        boolean concerned =
            corrections.stream().anyMatch(one -> one.table.schema().name().equalsIgnoreCase(on));
        if (concerned) {
          triggers.add(new String[] {rows.text(0), rows.text(1)});
        }
      }
    }
    triggers.forEach(trigger -> session.execute("DROP TRIGGER " + Sql.name(trigger[0])));
    corrections.forEach(this::correct);
    triggers.forEach(trigger -> session.execute(trigger[1]));
  }
}
