package dev.godwit.tests.oracle;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.text.FugueMaxTree;
import dev.godwit.crdt.text.TextOperation;
import dev.godwit.sync.change.MergeOperation;
import dev.godwit.sync.change.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A text whose edits are merged: the last writer's version says upon which text, and all edits of
 * that are taken in, each one where its author saw its place.
 */
final class Texts {
  /** More code points than a simulated write inserts. */
  private static final int CODE_POINTS_MAX = 100_000;

  private final Life life;
  private final String column;

  Texts(Life life, String column) {
    this.life = life;
    this.column = column;
  }

  Shown shown(Write last) {
    Write base = edits(last) == null ? last : baseOf(last);
    if (base == null || isReplaced(base) || !(base.value(column) instanceof Value.Text text)) {
      return Shown.of(last, column);
    }
    return new Shown(last, Value.of(merged(base, text.text())));
  }

  private MergeOperation.Edits edits(Write write) {
    return write.writes(column) && write.operation(column) instanceof MergeOperation.Edits edits
        ? edits
        : null;
  }

  private Write baseOf(Write edit) {
    for (Write write : life.writes()) {
      boolean sets = write.writes(column) && edits(write) == null;
      if (sets && write.dot().equals(edits(edit).base())) {
        return write;
      }
    }
    return null;
  }

  /** Whether somebody who had seen the text set another one, or inserted the row again. */
  private boolean isReplaced(Write base) {
    for (Write write : life.writes()) {
      boolean sets = write.isInsert() || write.writes(column) && edits(write) == null;
      if (write != base && sets && write.saw(base)) {
        return true;
      }
    }
    return false;
  }

  /** What an edit did to the tree of its author, to be done to any tree that lacks it. */
  private record Done(List<FugueMaxTree.Insertion> insertions, List<Dot> deletions) {
    void in(FugueMaxTree tree) {
      insertions.forEach(tree::receive);
      deletions.forEach(tree::receiveDeletion);
    }
  }

  private String merged(Write base, String text) {
    List<Write> left = new ArrayList<>();
    for (Write write : life.writes()) {
      if (edits(write) != null && edits(write).base().equals(base.dot())) {
        left.add(write);
      }
    }
    Map<Write, Done> done = new HashMap<>();
    List<Write> order = new ArrayList<>();
    while (!left.isEmpty()) {
      for (Write edit : List.copyOf(left)) {
        if (left.stream().noneMatch(other -> other != edit && knew(edit, other))) {
          done.put(edit, done(edit, tree(base, text, past(edit, order), done)));
          order.add(edit);
          left.remove(edit);
        }
      }
    }
    return tree(base, text, order, done).text();
  }

  private static List<Write> past(Write edit, List<Write> among) {
    return among.stream().filter(other -> knew(edit, other)).toList();
  }

  private static boolean knew(Write edit, Write other) {
    return edit.transaction().dependencies().covers(other.dot());
  }

  private static FugueMaxTree tree(
      Write base, String text, List<Write> edits, Map<Write, Done> done) {
    FugueMaxTree tree = new FugueMaxTree();
    int position = 0;
    for (int codePoint : text.codePoints().toArray()) {
      tree.insert(id(base, position), position++, codePoint);
    }
    edits.forEach(edit -> done.get(edit).in(tree));
    return tree;
  }

  private Done done(Write edit, FugueMaxTree tree) {
    Done done = new Done(new ArrayList<>(), new ArrayList<>());
    for (TextOperation operation : edits(edit).operations()) {
      int position = operation.position();
      for (int left = operation.deleteCount(); left > 0; left--) {
        done.deletions().add(tree.delete(position));
      }
      for (int codePoint : operation.insert().codePoints().toArray()) {
        Dot id = id(edit, done.insertions().size());
        done.insertions().add(tree.insert(id, position++, codePoint));
      }
    }
    return done;
  }

  private static Dot id(Write write, int number) {
    Dot dot = write.dot();
    return new Dot(dot.replica(), dot.sequence() * CODE_POINTS_MAX + number);
  }
}
