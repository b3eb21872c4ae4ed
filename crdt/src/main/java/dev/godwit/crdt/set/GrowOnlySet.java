package dev.godwit.crdt.set;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
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

/**
 * A set that only grows.
 *
 * <p>The G-Set of Shapiro et al. (2011), each element with the least dot that added it, so that
 * deltas know what is new. Merge rule: union, and the lesser dot. Size: a dot an element and one
 * vector. Adding and looking up are constant on average; merge, delta and encoding linear. Encoded
 * as the vector, the number of elements, then element and dot in the order of the elements' bytes.
 * Mutable, not thread safe.
 *
 * @param <E> the elements, which must be immutable with equals and hashCode
 */
public final class GrowOnlySet<E> {
  private final ValueCodec<E> codec;
  private final Map<E, Dot> elements = new HashMap<>();
  private VersionVector version = VersionVector.empty();

  /** An empty set. */
  public GrowOnlySet(ValueCodec<E> codec) {
    this.codec = codec;
  }

  /** Adds an element; adding one that is there changes nothing. */
  public void add(ReplicaId replica, E element) {
    if (!elements.containsKey(element)) {
      Dot dot = new Dot(replica, version.sequence(replica) + 1);
      elements.put(element, dot);
      version = version.with(dot);
    }
  }

  /** Whether the element is there. */
  public boolean contains(E element) {
    return elements.containsKey(element);
  }

  /** The elements, unmodifiable, in no order. */
  public Set<E> elements() {
    return Collections.unmodifiableSet(elements.keySet());
  }

  /** Takes over the elements of another set, or of a delta since a version that this set has. */
  public void merge(GrowOnlySet<E> other) {
    other.elements.forEach(
        (element, dot) ->
            elements.merge(
                element, dot, (left, right) -> left.compareTo(right) <= 0 ? left : right));
    version = version.join(other.version);
  }

  /** The dots of all additions. */
  public VersionVector version() {
    return version;
  }

  /** The elements that a version lacks; to be merged only into sets that have that version. */
  public GrowOnlySet<E> deltaSince(VersionVector since) {
    GrowOnlySet<E> delta = new GrowOnlySet<>(codec);
    elements.forEach(
        (element, dot) -> {
          if (!since.covers(dot)) {
            delta.elements.put(element, dot);
          }
        });
    delta.version = version;
    return delta;
  }

  /** An independent set of the same content. */
  public GrowOnlySet<E> copy() {
    GrowOnlySet<E> copy = new GrowOnlySet<>(codec);
    copy.elements.putAll(elements);
    copy.version = version;
    return copy;
  }

  /** The canonical bytes. */
  public byte[] encode() {
    TreeMap<byte[], Dot> ordered = new TreeMap<>(ByteOrder.UNSIGNED);
    elements.forEach((element, dot) -> ordered.put(codec.bytesOf(element), dot));
    EncodingWriter out = new EncodingWriter().writeVector(version).writeUnsigned(ordered.size());
    ordered.forEach((element, dot) -> out.writeRaw(element).writeDot(dot));
    return out.toBytes();
  }

  /** The set of these bytes. */
  public static <E> GrowOnlySet<E> decode(byte[] encoded, ValueCodec<E> codec) {
    EncodingReader in = new EncodingReader(encoded);
    GrowOnlySet<E> set = new GrowOnlySet<>(codec);
    set.version = in.readVector();
    int count = in.readCount(ReplicaId.LENGTH_BYTES + 2);
    byte[] previous = null;
    for (int i = 0; i < count; i++) {
      E element = codec.read(in);
      byte[] bytes = codec.bytesOf(element);
      Dot dot = in.readDot();
      boolean ascending = previous == null || ByteOrder.UNSIGNED.compare(previous, bytes) < 0;
      if (!ascending || !set.version.covers(dot)) {
        throw in.malformed(
            "expected elements in ascending order with dots within "
                + set.version
                + " but got "
                + dot);
      }
      set.elements.put(element, dot);
      previous = bytes;
    }
    in.requireEnd();
    return set;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GrowOnlySet<?> that
        && elements.equals(that.elements)
        && version.equals(that.version);
  }

  @Override
  public int hashCode() {
    return 31 * elements.hashCode() + version.hashCode();
  }

  @Override
  public String toString() {
    return elements + " of " + version;
  }
}
