package dev.godwit.crdt.set;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.dots.CausalState;
import dev.godwit.crdt.dots.DotMap;
import dev.godwit.crdt.dots.DotSet;
import dev.godwit.crdt.dots.DotStoreType;
import dev.godwit.crdt.encoding.ValueCodec;
import java.util.Set;

/**
 * A set in which an addition wins over a concurrent removal.
 *
 * <p>The optimized observed-remove set of Bieniusa et al., "An optimized conflict-free replicated
 * set" (2012). Merge rule: an element is there while it has the dot of an addition that no removal
 * has seen. No tombstones. Size: a dot an element (one more for each concurrent addition of it) and
 * one vector. Adding, removing and looking up are constant on average, merge and encoding linear.
 * Mutable, not thread safe.
 *
 * @param <E> the elements, which must be immutable with equals and hashCode
 */
public final class AddWinsSet<E> extends CausalState<DotMap<E, DotSet>, AddWinsSet<E>> {
  /** An empty set. */
  public AddWinsSet(ValueCodec<E> codec) {
    super(type(codec));
  }

  private AddWinsSet(ValueCodec<E> codec, byte[] encoded) {
    super(type(codec), encoded);
  }

  private AddWinsSet(AddWinsSet<E> original) {
    super(original);
  }

  /** The kind of store inside, for deltas and for nesting. */
  public static <E> DotStoreType<DotMap<E, DotSet>> type(ValueCodec<E> codec) {
    return DotMap.type(codec, DotSet.TYPE);
  }

  /** The set of these bytes. */
  public static <E> AddWinsSet<E> decode(byte[] encoded, ValueCodec<E> codec) {
    return new AddWinsSet<>(codec, encoded);
  }

  /** Adds an element; adding it again protects it from removals that have not seen this. */
  public void add(ReplicaId replica, E element) {
    Dot dot = nextDot(replica);
    store().update(element, dots -> dots.assign(dot));
  }

  /** Removes an element, that is, the additions of it seen here. */
  public void remove(E element) {
    store().remove(element);
  }

  /** Whether the element is there. */
  public boolean contains(E element) {
    return store().contains(element);
  }

  /** The elements, unmodifiable, in no order. */
  public Set<E> elements() {
    return store().keys();
  }

  /** An independent set of the same content. */
  public AddWinsSet<E> copy() {
    return new AddWinsSet<>(this);
  }
}
