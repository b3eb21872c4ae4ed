package dev.godwit.crdt.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Applying a diff gives the new text exactly, and the operations are those a writer would name. */
class TextDiffTest {
  private static final String[] PIECES = {
    "a",
    "b",
    " ",
    "\n",
    "word ",
    "two words\n",
    "e\u0301",
    "\ud83d\ude00",
    "\ud83d\udc69\u200d\ud83d\udcbb",
    "漢字",
    "\r\n",
    "\ud83c\uddee\ud83c\uddf3",
    "\ud83d\udc4d\ud83c\udffd",
    "\uac00\u11a8"
  };

  private final long seed = Long.getLong("godwit.seed", new Random().nextLong());

  @Test
  void randomEditsAreReproducedExactly() {
    System.out.println("text diff: -Dgodwit.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      String before = random(random, random.nextInt(60));
      String after =
          random.nextInt(4) == 0 ? random(random, random.nextInt(60)) : edited(before, random);
      assertEquals(
          after,
          applied(before, TextDiff.between(before, after)),
          "seed " + seed + ", round " + round);
    }
  }

  @Test
  void oneKeystrokeIsOneOperation() {
    assertEquals(List.of(TextOperation.insert(4, "x")), TextDiff.between("abcdefg", "abcdxefg"));
    assertEquals(List.of(TextOperation.delete(0, 1)), TextDiff.between("abc", "bc"));
    assertEquals(List.of(TextOperation.insert(3, "d")), TextDiff.between("abc", "abcd"));
    assertEquals(List.of(), TextDiff.between("abc", "abc"));
    assertEquals(List.of(TextOperation.insert(0, "abc")), TextDiff.between("", "abc"));
    assertEquals(List.of(TextOperation.delete(0, 3)), TextDiff.between("abc", ""));
  }

  @Test
  void wordsAndLinesComeAndGoWhole() {
    assertEquals(
        List.of(TextOperation.insert(4, "baz ")), TextDiff.between("foo bar", "foo baz bar"));
    assertEquals(
        List.of(TextOperation.insert(4, "two\n")),
        TextDiff.between("one\nthree\n", "one\ntwo\nthree\n"));
    assertEquals(
        List.of(TextOperation.delete(4, 4)), TextDiff.between("one\ntwo\nthree\n", "one\nthree\n"));
    assertEquals(
        List.of(new TextOperation(4, 3, "dog")), TextDiff.between("the cat sat", "the dog sat"));
  }

  @Test
  void changesFarApartStayApart() {
    String before = "first line\nsecond line\nthird line\n";
    String after = "First line\nsecond line\nthird lines\n";
    assertEquals(
        List.of(new TextOperation(0, 1, "F"), TextOperation.insert(33, "s")),
        TextDiff.between(before, after));
  }

  @Test
  void clustersAreReplacedAsAWhole() {
    assertEquals(
        List.of(new TextOperation(0, 2, "e\u0300")), TextDiff.between("e\u0301", "e\u0300"));
    String woman = "\ud83d\udc69\u200d\ud83d\udcbb";
    String man = "\ud83d\udc68\u200d\ud83d\udcbb";
    assertEquals(
        List.of(new TextOperation(1, 3, man)),
        TextDiff.between("a" + woman + "b", "a" + man + "b"));
    assertEquals(
        List.of(new TextOperation(0, 2, "\ud83c\uddee\ud83c\uddf9")),
        TextDiff.between("\ud83c\uddee\ud83c\uddf3", "\ud83c\uddee\ud83c\uddf9"));
  }

  @Test
  void lettersInCommonByChanceDoNotCutWordsUp() {
    assertEquals(List.of(new TextOperation(0, 5, "beach")), TextDiff.between("alpha", "beach"));
    assertEquals(List.of(TextOperation.delete(4, 1)), TextDiff.between("colour", "color"));
    assertEquals(
        List.of(
            new TextOperation(0, 1, "s"),
            new TextOperation(4, 1, "i"),
            TextOperation.insert(6, "g")),
        TextDiff.between("kitten", "sitting"));
  }

  @Test
  void pairsThatShareAHalfAreReplacedWhole() {
    // Some emoji begin or end with the same unit, and nothing near is a space or an end of line.
    String around = "\ud83d\ude00".repeat(600);
    String before = around + "\ud83d\udc00" + around;
    String sameEnd = around + "\ud83c\udc00" + around;
    assertEquals(
        List.of(new TextOperation(600, 1, "\ud83c\udc00")), TextDiff.between(before, sameEnd));
    String sameBeginning = around + "\ud83d\udc01" + around;
    assertEquals(
        List.of(new TextOperation(600, 1, "\ud83d\udc01")),
        TextDiff.between(before, sameBeginning));
  }

  @Test
  void hugeTextsWithoutAnythingInCommonAreReplaced() {
    Random random = new Random(7);
    String before = letters(random, 3_000_000);
    String after = letters(random, 3_000_000);
    List<TextOperation> operations = TextDiff.between(before, after);
    assertEquals(after, applied(before, operations));
    assertTrue(operations.size() <= 1000, () -> operations.size() + " operations");
  }

  @Test
  void manySmallEditsInAHugeTextAreFound() {
    StringBuilder before = new StringBuilder();
    StringBuilder after = new StringBuilder();
    for (int line = 0; line < 50_000; line++) {
      String text = "line number " + line + " with some words in it\n";
      before.append(text);
      after.append(line % 100 == 0 ? text.replace("some", "a few") : text);
    }
    List<TextOperation> operations = TextDiff.between(before.toString(), after.toString());
    assertEquals(500, operations.size());
    assertEquals(after.toString(), applied(before.toString(), operations));
  }

  @Test
  void halfPairsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> TextDiff.between("a", "a\ud83d"));
    assertThrows(IllegalArgumentException.class, () -> TextOperation.insert(0, "\ude00"));
  }

  static String applied(String text, List<TextOperation> operations) {
    TextBuffer buffer = new TextBuffer(text);
    for (TextOperation operation : operations) {
      if (operation.deleteCount() > 0) {
        buffer.delete(operation.position(), operation.deleteCount());
      }
      buffer.insert(operation.position(), operation.insert());
    }
    return buffer.toString();
  }

  private static String random(Random random, int pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  private static String edited(String text, Random random) {
    String edited = text;
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      int points = edited.codePointCount(0, edited.length());
      int from = edited.offsetByCodePoints(0, random.nextInt(points + 1));
      int left = edited.codePointCount(from, edited.length());
      int to = edited.offsetByCodePoints(from, Math.min(left, random.nextInt(5)));
      edited = edited.substring(0, from) + random(random, random.nextInt(3)) + edited.substring(to);
    }
    return edited;
  }

  private static String letters(Random random, int count) {
    StringBuilder text = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      text.append((char) ('a' + random.nextInt(26)));
      if (random.nextInt(6) == 0) {
        text.append(random.nextInt(8) == 0 ? '\n' : ' ');
      }
    }
    return text.toString();
  }
}
