package dev.godwit.crdt.text;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.encoding.MalformedEncodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A text that one replica edits and merges with others: a {@link TextHistory} with an author.
 *
 * <p>Edits join one open transaction, which is sealed when something of another replica arrives,
 * when history is handed out, or by {@link #seal}. Sealed transactions are what other replicas
 * receive and what versions name; the keystrokes within one are remembered too. An edit costs well
 * under a microsecond in documents up to many megabytes and builds no mergeable structure. Not
 * thread safe.
 */
public final class TextDocument {
  private final ReplicaId self;
  private final TextHistory history;
  private final List<TextMark> marks = new ArrayList<>();

  /** An empty text. */
  public TextDocument(ReplicaId self) {
    this(self, new TextHistory());
  }

  /** A text with history, which nobody else may change from now on. */
  public TextDocument(ReplicaId self, TextHistory history) {
    this.self = Objects.requireNonNull(self, "self");
    this.history = Objects.requireNonNull(history, "history");
  }

  /**
   * The document that {@link #encode} wrote, edited by this replica from now on.
   *
   * @throws MalformedEncodingException when the bytes are no such document
   */
  public static TextDocument decode(ReplicaId self, byte[] encoded) {
    return new TextDocument(self, TextHistory.decode(encoded));
  }

  /** The text. */
  public String text() {
    return history.text();
  }

  /** The number of code points. */
  public int length() {
    return history.length();
  }

  /** Everything that the text holds. */
  public VersionVector version() {
    return history.version();
  }

  /** Inserts text before the code point at the position; see {@link #replace}. */
  public void insert(int position, String text) {
    replace(position, 0, text);
  }

  /** Deletes code points from the position on; see {@link #replace}. */
  public void delete(int position, int count) {
    replace(position, count, "");
  }

  /**
   * Deletes code points from the position on and inserts text there.
   *
   * @throws IllegalArgumentException when that reaches past the end, or the text holds an unpaired
   *     surrogate
   */
  public void replace(int position, int deleteCount, String text) {
    int length = history.length();
    if (position < 0 || deleteCount < 0 || deleteCount > length - position) {
      throw new IllegalArgumentException(
          "expected an edit within 0 … "
              + length
              + " but got position "
              + position
              + ", "
              + deleteCount
              + " deleted");
    }
    if (text.length() > TextHistory.MAX_LENGTH - length) {
      throw new IllegalArgumentException(
          "expected a text of at most "
              + TextHistory.MAX_LENGTH
              + " code points but this makes it longer");
    }
    TextOperation.requireWellFormed(text);
    if (deleteCount == 0 && text.isEmpty()) {
      return;
    }
    if (!history.isOpen()) {
      history.begin(new Dot(self, history.lastSequence(self) + 1));
    }
    history.extend(position, deleteCount, text);
    if (!marks.isEmpty()) {
      moveMarks(position, deleteCount, text.codePointCount(0, text.length()));
    }
  }

  /** Makes the text this one, by the operations of {@link TextDiff}. */
  public void setText(String text) {
    for (TextOperation operation : TextDiff.between(history.text(), text)) {
      replace(operation.position(), operation.deleteCount(), operation.insert());
    }
  }

  /** Ends the open transaction, so that the next edit begins another one. */
  public void seal() {
    history.seal();
  }

  /** Applies a transaction of another replica; see {@link TextHistory#apply(TextTransaction)}. */
  public List<TextOperation> apply(TextTransaction transaction) {
    return moved(history.apply(transaction));
  }

  /**
   * Applies what another replica's {@link #encodeSince} wrote; see {@link
   * TextHistory#applyEncoded}.
   */
  public List<TextOperation> applyEncoded(byte[] delta) {
    return moved(history.applyEncoded(delta));
  }

  /** Takes over everything another document holds: associative, commutative and idempotent. */
  public List<TextOperation> merge(TextDocument other) {
    return applyAll(other.transactionsSince(version()));
  }

  /** Applies transactions of other replicas; see {@link TextHistory#applyAll}. */
  public List<TextOperation> applyAll(List<TextTransaction> transactions) {
    return moved(history.applyAll(transactions));
  }

  /** The sealed transactions that a version lacks; see {@link TextHistory#transactionsSince}. */
  public List<TextTransaction> transactionsSince(VersionVector version) {
    seal();
    return history.transactionsSince(version);
  }

  /** The delta since a version; see {@link TextHistory#encodeSince}. */
  public byte[] encodeSince(VersionVector version) {
    seal();
    return history.encodeSince(version);
  }

  /** Text and history in bytes; see {@link TextHistory#encode}. */
  public byte[] encode() {
    seal();
    return history.encode();
  }

  /** The text at an earlier version; see {@link TextHistory#textAt}. */
  public String textAt(VersionVector version) {
    seal();
    return history.textAt(version);
  }

  /**
   * Forgets history that no later transaction can be concurrent with; see {@link
   * TextHistory#forgetBelow}.
   */
  public VersionVector forgetBelow(VersionVector stable) {
    return history.forgetBelow(stable);
  }

  /**
   * A place in the text that moves with the edits around it, until it is released.
   *
   * @throws IllegalArgumentException when the position is outside the text
   */
  public TextMark mark(int position, TextBias bias) {
    return mark(version(), position, bias);
  }

  /**
   * A place in the text at some version, such as another replica's cursor; see {@link
   * TextHistory#positionNow}.
   */
  public TextMark mark(VersionVector version, int position, TextBias bias) {
    TextMark mark = new TextMark(history.positionNow(version, position, bias), bias);
    marks.add(mark);
    return mark;
  }

  /** Lets go of a mark: it stays where it is from now on. */
  public void release(TextMark mark) {
    marks.remove(mark);
  }

  private List<TextOperation> moved(List<TextOperation> edits) {
    if (!marks.isEmpty()) {
      for (TextOperation edit : edits) {
        moveMarks(edit.position(), edit.deleteCount(), edit.insertCount());
      }
    }
    return edits;
  }

  private void moveMarks(int position, int deleteCount, int insertCount) {
    for (TextMark mark : marks) {
      mark.edited(position, deleteCount, insertCount);
    }
  }
}
