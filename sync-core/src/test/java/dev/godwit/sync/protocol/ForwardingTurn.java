package dev.godwit.sync.protocol;

import dev.godwit.sync.change.EnvelopePart;
import java.io.IOException;

/** A turn that hands everything on, both ways, for lines that do something to it on its way. */
public class ForwardingTurn implements Turn, AnswerSink {
  private final Turn turn;

  public ForwardingTurn(Turn turn) {
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
    return turn.parts();
  }

  @Override
  public final AnswerSink sink() {
    return this;
  }

  @Override
  public void message(ExchangeAnswer answer) throws IOException {
    turn.sink().message(answer);
  }

  @Override
  public void part(EnvelopePart part) throws IOException {
    turn.sink().part(part);
  }

  @Override
  public void end(ExchangeEnd end) throws IOException {
    turn.sink().end(end);
  }
}
