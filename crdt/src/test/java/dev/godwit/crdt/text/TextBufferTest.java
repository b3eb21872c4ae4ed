package dev.godwit.crdt.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The chunked buffer against a plain string. */
class TextBufferTest {
  private static final String[] PIECES = {
    "a", "bc", "\ud83d\ude00", "é", "漢字", " and some more words "
  };

  private final long seed = Long.getLong("godwit.seed", new Random().nextLong());

  @Test
  void editsDoWhatTheyDoToAString() {
    System.out.println("text buffer: -Dgodwit.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 40; round++) {
      TextBuffer buffer = new TextBuffer();
      String twin = "";
      for (int step = 0; step < 300; step++) {
        int points = twin.codePointCount(0, twin.length());
        assertEquals(points, buffer.length(), "seed " + seed);
        int position = random.nextInt(points + 1);
        int from = twin.offsetByCodePoints(0, position);
        if (random.nextInt(3) > 0) {
          String piece = piece(random);
          buffer.insert(position, piece);
          twin = twin.substring(0, from) + piece + twin.substring(from);
        } else {
          int count =
              Math.min(
                  points - position,
                  random.nextInt(10) == 0 ? random.nextInt(3000) : random.nextInt(5));
          buffer.delete(position, count);
          twin = twin.substring(0, from) + twin.substring(twin.offsetByCodePoints(from, count));
        }
        if (step % 10 == 0) {
          assertEquals(twin, buffer.toString(), "seed " + seed);
        }
      }
      assertEquals(twin, buffer.toString(), "seed " + seed);
    }
  }

  @Test
  void everythingCanGoAndComeBack() {
    TextBuffer buffer = new TextBuffer(piece(new Random(1)) + "\ud83d\ude00".repeat(2000));
    buffer.delete(0, buffer.length());
    assertEquals("", buffer.toString());
    buffer.insert(0, "again");
    buffer.insert(5, "x".repeat(5000));
    buffer.delete(1, 5003);
    assertEquals("ax", buffer.toString());
  }

  private static String piece(Random random) {
    String piece = PIECES[random.nextInt(PIECES.length)];
    return random.nextInt(20) == 0 ? piece.repeat(random.nextInt(600)) : piece;
  }
}
