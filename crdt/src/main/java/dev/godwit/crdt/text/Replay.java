package dev.godwit.crdt.text;

import java.util.Arrays;

/**
 * The replay of transactions from a critical version on, which turns each one into edits of the
 * merged text.
 *
 * <p>Eg-walker (Gentle and Kleppmann, 2025): to apply a transaction, go to the version its author
 * saw by undoing (<em>retreat</em>) what the author had not seen and redoing (<em>advance</em>)
 * what the author had; there its positions mean what they meant to the author. Concurrent
 * insertions at one place are ordered by {@link #place}. The text at the critical version is one
 * placeholder item, so that the cost depends only on what came after: the logarithm of the items
 * for each run inserted, deleted, undone or redone.
 */
final class Replay {
  /** Receives what a transaction changes in the merged text. */
  interface Edits {
    /** Content of the log from one index to another comes in before this position. */
    void insert(int position, int contentFrom, int contentTo, int codePoints);

    /** Code points go from this position on. */
    void delete(int position, int count);
  }

  /**
   * Ids of placeholder code points begin here; ids of others are the numbers of the events that
   * inserted them.
   */
  private static final int PLACEHOLDER = -OperationLog.MAX_EVENTS;

  private static final Edits NONE =
      new Edits() {
        @Override
        public void insert(int position, int contentFrom, int contentTo, int codePoints) {}

        @Override
        public void delete(int position, int count) {}
      };

  private final OperationLog log;
  private final TransactionGraph graph;
  private final int firstTransaction;
  private final int firstEvent;
  private final ItemTree items = new ItemTree();

  /** For each event that deletes, the id of the code point it deletes. */
  private int[] targets = new int[64];

  private int[] at;
  private int nextTransaction;

  /**
   * Begins with the merged text of the transactions before this one, which must be a critical
   * version.
   */
  Replay(OperationLog log, TransactionGraph graph, int firstTransaction) {
    this.log = log;
    this.graph = graph;
    this.firstTransaction = firstTransaction;
    nextTransaction = firstTransaction;
    firstEvent = graph.firstEvent(firstTransaction);
    at = graph.prefix(firstTransaction);
    int length = graph.lengthBefore(firstTransaction);
    if (length > 0) {
      items.insertAfter(null, new Item(PLACEHOLDER, length, Item.START, Item.END));
    }
  }

  int firstTransaction() {
    return firstTransaction;
  }

  /** The first transaction that has not been replayed. */
  int nextTransaction() {
    return nextTransaction;
  }

  /** Replays transactions up to this one, exclusively, whose edits the merged text has already. */
  void catchUp(int transaction) {
    while (nextTransaction < transaction) {
      apply(1, NONE);
    }
  }

  /**
   * Replays the next transactions at once, which are one author's, who saw nothing new between
   * them.
   */
  void apply(int count, Edits edits) {
    int transaction = nextTransaction;
    int last = transaction + count - 1;
    nextTransaction = last + 1;
    moveTo(graph.seen(transaction), graph.author(transaction), graph.ordinal(transaction) - 1);
    int event = graph.firstEvent(transaction);
    int endEvent = endEvent(last);
    if (endEvent - firstEvent > targets.length) {
      targets = Arrays.copyOf(targets, Math.max(endEvent - firstEvent, targets.length * 2));
    }
    for (int run = event < endEvent ? log.runOf(event) : 0; event < endEvent; run++) {
      int end = Math.min(log.endEvent(run), endEvent);
      if (log.kind(run) == OperationLog.INSERT) {
        insert(run, event, end, edits);
      } else {
        delete(run, event, end, edits);
      }
      event = end;
    }
    at[graph.author(last)] = graph.ordinal(last);
  }

  private int endEvent(int transaction) {
    return transaction + 1 < graph.count() ? graph.firstEvent(transaction + 1) : log.eventCount();
  }

  /** The length of the text at a version. */
  int lengthAt(int[] version) {
    moveTo(version, -1, 0);
    return items.visibleLength();
  }

  /**
   * Where a gap between code points of a version is in the merged text: after what is left of it,
   * or before the right.
   */
  int mergedPosition(int[] version, int position, boolean afterLeft) {
    moveTo(version, -1, 0);
    if (afterLeft ? position == 0 : position == items.visibleLength()) {
      return afterLeft ? 0 : items.keptLength();
    }
    Item item = items.itemAtVisible(afterLeft ? position - 1 : position);
    int inside = afterLeft ? items.offset() + 1 : items.offset();
    return items.keptBefore(item) + (item.everDeleted ? 0 : inside);
  }

  /**
   * Goes to a version; one replica's entry, that of an author whose own transactions are implied,
   * is given apart.
   */
  private void moveTo(int[] version, int author, int authorEntry) {
    if (at.length < graph.replicaCount()) {
      at = Arrays.copyOf(at, graph.replicaCount());
    }
    for (int replica = 0; replica < at.length; replica++) {
      int target = replica == author ? authorEntry : TransactionGraph.entry(version, replica);
      while (at[replica] > target) {
        switchTo(graph.transaction(replica, at[replica]--), false);
      }
      while (at[replica] < target) {
        switchTo(graph.transaction(replica, ++at[replica]), true);
      }
    }
  }

  /**
   * Undoes or redoes one transaction; insertions and deletions are counted apart, so that their
   * order is free.
   */
  private void switchTo(int transaction, boolean on) {
    int event = graph.firstEvent(transaction);
    int endEvent = endEvent(transaction);
    for (int run = log.runOf(event); event < endEvent; run++) {
      int end = Math.min(log.endEvent(run), endEvent);
      if (log.kind(run) == OperationLog.INSERT) {
        setInserted(event, end, on);
      } else {
        countDeletions(event, end, on ? 1 : -1);
      }
      event = end;
    }
  }

  private void setInserted(int fromId, int toId, boolean inserted) {
    for (int id = fromId; id < toId; ) {
      Item item = isolated(id, toId);
      int visibleBefore = item.visible();
      item.inserted = inserted;
      items.count(item, item.visible() - visibleBefore, 0);
      id = item.end();
    }
  }

  private void countDeletions(int fromEvent, int toEvent, int change) {
    for (int event = fromEvent; event < toEvent; ) {
      int end = event + 1;
      int step = end < toEvent ? target(end) - target(event) : 0;
      while ((step == 1 || step == -1) && end < toEvent && target(end) - target(end - 1) == step) {
        end++;
      }
      countDeletionsOfIds(Math.min(target(event), target(end - 1)), end - event, change);
      event = end;
    }
  }

  private void countDeletionsOfIds(int fromId, int count, int change) {
    for (int id = fromId; id < fromId + count; ) {
      Item item = isolated(id, fromId + count);
      int visibleBefore = item.visible();
      item.deletions += change;
      items.count(item, item.visible() - visibleBefore, 0);
      id = item.end();
    }
  }

  /** The item that begins with the id and ends at the other one or before. */
  private Item isolated(int id, int endId) {
    Item item = items.itemOf(id);
    if (item.id < id) {
      item = items.split(item, id - item.id);
    }
    if (item.end() > endId) {
      items.split(item, endId - item.id);
    }
    return item;
  }

  private int target(int event) {
    return targets[event - firstEvent];
  }

  private void delete(int run, int fromEvent, int toEvent, Edits edits) {
    boolean backward = log.kind(run) == OperationLog.DELETE_BACKWARD;
    int position = backward ? log.position(run, toEvent - 1) : log.position(run, fromEvent);
    int count = toEvent - fromEvent;
    for (int done = 0; done < count; ) {
      Item item = items.itemAtVisible(position);
      if (items.offset() > 0) {
        item = items.split(item, items.offset());
      }
      if (item.length > count - done) {
        items.split(item, count - done);
      }
      for (int i = 0; i < item.length; i++) {
        int event = backward ? toEvent - 1 - done - i : fromEvent + done + i;
        targets[event - firstEvent] = item.id + i;
      }
      done += item.length;
      markDeleted(item, edits);
    }
  }

  private void markDeleted(Item item, Edits edits) {
    boolean deletedAlready = item.everDeleted;
    item.deletions++;
    item.everDeleted = true;
    items.count(item, -item.length, deletedAlready ? 0 : -item.length);
    if (!deletedAlready) {
      edits.delete(items.keptBefore(item), item.length);
    }
  }

  private void insert(int run, int fromEvent, int toEvent, Edits edits) {
    int position = log.position(run, fromEvent);
    int count = toEvent - fromEvent;
    Item left = null;
    if (position > 0) {
      left = items.itemAtVisible(position - 1);
      if (items.offset() + 1 < left.length) {
        items.split(left, items.offset() + 1);
      }
    }
    Item neighbour = left == null ? items.firstItem() : items.next(left);
    Item right = neighbour;
    while (right != null && !right.inserted) {
      right = items.next(right);
    }
    int leftOrigin = left == null ? Item.START : left.lastId();
    int rightOrigin = right == null ? Item.END : right.id;
    int mergedPosition;
    if (right == neighbour && continues(left, fromEvent, rightOrigin)) {
      mergedPosition = items.keptBefore(left) + left.length;
      items.extend(left, count);
    } else {
      Item item = new Item(fromEvent, count, leftOrigin, rightOrigin);
      items.insertAfter(right == neighbour ? left : place(item, left, neighbour), item);
      mergedPosition = items.keptBefore(item);
    }
    edits.insert(
        mergedPosition, log.contentOffset(run, fromEvent), log.contentOffset(run, toEvent), count);
  }

  /**
   * Whether an insertion prolongs the item on its left; no event lies between them, so that nothing
   * has deleted that.
   */
  private static boolean continues(Item left, int event, int rightOrigin) {
    return left != null && left.end() == event && left.rightOrigin == rightOrigin;
  }

  /**
   * The item after which a new one goes among those inserted concurrently between its origins.
   *
   * <p>This is the order of FugueMax (Weidner and Kleppmann, "The Art of the Fugue", section 5)
   * found by a scan from left to right, as in the authors' "YjsMod" formulation: an item further
   * left in the tree of left origins ends the scan; among items of the same left origin the one
   * whose right origin is further right comes first, and equal ones are ordered by replica id.
   */
  private Item place(Item item, Item left, Item neighbour) {
    Item destination = left;
    boolean undecided = false;
    for (Item other = neighbour; other != null && !other.inserted; other = items.next(other)) {
      int byLeft = compareIds(other.leftOrigin, item.leftOrigin);
      if (byLeft < 0) {
        break;
      }
      if (byLeft == 0) {
        int byRight = compareIds(other.rightOrigin, item.rightOrigin);
        if (byRight == 0 && replicaBefore(item.id, other.id)) {
          break;
        }
        undecided = byRight < 0;
      }
      if (!undecided) {
        destination = other;
      }
    }
    return destination;
  }

  private boolean replicaBefore(int event, int otherEvent) {
    int author = graph.author(graph.transactionOf(event));
    int other = graph.author(graph.transactionOf(otherEvent));
    return graph.replica(author).compareTo(graph.replica(other)) < 0;
  }

  /** The document order of two code points. */
  private int compareIds(int left, int right) {
    if (left == right) {
      return 0;
    }
    if (left == Item.START || right == Item.END) {
      return -1;
    }
    if (left == Item.END || right == Item.START) {
      return 1;
    }
    Item leftItem = items.itemOf(left);
    Item rightItem = items.itemOf(right);
    return leftItem == rightItem
        ? Integer.compare(left, right)
        : items.compare(leftItem, rightItem);
  }
}
