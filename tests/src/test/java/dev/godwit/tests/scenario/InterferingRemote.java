package dev.godwit.tests.scenario;

import dev.godwit.sync.change.EnvelopePart;
import dev.godwit.sync.protocol.ExchangeAnswer;
import dev.godwit.sync.protocol.ExchangeEnd;
import dev.godwit.sync.protocol.ExchangeException;
import dev.godwit.sync.protocol.ForwardingTurn;
import dev.godwit.sync.protocol.Turn;
import dev.godwit.sync.transport.CallBounds;
import dev.godwit.sync.transport.ForwardingRemote;
import dev.godwit.sync.transport.InProcessRemote;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/** Another device on a bad line: parts on their way come twice, late, changed or not at all. */
final class InterferingRemote extends ForwardingRemote {
  private final Function<EnvelopePart, List<EnvelopePart>> received;
  private boolean losesAnswer;

  /**
   * A remote from which parts come in this way.
   *
   * @param received what arrives of each part that was sent to us; an exception breaks the line
   */
  InterferingRemote(Device other, Function<EnvelopePart, List<EnvelopePart>> received) {
    super(InProcessRemote.of(other.replica().exchangeStore()));
    this.received = received;
  }

  /** Lets the next request do its work on the other side, and loses the answer. */
  InterferingRemote losingTheAnswer() {
    losesAnswer = true;
    return this;
  }

  @Override
  protected Turn changed(Turn turn) {
    return losesAnswer ? new Unanswered(turn) : new Changed(turn);
  }

  @Override
  public void carry(Turn turn, CallBounds bounds) {
    super.carry(turn, bounds);
    if (losesAnswer) {
      losesAnswer = false;
      throw new ExchangeException.Unreachable("the answer was lost", null);
    }
  }

  private final class Changed extends ForwardingTurn {
    Changed(Turn turn) {
      super(turn);
    }

    @Override
    public void part(EnvelopePart part) throws IOException {
      for (EnvelopePart arriving : received.apply(part)) {
        super.part(arriving);
      }
    }
  }

  /** Lets the other side do its work, and nothing of the answer arrive. */
  private static final class Unanswered extends ForwardingTurn {
    Unanswered(Turn turn) {
      super(turn);
    }

    @Override
    public void message(ExchangeAnswer answer) {}

    @Override
    public void part(EnvelopePart part) {}

    @Override
    public void end(ExchangeEnd end) {}
  }
}
