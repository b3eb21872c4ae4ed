package dev.godwit.sync.transport;

/**
 * Is told how far an exchange is, from its thread, after each answer and about once a part between
 * them; keep it short.
 */
public interface ExchangeProgress {
  /** Tells nobody. */
  ExchangeProgress SILENT = state -> {};

  /** The exchange has come this far. */
  void progressed(State state);

  /**
   * How far an exchange is.
   *
   * @param envelopesSent envelopes sent so far
   * @param bytesSent their bytes, and those of parts of the next
   * @param envelopesReceived envelopes received so far
   * @param bytesReceived their bytes, and those of parts of the next
   * @param envelopesToSend what the remote still lacks, as far as known
   * @param envelopesToReceive what this replica still lacks, as far as known; more than 0 means
   *     that it is not yet complete
   */
  record State(
      long envelopesSent,
      long bytesSent,
      long envelopesReceived,
      long bytesReceived,
      long envelopesToSend,
      long envelopesToReceive) {}
}
