package dev.godwit.sync.report;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import java.util.List;

/**
 * One transaction of the log.
 *
 * @param dot which
 * @param deviceName whose
 * @param self whether it was made here
 * @param time when it was made; its changes may be earlier
 * @param applied whether the tables show it; false while it waits
 * @param sizeBytes of its envelope
 * @param tables what it changed, by table
 * @param complete whether {@code tables} counts all of its changes; false behind {@value
 *     #CHANGES_COUNTED_MAX} and where it cannot be read
 * @param problem why it cannot be read, null when it can
 */
public record LogEntry(
    Dot dot,
    String deviceName,
    boolean self,
    HybridTimestamp time,
    boolean applied,
    long sizeBytes,
    List<TableChanges> tables,
    boolean complete,
    String problem) {
  /** Counting goes through the whole body: what a person waits for without wondering. */
  public static final int CHANGES_COUNTED_MAX = 200_000;

  public LogEntry {
    tables = List.copyOf(tables);
  }
}
