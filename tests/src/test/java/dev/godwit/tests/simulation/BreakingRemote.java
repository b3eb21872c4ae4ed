package dev.godwit.tests.simulation;

import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.protocol.AnswerSink;
import dev.godwit.sync.protocol.ExchangeAnswer;
import dev.godwit.sync.protocol.ExchangeEnd;
import dev.godwit.sync.protocol.ExchangeRequest;
import dev.godwit.sync.protocol.PartSource;
import dev.godwit.sync.protocol.RemoteId;
import dev.godwit.sync.protocol.Turn;
import dev.godwit.sync.transport.CallBounds;
import dev.godwit.sync.transport.Remote;
import java.io.IOException;

/** A line that breaks after so many parts, in whichever direction they go. */
final class BreakingRemote implements Remote {
  private final Remote remote;
  private int left;

  BreakingRemote(Remote remote, int partsUntilBreak) {
    this.remote = remote;
    this.left = partsUntilBreak;
  }

  @Override
  public RemoteId id() {
    return remote.id();
  }

  @Override
  public SpaceId space() {
    return remote.space();
  }

  @Override
  public void carry(Turn turn, CallBounds bounds) {
    remote.carry(new BreakingTurn(turn), bounds);
  }

  private void pass() throws IOException {
    if (left == 0) {
      throw new IOException("connection reset");
    }
    left--;
  }

  private final class BreakingTurn implements Turn {
    private final Turn turn;

    BreakingTurn(Turn turn) {
      this.turn = turn;
    }

    @Override
    public ExchangeRequest request() {
      return turn.request();
    }

    @Override
    public boolean hasParts() {
      return turn.hasParts();
    }

    @Override
    public PartSource parts() {
      PartSource parts = turn.parts();
      return () -> {
        EnvelopePart part = parts.next();
        if (part != null) {
          pass();
        }
        return part;
      };
    }

    @Override
    public AnswerSink sink() {
      AnswerSink sink = turn.sink();
      return new AnswerSink() {
        @Override
        public void message(ExchangeAnswer answer) throws IOException {
          sink.message(answer);
        }

        @Override
        public void part(EnvelopePart part) throws IOException {
          pass();
          sink.part(part);
        }

        @Override
        public void end(ExchangeEnd end) throws IOException {
          sink.end(end);
        }
      };
    }
  }
}
