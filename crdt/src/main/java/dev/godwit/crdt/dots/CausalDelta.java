package dev.godwit.crdt.dots;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.encoding.EncodingReader;
import dev.godwit.crdt.encoding.EncodingWriter;
import java.util.Objects;

/**
 * What a state holds beyond a version: new values, and which of the older ones are still there.
 *
 * <p>Written as the two vectors, the older dots in ranges, and the store. Size: what is new, and
 * for what is old the gaps that removals left. Immutable for others.
 *
 * @param <S> the store
 */
public final class CausalDelta<S extends DotStore<S>> {
  private final VersionVector since;
  private final VersionVector version;
  private final DotRanges survivors;
  private final S newer;

  private CausalDelta(VersionVector since, VersionVector version, DotRanges survivors, S newer) {
    this.since = since;
    this.version = version;
    this.survivors = survivors;
    this.newer = newer;
  }

  static <S extends DotStore<S>> CausalDelta<S> of(
      S store, VersionVector version, VersionVector since) {
    DotRanges survivors = new DotRanges();
    store.forEachDot(
        dot -> {
          if (since.covers(dot)) {
            survivors.add(dot);
          }
        });
    return new CausalDelta<>(since, version, survivors, store.newerThan(since));
  }

  /** The version that a state must have to apply this. */
  public VersionVector since() {
    return since;
  }

  /** The version of the state that this came from. */
  public VersionVector version() {
    return version;
  }

  S newer() {
    return newer;
  }

  boolean removed(Dot dot) {
    return version.covers(dot) && !survivors.contains(dot);
  }

  /** The canonical bytes. */
  public byte[] encode(DotStoreType<S> type) {
    EncodingWriter out = new EncodingWriter().writeVector(since).writeVector(version);
    survivors.write(out);
    type.write(out, newer);
    return out.toBytes();
  }

  /** The delta of these bytes. */
  public static <S extends DotStore<S>> CausalDelta<S> decode(
      byte[] encoded, DotStoreType<S> type) {
    EncodingReader in = new EncodingReader(encoded);
    VersionVector since = in.readVector();
    VersionVector version = in.readVector();
    DotRanges survivors = DotRanges.read(in);
    S newer = type.read(in);
    in.requireEnd();
    CausalState.requireCovered(in, newer, version);
    return new CausalDelta<>(since, version, survivors, newer);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CausalDelta<?> that
        && since.equals(that.since)
        && version.equals(that.version)
        && survivors.equals(that.survivors)
        && newer.equals(that.newer);
  }

  @Override
  public int hashCode() {
    return Objects.hash(since, version, survivors, newer);
  }

  @Override
  public String toString() {
    return newer + " since " + since;
  }
}
