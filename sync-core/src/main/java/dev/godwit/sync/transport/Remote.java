package dev.godwit.sync.transport;

import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.protocol.RemoteId;
import dev.godwit.sync.protocol.Turn;

/**
 * Somebody to exchange with: a relay over HTTP, or another replica in the same process.
 *
 * <p>A remote carries single turns; {@link Exchange} repeats them until both sides have everything.
 * Thread safe.
 */
public interface Remote {
  /** The name under which a replica remembers this remote. */
  RemoteId id();

  /** The space it is the remote of. */
  SpaceId space();

  /**
   * Carries one turn, once: no retries here.
   *
   * @throws dev.godwit.sync.protocol.ExchangeException by the decision to take; {@code Unreachable}
   *     may be tried again
   */
  void carry(Turn turn, CallBounds bounds);
}
