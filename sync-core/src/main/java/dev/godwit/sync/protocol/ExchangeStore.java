package dev.godwit.sync.protocol;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.change.SpaceId;
import java.util.Optional;

/**
 * What an exchange needs of a replica's database, and nothing more.
 *
 * <p>{@link Conversation} drives it while this replica asks, {@link Answering} while another
 * replica asks directly. An exchange calls it from one thread; other threads may write to the same
 * database meanwhile, and so may other processes: every answer is of the moment of the call. Only
 * one exchange may run on one database at a time; keeping a second one out is the implementor's,
 * before it begins. Exceptions pass through to the caller of the exchange.
 *
 * <p>Notes on the inherited methods, for a replica:
 *
 * <ul>
 *   <li>{@link #heads} covers what is held in the log, this replica's own sealed transactions
 *       included, whether already shown in the tables or not.
 *   <li>{@link #lacking} returns own envelopes only through the sequence that was marked as
 *       offered, and any other replica's that it holds: everyone may forward everyone's.
 *   <li>{@link #intake}: committed envelopes are durable in the log; applying them may happen in
 *       {@code commit} or later, but an envelope that waits for others or cannot be applied stays
 *       held and counts in {@link #heads}.
 * </ul>
 */
public interface ExchangeStore extends EnvelopeLog {
  /** The space this replica belongs to. Another space's envelopes are refused. */
  SpaceId space();

  /** This replica's own id, of the moment: {@link #ownHistoryForked} changes it. */
  ReplicaId self();

  /**
   * Freezes this replica's own envelopes up to here: from now on, durably, they are never sealed
   * differently. Called before the first byte of any of them leaves by any carrier, with at most
   * the own sequence in {@link #heads}; marks that stand already cost nothing.
   */
  void markOffered(long throughSequence);

  /** What is remembered of this remote, empty when it was never met. */
  Optional<RemoteMemory> memory(RemoteId remote);

  /**
   * Remembers, durably. Called only when something changed: a sync with nothing to do writes
   * nothing.
   */
  void remember(RemoteId remote, RemoteMemory memory);

  /**
   * The remote proved that this file is a copy, or was restored from an older state. The
   * implementor gives the file a new replica id and carries over, under it, its own work after
   * {@link OwnFork#lastCommonSequence}; the old id's log stays as that of another replica up to the
   * common sequence, the rest of it comes from the remote. Nothing was overwritten until here.
   * Afterwards {@link #self} and {@link #heads} answer anew, and the exchange starts over.
   *
   * @throws RuntimeException to end the exchange instead
   */
  void ownHistoryForked(RemoteId remote, OwnFork fork);
}
