package dev.godwit.sync.internal.inspect;

import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.engine.Workspace;
import dev.godwit.sync.internal.state.KeyCodec;
import dev.godwit.sync.internal.state.TableRows;
import dev.godwit.sync.report.DoctorOptions;
import dev.godwit.sync.report.DoctorReport;
import dev.godwit.sync.report.Finding;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * One check of one file, inside one read transaction on a connection of its own: first the file and
 * the log, then every life that log, state or tables know, one after the other.
 */
final class Examination implements AutoCloseable {
  private final Workspace workspace;
  private final Findings findings;
  private final TableRanks ranks;
  private final TableRows tables;
  private final LifeDigest states = new LifeDigest();
  private final LifeDigest rows = new LifeDigest();
  private final LifeCheck lifeCheck;
  private final JournalCheck journalCheck;
  private final ShownRows shown;
  private final RowCheck rowCheck;
  private final LogReplay replay;
  private final LifeStream stream;
  private final Set<Integer> unsettled = new HashSet<>();
  private final boolean replayed;
  private long lives;
  private Life current;

  /**
   * A life, what its table shows of it, and the hashes of both.
   *
   * @param row the table's row, null for none
   * @param stateHash null when the state has nothing of it, or the log was not replayed
   * @param rowHash null when there is no row
   */
  record Life(CheckedLife checked, Map<String, Value> row, byte[] stateHash, byte[] rowHash) {}

  /** Checks the file and the log, and begins with the lives. */
  Examination(Workspace workspace, DoctorOptions options) {
    this.workspace = workspace;
    this.findings = new Findings(options);
    this.ranks = new TableRanks(workspace.catalog());
    this.tables = new TableRows(workspace.session());
    this.lifeCheck = new LifeCheck(findings);
    this.journalCheck = new JournalCheck(workspace, findings);
    readUnsettled();
    new FileCheck(workspace, findings).run();
    boolean sound = new LogCheck(workspace, findings).run();
    LogReplay reading = sound ? new LogReplay(workspace, findings, ranks) : null;
    this.replay = reading != null && reading.run() ? reading : null;
    this.replayed = replay != null;
    if (!replayed) {
      findings.notice(
          Finding.Check.STATE,
          "all tables",
          "expected a log that tells what every row should hold but it is damaged: values are not compared",
          "see what was found about the log");
    }
    this.shown = new ShownRows(workspace, findings, ranks);
    this.shown.run();
    this.rowCheck = new RowCheck(workspace, findings, ranks, shown);
    this.stream = new LifeStream(workspace, ranks, replay);
  }

  private void readUnsettled() {
    try (SqliteRows found =
        workspace.session().statement("SELECT DISTINCT table_number FROM godwit_pending").query()) {
      while (found.next()) {
        unsettled.add((int) found.integer(0));
      }
    }
    if (!unsettled.isEmpty()) {
      findings.notice(
          Finding.Check.ROWS,
          unsettled.size() + " tables",
          "expected no write at this moment but there are some: these tables are not compared",
          "check again when nobody writes");
    }
  }

  TableRanks ranks() {
    return ranks;
  }

  VersionVector vector() {
    return workspace.replicas().vector();
  }

  /** Moves to the next life and checks it; returns null behind the last. */
  Life next() {
    CheckedLife checked = stream.next();
    if (checked == null) {
      current = null;
      return null;
    }
    findings.at(DoctorOptions.Step.ROWS, lives, -1);
    lives += checked.stored() == null ? 0 : 1;
    Map<String, Value> row = row(checked);
    if (!unsettled.contains(checked.table().number())) {
      if (replayed) {
        lifeCheck.check(checked);
        journalCheck.check(checked);
      }
      rowCheck.check(checked, row);
    }
    boolean hashable = replayed && checked.stored() != null && checked.replayed() != null;
    byte[] stateHash = hashable ? states.ofState(checked, row) : null;
    byte[] rowHash = row == null ? null : rows.ofRow(checked, row);
    if (stateHash != null) {
      states.add(stateHash);
    }
    if (rowHash != null) {
      rows.add(rowHash);
    }
    current = new Life(checked, row, stateHash, rowHash);
    return current;
  }

  /** The life that {@link #next} returned last. */
  Life current() {
    return current;
  }

  private Map<String, Value> row(CheckedLife checked) {
    if (checked.keys().isEmpty()) {
      return null;
    }
    byte[] chosen = checked.keys().get(0);
    RowKey stored = checked.stored() == null ? null : checked.stored().shownKey();
    if (stored != null) {
      byte[] encoded = KeyCodec.encode(stored, checked.table().keyColumns());
      for (byte[] key : checked.keys()) {
        chosen = Arrays.equals(key, encoded) ? key : chosen;
      }
    }
    return tables.read(checked.table(), KeyCodec.decode(chosen));
  }

  /** What was found; to be asked for behind the last life. */
  DoctorReport report() {
    DeviceNames names = new DeviceNames(workspace);
    VersionVector vector = vector();
    return new DoctorReport(
        workspace.meta().replica(),
        names.of(workspace.meta().replica()),
        vector,
        replayed ? states.of(vector) : null,
        rows.of(vector),
        findings.kept(),
        findings.total(),
        replayed ? replay.transactions() : 0,
        lives,
        shown.rows());
  }

  @Override
  public void close() {
    stream.close();
  }
}
