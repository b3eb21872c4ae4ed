package dev.godwit.crdt.text;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One replica of a simulation: the history under test, its slow twin, and the random edits of an
 * author.
 */
final class SimulatedAuthor {
  /** A transaction in both languages. */
  record Sent(TextTransaction transaction, List<Object> twinMessages) {}

  /** The text at a version, and a place in it between two code points, null at the ends. */
  record Remembered(String text, int position, Dot left, Dot right) {}

  private static final String[] PIECES = {
    "a",
    "b",
    " ",
    "\n",
    "word",
    "two words",
    "é",
    "e\u0301",
    "\ud83d\ude00",
    "\ud83d\udc69\u200d\ud83d\udcbb",
    "漢字",
    "\ud83c\uddee\ud83c\uddf3",
    "longer than a few characters, as when something is pasted"
  };

  final ReplicaId id;
  TextHistory history = new TextHistory();
  final FugueMaxTree twin = new FugueMaxTree();
  final Map<VersionVector, Remembered> remembered = new HashMap<>();
  private final Map<ReplicaId, VersionVector> seenByOthers = new HashMap<>();
  private VersionVector known = VersionVector.empty();
  private long sequence;
  private long twinSequence;
  private int cursor;

  SimulatedAuthor(ReplicaId id) {
    this.id = id;
  }

  void remember(Random random) {
    int position = random.nextInt(twin.length() + 1);
    remembered.put(
        known,
        new Remembered(history.text(), position, twin.idAt(position - 1), twin.idAt(position)));
  }

  VersionVector known() {
    return known;
  }

  /** Does something an author does, as one transaction. */
  Sent act(Random random) {
    sequence += 1 + random.nextInt(3);
    Dot dot = new Dot(id, sequence);
    List<TextOperation> operations = new ArrayList<>();
    List<Object> messages = new ArrayList<>();
    int length = twin.length();
    cursor = random.nextInt(4) == 0 ? random.nextInt(length + 1) : Math.min(cursor, length);
    int count = 1 + random.nextInt(4);
    int habit = random.nextInt(5);
    for (int i = 0; i < count; i++) {
      length += edit(habit, length, random, operations, messages);
    }
    TextTransaction transaction = new TextTransaction(dot, known, operations);
    history.apply(transaction);
    known = known.with(dot);
    return new Sent(transaction, messages);
  }

  void receive(Sent sent) {
    history.apply(sent.transaction());
    for (Object message : sent.twinMessages()) {
      if (message instanceof FugueMaxTree.Insertion insertion) {
        twin.receive(insertion);
      } else {
        twin.receiveDeletion((Dot) message);
      }
    }
    Dot dot = sent.transaction().dot();
    known = known.with(dot);
    seenByOthers.put(dot.replica(), sent.transaction().dependencies().with(dot));
  }

  /** What every one of so many replicas is known here to have seen. */
  VersionVector stable(int replicas) {
    if (seenByOthers.size() < replicas - 1) {
      return VersionVector.empty();
    }
    Map<ReplicaId, Long> least = new HashMap<>(known.entries());
    for (VersionVector seen : seenByOthers.values()) {
      least.replaceAll((replica, highest) -> Math.min(highest, seen.sequence(replica)));
    }
    return VersionVector.of(least);
  }

  private int edit(
      int habit, int length, Random random, List<TextOperation> operations, List<Object> messages) {
    if (habit <= 1 || length == 0) {
      return insert(PIECES[random.nextInt(PIECES.length)], habit == 0, operations, messages);
    }
    if (habit == 4) {
      int at = Math.min(cursor, length - 1);
      delete(at, 1, operations, messages);
      cursor = at;
      return insert("replaced", true, operations, messages) - 1;
    }
    int at = habit == 2 ? Math.max(0, Math.min(cursor, length) - 1) : Math.min(cursor, length - 1);
    int count = Math.min(length - at, random.nextInt(6) == 0 ? 1 + random.nextInt(12) : 1);
    delete(at, count, operations, messages);
    cursor = at;
    return -count;
  }

  private int insert(
      String text, boolean onwards, List<TextOperation> operations, List<Object> messages) {
    operations.add(TextOperation.insert(cursor, text));
    int at = cursor;
    for (int codePoint : text.codePoints().toArray()) {
      messages.add(twin.insert(new Dot(id, ++twinSequence), at++, codePoint));
    }
    int inserted = at - cursor;
    cursor = onwards ? at : cursor;
    return inserted;
  }

  private void delete(
      int position, int count, List<TextOperation> operations, List<Object> messages) {
    operations.add(TextOperation.delete(position, count));
    for (int i = 0; i < count; i++) {
      messages.add(twin.delete(position));
    }
  }
}
