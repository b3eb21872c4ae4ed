package dev.godwit.crdt.dots;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Values under the dots of the writes that made them. Mutable, not thread safe.
 *
 * @param <S> the store itself
 */
public interface DotStore<S extends DotStore<S>> {
  /** Whether there is no dot. */
  boolean isEmpty();

  /** Visits every dot. */
  void forEachDot(Consumer<Dot> visitor);

  /**
   * Takes over what another store holds and drops what was removed there.
   *
   * <p>A dot in both stays. A dot only here goes when it was removed there. A dot only there comes
   * unless it was seen here before, and so removed.
   *
   * @param seen the dots seen here before
   * @param other not changed
   * @param removedThere whether a dot that the other store lacks was removed there
   */
  void join(VersionVector seen, S other, Predicate<Dot> removedThere);

  /** A new store with the dots that a version lacks. */
  S newerThan(VersionVector version);

  /** An independent store with the same dots. */
  S copy();
}
