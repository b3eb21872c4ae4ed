package dev.godwit.sync.protocol;

import dev.godwit.sync.change.EnvelopePart;
import java.util.List;

/**
 * The way into an {@link EnvelopeLog}: parts are offered in the order of arrival, then committed
 * together.
 *
 * <p>A refused part is not an error of the call: parts of the same replica that follow it are
 * passed over, other replicas' are taken, and {@link #commit} tells. Used by one thread.
 */
public interface Intake extends AutoCloseable {
  /**
   * Takes one part, or remembers why not. It may be made durable at once, or at {@link #commit}; it
   * may wait, so that memory stays bounded. A part that is held already is passed over.
   */
  void offer(EnvelopePart part);

  /**
   * Makes all that was taken durable; {@link EnvelopeLog#heads} and {@link EnvelopeLog#partials}
   * then tell of it. Called also when the transfer broke off, for what had arrived. The intake may
   * be used again afterwards.
   *
   * @return why parts were refused since the last commit, at most one for each replica
   */
  List<Refusal> commit();

  /** Gives up what was not committed; it may or may not be kept. */
  @Override
  void close();
}
