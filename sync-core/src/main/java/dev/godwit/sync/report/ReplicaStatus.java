package dev.godwit.sync.report;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.SpaceId;
import java.util.List;

/**
 * How a replica stands, at one moment.
 *
 * @param file its name, without the folder
 * @param replica its id
 * @param deviceName how people call the device
 * @param space the space it belongs to
 * @param formatVersion of Godwit's tables in the file
 * @param fileSizeBytes pages of the database times their size, a write-ahead log not counted
 * @param vector what it has applied
 * @param tables the application's tables by name, tracked or not
 * @param notesPending notes of local writes that are not packed into transactions yet
 * @param transactionsPending sealed transactions whose notes are not packed yet
 * @param remotes what each remote is known to hold
 * @param replicas every replica of the space that is known here, itself first
 * @param heldBack rows that the tables do not show as the space has them, at most {@value
 *     #HELD_BACK_MAX}
 * @param heldBackComplete whether {@code heldBack} lists all of them
 * @param conflicts how many there are
 * @param log its size
 */
public record ReplicaStatus(
    String file,
    ReplicaId replica,
    String deviceName,
    SpaceId space,
    long formatVersion,
    long fileSizeBytes,
    VersionVector vector,
    List<TableStatus> tables,
    long notesPending,
    long transactionsPending,
    List<RemoteStatus> remotes,
    List<PeerStatus> replicas,
    List<HeldBackRow> heldBack,
    boolean heldBackComplete,
    ConflictCounts conflicts,
    LogSize log) {
  /** More rows than a person looks through one by one. */
  public static final int HELD_BACK_MAX = 100;

  public ReplicaStatus {
    tables = List.copyOf(tables);
    remotes = List.copyOf(remotes);
    replicas = List.copyOf(replicas);
    heldBack = List.copyOf(heldBack);
  }
}
