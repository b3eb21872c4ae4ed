package dev.godwit.sync.internal.inspect;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.internal.engine.Workspace;
import dev.godwit.sync.internal.merge.Conflict;
import dev.godwit.sync.report.Finding;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.HashSet;
import java.util.Set;

/** Checks that the journal has the conflicts of edits that the log comes to, and no others. */
final class JournalCheck {
  private final Workspace workspace;
  private final Findings findings;
  private final boolean any;

  JournalCheck(Workspace workspace, Findings findings) {
    this.workspace = workspace;
    this.findings = findings;
    try (SqliteRows rows =
        workspace.session().statement("SELECT 1 FROM godwit_journal LIMIT 1").query()) {
      this.any = rows.next();
    }
  }

  /**
   * Checks one life.
   *
   * @param merged columns whose edits were merged at some time: they may be listed or not
   */
  void check(CheckedLife one, MergedColumns merged) {
    if (one.conflicts() == null || !any && one.conflicts().isEmpty()) {
      return;
    }
    Set<ReplayedLife.Pair> expected = new HashSet<>(one.conflicts());
    Set<ReplayedLife.Pair> actual = journaled(one);
    // Merged edits are no conflicts; ones from before the column was merged may be listed.
    expected.removeIf(pair -> merged.contains(one.table().name(), pair.unit()));
    actual.removeIf(pair -> merged.contains(one.table().name(), pair.unit()));
    if (!actual.containsAll(expected)) {
      expected.removeAll(actual);
      ReplayedLife.Pair missing = expected.iterator().next();
      findings.damage(
          Finding.Check.JOURNAL,
          LifeNames.where(one),
          "expected the conflict of "
              + missing.winner()
              + " with "
              + missing.loser()
              + (missing.unit().isEmpty() ? "" : " in column " + missing.unit())
              + " but it is not listed",
          "log shows what both wrote");
    } else if (!expected.containsAll(actual)) {
      actual.removeAll(expected);
      ReplayedLife.Pair extra = actual.iterator().next();
      findings.warning(
          Finding.Check.JOURNAL,
          LifeNames.where(one),
          "expected no conflict of "
              + extra.winner()
              + " with "
              + extra.loser()
              + " but one is listed",
          "nothing needs to be done");
    }
  }

  private Set<ReplayedLife.Pair> journaled(CheckedLife one) {
    Set<ReplayedLife.Pair> pairs = new HashSet<>();
    try (SqliteRows rows =
        workspace
            .session()
            .statement(
                "SELECT unit, winner_replica, winner_sequence, loser_replica, loser_sequence FROM godwit_journal"
                    + " WHERE life = ? AND table_number = ? AND kind <> ?")
            .bind(1, one.life().bytes())
            .bind(2, one.table().number())
            .bind(3, Conflict.Kind.KEY_COLLISION.toString())
            .query()) {
      while (rows.next()) {
        pairs.add(
            new ReplayedLife.Pair(
                rows.text(0),
                new Dot(ReplicaId.of(rows.bytes(1)), rows.integer(2)),
                new Dot(ReplicaId.of(rows.bytes(3)), rows.integer(4))));
      }
    }
    return pairs;
  }
}
