package dev.godwit.sync.protocol;

/**
 * The last item of every body: the proof that it is complete.
 *
 * @param position in an answer, up to where it went in the answering side's count of envelopes; ask
 *     from there. 0 in a request and on sides without positions
 * @param more in an answer, whether there is more to ask for
 */
public record ExchangeEnd(long position, boolean more) {
  /** The end of a request. */
  public static final ExchangeEnd OF_REQUEST = new ExchangeEnd(0, false);

  public ExchangeEnd {
    if (position < 0) {
      throw new IllegalArgumentException("expected a position of at least 0 but got " + position);
    }
  }
}
