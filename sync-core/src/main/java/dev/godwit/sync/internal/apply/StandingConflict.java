package dev.godwit.sync.internal.apply;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One conflict as it stands.
 *
 * @param unit the column, "" for the whole row
 * @param kind what met what
 * @param key the row's key as a person reads it
 * @param open whether it waits for somebody to settle it
 * @param how by which rule it is settled, or why it is held back
 * @param by who settled it, null where a rule did
 * @param about what besides the row it hangs on, null for nothing
 * @param held what of {@code godwit_held} it is about, its kind and unit; null for nothing
 * @param siblings in order
 */
record StandingConflict(
    String unit,
    String kind,
    String key,
    boolean open,
    String how,
    ReplicaId by,
    byte[] about,
    String held,
    List<Sibling> siblings) {
  static final String EDIT_EDIT = "edit/edit";
  static final String EDIT_DELETE = "edit/delete";
  static final String KEY_COLLISION = "key collision";
  static final String UNIQUE = "unique";
  static final String FOREIGN_KEY = "foreign key";
  static final String CHECK = "check";
  static final String CYCLE = "cycle";
  static final String REFUSED = "refused";

  /** A conflict that {@code godwit_held} does not know of. */
  StandingConflict(
      String unit,
      String kind,
      String key,
      boolean open,
      String how,
      ReplicaId by,
      byte[] about,
      List<Sibling> siblings) {
    this(unit, kind, key, open, how, by, about, null, siblings);
  }

  StandingConflict {
    siblings = new ArrayList<>(siblings);
    siblings.sort(
        Comparator.comparing(Sibling::time)
            .thenComparing(Sibling::dot)
            .thenComparing(Sibling::life));
  }

  /**
   * One of those that stand beside each other.
   *
   * @param table the number of the table of the row that it is about
   * @param life that row
   * @param action what was done: edit, delete, resolution; row where whole rows meet
   * @param value the value, null for none
   * @param key the key of that row as a person reads it, null where it is the conflict's
   */
  record Sibling(
      int table,
      LifeId life,
      Dot dot,
      HybridTimestamp time,
      String action,
      Value value,
      boolean shown,
      String key) {
    /** One about the row, or the key, of the conflict itself. */
    Sibling(
        int table,
        LifeId life,
        Dot dot,
        HybridTimestamp time,
        String action,
        Value value,
        boolean shown) {
      this(table, life, dot, time, action, value, shown, null);
    }
  }

  List<Dot> dots() {
    List<Dot> dots = new ArrayList<>();
    siblings.forEach(sibling -> dots.add(sibling.dot()));
    return dots;
  }
}
