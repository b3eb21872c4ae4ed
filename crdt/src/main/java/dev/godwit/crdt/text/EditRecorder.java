package dev.godwit.crdt.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Carries edits out on a text, and keeps them as operations, a deletion joined with the insertion
 * at its place.
 */
final class EditRecorder implements Replay.Edits {
  private final TextBuffer text;
  private final OperationLog log;
  private List<TextOperation> operations = new ArrayList<>();

  /** Records edits whose content is in the log; the text they change may be null. */
  EditRecorder(TextBuffer text, OperationLog log) {
    this.text = text;
    this.log = log;
  }

  EditRecorder withoutRecord() {
    operations = null;
    return this;
  }

  List<TextOperation> operations() {
    return operations;
  }

  @Override
  public void insert(int position, int contentFrom, int contentTo, int codePoints) {
    if (text != null) {
      text.insert(position, log.content(), contentFrom, contentTo);
    }
    if (operations != null) {
      String inserted = new String(log.content(), contentFrom, contentTo - contentFrom);
      TextOperation last = last();
      if (last != null && last.position() == position && last.insert().isEmpty()) {
        operations.set(
            operations.size() - 1, new TextOperation(position, last.deleteCount(), inserted));
      } else {
        operations.add(TextOperation.insert(position, inserted));
      }
    }
  }

  @Override
  public void delete(int position, int count) {
    if (text != null) {
      text.delete(position, count);
    }
    if (operations != null) {
      TextOperation last = last();
      boolean continues = last != null && last.insert().isEmpty();
      if (continues && last.position() == position) {
        operations.set(
            operations.size() - 1, TextOperation.delete(position, last.deleteCount() + count));
      } else if (continues && position + count == last.position()) {
        operations.set(
            operations.size() - 1, TextOperation.delete(position, last.deleteCount() + count));
      } else {
        operations.add(TextOperation.delete(position, count));
      }
    }
  }

  private TextOperation last() {
    return operations.isEmpty() ? null : operations.get(operations.size() - 1);
  }
}
