package dev.godwit.sync.internal.merge;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.encoding.EncodingReader;
import dev.godwit.crdt.encoding.EncodingWriter;
import dev.godwit.sync.change.MergeOperation;
import dev.godwit.sync.change.Value;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What is kept of one unit besides its register versions, so that operations of one kind can be
 * merged: it exists from the first such operation on.
 *
 * <p>It does not depend on the policy of the moment: a write without an operation of this kind is a
 * <em>base</em> write, which sets the value anew. Operations are joined once each, in causal order;
 * concurrent ones in any order come to the same. Not thread safe.
 */
public interface MergeState {
  /** The kind of operations that it merges. */
  MergeOperation.Type type();

  /** Joins a write that set the value. */
  void joinBase(Version written, Predicate<Dot> dominated);

  /**
   * Joins an operation of this kind.
   *
   * @param dependencies what its author had seen
   */
  void join(
      Version written,
      MergeOperation operation,
      VersionVector dependencies,
      Predicate<Dot> dominated);

  /** Forgets what an insert of the whole row dominates. */
  void forget(Predicate<Dot> dominated);

  /**
   * The value that the unit comes to.
   *
   * @param siblings its register versions, one or more, the last writer's last
   * @return null when this state has nothing to say: then the last writer's version counts
   */
  Value shown(List<Version> siblings);

  /**
   * The writes that nobody has replaced and of which nothing is in the value that the unit comes
   * to, since another one set it.
   *
   * @param siblings as {@link #shown} has them
   */
  Set<Dot> lost(List<Version> siblings);

  /** The writes that {@link #forget} and a write that sets the value can take something of away. */
  Set<Dot> kept();

  /** Renames dots. */
  void rename(UnaryOperator<Dot> names);

  /** Writes it, without the type. */
  void write(EncodingWriter out);

  /**
   * The state before the first operation of a kind.
   *
   * @param siblings the register versions that stand, with their values
   */
  static MergeState of(MergeOperation.Type type, List<Version> siblings) {
    MergeState state =
        switch (type) {
          case COUNTER -> new CounterState();
          case SET, MAP -> new EntriesState(type);
          case TEXT -> new TextState();
        };
    siblings.forEach(version -> state.joinBase(version, none -> false));
    return state;
  }

  /** What is kept of a unit, or where nothing is, the state before the first operation. */
  static MergeState of(MergeState known, MergeOperation.Type type, List<Version> siblings) {
    return known == null ? of(type, siblings) : known;
  }

  /** Reads what {@link #write} has written. */
  static MergeState read(MergeOperation.Type type, EncodingReader in) {
    return switch (type) {
      case COUNTER -> CounterState.read(in);
      case SET, MAP -> EntriesState.read(type, in);
      case TEXT -> TextState.read(in);
    };
  }
}
