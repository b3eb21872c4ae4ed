package dev.godwit.crdt.dots;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.encoding.EncodingReader;
import dev.godwit.crdt.encoding.EncodingWriter;
import dev.godwit.crdt.encoding.ValueCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One value for each dot: the writes of a register that no other has seen. Written as their number,
 * then dot and value.
 *
 * @param <T> the values, which must be immutable
 */
public final class DotValues<T> implements DotStore<DotValues<T>> {
  private final TreeMap<Dot, T> values = new TreeMap<>();

  /** The kind of store with values written by this codec. */
  public static <T> DotStoreType<DotValues<T>> type(ValueCodec<T> codec) {
    return new Type<>(codec);
  }

  /** Replaces all values by this one. */
  public void assign(Dot dot, T value) {
    values.clear();
    values.put(dot, value);
  }

  /** Removes all values; a concurrent write survives. */
  public void clear() {
    values.clear();
  }

  /** The values in the order of their dots; more than one were written concurrently. */
  public List<T> values() {
    return new ArrayList<>(values.values());
  }

  @Override
  public boolean isEmpty() {
    return values.isEmpty();
  }

  @Override
  public void forEachDot(Consumer<Dot> visitor) {
    values.keySet().forEach(visitor);
  }

  @Override
  public void join(VersionVector seen, DotValues<T> other, Predicate<Dot> removedThere) {
    values.keySet().removeIf(dot -> !other.values.containsKey(dot) && removedThere.test(dot));
    other.values.forEach(
        (dot, value) -> {
          if (!seen.covers(dot)) {
            values.put(dot, value);
          }
        });
  }

  @Override
  public DotValues<T> newerThan(VersionVector version) {
    DotValues<T> newer = copy();
    newer.values.keySet().removeIf(version::covers);
    return newer;
  }

  @Override
  public DotValues<T> copy() {
    DotValues<T> copy = new DotValues<>();
    copy.values.putAll(values);
    return copy;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DotValues<?> that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }

  private record Type<T>(ValueCodec<T> codec) implements DotStoreType<DotValues<T>> {
    @Override
    public DotValues<T> empty() {
      return new DotValues<>();
    }

    @Override
    public void write(EncodingWriter out, DotValues<T> store) {
      out.writeUnsigned(store.values.size());
      store.values.forEach(
          (dot, value) -> {
            out.writeDot(dot);
            codec.write(out, value);
          });
    }

    @Override
    public DotValues<T> read(EncodingReader in) {
      DotValues<T> store = new DotValues<>();
      int count = in.readCount(17);
      for (int i = 0; i < count; i++) {
        Dot dot = in.readDot();
        if (!store.isEmpty() && store.values.lastKey().compareTo(dot) >= 0) {
          throw in.malformed("expected dots in ascending order but got " + dot + " before this");
        }
        store.values.put(dot, codec.read(in));
      }
      return store;
    }
  }
}
