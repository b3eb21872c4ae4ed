package dev.godwit.crdt.dots;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.encoding.EncodingReader;
import dev.godwit.crdt.encoding.EncodingWriter;
import java.util.HashSet;
import java.util.Set;

/**
 * A store with the vector of all dots ever seen: what the causal types have in common.
 *
 * <p>Merge rule: a dot stays when both hold it, or one holds it and the other has never seen it
 * (Almeida et al., 2018). Cost of merge, delta and encoding: linear in the dots held. Written as
 * the vector, then the store. Mutable, not thread safe.
 *
 * @param <S> the store
 * @param <C> the type itself
 */
public abstract class CausalState<S extends DotStore<S>, C extends CausalState<S, C>> {
  private final DotStoreType<S> type;
  private S store;
  private VersionVector seen = VersionVector.empty();

  /** An empty state. */
  protected CausalState(DotStoreType<S> type) {
    this.type = type;
    store = type.empty();
  }

  /** The state of these bytes. */
  protected CausalState(DotStoreType<S> type, byte[] encoded) {
    this.type = type;
    EncodingReader in = new EncodingReader(encoded);
    seen = in.readVector();
    store = type.read(in);
    in.requireEnd();
    requireCovered(in, store, seen);
  }

  /** Another state's store and vector, independent of it. */
  protected CausalState(CausalState<S, C> original) {
    type = original.type;
    store = original.store.copy();
    seen = original.seen;
  }

  /** The store. */
  protected final S store() {
    return store;
  }

  /** The next dot of a replica, seen from now on. */
  protected final Dot nextDot(ReplicaId replica) {
    Dot dot = new Dot(replica, seen.sequence(replica) + 1);
    seen = seen.with(dot);
    return dot;
  }

  /** All dots ever seen; removals do not show here, but every delta carries them. */
  public final VersionVector version() {
    return seen;
  }

  /** Takes over what another state holds, which stays as it is. */
  public final void merge(C other) {
    CausalState<S, C> that = other;
    store.join(seen, that.store, that.seen::covers);
    seen = seen.join(that.seen);
  }

  /** What a state of some version needs to become the merge with this one. */
  public final CausalDelta<S> deltaSince(VersionVector version) {
    return CausalDelta.of(store, seen, version);
  }

  /**
   * Does what a merge with the delta's origin would.
   *
   * @throws IllegalArgumentException when this state lacks something below the delta: ask for one
   *     since {@link #version}
   */
  public final void apply(CausalDelta<S> delta) {
    if (!seen.covers(delta.since())) {
      throw new IllegalArgumentException(
          "expected a delta since a version within "
              + seen
              + " but got one since "
              + delta.since());
    }
    store.join(seen, delta.newer(), delta::removed);
    seen = seen.join(delta.version());
  }

  /** The canonical bytes. */
  public final byte[] encode() {
    EncodingWriter out = new EncodingWriter().writeVector(seen);
    type.write(out, store);
    return out.toBytes();
  }

  static <S extends DotStore<S>> void requireCovered(
      EncodingReader in, S store, VersionVector version) {
    Set<Dot> met = new HashSet<>();
    store.forEachDot(
        dot -> {
          if (!version.covers(dot) || !met.add(dot)) {
            throw in.malformed(
                "expected each dot once, within version "
                    + version
                    + ", but got "
                    + dot
                    + " before this");
          }
        });
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CausalState<?, ?> that
        && getClass() == that.getClass()
        && seen.equals(that.seen)
        && store.equals(that.store);
  }

  @Override
  public int hashCode() {
    return 31 * seen.hashCode() + store.hashCode();
  }

  @Override
  public String toString() {
    return store + " of " + seen;
  }
}
