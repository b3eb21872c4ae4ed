package dev.godwit.crdt.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All edits of a text in the order of their arrival, in runs, with every character ever inserted.
 *
 * <p>One event is one code point inserted or deleted; events are numbered from 0. A run holds
 * events that continue one another: typing onwards, deleting onwards (the same position again), or
 * deleting backwards (each position one less). Which events form a run depends on nothing but the
 * events, so that equal logs have equal runs. A run takes 13 bytes, an inserted character two;
 * appending is constant.
 */
final class OperationLog {
  static final byte INSERT = 0;
  static final byte DELETE = 1;
  static final byte DELETE_BACKWARD = 2;

  /**
   * Events of one history: they are numbered by an int, and the replay needs a quarter of its range
   * for itself.
   */
  static final int MAX_EVENTS = 1 << 30;

  private byte[] kinds = new byte[16];
  private int[] firstEvents = new int[16];
  private int[] positions = new int[16];
  private int[] contentStarts = new int[16];
  private int runCount;
  private int lastFound;
  private int eventCount;
  private char[] content = new char[64];
  private int contentLength;

  int eventCount() {
    return eventCount;
  }

  int runCount() {
    return runCount;
  }

  byte kind(int run) {
    return kinds[run];
  }

  int firstEvent(int run) {
    return firstEvents[run];
  }

  /** The event after the last one of the run. */
  int endEvent(int run) {
    return run + 1 < runCount ? firstEvents[run + 1] : eventCount;
  }

  /** The run that holds the event: most often the one found last, or the one behind it. */
  int runOf(int event) {
    int near = lastFound;
    if (near + 1 < runCount && firstEvents[near + 1] <= event) {
      near++;
    }
    boolean found = near < runCount && firstEvents[near] <= event && event < endEvent(near);
    lastFound = found ? near : searched(event);
    return lastFound;
  }

  private int searched(int event) {
    if (event >= firstEvents[runCount - 1]) {
      return runCount - 1;
    }
    int found = Arrays.binarySearch(firstEvents, 0, runCount, event);
    return found >= 0 ? found : -found - 2;
  }

  /** By how many code points the events from one up to another make a text longer. */
  int growth(int fromEvent, int toEvent) {
    int growth = 0;
    int event = fromEvent;
    for (int run = runOf(fromEvent); event < toEvent; run++) {
      int end = Math.min(endEvent(run), toEvent);
      growth += kinds[run] == INSERT ? end - event : event - end;
      event = end;
    }
    return growth;
  }

  /** Where one event of the run inserts or deletes its code point. */
  int position(int run, int event) {
    int step = event - firstEvents[run];
    switch (kinds[run]) {
      case INSERT:
        return positions[run] + step;
      case DELETE_BACKWARD:
        return positions[run] - step;
      default:
        return positions[run];
    }
  }

  /**
   * Where the inserted character of the event, or the end of the run, begins in {@link #content}.
   */
  int contentOffset(int run, int event) {
    int start = contentStarts[run];
    int end = run + 1 < runCount ? contentStarts[run + 1] : contentLength;
    int step = event - firstEvents[run];
    boolean onePerPoint = end - start == endEvent(run) - firstEvents[run];
    return onePerPoint
        ? start + step
        : Character.offsetByCodePoints(content, start, end - start, start, step);
  }

  /**
   * All inserted characters, one insertion after the other; not to be changed, longer than what is
   * used.
   */
  char[] content() {
    return content;
  }

  int contentLength() {
    return contentLength;
  }

  /** Appends the events of one operation: the deletions, then the insertions. */
  void append(TextOperation operation) {
    delete(operation.position(), operation.deleteCount());
    insert(operation.position(), operation.insert());
  }

  /** Appends one event per code point. */
  void insert(int position, String text) {
    int units = text.length();
    if (units == 0) {
      return;
    }
    int points = text.codePointCount(0, units);
    beginInsert(position, points);
    reserveContent(units);
    text.getChars(0, units, content, contentLength);
    contentLength += units;
    eventCount += points;
  }

  /** Appends events that delete at one position, again and again. */
  void delete(int position, int count) {
    requireRoom(count);
    for (int left = count; left > 0; ) {
      int last = runCount - 1;
      int lastLength = last < 0 ? 0 : eventCount - firstEvents[last];
      boolean continues = last >= 0 && kinds[last] == DELETE && positions[last] == position;
      if (continues) {
        eventCount += left;
        return;
      }
      if (!continuesBackward(last, lastLength, position)) {
        begin(DELETE, position);
      }
      eventCount++;
      left--;
    }
  }

  /** Appends the events of another log from one up to another. */
  void append(OperationLog other, int fromEvent, int toEvent) {
    int event = fromEvent;
    for (int run = fromEvent < toEvent ? other.runOf(fromEvent) : 0; event < toEvent; run++) {
      int end = Math.min(other.endEvent(run), toEvent);
      appendPiece(other, run, event, end);
      event = end;
    }
  }

  private void appendPiece(OperationLog other, int run, int from, int to) {
    if (other.kinds[run] == DELETE_BACKWARD) {
      deleteBackward(other.position(run, from), to - from);
    } else if (other.kinds[run] == DELETE) {
      delete(other.position(run, from), to - from);
    } else {
      int start = other.contentOffset(run, from);
      insert(
          other.position(run, from), other.content, start, other.contentOffset(run, to), to - from);
    }
  }

  /**
   * Refuses events that reach past the end of a text of this length, each after the ones before it.
   *
   * @throws IllegalArgumentException naming the first that does
   */
  void requireWithin(int fromEvent, int toEvent, int length) {
    long left = length;
    int event = fromEvent;
    for (int run = fromEvent < toEvent ? runOf(fromEvent) : 0; event < toEvent; run++) {
      int end = Math.min(endEvent(run), toEvent);
      boolean inserts = kinds[run] == INSERT;
      long reach =
          kinds[run] == DELETE ? (long) position(run, event) + end - event : position(run, event);
      if (reach > left || kinds[run] == DELETE_BACKWARD && reach == left) {
        throw new IllegalArgumentException(
            "expected an operation within the "
                + left
                + " code points its author saw but one reaches to "
                + reach);
      }
      left += inserts ? end - event : event - end;
      event = end;
    }
  }

  /** Appends one event per code point of the characters from one index up to another. */
  void insert(int position, char[] text, int from, int to, int points) {
    beginInsert(position, points);
    reserveContent(to - from);
    System.arraycopy(text, from, content, contentLength, to - from);
    contentLength += to - from;
    eventCount += points;
  }

  /** Appends events that delete at a position, then at the ones before it. */
  void deleteBackward(int position, int count) {
    for (int step = 0; step < count; step++) {
      delete(position - step, 1);
    }
  }

  /**
   * The operations of events from one up to another, such that appending them gives the same events
   * again.
   */
  List<TextOperation> operations(int fromEvent, int toEvent) {
    List<TextOperation> operations = new ArrayList<>();
    int event = fromEvent;
    for (int run = runOf(event); event < toEvent; run++) {
      int runEnd = Math.min(endEvent(run), toEvent);
      addOperations(run, event, runEnd, operations);
      event = runEnd;
    }
    return operations;
  }

  private void addOperations(int run, int event, int end, List<TextOperation> operations) {
    int position = position(run, event);
    if (kinds[run] == DELETE_BACKWARD) {
      for (int step = 0; step < end - event; step++) {
        operations.add(TextOperation.delete(position - step, 1));
      }
    } else if (kinds[run] == DELETE) {
      operations.add(TextOperation.delete(position, end - event));
    } else {
      int from = contentOffset(run, event);
      String inserted = new String(content, from, contentOffset(run, end) - from);
      int last = operations.size() - 1;
      if (last >= 0
          && operations.get(last).position() == position
          && operations.get(last).insert().isEmpty()) {
        operations.set(
            last, new TextOperation(position, operations.get(last).deleteCount(), inserted));
      } else {
        operations.add(TextOperation.insert(position, inserted));
      }
    }
  }

  private void beginInsert(int position, int points) {
    requireRoom(points);
    int last = runCount - 1;
    boolean continues =
        last >= 0
            && kinds[last] == INSERT
            && position == positions[last] + eventCount - firstEvents[last];
    if (!continues) {
      begin(INSERT, position);
    }
  }

  /**
   * A run of one deletion has no direction yet; a second one before it makes the run a backward
   * one.
   */
  private boolean continuesBackward(int last, int lastLength, int position) {
    if (last < 0 || kinds[last] == INSERT || position != positions[last] - lastLength) {
      return false;
    }
    if (kinds[last] == DELETE && lastLength == 1) {
      kinds[last] = DELETE_BACKWARD;
    }
    return kinds[last] == DELETE_BACKWARD;
  }

  private void begin(byte kind, int position) {
    if (runCount == kinds.length) {
      int capacity = runCount + (runCount >> 1);
      kinds = Arrays.copyOf(kinds, capacity);
      firstEvents = Arrays.copyOf(firstEvents, capacity);
      positions = Arrays.copyOf(positions, capacity);
      contentStarts = Arrays.copyOf(contentStarts, capacity);
    }
    kinds[runCount] = kind;
    firstEvents[runCount] = eventCount;
    positions[runCount] = position;
    contentStarts[runCount] = contentLength;
    runCount++;
  }

  private void reserveContent(int units) {
    if (contentLength + units > content.length) {
      content =
          Arrays.copyOf(
              content, Math.max(contentLength + units, content.length + (content.length >> 1)));
    }
  }

  private void requireRoom(int count) {
    if (count > MAX_EVENTS - eventCount) {
      throw new IllegalStateException(
          "expected at most "
              + MAX_EVENTS
              + " events in one text history but "
              + count
              + " more follow "
              + eventCount
              + ": forget what is below the stable version");
    }
  }
}
