package dev.godwit.sync.protocol;

/**
 * One request and its answer, as {@link Conversation} hands it to a carrier.
 *
 * <p>The carrier sends {@link #request}, then the parts of {@link #parts} until null; then it
 * delivers the answer to {@link #sink}. Parts can be taken once: after a failure the conversation
 * makes a new turn from what both sides have by then.
 */
public interface Turn {
  /** The message to send. */
  ExchangeRequest request();

  /** Whether parts follow; when not, the request is small and of known length. */
  boolean hasParts();

  /** The parts to push. */
  PartSource parts();

  /** Where the answer goes. */
  AnswerSink sink();
}
