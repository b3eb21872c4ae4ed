package dev.godwit.crdt.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.encoding.MalformedEncodingException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the documentation of the text types promises, case by case. */
class TextDocumentTest {
  private static final ReplicaId ANNA = ReplicaId.parse("000102030405060708090a0b0c0d0e0f");
  private static final ReplicaId BERT = ReplicaId.parse("101112131415161718191a1b1c1d1e1f");

  private static TextDocument with(ReplicaId replica, TextDocument source) {
    TextDocument document = new TextDocument(replica);
    document.merge(source);
    return document;
  }

  @Test
  void marksStayWithTheirNeighbours() {
    TextDocument anna = new TextDocument(ANNA);
    anna.insert(0, "hello world");
    TextDocument bert = with(BERT, anna);
    TextMark cursor = anna.mark(6, TextBias.RIGHT);
    TextMark end = anna.mark(6, TextBias.LEFT);
    bert.insert(6, "big ");
    bert.insert(0, "Oh, ");
    anna.merge(bert);
    assertEquals("Oh, hello big world", anna.text());
    assertEquals(14, cursor.position());
    assertEquals(10, end.position());
    anna.delete(0, 19);
    assertEquals(0, cursor.position());
    anna.release(cursor);
    anna.insert(0, "x");
    assertEquals(0, cursor.position());
  }

  @Test
  void anotherReplicasCursorIsFoundByTheVersionItWasSetAt() {
    TextDocument anna = new TextDocument(ANNA);
    anna.insert(0, "0123456789");
    TextDocument bert = with(BERT, anna);
    VersionVector version = bert.version();
    anna.delete(0, 2);
    anna.insert(3, "abc");
    anna.seal();
    bert.insert(10, "!");
    anna.merge(bert);
    assertEquals("234abc56789!", anna.text());
    assertEquals(3, anna.mark(version, 5, TextBias.LEFT).position());
    assertEquals(6, anna.mark(version, 5, TextBias.RIGHT).position());
    assertEquals(0, anna.mark(version, 1, TextBias.LEFT).position());
    assertEquals(11, anna.mark(version, 10, TextBias.LEFT).position());
    assertEquals(12, anna.mark(version, 10, TextBias.RIGHT).position());
  }

  @Test
  void everyVersionCanBeReadAgain() {
    TextDocument anna = new TextDocument(ANNA);
    anna.setText("first");
    anna.seal();
    VersionVector first = anna.version();
    TextDocument bert = with(BERT, anna);
    bert.setText("first, and more");
    VersionVector berts = bert.version();
    anna.setText("The first");
    anna.merge(bert);
    assertEquals("The first, and more", anna.text());
    assertEquals("first", anna.textAt(first));
    assertEquals("first, and more", anna.textAt(berts));
    assertEquals("", anna.textAt(VersionVector.empty()));
  }

  @Test
  void forgettingKeepsTheTextAndRefusesWhatIsGone() {
    TextDocument anna = new TextDocument(ANNA);
    anna.setText("one");
    anna.seal();
    VersionVector one = anna.version();
    anna.setText("one two");
    assertEquals(one, anna.forgetBelow(one));
    assertEquals("one two", anna.text());
    assertEquals("one", anna.textAt(one));
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> anna.textAt(VersionVector.empty()));
    assertTrue(refused.getMessage().contains("forgotten"), refused.getMessage());
    assertThrows(IllegalArgumentException.class, () -> anna.encodeSince(VersionVector.empty()));
    TextTransaction old =
        new TextTransaction(
            new Dot(BERT, 1), VersionVector.empty(), List.of(TextOperation.insert(0, "x")));
    assertThrows(IllegalArgumentException.class, () -> anna.apply(old));
    assertEquals("one two", TextDocument.decode(BERT, anna.encode()).text());
  }

  @Test
  void operationsPastTheEndChangeNothing() {
    TextHistory history = new TextHistory();
    VersionVector nothing = VersionVector.empty();
    List<TextOperation> tooFar = List.of(TextOperation.insert(0, "ab"), TextOperation.delete(1, 2));
    assertThrows(
        IllegalArgumentException.class, () -> history.apply(new Dot(ANNA, 1), nothing, tooFar));
    assertEquals("", history.text());
    assertEquals(nothing, history.version());
    history.apply(new Dot(ANNA, 1), nothing, List.of(TextOperation.insert(0, "ab")));
    // The author had not seen anything, so that the text was empty whatever it is here.
    List<TextOperation> unseen = List.of(TextOperation.insert(1, "x"));
    assertThrows(
        IllegalArgumentException.class, () -> history.apply(new Dot(BERT, 1), nothing, unseen));
    assertEquals("ab", history.text());
  }

  @Test
  void dotsOfTransactionsOnOtherThingsMayLieBetween() {
    TextHistory history = new TextHistory("base", VersionVector.empty().with(new Dot(ANNA, 40)));
    VersionVector seen = VersionVector.empty().with(new Dot(ANNA, 40)).with(new Dot(BERT, 7));
    history.apply(new Dot(ANNA, 57), seen, List.of(TextOperation.insert(4, "ment")));
    history.apply(new Dot(BERT, 9), seen, List.of(TextOperation.insert(0, "a")));
    assertEquals("abasement", history.text());
    history.apply(
        new Dot(BERT, 12), seen.with(new Dot(ANNA, 60)), List.of(TextOperation.delete(0, 1)));
    assertEquals("basement", history.text());
    TextHistory again = TextHistory.decode(history.encode());
    assertEquals("basement", again.text());
    assertEquals(history.version(), again.version());
  }

  @Test
  void keystrokesWithinOneTransactionAreOneVersion() {
    TextDocument anna = new TextDocument(ANNA);
    for (int i = 0; i < 10; i++) {
      anna.insert(i, "x");
    }
    assertEquals(VersionVector.empty().with(new Dot(ANNA, 1)), anna.version());
    assertEquals(1, anna.transactionsSince(VersionVector.empty()).size());
    anna.insert(0, "y");
    assertEquals(VersionVector.empty().with(new Dot(ANNA, 2)), anna.version());
  }

  @Test
  void editsOutsideTheTextAreRefused() {
    TextDocument anna = new TextDocument(ANNA);
    anna.insert(0, "abc");
    assertThrows(IllegalArgumentException.class, () -> anna.insert(4, "x"));
    assertThrows(IllegalArgumentException.class, () -> anna.delete(2, 2));
    assertThrows(IllegalArgumentException.class, () -> anna.delete(-1, 1));
    assertThrows(IllegalArgumentException.class, () -> anna.mark(4, TextBias.LEFT));
    assertThrows(IllegalArgumentException.class, () -> anna.insert(0, "\ud83d"));
    assertEquals("abc", anna.text());
  }

  @Test
  void aDeltaNeedsWhatItFollows() {
    TextDocument anna = new TextDocument(ANNA);
    anna.insert(0, "abc");
    anna.seal();
    VersionVector first = anna.version();
    anna.insert(3, "def");
    TextDocument bert = new TextDocument(BERT);
    assertThrows(IllegalArgumentException.class, () -> bert.applyEncoded(anna.encodeSince(first)));
    assertThrows(MalformedEncodingException.class, () -> bert.applyEncoded(anna.encode()));
    bert.applyEncoded(anna.encodeSince(VersionVector.empty()));
    assertEquals("abcdef", bert.text());
  }
}
