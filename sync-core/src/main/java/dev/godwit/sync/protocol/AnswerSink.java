package dev.godwit.sync.protocol;

import dev.godwit.sync.change.EnvelopePart;
import java.io.IOException;

/** Takes one answer as it arrives: the message, then parts, then the end. */
public interface AnswerSink {
  /** The answer's message; comes first. */
  void message(ExchangeAnswer answer) throws IOException;

  /** One part. */
  void part(EnvelopePart part) throws IOException;

  /** The end; comes last, and only when the answer is complete. */
  void end(ExchangeEnd end) throws IOException;
}
