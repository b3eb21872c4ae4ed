package dev.godwit.crdt.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.godwit.crdt.causality.ReplicaId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What writers see when they typed at the same place at the same time. */
class TextInterleavingTest {
  private static TextDocument document(int replica) {
    byte[] id = new byte[ReplicaId.LENGTH_BYTES];
    id[0] = (byte) replica;
    return new TextDocument(ReplicaId.of(id));
  }

  /** Documents with the same text, each written on its own. */
  private static List<TextDocument> copies(String text, int count) {
    TextDocument first = document(1);
    first.setText(text);
    List<TextDocument> copies = new ArrayList<>(List.of(first));
    for (int replica = 2; replica <= count; replica++) {
      TextDocument copy = document(replica);
      copy.merge(first);
      copies.add(copy);
    }
    return copies;
  }

  private static String mergedText(List<TextDocument> documents) {
    for (TextDocument target : documents) {
      for (TextDocument source : documents) {
        if (source != target) {
          target.merge(source);
        }
      }
    }
    for (TextDocument document : documents) {
      assertEquals(documents.get(0).text(), document.text());
    }
    return documents.get(0).text();
  }

  private static void typeOnwards(TextDocument document, int position, String text) {
    for (int i = 0; i < text.length(); i++) {
      document.insert(position + i, text.substring(i, i + 1));
      document.seal();
    }
  }

  private static void typeBackwards(TextDocument document, int position, String text) {
    for (int i = text.length() - 1; i >= 0; i--) {
      document.insert(position, text.substring(i, i + 1));
      document.seal();
    }
  }

  @Test
  void runsTypedOnwardsStayWhole() {
    List<TextDocument> documents = copies("[]", 4);
    typeOnwards(documents.get(0), 1, "aaaa");
    typeOnwards(documents.get(1), 1, "bbbb");
    typeOnwards(documents.get(2), 1, "cccc");
    typeOnwards(documents.get(3), 1, "dddd");
    assertEquals("[aaaabbbbccccdddd]", mergedText(documents));
  }

  @Test
  void runsTypedBackwardsStayWhole() {
    List<TextDocument> documents = copies("[]", 3);
    typeBackwards(documents.get(0), 1, "abcd");
    typeBackwards(documents.get(1), 1, "efgh");
    typeBackwards(documents.get(2), 1, "ijkl");
    assertEquals("[abcdefghijkl]", mergedText(documents));
  }

  @Test
  void onwardsAndBackwardsDoNotMix() {
    List<TextDocument> documents = copies("", 2);
    typeOnwards(documents.get(0), 0, "onwards");
    typeBackwards(documents.get(1), 0, "backwards");
    String text = mergedText(documents);
    assertTrue(text.equals("onwardsbackwards") || text.equals("backwardsonwards"), text);
  }

  @Test
  void aRunTypedAfterAnInsertionInItsMiddleStaysWhole() {
    List<TextDocument> documents = copies("", 2);
    typeOnwards(documents.get(0), 0, "milk eggs");
    typeOnwards(documents.get(0), 4, " bread");
    typeOnwards(documents.get(1), 0, "soap");
    String text = mergedText(documents);
    assertTrue(text.equals("milk bread eggssoap") || text.equals("soapmilk bread eggs"), text);
  }

  @Test
  void textTypedInsideWhatOthersDeleteStays() {
    List<TextDocument> documents = copies("one two three", 3);
    documents.get(0).delete(0, 13);
    documents.get(1).delete(4, 4);
    typeOnwards(documents.get(2), 7, "fold");
    assertEquals("fold", mergedText(documents));
  }

  @Test
  void deletingTheSameTwiceDeletesItOnce() {
    List<TextDocument> documents = copies("abcdef", 2);
    documents.get(0).delete(1, 3);
    documents.get(1).delete(2, 3);
    assertEquals("af", mergedText(documents));
  }

  @Test
  void undoByTheInverseEditLeavesWhatOthersDid() {
    List<TextDocument> documents = copies("The cat", 2);
    documents.get(0).replace(4, 3, "dog");
    documents.get(0).seal();
    documents.get(1).insert(7, " sat");
    documents.get(0).replace(4, 3, "cat");
    assertEquals("The cat sat", mergedText(documents));
  }

  @Test
  void emojiAndCombiningMarksAreNeverCutInHalf() {
    List<TextDocument> documents = copies("a\ud83d\ude00b", 2);
    documents.get(0).insert(1, "\ud83d\ude01");
    documents.get(1).insert(2, "e\u0301");
    documents.get(1).delete(1, 1);
    assertEquals("a\ud83d\ude01e\u0301b", mergedText(documents));
    TextOperation.requireWellFormed(documents.get(0).text());
  }

  @Test
  void concurrentReplacementsBothStay() {
    List<TextDocument> documents = copies("price: 10", 2);
    documents.get(0).setText("price: 12");
    documents.get(1).setText("price: 15");
    assertEquals("price: 125", mergedText(documents));
  }
}
