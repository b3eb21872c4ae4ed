package dev.godwit.sync.internal.merge;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.MergeOperation;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.RowExtras;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The merged state of one life: every undominated version of its existence, its key and its units.
 *
 * <p>A pure data type: {@link #merge} joins a change into it, and nothing else decides anything.
 * Which versions a change dominates follows from its dependencies alone, so that the order in which
 * changes arrive (any order that respects causality) does not matter. Not thread safe.
 *
 * <p>Most lives have one version of everything; for those the versions that share the dot of the
 * key are held as one <em>base</em>, and values stay in the application's table (a {@link Version}
 * without value).
 */
public final class LifeState {
  private final List<Presence> existence = new ArrayList<>();
  private final List<KeyVersion> keys = new ArrayList<>();
  private final TreeMap<String, List<Version>> units = new TreeMap<>();
  private Version base;

  /** For units of merge columns to which an operation was made; null for most lives. */
  private TreeMap<String, List<MergeState>> merges;

  /** Moves in trees that are not shown, since they would close a cycle; null for most lives. */
  private TreeMap<String, Undone> undone;

  /** Writes that stand and that somebody had seen who deleted the row; null for most lives. */
  private TreeSet<Dot> outlived;

  private RowChange born;
  private KeyVersion birth;

  /** What is shown of a move in a tree that would close a cycle. */
  public enum Undone {
    /** Where the row was before. */
    RETURNED,
    /** The root. */
    ROOTED
  }

  /** What the table holds for one unit: the value, and what it refers to (see {@link Version}). */
  public record Held(Value value, LifeId reference, boolean bare) {}

  /** A state without any version. */
  public static LifeState empty() {
    return new LifeState();
  }

  /**
   * The state of a life without concurrency.
   *
   * @param base the version of the key and of every unit that {@code overrides} does not name
   * @param overrides units written later
   * @param key the key that the table shows
   */
  public static LifeState simple(Version base, Map<String, Version> overrides, KeyVersion key) {
    LifeState state = new LifeState();
    state.base = base;
    state.keys.add(key);
    Set<Dot> seen = new HashSet<>();
    seen.add(base.dot());
    state.existence.add(new Presence(base.dot(), base.time(), true, false));
    overrides.forEach(
        (unit, version) -> {
          state.units.put(unit, new ArrayList<>(Collections.singletonList(version)));
          if (seen.add(version.dot())) {
            state.existence.add(new Presence(version.dot(), version.time(), true, false));
          }
        });
    return state;
  }

  public List<Presence> existence() {
    return existence;
  }

  public List<KeyVersion> keys() {
    return keys;
  }

  public Map<String, List<Version>> units() {
    spread();
    return units;
  }

  /**
   * Whether nothing but the insert that bore the life was merged: all its units are of one dot.
   * Held as that change, since most rows that arrive are such.
   */
  public boolean isNewborn() {
    return born != null;
  }

  /** Whether a newborn life has no other units than these. */
  public boolean hasOnly(Set<String> columns) {
    return columns.containsAll(born.shape().columns());
  }

  /** Gives each unit of a newborn life its version. */
  private void spread() {
    if (born != null) {
      RowChange change = born;
      born = null;
      for (int i = 0; i < change.values().size(); i++) {
        List<Version> versions = new ArrayList<>(1);
        versions.add(version(change, i));
        units.put(change.shape().columns().get(i), versions);
      }
    }
  }

  private Version version(RowChange change, int column) {
    return version(change, column, keys.get(0).dot());
  }

  private static Version version(RowChange change, int column, Dot dot) {
    RowExtras extras = change.extras();
    int position = change.shape().keyColumns().size() + column;
    return new Version(
        dot,
        change.time(),
        change.kind() == RowChange.Kind.DERIVED,
        change.values().get(column),
        extras.references().get(position),
        extras.bare().contains(position),
        change.kind() == RowChange.Kind.RESOLUTION,
        origin(change, column, position));
  }

  /** The first key of a life whose key has changed since, null while it has not. */
  public KeyVersion birth() {
    return birth;
  }

  private static Version.Origin origin(RowChange change, int column, int position) {
    LifeId parent = change.extras().origins().get(position);
    return parent == null || column >= change.before().size()
        ? null
        : new Version.Origin(change.before().get(column).value(), parent);
  }

  /** Sets what {@link #birth} says, unless it is set. */
  public void bornUnder(KeyVersion key) {
    birth = birth == null ? key : birth;
  }

  /** The version of all units without one of their own, null when there are none such. */
  public Version base() {
    return base;
  }

  /** Whether nothing was ever merged into this state. */
  public boolean isEmpty() {
    return existence.isEmpty() && keys.isEmpty();
  }

  /** Whether a transaction has made, changed or deleted the row. */
  public boolean isWrittenBy(Dot dot) {
    return existence.stream().anyMatch(presence -> presence.dot().equals(dot));
  }

  /** Gives every one of these units a version of its own, with what the table holds for it. */
  public void expand(Map<String, Held> table) {
    spread();
    table.forEach(
        (unit, held) -> {
          List<Version> versions = units.get(unit);
          if (versions == null && base != null) {
            units.put(
                unit,
                new ArrayList<>(
                    Collections.singletonList(
                        base.holding(held.value(), held.reference(), held.bare()))));
          } else if (versions != null) {
            versions.replaceAll(
                version ->
                    version.value() == null
                        ? version.holding(held.value(), held.reference(), held.bare())
                        : version);
          }
        });
    base = null;
  }

  /** Gives a key version that leans on the table the key that the table shows. */
  public void expandKey(RowKey shown, RowExtras meant) {
    keys.replaceAll(
        key ->
            key.key() == null
                ? new KeyVersion(key.dot(), key.time(), key.derived(), shown, meant)
                : key);
  }

  /**
   * Whether some version's value must be fetched from the table before the row may change there.
   */
  public boolean leansOnTable() {
    if (base != null) {
      return true;
    }
    if (born != null) {
      return false;
    }
    for (List<Version> versions : units.values()) {
      for (Version version : versions) {
        if (version.value() == null) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Whether some version says what it refers to in a column other than these: one that was a
   * reference when it was written.
   *
   * @param key the columns of the key, in order
   */
  public boolean refersBeyond(Set<String> columns, List<String> key) {
    for (KeyVersion version : keys) {
      for (int position : version.extras().references().keySet()) {
        if (position < key.size() && !columns.contains(key.get(position))) {
          return true;
        }
      }
    }
    if (born != null) {
      int keyColumns = born.shape().keyColumns().size();
      for (int position : born.extras().references().keySet()) {
        boolean inKey = position < keyColumns;
        if (!inKey && !columns.contains(born.shape().columns().get(position - keyColumns))) {
          return true;
        }
      }
      return false;
    }
    for (Map.Entry<String, List<Version>> unit : units.entrySet()) {
      if (!columns.contains(unit.getKey())) {
        for (Version version : unit.getValue()) {
          if (version.reference() != null) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /**
   * Joins one change.
   *
   * @param dot of its transaction
   * @param dependencies those of its transaction
   * @param dominated which dots the change dominates: covered by its dependencies and not listed as
   *     unseen
   */
  public void merge(
      RowChange change, Dot dot, VersionVector dependencies, Predicate<Dot> dominated) {
    boolean derived = change.kind() == RowChange.Kind.DERIVED;
    if (change.kind() == RowChange.Kind.INSERT && isEmpty() && change.extras().merge().isEmpty()) {
      existence.add(new Presence(dot, change.time(), true, false));
      keys.add(new KeyVersion(dot, change.time(), false, change.key(), change.extras()));
      born = change;
      return;
    }
    spread();
    mergeExistence(change, dot, dominated);
    if (change.kind() == RowChange.Kind.DELETE) {
      outlive(dominated);
      return;
    }
    if (change.writesKey() || derived || keys.isEmpty()) {
      KeyVersion written =
          new KeyVersion(dot, change.time(), derived, change.key(), change.extras());
      // What a comparison or migration writes takes nothing away from what people wrote.
      keys.removeIf(version -> dominated.test(version.dot()) && (!derived || version.derived()));
      keys.add(written);
      Collections.sort(keys);
    }
    if (change.kind() == RowChange.Kind.INSERT) {
      if (base != null && dominated.test(base.dot())) {
        base = null;
      }
      units
          .values()
          .forEach(versions -> versions.removeIf(version -> dominated.test(version.dot())));
      units.values().removeIf(List::isEmpty);
      if (merges != null) {
        merges.values().forEach(states -> states.forEach(state -> state.forget(dominated)));
      }
    }
    for (int i = 0; i < change.values().size(); i++) {
      String unit = change.shape().columns().get(i);
      Version written = version(change, i, dot);
      if (merges != null || !change.extras().merge().isEmpty()) {
        MergeOperation operation = operation(change, i);
        mergeOperation(unit, written, operation, dependencies, dominated);
      }
      mergeUnit(unit, written, dominated);
    }
    if (outlived != null) {
      Set<Dot> left = standing();
      left.retainAll(outlived);
      outlived(left);
    }
  }

  static MergeOperation operation(RowChange change, int column) {
    int position = change.shape().keyColumns().size() + column;
    byte[] bytes = change.extras().merge().get(position);
    return bytes == null ? null : MergeOperation.decode(bytes);
  }

  /** Joins a write into the merge states of its unit; the first operation of a kind makes one. */
  private void mergeOperation(
      String unit,
      Version written,
      MergeOperation operation,
      VersionVector dependencies,
      Predicate<Dot> dominated) {
    List<MergeState> states = merges == null ? null : merges.get(unit);
    if (operation != null && find(states, operation.type()) == null) {
      merges = merges == null ? new TreeMap<>() : merges;
      states = merges.computeIfAbsent(unit, none -> new ArrayList<>(1));
      states.add(MergeState.of(operation.type(), siblings(unit)));
    }
    if (states == null) {
      return;
    }
    for (MergeState state : states) {
      if (operation != null && operation.type() == state.type()) {
        state.join(written, operation, dependencies, dominated);
      } else {
        state.joinBase(written, dominated);
      }
    }
  }

  private static MergeState find(List<MergeState> states, MergeOperation.Type type) {
    if (states != null) {
      for (MergeState state : states) {
        if (state.type() == type) {
          return state;
        }
      }
    }
    return null;
  }

  /** What is kept of a unit for operations of one kind, null when none was made. */
  public MergeState merged(String unit, MergeOperation.Type type) {
    return merges == null ? null : find(merges.get(unit), type);
  }

  /**
   * The writes to a unit of which something stands: its versions, and those whose part in what is
   * merged goes with a write that sets the value anew.
   */
  public Set<Dot> writesTo(String unit) {
    Set<Dot> writes = new TreeSet<>();
    siblings(unit).forEach(version -> writes.add(version.dot()));
    if (merges != null) {
      merges.getOrDefault(unit, List.of()).forEach(state -> writes.addAll(state.kept()));
    }
    return writes;
  }

  /** All that is kept for operations, by unit; null when there is none. */
  public Map<String, List<MergeState>> merges() {
    return merges;
  }

  /** Adds what is kept of a unit for operations, read from storage. */
  public void restore(String unit, List<MergeState> states) {
    merges = merges == null ? new TreeMap<>() : merges;
    merges.put(unit, states);
  }

  private void mergeExistence(RowChange change, Dot dot, Predicate<Dot> dominated) {
    boolean derived = change.kind() == RowChange.Kind.DERIVED;
    Presence written =
        change.kind() == RowChange.Kind.DELETE
            ? new Presence(dot, change.time(), false, false, change.extras().claims())
            : new Presence(dot, change.time(), true, derived);
    existence.removeIf(
        presence -> dominated.test(presence.dot()) && (!derived || presence.derived()));
    existence.add(written);
  }

  private void mergeUnit(String unit, Version written, Predicate<Dot> dominated) {
    List<Version> versions = units.get(unit);
    if (versions == null) {
      versions = new ArrayList<>();
      units.put(unit, versions);
      if (base != null) {
        versions.add(base);
      }
    }
    versions.removeIf(version -> dominated.test(version.dot()));
    versions.add(written);
    Collections.sort(versions);
  }

  /**
   * Whether the row is to be seen: an undominated present stands (update wins); a derived one only
   * where no absent does.
   */
  public boolean isPresent() {
    boolean absent = false;
    boolean derivedPresent = false;
    for (Presence presence : existence) {
      if (presence.present() && !presence.derived()) {
        return true;
      }
      absent |= !presence.present();
      derivedPresent |= presence.present();
    }
    return derivedPresent && !absent;
  }

  /** Whether the row is to be seen where deletes win: no undominated absent stands. */
  public boolean isPresentUnlessDeleted() {
    for (Presence presence : existence) {
      if (!presence.present()) {
        return false;
      }
    }
    return !existence.isEmpty();
  }

  /** Whether the row stands although a concurrent delete wanted it gone. */
  public boolean isRevived() {
    boolean absent = false;
    boolean present = false;
    for (Presence presence : existence) {
      absent |= !presence.present();
      present |= presence.present();
    }
    return absent && present;
  }

  /** The key that the life wants. */
  public KeyVersion wantedKey() {
    return keys.get(keys.size() - 1);
  }

  /** The visible version of a unit, null when no one has written it. */
  public Version pick(String unit) {
    if (born != null) {
      int column = born.shape().columns().indexOf(unit);
      return column < 0 ? null : version(born, column);
    }
    List<Version> versions = units.get(unit);
    return versions == null || versions.isEmpty() ? base : versions.get(versions.size() - 1);
  }

  /** The versions of a unit that stand beside each other. */
  public List<Version> siblings(String unit) {
    spread();
    List<Version> versions = units.get(unit);
    if (versions != null) {
      return versions;
    }
    return base == null ? List.of() : List.of(base);
  }

  /** What is shown of a move to this unit that would close a cycle, null where the move is. */
  public Undone undone(String unit) {
    return undone == null ? null : undone.get(unit);
  }

  /** The units whose moves are not shown, each with what is shown instead. */
  public Map<String, Undone> undone() {
    return undone == null ? Map.of() : undone;
  }

  /** Sets what {@link #undone(String)} says, null for nothing. */
  public void undo(String unit, Undone instead) {
    if (instead != null) {
      undone = undone == null ? new TreeMap<>() : undone;
      undone.put(unit, instead);
    } else if (undone != null) {
      undone.remove(unit);
      undone = undone.isEmpty() ? null : undone;
    }
  }

  /** The version as it is shown: a move that would close a cycle is not. */
  public Version asShown(String unit, Version picked) {
    Undone instead = picked == null ? null : undone(unit);
    if (instead == null) {
      return picked;
    }
    return instead == Undone.RETURNED ? picked.movedBack() : picked.atRoot();
  }

  /**
   * Whether a write that stands was seen by somebody who deleted the row, also where the row is
   * back and nobody's delete stands any more: of what becomes of the write he decided nothing else.
   */
  public boolean isOutlived(Dot dot) {
    return outlived != null && outlived.contains(dot);
  }

  /** All such writes. */
  public Set<Dot> outlived() {
    return outlived == null ? Set.of() : outlived;
  }

  /** Sets what {@link #outlived} says. */
  public void outlived(Collection<Dot> dots) {
    outlived = dots.isEmpty() ? null : new TreeSet<>(dots);
  }

  private void outlive(Predicate<Dot> dominated) {
    Set<Dot> seen = standing();
    seen.removeIf(dominated.negate());
    seen.addAll(outlived());
    outlived(seen);
  }

  /** The dots of all versions of the key and the units. */
  private Set<Dot> standing() {
    Set<Dot> dots = new HashSet<>();
    keys.forEach(key -> dots.add(key.dot()));
    units.values().forEach(versions -> versions.forEach(version -> dots.add(version.dot())));
    if (base != null) {
      dots.add(base.dot());
    }
    return dots;
  }

  /** Adds versions read from storage. */
  public void restore(
      List<Presence> presences,
      List<KeyVersion> keyVersions,
      Map<String, List<Version>> unitVersions) {
    existence.addAll(presences);
    keys.addAll(keyVersions);
    units.putAll(unitVersions);
  }

  /** Whether one version of everything stands, so that the table and a few dots say it all. */
  public boolean isSimple() {
    if (birth != null
        || undone != null
        || outlived != null
        || keys.size() != 1
        || keys.get(0).derived()) {
      return false;
    }
    if (!keys.get(0).extras().claims().isEmpty()) {
      return false;
    }
    if (born != null) {
      return true;
    }
    if (merges != null) {
      return false;
    }
    for (List<Version> versions : units.values()) {
      Version only = versions.get(0);
      if (versions.size() > 1 || only.derived() || only.origin() != null) {
        return false;
      }
    }
    for (Presence presence : existence) {
      if (!presence.present() || presence.derived() || !isTold(presence.dot())) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the key or a value tells of a write: whoever only restored the row has written none.
   */
  private boolean isTold(Dot dot) {
    if (dot.equals(keys.get(0).dot())) {
      return true;
    }
    for (List<Version> versions : units.values()) {
      if (dot.equals(versions.get(0).dot())) {
        return true;
      }
    }
    return false;
  }
}
