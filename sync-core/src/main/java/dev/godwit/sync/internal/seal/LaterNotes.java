package dev.godwit.sync.internal.seal;

import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.apply.ReferredHolders;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.Note;
import dev.godwit.sync.internal.capture.NoteReader;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.state.KeyPlace;
import dev.godwit.sync.internal.state.TableRows;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows as one transaction left them, where later ones wait behind it: what those found tells,
 * since the tables show what the last of them left.
 */
final class LaterNotes implements ReferredHolders {
  private final Session session;
  private final Catalog catalog;
  private final TableRows tables;
  private final Map<Integer, Map<KeyPlace, List<Note>>> later = new HashMap<>();
  private final Map<TrackedTable.Reference, Map<ByteBuffer, RowKey>> held = new HashMap<>();
  private long through;

  LaterNotes(Session session, Catalog catalog, TableRows tables) {
    this.session = session;
    this.catalog = catalog;
    this.tables = tables;
  }

  /** Reads all notes behind this one. */
  void read(long after) {
    for (TrackedTable table : catalog.tables()) {
      try (NoteReader reader = new NoteReader(session, table, after, Long.MAX_VALUE)) {
        while (reader.next()) {
          Note note = reader.note();
          later
              .computeIfAbsent(table.number(), none -> new LinkedHashMap<>())
              .computeIfAbsent(KeyPlace.of(table, note.key()), none -> new ArrayList<>())
              .add(note);
        }
      }
    }
  }

  /** Begins the transaction of which this is the last note. */
  void begin(long last) {
    through = last;
    held.clear();
  }

  boolean isEmpty() {
    return later.isEmpty();
  }

  void clear() {
    later.clear();
    held.clear();
  }

  /** The row behind the transaction: the table's, unless a later one tells what it found. */
  Value[] behind(KeyPlace place, Value[] row) {
    List<Note> notes =
        later.isEmpty() ? null : later.getOrDefault(place.table(), Map.of()).get(place);
    if (notes == null) {
      return row;
    }
    List<Note> behind = new ArrayList<>();
    for (Note note : notes) {
      if (note.id() > through) {
        behind.add(note);
      }
    }
    return behind.isEmpty() ? row : Note.rowBefore(behind, row);
  }

  @Override
  public RowKey holder(TrackedTable.Reference reference, RowKey shown) {
    TrackedTable parent = catalog.table(reference.parent());
    Map<KeyPlace, List<Note>> noted = later.getOrDefault(parent.number(), Map.of());
    for (RowKey key : tables.keysOfReferred(parent, reference, shown)) {
      if (!noted.containsKey(KeyPlace.of(parent, key))) {
        return key;
      }
    }
    return noted.isEmpty()
        ? null
        : held.computeIfAbsent(reference, none -> held(parent, reference, noted))
            .get(KeyPlace.canonical(reference, shown));
  }

  /** Which rows of those that later transactions have written held which values. */
  private Map<ByteBuffer, RowKey> held(
      TrackedTable parent, TrackedTable.Reference reference, Map<KeyPlace, List<Note>> noted) {
    Map<ByteBuffer, RowKey> found = new HashMap<>();
    for (Map.Entry<KeyPlace, List<Note>> one : noted.entrySet()) {
      RowKey key = one.getValue().get(0).key();
      Map<String, Value> now = tables.read(parent, key);
      Value[] row = behind(one.getKey(), now == null ? null : now.values().toArray(new Value[0]));
      if (row != null) {
        List<String> names = parent.columnNames();
        RowKey values = reference.referredKey(column -> row[names.indexOf(column)]);
        found.putIfAbsent(KeyPlace.canonical(reference, values), key);
      }
    }
    return found;
  }
}
