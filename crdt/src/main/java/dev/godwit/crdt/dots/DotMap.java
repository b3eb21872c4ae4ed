package dev.godwit.crdt.dots;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.encoding.ByteOrder;
import dev.godwit.crdt.encoding.EncodingReader;
import dev.godwit.crdt.encoding.EncodingWriter;
import dev.godwit.crdt.encoding.ValueCodec;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One store for each key; a key is there for as long as its store has a dot.
 *
 * <p>Written as the number of keys, then key and store of each in the order of the keys' bytes.
 *
 * @param <K> the keys, which must be immutable with equals and hashCode
 * @param <S> the stores
 */
public final class DotMap<K, S extends DotStore<S>> implements DotStore<DotMap<K, S>> {
  private final DotStoreType<S> nested;
  private final Map<K, S> stores = new HashMap<>();

  DotMap(DotStoreType<S> nested) {
    this.nested = nested;
  }

  /** The kind of store with such keys and such stores. */
  public static <K, S extends DotStore<S>> DotStoreType<DotMap<K, S>> type(
      ValueCodec<K> keys, DotStoreType<S> nested) {
    return new Type<>(keys, nested);
  }

  /** The keys that are there, unmodifiable, in no order. */
  public Set<K> keys() {
    return Collections.unmodifiableSet(stores.keySet());
  }

  /** Whether the key is there. */
  public boolean contains(K key) {
    return stores.containsKey(key);
  }

  /** The store of a key, for reading; an empty one when the key is not there. */
  public S get(K key) {
    S store = stores.get(key);
    return store == null ? nested.empty() : store;
  }

  /**
   * Changes the store of a key, begun when the key is not there and dropped when nothing is left.
   */
  public void update(K key, Consumer<S> change) {
    S store = get(key);
    change.accept(store);
    put(key, store);
  }

  /** Removes a key and what is in it; what others write there concurrently survives. */
  public void remove(K key) {
    stores.remove(key);
  }

  @Override
  public boolean isEmpty() {
    return stores.isEmpty();
  }

  @Override
  public void forEachDot(Consumer<Dot> visitor) {
    stores.values().forEach(store -> store.forEachDot(visitor));
  }

  @Override
  public void join(VersionVector seen, DotMap<K, S> other, Predicate<Dot> removedThere) {
    S nothing = nested.empty();
    stores
        .entrySet()
        .removeIf(
            entry -> {
              S there = other.stores.get(entry.getKey());
              entry.getValue().join(seen, there == null ? nothing : there, removedThere);
              return entry.getValue().isEmpty();
            });
    other.stores.forEach(
        (key, there) -> {
          if (!stores.containsKey(key)) {
            S store = nested.empty();
            store.join(seen, there, removedThere);
            put(key, store);
          }
        });
  }

  @Override
  public DotMap<K, S> newerThan(VersionVector version) {
    DotMap<K, S> newer = new DotMap<>(nested);
    stores.forEach((key, store) -> newer.put(key, store.newerThan(version)));
    return newer;
  }

  @Override
  public DotMap<K, S> copy() {
    DotMap<K, S> copy = new DotMap<>(nested);
    stores.forEach((key, store) -> copy.stores.put(key, store.copy()));
    return copy;
  }

  private void put(K key, S store) {
    if (store.isEmpty()) {
      stores.remove(key);
    } else {
      stores.put(key, store);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DotMap<?, ?> that && stores.equals(that.stores);
  }

  @Override
  public int hashCode() {
    return stores.hashCode();
  }

  @Override
  public String toString() {
    return stores.toString();
  }

  private record Type<K, S extends DotStore<S>>(ValueCodec<K> keys, DotStoreType<S> nested)
      implements DotStoreType<DotMap<K, S>> {
    @Override
    public DotMap<K, S> empty() {
      return new DotMap<>(nested);
    }

    @Override
    public void write(EncodingWriter out, DotMap<K, S> map) {
      TreeMap<byte[], S> ordered = new TreeMap<>(ByteOrder.UNSIGNED);
      map.stores.forEach((key, store) -> ordered.put(keys.bytesOf(key), store));
      out.writeUnsigned(ordered.size());
      ordered.forEach(
          (key, store) -> {
            out.writeRaw(key);
            nested.write(out, store);
          });
    }

    @Override
    public DotMap<K, S> read(EncodingReader in) {
      DotMap<K, S> map = new DotMap<>(nested);
      int count = in.readCount(18);
      byte[] previous = null;
      for (int i = 0; i < count; i++) {
        K key = keys.read(in);
        byte[] bytes = keys.bytesOf(key);
        S store = nested.read(in);
        boolean ascending = previous == null || ByteOrder.UNSIGNED.compare(previous, bytes) < 0;
        if (!ascending || store.isEmpty() || map.contains(key)) {
          throw in.malformed(
              "expected keys in ascending order, each with a dot, but got another one before this");
        }
        map.stores.put(key, store);
        previous = bytes;
      }
      return map;
    }
  }
}
