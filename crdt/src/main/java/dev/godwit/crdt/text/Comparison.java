package dev.godwit.crdt.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The changes between two sequences of numbers, by Myers' greedy algorithm with a limit.
 *
 * <p>Cost: the lengths plus (lengths × edits), never more than the steps allowed; memory four bytes
 * for each pair of edits.
 */
final class Comparison {
  private final int[] left;
  private final int[] right;
  private final int stepLimit;
  private int steps;
  private int prefix;
  private int leftCount;
  private int rightCount;
  private int matched;

  Comparison(int[] left, int[] right, int stepLimit) {
    this.left = left;
    this.right = right;
    this.stepLimit = stepLimit;
    int shorter = Math.min(left.length, right.length);
    while (prefix < shorter && left[prefix] == right[prefix]) {
      prefix++;
    }
    int suffix = 0;
    while (suffix < shorter - prefix
        && left[left.length - 1 - suffix] == right[right.length - 1 - suffix]) {
      suffix++;
    }
    leftCount = left.length - prefix - suffix;
    rightCount = right.length - prefix - suffix;
  }

  int steps() {
    return steps;
  }

  /** How many numbers agree between the shared ends, once the changes have been asked for. */
  int matchedInside() {
    return matched;
  }

  /** The shorter of the two parts between the shared ends. */
  int leastInside() {
    return Math.min(leftCount, rightCount);
  }

  /** Everything between the shared ends as one change, or none. */
  List<int[]> asOne() {
    if (leftCount == 0 && rightCount == 0) {
      return Collections.emptyList();
    }
    return Collections.singletonList(
        new int[] {prefix, prefix + leftCount, prefix, prefix + rightCount});
  }

  /**
   * Ascending changes, each left from and to, right from and to; one for all when the limit is
   * reached.
   */
  List<int[]> changes() {
    if (leftCount == 0 || rightCount == 0) {
      return asOne();
    }
    List<int[]> frontiers = new ArrayList<>();
    int most = Math.min(TextDiff.MAX_EDITS, leftCount + rightCount);
    int[] frontier = new int[2 * most + 3];
    for (int edits = 0; edits <= most; edits++) {
      frontiers.add(Arrays.copyOfRange(frontier, most + 1 - edits, most + 2 + edits));
      if (advance(frontier, edits, most + 1)) {
        return traced(frontiers, edits);
      }
      if (steps > stepLimit) {
        break;
      }
    }
    return asOne();
  }

  /** Goes as far as so many edits reach on each diagonal; true at the end of both sequences. */
  private boolean advance(int[] frontier, int edits, int middle) {
    for (int diagonal = -edits; diagonal <= edits; diagonal += 2) {
      boolean down =
          diagonal == -edits
              || diagonal != edits
                  && frontier[middle + diagonal - 1] < frontier[middle + diagonal + 1];
      int x = down ? frontier[middle + diagonal + 1] : frontier[middle + diagonal - 1] + 1;
      int y = x - diagonal;
      int start = x;
      while (x < leftCount && y < rightCount && left[prefix + x] == right[prefix + y]) {
        x++;
        y++;
      }
      frontier[middle + diagonal] = x;
      steps += x - start + 1;
      if (x >= leftCount && y >= rightCount) {
        return true;
      }
    }
    return false;
  }

  private List<int[]> traced(List<int[]> frontiers, int lastEdits) {
    List<int[]> changes = new ArrayList<>();
    int x = leftCount;
    int y = rightCount;
    for (int edits = lastEdits; edits > 0; edits--) {
      int[] frontier = frontiers.get(edits);
      int diagonal = x - y;
      boolean down =
          diagonal == -edits
              || diagonal != edits
                  && reach(frontier, edits, diagonal - 1) < reach(frontier, edits, diagonal + 1);
      int previousX =
          down ? reach(frontier, edits, diagonal + 1) : reach(frontier, edits, diagonal - 1);
      int previousY = previousX - (down ? diagonal + 1 : diagonal - 1);
      int afterX = down ? previousX : previousX + 1;
      matched += x - afterX;
      addBefore(changes, previousX, afterX, previousY, down ? previousY + 1 : previousY);
      x = previousX;
      y = previousY;
    }
    Collections.reverse(changes);
    return changes;
  }

  private static int reach(int[] frontier, int edits, int diagonal) {
    return frontier[diagonal + edits];
  }

  /** Adds an edit to changes found from the end, joined with the one after it where they touch. */
  private void addBefore(List<int[]> changes, int from, int to, int rightFrom, int rightTo) {
    int[] later = changes.isEmpty() ? null : changes.get(changes.size() - 1);
    if (later != null && later[0] == prefix + to && later[2] == prefix + rightTo) {
      later[0] = prefix + from;
      later[2] = prefix + rightFrom;
    } else {
      changes.add(new int[] {prefix + from, prefix + to, prefix + rightFrom, prefix + rightTo});
    }
  }
}
