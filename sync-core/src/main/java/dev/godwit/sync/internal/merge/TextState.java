package dev.godwit.sync.internal.merge;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.encoding.EncodingReader;
import dev.godwit.crdt.encoding.EncodingWriter;
import dev.godwit.crdt.text.TextHistory;
import dev.godwit.crdt.text.TextTransaction;
import dev.godwit.sync.change.MergeOperation;
import dev.godwit.sync.change.Value;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A text with the edits made to it: for each write that set the whole text, and that no other such
 * write has dominated, the history of edits on it.
 *
 * <p>The last writer's version tells which text is shown: where it is an edit, the merged text of
 * all edits on the same base. When the whole text was set meanwhile, an edit of the old one has
 * nothing left to be merged into, and stands as a version of its own with its whole value.
 */
final class TextState implements MergeState {
  private final TreeMap<Dot, TextHistory> histories = new TreeMap<>();

  /** For each edit that still stands as a register version, the base that it edits. */
  private final TreeMap<Dot, Dot> bases = new TreeMap<>();

  @Override
  public MergeOperation.Type type() {
    return MergeOperation.Type.TEXT;
  }

  @Override
  public void joinBase(Version written, Predicate<Dot> dominated) {
    forget(dominated);
    if (written.value() instanceof Value.Text text) {
      Dot dot = written.dot();
      VersionVector base = VersionVector.of(Map.of(dot.replica(), dot.sequence()));
      histories.put(dot, new TextHistory(text.text(), base));
      bases.put(dot, dot);
    }
  }

  @Override
  public void join(
      Version written,
      MergeOperation operation,
      VersionVector dependencies,
      Predicate<Dot> dominated) {
    MergeOperation.Edits edits = (MergeOperation.Edits) operation;
    bases.keySet().removeIf(dominated);
    TextHistory history = histories.get(edits.base());
    if (history == null) {
      return;
    }
    try {
      history.apply(written.dot(), dependencies, edits.operations());
      bases.put(written.dot(), edits.base());
    } catch (IllegalArgumentException e) {
      // Positions outside the text its author can have seen: the edit stands as a whole value.
      return;
    }
  }

  @Override
  public void forget(Predicate<Dot> dominated) {
    histories.keySet().removeIf(dominated);
    bases.keySet().removeIf(dominated);
    bases.values().removeIf(dominated);
  }

  @Override
  public Value shown(List<Version> siblings) {
    Dot base = base(siblings);
    return base == null ? null : Value.of(histories.get(base).text());
  }

  /** The write that set the text which is shown, null when the last writer's is no such text. */
  Dot base(List<Version> siblings) {
    return bases.get(siblings.get(siblings.size() - 1).dot());
  }

  @Override
  public void rename(UnaryOperator<Dot> names) {
    TreeMap<Dot, TextHistory> renamed = new TreeMap<>();
    histories.forEach((dot, history) -> renamed.put(names.apply(dot), renamed(history, names)));
    histories.clear();
    histories.putAll(renamed);
    TreeMap<Dot, Dot> renamedBases = new TreeMap<>();
    bases.forEach((dot, base) -> renamedBases.put(names.apply(dot), names.apply(base)));
    bases.clear();
    bases.putAll(renamedBases);
  }

  private static TextHistory renamed(TextHistory history, UnaryOperator<Dot> names) {
    TextHistory renamed =
        new TextHistory(history.baseText(), renamed(history.baseVersion(), names));
    for (TextTransaction one : history.transactionsSince(history.baseVersion())) {
      renamed.apply(names.apply(one.dot()), renamed(one.dependencies(), names), one.operations());
    }
    return renamed;
  }

  /**
   * The same vector where the end of one replica's history has become the beginning of another's:
   * of the former it covers what was not moved.
   */
  private static VersionVector renamed(VersionVector vector, UnaryOperator<Dot> names) {
    VersionVector renamed = vector;
    for (Map.Entry<ReplicaId, Long> entry : vector.entries().entrySet()) {
      Dot named = names.apply(new Dot(entry.getKey(), entry.getValue()));
      if (!named.replica().equals(entry.getKey())) {
        renamed = renamed.with(entry.getKey(), entry.getValue() - named.sequence()).with(named);
      }
    }
    return renamed;
  }

  @Override
  public void write(EncodingWriter out) {
    out.writeUnsigned(histories.size());
    histories.forEach((dot, history) -> out.writeDot(dot).writeBytes(history.encode()));
    out.writeUnsigned(bases.size());
    bases.forEach((dot, base) -> out.writeDot(dot).writeDot(base));
  }

  static TextState read(EncodingReader in) {
    TextState state = new TextState();
    for (int left = in.readInt(Integer.MAX_VALUE); left > 0; left--) {
      Dot dot = in.readDot();
      state.histories.put(dot, TextHistory.decode(in.readBytes(), Integer.MAX_VALUE));
    }
    for (int left = in.readInt(Integer.MAX_VALUE); left > 0; left--) {
      Dot dot = in.readDot();
      state.bases.put(dot, in.readDot());
    }
    return state;
  }
}
