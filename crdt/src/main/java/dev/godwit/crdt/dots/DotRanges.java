package dev.godwit.crdt.dots;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.encoding.EncodingReader;
import dev.godwit.crdt.encoding.EncodingWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A set of dots as ranges of sequences, which is small where few are missing between them.
 *
 * <p>Written as the number of replicas, then for each, ascending, its id, the number of ranges, and
 * of each range the gap before it and its length, both less one. Not thread safe.
 */
public final class DotRanges {
  /** For each replica, by the first sequence of each range, the last one. */
  private final TreeMap<ReplicaId, TreeMap<Long, Long>> ranges = new TreeMap<>();

  /** Adds a dot. */
  public void add(Dot dot) {
    TreeMap<Long, Long> own = ranges.computeIfAbsent(dot.replica(), absent -> new TreeMap<>());
    long from = dot.sequence();
    long to = from;
    Map.Entry<Long, Long> before = own.floorEntry(from);
    if (before != null && before.getValue() >= from) {
      return;
    }
    if (before != null && before.getValue() == from - 1) {
      from = before.getKey();
    }
    Long after = own.remove(to + 1);
    own.put(from, after == null ? to : after);
  }

  public boolean contains(Dot dot) {
    TreeMap<Long, Long> own = ranges.get(dot.replica());
    Map.Entry<Long, Long> range = own == null ? null : own.floorEntry(dot.sequence());
    return range != null && range.getValue() >= dot.sequence();
  }

  /** All of them, those of one replica together and ascending. */
  public List<Dot> dots() {
    List<Dot> dots = new ArrayList<>();
    ranges.forEach(
        (replica, own) ->
            own.forEach(
                (from, to) -> {
                  for (long sequence = from; sequence <= to; sequence++) {
                    dots.add(new Dot(replica, sequence));
                  }
                }));
    return dots;
  }

  /** Writes it as drawn. */
  public void write(EncodingWriter out) {
    out.writeUnsigned(ranges.size());
    ranges.forEach(
        (replica, own) -> {
          out.writeReplica(replica).writeUnsigned(own.size());
          long end = -1;
          for (Map.Entry<Long, Long> range : own.entrySet()) {
            out.writeUnsigned(range.getKey() - end - 2)
                .writeUnsigned(range.getValue() - range.getKey());
            end = range.getValue();
          }
        });
  }

  /**
   * Reads what {@link #write} has written.
   *
   * @throws dev.godwit.crdt.encoding.MalformedEncodingException when the bytes are nothing such
   */
  public static DotRanges read(EncodingReader in) {
    DotRanges dots = new DotRanges();
    int replicas = in.readCount(ReplicaId.LENGTH_BYTES + 3);
    ReplicaId replica = null;
    for (int i = 0; i < replicas; i++) {
      replica = in.readReplicaAfter(replica);
      TreeMap<Long, Long> own = new TreeMap<>();
      dots.ranges.put(replica, own);
      int count = in.readCount(2);
      if (count == 0) {
        throw in.malformed("expected at least one range of each replica");
      }
      long end = -1;
      for (int k = 0; k < count; k++) {
        long from = end + 2 + in.readUnsigned(Long.MAX_VALUE - end - 2);
        end = from + in.readUnsigned(Long.MAX_VALUE - 2 - Math.min(from, Long.MAX_VALUE - 2));
        own.put(from, end);
      }
    }
    return dots;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DotRanges that && ranges.equals(that.ranges);
  }

  @Override
  public int hashCode() {
    return ranges.hashCode();
  }

  @Override
  public String toString() {
    return ranges.toString();
  }
}
