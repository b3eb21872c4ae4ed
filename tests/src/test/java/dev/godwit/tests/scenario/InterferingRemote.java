package dev.godwit.tests.scenario;

import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.protocol.AnswerSink;
import dev.godwit.sync.protocol.ExchangeAnswer;
import dev.godwit.sync.protocol.ExchangeEnd;
import dev.godwit.sync.protocol.ExchangeException;
import dev.godwit.sync.protocol.ExchangeRequest;
import dev.godwit.sync.protocol.PartSource;
import dev.godwit.sync.protocol.RemoteId;
import dev.godwit.sync.protocol.Turn;
import dev.godwit.sync.transport.CallBounds;
import dev.godwit.sync.transport.InProcessRemote;
import dev.godwit.sync.transport.Remote;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Another device on a bad line: parts on their way come twice, late, changed or not at all. */
final class InterferingRemote implements Remote {
  private final Remote remote;
  private final Function<EnvelopePart, List<EnvelopePart>> received;
  private boolean losesAnswer;

  /**
   * A remote from which parts come in this way.
   *
   * @param received what arrives of each part that was sent to us; an exception breaks the line
   */
  InterferingRemote(Device other, Function<EnvelopePart, List<EnvelopePart>> received) {
    this.remote = InProcessRemote.of(other.replica().exchangeStore());
    this.received = received;
  }

  /** Lets the next request do its work on the other side, and loses the answer. */
  InterferingRemote losingTheAnswer() {
    losesAnswer = true;
    return this;
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
    List<EnvelopePart> lost = new ArrayList<>();
    remote.carry(new Changed(turn, losesAnswer ? lost : null), bounds);
    if (losesAnswer) {
      losesAnswer = false;
      throw new ExchangeException.Unreachable("the answer was lost", null);
    }
  }

  private final class Changed implements Turn, AnswerSink {
    private final Turn turn;
    private final List<EnvelopePart> lost;

    Changed(Turn turn, List<EnvelopePart> lost) {
      this.turn = turn;
      this.lost = lost;
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
      return turn.parts();
    }

    @Override
    public AnswerSink sink() {
      return this;
    }

    @Override
    public void message(ExchangeAnswer answer) throws IOException {
      if (lost == null) {
        turn.sink().message(answer);
      }
    }

    @Override
    public void part(EnvelopePart part) throws IOException {
      if (lost == null) {
        for (EnvelopePart arriving : received.apply(part)) {
          turn.sink().part(arriving);
        }
      }
    }

    @Override
    public void end(ExchangeEnd end) throws IOException {
      if (lost == null) {
        turn.sink().end(end);
      }
    }
  }
}
