package dev.godwit.sync.transport;

import dev.godwit.sync.change.SpaceId;
import dev.godwit.sync.protocol.RemoteId;
import dev.godwit.sync.protocol.Turn;

/** A remote that stands before another one, and does something to the turns on their way. */
public abstract class ForwardingRemote implements Remote {
  private final Remote remote;

  protected ForwardingRemote(Remote remote) {
    this.remote = remote;
  }

  /** The turn that the other remote is to carry. */
  protected abstract Turn changed(Turn turn);

  @Override
  public RemoteId id() {
    return remote.id();
  }

  @Override
  public SpaceId space() {
    return remote.space();
  }

  @Override
  public void carry(Turn turn, CallBounds bounds) {
    remote.carry(changed(turn), bounds);
  }
}
