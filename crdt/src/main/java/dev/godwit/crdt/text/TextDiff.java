package dev.godwit.crdt.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The operations that make one text another, small and on boundaries that a writer would recognise.
 *
 * <p>What both ends share is put aside; lines that occur once in each text anchor the rest (Bram
 * Cohen's patience diff); between anchors words are compared, and within changed words grapheme
 * clusters, both by Myers, "An O(ND) Difference Algorithm and Its Variations" (1986). A comparison
 * that needs more than {@link #MAX_EDITS} edits or {@link #MAX_STEPS} steps is given up and its
 * part replaced as a whole, and so is what goes beyond {@link #MAX_LINE_CHARS} and {@link
 * #MAX_WORD_CHARS}. The time is therefore bounded: a fraction of a second, and a pass over the ends
 * that the texts share. Applying the operations always gives the new text exactly.
 */
public final class TextDiff {
  /**
   * Edits after which a comparison is given up: its trace takes four bytes for each pair of them, 4
   * MB.
   */
  static final int MAX_EDITS = 1000;

  /** Steps that all comparisons of one diff may take together: some tens of milliseconds. */
  static final int MAX_STEPS = 4_000_000;

  /**
   * UTF-16 units between the shared ends, both texts together, that are compared line by line; more
   * are replaced.
   */
  static final int MAX_LINE_CHARS = 1 << 23;

  /**
   * UTF-16 units that one diff compares word by word, all parts together; further parts are
   * replaced.
   */
  static final int MAX_WORD_CHARS = 1 << 19;

  /** How far the shared ends give way in search of the beginning of a line or word. */
  private static final int MAX_BACK_OFF = 256;

  /** Finds where the token ends that begins at an index. */
  private interface Tokens {
    int end(String text, int from, int to);
  }

  private final String before;
  private final String after;
  private final List<TextOperation> operations = new ArrayList<>();
  private int steps;
  private int wordChars;
  private int counted;
  private int countedPoints;

  private TextDiff(String before, String after) {
    this.before = before;
    this.after = after;
  }

  /**
   * What to do to the old text, each operation relative to the text after the ones before it,
   * positions ascending.
   *
   * @throws IllegalArgumentException when a changed part of the new text holds an unpaired
   *     surrogate
   */
  public static List<TextOperation> between(String before, String after) {
    TextDiff diff = new TextDiff(before, after);
    diff.compare();
    return diff.operations;
  }

  private void compare() {
    int shorter = Math.min(before.length(), after.length());
    int prefix = 0;
    while (prefix < shorter && before.charAt(prefix) == after.charAt(prefix)) {
      prefix++;
    }
    if (prefix == before.length() && prefix == after.length()) {
      return;
    }
    prefix = backedOff(prefix);
    int suffix = 0;
    int longest = shorter - prefix;
    while (suffix < longest
        && before.charAt(before.length() - 1 - suffix)
            == after.charAt(after.length() - 1 - suffix)) {
      suffix++;
    }
    suffix -= givenWay(before.length() - suffix);
    compareLines(prefix, before.length() - suffix, prefix, after.length() - suffix);
  }

  /**
   * A beginning of a line, else of a word, else of a cluster, at or before the index; both texts
   * agree before it.
   */
  private int backedOff(int index) {
    int least = Math.max(0, index - MAX_BACK_OFF);
    int line = index == 0 ? -1 : before.lastIndexOf('\n', index - 1);
    if (line >= least) {
      return line + 1;
    }
    if (least == 0) {
      return 0;
    }
    for (int at = index - 1; at >= least; at--) {
      if (before.charAt(at) == ' ') {
        return at + 1;
      }
    }
    return Character.isHighSurrogate(before.charAt(index - 1)) ? index - 1 : index;
  }

  /**
   * How many units from the index on the shared end gives up to begin with a line, else a word,
   * else a code point.
   */
  private int givenWay(int index) {
    int most = Math.min(before.length(), index + MAX_BACK_OFF);
    int line = before.indexOf('\n', index);
    if (line >= 0 && line < most) {
      return line + 1 - index;
    }
    if (most == before.length()) {
      return most - index;
    }
    int space = before.indexOf(' ', index);
    if (space >= 0 && space < most) {
      return space - index;
    }
    return Character.isLowSurrogate(before.charAt(index)) ? 1 : 0;
  }

  /** Splits at lines that are unique in both ranges and keep their order. */
  private void compareLines(int from, int to, int newFrom, int newTo) {
    if (to - from + newTo - newFrom > MAX_LINE_CHARS) {
      replace(from, to, newFrom, newTo);
      return;
    }
    Map<String, int[]> lines = new HashMap<>();
    countLines(before, from, to, 0, lines);
    countLines(after, newFrom, newTo, 2, lines);
    List<int[]> anchors = new ArrayList<>();
    for (int at = from; at < to; at = Clusters.lineEnd(before, at, to)) {
      int[] line = lines.get(before.substring(at, Clusters.lineEnd(before, at, to)));
      if (line[0] == 1 && line[2] == 1) {
        anchors.add(new int[] {at, line[3]});
      }
    }
    int old = from;
    int current = newFrom;
    for (int[] anchor : longestAscending(anchors)) {
      compareWords(old, anchor[0], current, anchor[1]);
      int length = Clusters.lineEnd(before, anchor[0], to) - anchor[0];
      old = anchor[0] + length;
      current = anchor[1] + length;
    }
    compareWords(old, to, current, newTo);
  }

  private static void countLines(
      String text, int from, int to, int slot, Map<String, int[]> lines) {
    for (int at = from; at < to; ) {
      int end = Clusters.lineEnd(text, at, to);
      int[] line = lines.computeIfAbsent(text.substring(at, end), absent -> new int[4]);
      line[slot]++;
      line[slot + 1] = at;
      at = end;
    }
  }

  /** The longest subsequence that ascends in both places, by patience sorting. */
  private static List<int[]> longestAscending(List<int[]> anchors) {
    int[] tops = new int[anchors.size()];
    int[] previous = new int[anchors.size()];
    int piles = 0;
    for (int i = 0; i < anchors.size(); i++) {
      int low = 0;
      int high = piles;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (anchors.get(tops[middle])[1] < anchors.get(i)[1]) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      previous[i] = low == 0 ? -1 : tops[low - 1];
      tops[low] = i;
      piles = Math.max(piles, low + 1);
    }
    int[][] chosen = new int[piles][];
    int at = piles == 0 ? -1 : tops[piles - 1];
    for (int pile = piles - 1; pile >= 0; pile--, at = previous[at]) {
      chosen[pile] = anchors.get(at);
    }
    return Arrays.asList(chosen);
  }

  private void compareWords(int from, int to, int newFrom, int newTo) {
    compareTokens(from, to, newFrom, newTo, Clusters::wordEnd, false);
  }

  private void compareTokens(
      int from, int to, int newFrom, int newTo, Tokens tokens, boolean finest) {
    int chars = finest ? 0 : to - from + newTo - newFrom;
    if (from == to || newFrom == newTo || chars > MAX_WORD_CHARS - wordChars) {
      replace(from, to, newFrom, newTo);
      return;
    }
    wordChars += chars;
    int[] starts = starts(before, from, to, tokens);
    int[] newStarts = starts(after, newFrom, newTo, tokens);
    Map<String, Integer> names = new HashMap<>();
    int[] left = named(before, starts, names);
    int[] right = named(after, newStarts, names);
    Comparison comparison = new Comparison(left, right, MAX_STEPS - steps);
    List<int[]> changes = comparison.changes();
    steps += comparison.steps();
    boolean noise =
        finest && changes.size() > 1 && comparison.matchedInside() * 2 < comparison.leastInside();
    for (int[] change : noise ? comparison.asOne() : changes) {
      int start = starts[change[0]];
      int end = starts[change[1]];
      int newStart = newStarts[change[2]];
      int newEnd = newStarts[change[3]];
      if (finest) {
        replace(start, end, newStart, newEnd);
      } else {
        compareTokens(start, end, newStart, newEnd, Clusters::end, true);
      }
    }
  }

  private static int[] starts(String text, int from, int to, Tokens tokens) {
    IntSequence starts = new IntSequence();
    for (int at = from; at < to; at = tokens.end(text, at, to)) {
      starts.add(at);
    }
    starts.add(to);
    int[] array = new int[starts.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = starts.get(i);
    }
    return array;
  }

  private static int[] named(String text, int[] starts, Map<String, Integer> names) {
    int[] tokens = new int[starts.length - 1];
    for (int i = 0; i < tokens.length; i++) {
      String token = text.substring(starts[i], starts[i + 1]);
      Integer name = names.get(token);
      if (name == null) {
        name = names.size();
        names.put(token, name);
      }
      tokens[i] = name;
    }
    return tokens;
  }

  private void replace(int from, int to, int newFrom, int newTo) {
    if (from == to && newFrom == newTo) {
      return;
    }
    countedPoints += after.codePointCount(counted, newFrom);
    counted = newFrom;
    operations.add(
        new TextOperation(
            countedPoints, before.codePointCount(from, to), after.substring(newFrom, newTo)));
  }
}
