package dev.godwit.sync.internal.merge;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.dots.DotRanges;
import dev.godwit.crdt.encoding.EncodingReader;
import dev.godwit.crdt.encoding.EncodingWriter;
import dev.godwit.crdt.text.TextDiff;
import dev.godwit.crdt.text.TextHistory;
import dev.godwit.crdt.text.TextOperation;
import dev.godwit.crdt.text.TextTransaction;
import dev.godwit.sync.change.MergeOperation;
import dev.godwit.sync.change.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 *
 * <p>A history may have forgotten its beginning; of that the transactions are known by their dots
 * alone, so that the log can give it back ({@link TextCompaction}).
 */
final class TextState implements MergeState {
  private static final ReplicaId NOBODY = ReplicaId.of(new byte[ReplicaId.LENGTH_BYTES]);
  private static final ReplicaId SOMEBODY = ReplicaId.parse("00000000000000000000000000000001");

  private final TreeMap<Dot, TextHistory> histories = new TreeMap<>();

  /** For each edit that still stands as a register version, the base that it edits. */
  private final TreeMap<Dot, Dot> bases = new TreeMap<>();

  /** For each history that has forgotten its beginning, the transactions that made it. */
  private final TreeMap<Dot, DotRanges> beginnings = new TreeMap<>();

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
    beginnings.keySet().removeIf(dominated);
    bases.keySet().removeIf(dominated);
    bases.values().removeIf(dominated);
  }

  @Override
  public Set<Dot> kept() {
    Set<Dot> kept = new HashSet<>(histories.keySet());
    kept.addAll(bases.keySet());
    return kept;
  }

  @Override
  public Value shown(List<Version> siblings) {
    Dot base = base(siblings);
    return base == null ? null : Value.of(histories.get(base).text());
  }

  @Override
  public Set<Dot> lost(List<Version> siblings) {
    Version last = siblings.get(siblings.size() - 1);
    Dot base = base(siblings);
    Set<Dot> lost = new HashSet<>();
    for (Version version : siblings) {
      Dot edited = bases.get(version.dot());
      boolean merged = edited != null && edited.equals(base);
      if (!merged && !version.value().equals(last.value())) {
        lost.add(version.dot());
      }
    }
    return lost;
  }

  /** The write that set the text which is shown, null when the last writer's is no such text. */
  Dot base(List<Version> siblings) {
    return bases.get(siblings.get(siblings.size() - 1).dot());
  }

  /** Applies edits by somebody who had seen no more than this; returns what they changed. */
  List<TextOperation> moved(MergeOperation.Edits edits, VersionVector seen) {
    return histories.get(edits.base()).apply(new Dot(NOBODY, 1), seen, edits.operations());
  }

  /**
   * What made one text another, as what makes a third one of the first of it: as if two had edited
   * the first without seeing each other.
   */
  static List<TextOperation> moved(String from, String now, List<TextOperation> edits) {
    VersionVector seen = VersionVector.empty().with(new Dot(NOBODY, 1));
    TextHistory history = new TextHistory(from, seen);
    history.apply(new Dot(NOBODY, 2), seen, TextDiff.between(from, now));
    return history.apply(new Dot(SOMEBODY, 1), seen, edits);
  }

  /** The writes that set a text whose history of edits is kept. */
  List<Dot> texts() {
    return new ArrayList<>(histories.keySet());
  }

  /** The transactions that made the forgotten beginning of a text; none when all is remembered. */
  List<Dot> beginning(Dot base) {
    DotRanges dots = beginnings.get(base);
    return dots == null ? List.of() : dots.dots();
  }

  /** Whether an edit can only be merged once the forgotten beginning of its text is known again. */
  boolean isBelow(Dot base, Dot edit, VersionVector dependencies) {
    VersionVector seen = dependencies.with(edit);
    return beginnings.containsKey(base)
        && seen.covers(base)
        && !seen.covers(histories.get(base).baseVersion());
  }

  /** The edits that {@link #forget(Dot, VersionVector, Value, List)} would forget. */
  List<Dot> forgettable(Dot base, VersionVector stable) {
    TextHistory history = histories.get(base);
    VersionVector version = history.forgettableBelow(stable);
    List<Dot> edits = new ArrayList<>();
    if (!version.equals(history.baseVersion())) {
      for (TextTransaction one : history.transactionsSince(history.baseVersion())) {
        if (version.covers(one.dot())) {
          edits.add(one.dot());
        }
      }
    }
    return edits;
  }

  /**
   * Forgets the edits of a text that lie below the stable version, if the log can give them back.
   *
   * @param written the value that the base set, as the log has it
   * @param logged the edits to forget, as the log has them
   * @return whether the log has what is to be forgotten; nothing has changed otherwise
   */
  boolean forget(Dot base, VersionVector stable, Value written, List<TextTransaction> logged) {
    TextHistory history = histories.get(base);
    boolean begins = beginnings.containsKey(base) || Value.of(history.baseText()).equals(written);
    if (!begins || !isRemadeBy(history, history.forgettableBelow(stable), logged)) {
      return false;
    }
    history.forgetBelow(stable);
    DotRanges beginning = beginnings.computeIfAbsent(base, none -> new DotRanges());
    logged.forEach(one -> beginning.add(one.dot()));
    return true;
  }

  private static boolean isRemadeBy(
      TextHistory history, VersionVector forgotten, List<TextTransaction> logged) {
    try {
      TextHistory remade = new TextHistory(history.baseText(), history.baseVersion());
      remake(remade, logged, history, forgotten);
      return Arrays.equals(remade.encodeUncompressed(), history.encodeUncompressed());
    } catch (IllegalArgumentException e) {
      // The log has other edits than were merged here, as after a change of identity.
      return false;
    }
  }

  /**
   * Remembers the beginning of a text again.
   *
   * @param written the value that the base set, as the log has it
   * @param logged the edits forgotten, as the log has them
   * @throws IllegalStateException when they do not come to what the text was
   */
  void recall(Dot base, Value written, List<TextTransaction> logged) {
    TextHistory history = histories.get(base);
    VersionVector first = VersionVector.of(Map.of(base.replica(), base.sequence()));
    TextHistory whole = null;
    try {
      if (written instanceof Value.Text text) {
        whole = new TextHistory(text.text(), first);
        remake(whole, logged, history, history.baseVersion());
      }
    } catch (IllegalArgumentException e) {
      throw isDamaged(base, e);
    }
    if (whole == null || !whole.text().equals(history.text())) {
      throw isDamaged(base, null);
    }
    histories.put(base, whole);
    beginnings.remove(base);
  }

  private static IllegalStateException isDamaged(Dot base, IllegalArgumentException cause) {
    return new IllegalStateException(
        "expected the log to hold the edits that the text of "
            + base
            + " was made by, but they come to another text: run doctor",
        cause);
  }

  /** Applies edits of the log in a causal order, and then those that a history has kept. */
  private static void remake(
      TextHistory target, List<TextTransaction> logged, TextHistory kept, VersionVector since) {
    target.applyAll(logged);
    kept.transactionsSince(since).forEach(target::apply);
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
    TreeMap<Dot, DotRanges> renamedBeginnings = new TreeMap<>();
    beginnings.forEach(
        (dot, edits) -> renamedBeginnings.put(names.apply(dot), renamed(edits, names)));
    beginnings.clear();
    beginnings.putAll(renamedBeginnings);
  }

  private static DotRanges renamed(DotRanges dots, UnaryOperator<Dot> names) {
    DotRanges renamed = new DotRanges();
    dots.dots().forEach(dot -> renamed.add(names.apply(dot)));
    return renamed;
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
    // Left out where nothing is forgotten.
    if (!beginnings.isEmpty()) {
      out.writeUnsigned(beginnings.size());
      beginnings.forEach((dot, edits) -> edits.write(out.writeDot(dot)));
    }
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
    for (int left = in.remaining() == 0 ? 0 : in.readInt(Integer.MAX_VALUE); left > 0; left--) {
      Dot dot = in.readDot();
      state.beginnings.put(dot, DotRanges.read(in));
    }
    return state;
  }
}
