package dev.godwit.sync.internal.capture;

import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one transaction did to one row in the end: the difference between the row before it and the
 * row behind it.
 *
 * @param from the key before, null when there was no row
 * @param to the key afterwards, null when there is no row
 * @param before the row before by column position, null when there was none
 * @param after the row afterwards by column position, null when there is none
 * @param reborn whether the row was deleted and then inserted anew, so that it is not an update of
 *     what was there
 * @param timeMillis when the row was last touched
 */
public record NetEffect(
    RowKey from, RowKey to, Value[] before, Value[] after, boolean reborn, long timeMillis) {
  /** All notes of one transaction about one key, and the row behind them. */
  public static final class Slot {
    private final RowKey key;
    private final List<Note> notes = new ArrayList<>();
    private Value[] after;

    public Slot(RowKey key) {
      this.key = key;
    }

    public void add(Note note) {
      notes.add(note);
    }

    public void after(Value[] row) {
      after = row;
    }

    public RowKey key() {
      return key;
    }

    public List<Note> notes() {
      return notes;
    }

    private boolean moves() {
      return notes.stream().anyMatch(note -> note.isLeft() || note.isArrived());
    }

    private long timeMillis() {
      long latest = 0;
      for (Note note : notes) {
        latest = Math.max(latest, note.timeMillis());
      }
      return latest;
    }

    /**
     * Whether a delete was followed by an insert. A delete right behind a displacement is REPLACE's
     * own, seen where recursive triggers are on: there the row lives on.
     */
    private boolean isReborn() {
      boolean deleted = false;
      for (int i = 0; i < notes.size(); i++) {
        Note note = notes.get(i);
        if (note.isInserted() && deleted) {
          return true;
        }
        boolean replaced =
            i > 0 && notes.get(i - 1).isDisplaced() && notes.get(i - 1).id() == note.id() - 1;
        deleted |= note.isDeleted() && !replaced;
      }
      return false;
    }
  }

  /** A row on its way from key to key. */
  private static final class Track {
    private final Slot origin;

    private Track(Slot origin) {
      this.origin = origin;
    }
  }

  /** The effect on a key from and to which no row moved; null when there is none. */
  public static NetEffect of(Slot slot) {
    Value[] before = Note.rowBefore(slot.notes, slot.after);
    if (before == null && slot.after == null) {
      return null;
    }
    RowKey to = slot.after == null ? null : slot.key;
    boolean reborn = before != null && slot.after != null && slot.isReborn();
    return new NetEffect(
        before == null ? null : slot.key, to, before, slot.after, reborn, slot.timeMillis());
  }

  /**
   * The effects on these keys of one table.
   *
   * @param slots by what identifies the key, whatever its spelling
   */
  public static <K> List<NetEffect> of(Map<K, Slot> slots) {
    List<NetEffect> effects = new ArrayList<>();
    Map<K, Slot> moving = new LinkedHashMap<>();
    slots.forEach(
        (key, slot) -> {
          if (slot.moves()) {
            moving.put(key, slot);
          } else {
            NetEffect effect = of(slot);
            if (effect != null) {
              effects.add(effect);
            }
          }
        });
    if (!moving.isEmpty()) {
      effects.addAll(ofMoving(moving));
    }
    return effects;
  }

  private static <K> List<NetEffect> ofMoving(Map<K, Slot> slots) {
    Map<K, Track> occupants = new LinkedHashMap<>();
    List<Track> originals = new ArrayList<>();
    List<Map.Entry<K, Note>> notes = new ArrayList<>();
    slots.forEach(
        (key, slot) -> {
          if (Note.rowBefore(slot.notes, slot.after) != null) {
            Track track = new Track(slot);
            occupants.put(key, track);
            originals.add(track);
          }
          slot.notes.forEach(note -> notes.add(Map.entry(key, note)));
        });
    notes.sort((left, right) -> Long.compare(left.getValue().id(), right.getValue().id()));
    Track inHand = null;
    for (Map.Entry<K, Note> entry : notes) {
      inHand = step(entry.getKey(), entry.getValue(), occupants, inHand);
    }
    List<NetEffect> effects = new ArrayList<>();
    Map<Track, Slot> ends = new LinkedHashMap<>();
    slots.forEach(
        (key, slot) -> {
          if (slot.after != null) {
            ends.put(occupants.getOrDefault(key, new Track(null)), slot);
          }
        });
    for (Track track : originals) {
      effects.add(effect(track, ends.remove(track)));
    }
    ends.forEach((track, end) -> effects.add(effect(track, end)));
    // Rows that move come before rows that are inserted where they stood.
    effects.sort(
        Comparator.<NetEffect, Boolean>comparing(effect -> effect.from == null)
            .thenComparing(NetEffect::timeMillis));
    return effects;
  }

  /**
   * One note: who stands where behind it. Returns the row that has left its key and not yet
   * arrived.
   */
  private static <K> Track step(K key, Note note, Map<K, Track> occupants, Track inHand) {
    if (note.isLeft()) {
      Track leaving = occupants.remove(key);
      return leaving == null ? new Track(null) : leaving;
    }
    if (note.isArrived()) {
      occupants.put(key, inHand == null ? new Track(null) : inHand);
      return null;
    }
    if (note.isDeleted()) {
      occupants.remove(key);
    } else if (note.isInserted()) {
      occupants.computeIfAbsent(key, none -> new Track(null));
    }
    return inHand;
  }

  private static NetEffect effect(Track track, Slot end) {
    Slot origin = track.origin;
    Value[] before = origin == null ? null : Note.rowBefore(origin.notes, origin.after);
    long time =
        Math.max(origin == null ? 0 : origin.timeMillis(), end == null ? 0 : end.timeMillis());
    return new NetEffect(
        origin == null ? null : origin.key,
        end == null ? null : end.key,
        before,
        end == null ? null : end.after,
        false,
        time);
  }
}
