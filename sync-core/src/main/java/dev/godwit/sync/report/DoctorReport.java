package dev.godwit.sync.report;

import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.crdt.causality.VersionVector;
import java.util.List;

/**
 * What a doctor found in one file, all at one moment.
 *
 * @param replica whose file
 * @param deviceName how people call the device
 * @param vector what it has applied
 * @param stateDigest over the merged state and the vector, 64 hexadecimal digits: equal on replicas
 *     that track the same tables and have equal vectors, whatever came first; null when the log
 *     could not be replayed
 * @param tablesDigest over the rows that the tracked tables show, likewise; rows that one engine
 *     refuses and another does not make a difference here
 * @param findings the first {@link DoctorOptions#findingsMax}, in the order of the checks
 * @param findingsTotal how many there were altogether
 * @param transactions of the log that were replayed
 * @param lives rows in the state, deleted ones included
 * @param rows of the tracked tables
 */
public record DoctorReport(
    ReplicaId replica,
    String deviceName,
    VersionVector vector,
    String stateDigest,
    String tablesDigest,
    List<Finding> findings,
    long findingsTotal,
    long transactions,
    long lives,
    long rows) {
  public DoctorReport {
    findings = List.copyOf(findings);
  }

  /** Whether nothing is damaged. */
  public boolean isHealthy() {
    for (Finding finding : findings) {
      if (finding.severity() == Finding.Severity.DAMAGE) {
        return false;
      }
    }
    return true;
  }
}
