package dev.godwit.sync.transport;

import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.protocol.Answering;
import dev.godwit.sync.protocol.ExchangeException;
import dev.godwit.sync.protocol.ExchangeStore;
import dev.godwit.sync.protocol.RemoteId;
import dev.godwit.sync.protocol.Turn;
import java.io.IOException;
import java.util.Objects;

/**
 * A remote in the same process: another replica, or a relay without its sockets. Nothing is
 * encoded, no thread is started: everything happens in the caller's thread, so that a simulator can
 * own it. Thread safe as far as the other side is.
 */
public final class InProcessRemote implements Remote {
  private final RemoteId id;
  private final SpaceId space;
  private final Answering answering;

  private InProcessRemote(RemoteId id, SpaceId space, Answering answering) {
    this.id = Objects.requireNonNull(id, "id");
    this.space = Objects.requireNonNull(space, "space");
    this.answering = Objects.requireNonNull(answering, "answering");
  }

  /** Whatever answers for this space, under this name. */
  public static InProcessRemote of(RemoteId id, SpaceId space, Answering answering) {
    return new InProcessRemote(id, space, answering);
  }

  /**
   * Another replica of the same space. The caller keeps the two from asking each other at the same
   * time.
   */
  public static InProcessRemote of(ExchangeStore replica) {
    return of(new RemoteId("replica:" + replica.self()), replica.space(), Answering.of(replica));
  }

  @Override
  public RemoteId id() {
    return id;
  }

  @Override
  public SpaceId space() {
    return space;
  }

  @Override
  public void carry(Turn turn, CallBounds bounds) {
    bounds.cancellation().check();
    try {
      answering.answer(turn.request(), turn.parts(), turn.sink());
    } catch (IOException broken) {
      throw new ExchangeException.Unreachable(
          "the exchange with " + id + " broke off: " + broken.getMessage(), broken);
    }
  }
}
