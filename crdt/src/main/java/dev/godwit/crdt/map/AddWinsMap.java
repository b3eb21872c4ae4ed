package dev.godwit.crdt.map;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.dots.CausalState;
import dev.godwit.crdt.dots.DotMap;
import dev.godwit.crdt.dots.DotStore;
import dev.godwit.crdt.dots.DotStoreType;
import dev.godwit.crdt.encoding.ValueCodec;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * A map of nested causal types, in which a write under a key wins over a concurrent removal of the
 * key.
 *
 * <p>The observed-remove map of Almeida et al., "Delta State Replicated Data Types" (2018): one
 * vector for the map and all that is in it. Merge rule: key by key, the stores join; a removal
 * takes away exactly what it had seen, so that after a concurrent write only what that write made
 * is left under the key. Values are registers ({@code DotValues}), sets and maps ({@code DotMap})
 * or flags ({@code DotSet}), to any depth. Size: that of the values and one vector. Writing and
 * looking up are constant on average, merge and encoding linear. Mutable, not thread safe.
 *
 * @param <K> the keys, which must be immutable with equals and hashCode
 * @param <S> the nested stores
 */
public final class AddWinsMap<K, S extends DotStore<S>>
    extends CausalState<DotMap<K, S>, AddWinsMap<K, S>> {
  /** An empty map. */
  public AddWinsMap(ValueCodec<K> keys, DotStoreType<S> nested) {
    super(type(keys, nested));
  }

  private AddWinsMap(DotStoreType<DotMap<K, S>> type, byte[] encoded) {
    super(type, encoded);
  }

  private AddWinsMap(AddWinsMap<K, S> original) {
    super(original);
  }

  /** The kind of store inside, for deltas and for nesting. */
  public static <K, S extends DotStore<S>> DotStoreType<DotMap<K, S>> type(
      ValueCodec<K> keys, DotStoreType<S> nested) {
    return DotMap.type(keys, nested);
  }

  /** The map of these bytes. */
  public static <K, S extends DotStore<S>> AddWinsMap<K, S> decode(
      byte[] encoded, ValueCodec<K> keys, DotStoreType<S> nested) {
    return new AddWinsMap<>(type(keys, nested), encoded);
  }

  /**
   * Changes what is under a key; the change takes a new dot from the supplier for each of its
   * writes.
   */
  public void update(ReplicaId replica, K key, BiConsumer<S, Supplier<Dot>> change) {
    store().update(key, nested -> change.accept(nested, () -> nextDot(replica)));
  }

  /** Removes a key and everything under it that was seen here. */
  public void remove(K key) {
    store().remove(key);
  }

  /** Whether something is under the key. */
  public boolean contains(K key) {
    return store().contains(key);
  }

  /** A copy of what is under the key, empty when nothing is. */
  public S get(K key) {
    return store().get(key).copy();
  }

  /** The keys, unmodifiable, in no order. */
  public Set<K> keys() {
    return store().keys();
  }

  /** An independent map of the same content. */
  public AddWinsMap<K, S> copy() {
    return new AddWinsMap<>(this);
  }
}
