package dev.godwit.relay.store;

import dev.godwit.relay.access.TokenHash;
import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.protocol.EnvelopeLog;
import dev.godwit.sync.protocol.HistoryId;
import java.util.Optional;

/**
 * Where a relay keeps its spaces. Thread safe.
 *
 * <p>What a {@link EnvelopeLog#intake intake}'s commit has confirmed survives a crash of the
 * process and of the machine.
 */
public interface RelayStore extends AutoCloseable {
  /** This store's history: made with it, never changed. */
  HistoryId history();

  /** The hash of the space's token, empty when there is no such space. */
  Optional<TokenHash> tokenOf(SpaceId space);

  /** Opens a space under a token. Durable when it returns. */
  Opening open(SpaceId space, TokenHash token);

  /** The space's envelopes. Costs nothing; the space must be open. */
  EnvelopeLog log(SpaceId space);

  /**
   * Whether the store can be read and written.
   *
   * @throws RelayStoreException when it cannot
   */
  void check();

  /** Completes what is waiting to be written, then closes. */
  @Override
  void close();

  /** What became of an attempt to open a space. */
  enum Opening {
    /** It is open now. */
    OPENED,
    /** It was open under this token already. */
    WAS_OPEN,
    /** It is open under another token. */
    OTHER_TOKEN,
    /** The relay has as many spaces as it may have. */
    TOO_MANY_SPACES
  }
}
