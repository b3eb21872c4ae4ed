package dev.godwit.sync.internal.merge;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.RowChange;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which earlier writes a change dominates: those that its dependencies cover and that its writer
 * saw.
 */
public final class Dominance {
  private Dominance() {}

  /**
   * The dots that a change dominates; its own among them, since within a transaction later changes
   * of a row follow earlier ones.
   *
   * @param own that of its transaction
   * @param dependencies those of its transaction
   */
  public static Predicate<Dot> of(RowChange change, Dot own, VersionVector dependencies) {
    List<Dot> unseen = change.extras().unseen();
    List<Dot> basedOn = change.extras().basedOn();
    if (!basedOn.isEmpty()) {
      return dot -> dot.equals(own) || basedOn.contains(dot) && dependencies.covers(dot);
    }
    VersionVector covered = dependencies.with(own);
    return unseen.isEmpty() ? covered::covers : dot -> covered.covers(dot) && !unseen.contains(dot);
  }
}
