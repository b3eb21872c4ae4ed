package dev.godwit.crdt.law;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.crdt.text.TextHistory;
import dev.godwit.crdt.text.TextOperation;
import dev.godwit.crdt.text.TextTransaction;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * The text under the laws; what it shows has a twin of its own elsewhere, here only the number of
 * insertions counts.
 */
final class TextSubject extends Subject<TextSubject.State> {
  /** A history compared by its bytes. */
  static final class State {
    private final TextHistory history;

    State(TextHistory history) {
      this.history = history;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof State that
          && history.text().equals(that.history.text())
          && java.util.Arrays.equals(
              history.encodeUncompressed(), that.history.encodeUncompressed());
    }

    @Override
    public int hashCode() {
      return Objects.hash(history.text());
    }

    @Override
    public String toString() {
      return history.text() + " of " + history.version();
    }
  }

  @Override
  State empty() {
    return new State(new TextHistory());
  }

  @Override
  State copy(State state) {
    return new State(TextHistory.decode(state.history.encode()));
  }

  @Override
  State change(State state, ReplicaId replica, Random random, HistoryTwin twin) {
    int position = random.nextInt(state.history.length() + 1);
    String text = List.of("x", "yz", "\ud83d\ude00").get(random.nextInt(3));
    VersionVector version = state.history.version();
    Dot dot = new Dot(replica, version.sequence(replica) + 1);
    state.history.apply(dot, version, List.of(TextOperation.insert(position, text)));
    twin.add("insert", "", text.codePointCount(0, text.length()));
    return state;
  }

  @Override
  State merge(State left, State right) {
    for (TextTransaction transaction : right.history.transactionsSince(left.history.version())) {
      left.history.apply(transaction);
    }
    return left;
  }

  @Override
  State applyDelta(State left, State right, VersionVector since) {
    left.history.applyEncoded(right.history.encodeSince(since));
    return left;
  }

  @Override
  VersionVector version(State state) {
    return state.history.version();
  }

  @Override
  Object value(State state) {
    return (long) state.history.length();
  }

  @Override
  Object expected(HistoryTwin twin) {
    return twin.changes().stream().mapToLong(change -> change.amount).sum();
  }

  @Override
  byte[] encode(State state) {
    return state.history.encodeUncompressed();
  }

  @Override
  State decode(byte[] encoded) {
    return new State(TextHistory.decode(encoded));
  }

  @Override
  byte[] encodeDelta(State state, VersionVector since) {
    return state.history.encodeSince(since);
  }

  @Override
  void decodeDelta(byte[] encoded) {
    new TextHistory().applyEncoded(encoded);
  }
}
