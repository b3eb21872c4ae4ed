package dev.godwit.sync.internal.inspect;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.internal.engine.Workspace;
import dev.godwit.sync.internal.merge.Conflict;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.report.Finding;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.HashSet;
import java.util.Set;

/** Checks that the journal has the conflicts of edits that the log comes to, and no others. */
final class JournalCheck {
  private final Workspace workspace;
  private final Findings findings;
  private final View view;
  private final boolean any;

  JournalCheck(Workspace workspace, Findings findings) {
    this.workspace = workspace;
    this.findings = findings;
    this.view = workspace.view();
    try (SqliteRows rows =
        workspace.session().statement("SELECT 1 FROM godwit_journal LIMIT 1").query()) {
      this.any = rows.next();
    }
  }

  void check(CheckedLife one) {
    if (one.conflicts() == null || !any && one.conflicts().isEmpty()) {
      return;
    }
    Set<ReplayedLife.Pair> expected = new HashSet<>(one.conflicts());
    Set<ReplayedLife.Pair> actual = journaled(one);
    // Merged edits are no conflicts; ones from before the column was merged may be listed.
    expected.removeIf(pair -> isMerged(one, pair.unit()));
    actual.removeIf(pair -> isMerged(one, pair.unit()));
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

  /** Whether edits of the column are merged, or were under an earlier policy. */
  private boolean isMerged(CheckedLife one, String column) {
    boolean operations =
        one.stored() != null
            && one.stored().state().merges() != null
            && one.stored().state().merges().containsKey(column);
    return operations || view.merges(one.table().name(), column);
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
