package dev.godwit.crdt.dots;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.encoding.EncodingReader;
import dev.godwit.crdt.encoding.EncodingWriter;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Dots without values: something is there because of these writes. Written as their number, then
 * each, ascending.
 */
public final class DotSet implements DotStore<DotSet> {
  /** The one kind of this store. */
  public static final DotStoreType<DotSet> TYPE = new Type();

  private final TreeSet<Dot> dots = new TreeSet<>();

  /** Replaces all dots by this one: the newest write stands for those it saw. */
  public void assign(Dot dot) {
    dots.clear();
    dots.add(dot);
  }

  /** The dots, ascending, unmodifiable. */
  public SortedSet<Dot> dots() {
    return Collections.unmodifiableSortedSet(dots);
  }

  @Override
  public boolean isEmpty() {
    return dots.isEmpty();
  }

  @Override
  public void forEachDot(Consumer<Dot> visitor) {
    dots.forEach(visitor);
  }

  @Override
  public void join(VersionVector seen, DotSet other, Predicate<Dot> removedThere) {
    dots.removeIf(dot -> !other.dots.contains(dot) && removedThere.test(dot));
    for (Dot dot : other.dots) {
      if (!seen.covers(dot)) {
        dots.add(dot);
      }
    }
  }

  @Override
  public DotSet newerThan(VersionVector version) {
    DotSet newer = copy();
    newer.dots.removeIf(version::covers);
    return newer;
  }

  @Override
  public DotSet copy() {
    DotSet copy = new DotSet();
    copy.dots.addAll(dots);
    return copy;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DotSet that && dots.equals(that.dots);
  }

  @Override
  public int hashCode() {
    return dots.hashCode();
  }

  @Override
  public String toString() {
    return dots.toString();
  }

  private static final class Type implements DotStoreType<DotSet> {
    @Override
    public DotSet empty() {
      return new DotSet();
    }

    @Override
    public void write(EncodingWriter out, DotSet store) {
      out.writeUnsigned(store.dots.size());
      store.dots.forEach(out::writeDot);
    }

    @Override
    public DotSet read(EncodingReader in) {
      DotSet store = new DotSet();
      int count = in.readCount(17);
      for (int i = 0; i < count; i++) {
        Dot dot = in.readDot();
        if (!store.dots.isEmpty() && store.dots.last().compareTo(dot) >= 0) {
          throw in.malformed("expected dots in ascending order but got " + dot + " before this");
        }
        store.dots.add(dot);
      }
      return store;
    }
  }
}
