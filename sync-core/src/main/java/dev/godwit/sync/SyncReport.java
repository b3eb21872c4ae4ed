package dev.godwit.sync;

import dev.godwit.sync.protocol.OwnFork;
import dev.godwit.sync.transport.ExchangeOutcome;
import java.util.List;
import java.util.Set;

/**
 * What one {@link Replica#sync} did.
 *
 * @param exchange what travelled
 * @param transactionsApplied transactions of other replicas that the tables show now
 * @param rowsApplied their row changes
 * @param conflicts conflicts that have come, as {@link Replica#listedConflicts} has them
 * @param changedTables names of the application's tables that changed
 * @param problems what could not be applied and why; everything else was
 * @param notices what the user should know, one line each
 */
public record SyncReport(
    ExchangeOutcome exchange,
    long transactionsApplied,
    long rowsApplied,
    long conflicts,
    Set<String> changedTables,
    List<String> problems,
    List<String> notices) {
  public SyncReport {
    changedTables = Set.copyOf(changedTables);
    problems = List.copyOf(problems);
    notices = List.copyOf(notices);
  }

  /** The replicas whose history here and there differs, so that nothing of theirs was exchanged. */
  public int forkedReplicas() {
    return exchange.forked().size();
  }

  /** Whether the file was found to be a copy, or restored, and took a new replica id. */
  public boolean tookNewIdentity() {
    return !exchange.ownForks().isEmpty();
  }

  /** What the remote proved about this file. */
  public List<OwnFork> ownForks() {
    return exchange.ownForks();
  }
}
