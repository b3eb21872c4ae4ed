package dev.godwit.sync.internal.inspect;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.ReplicaId;
import dev.godwit.sync.internal.engine.Workspace;
import dev.godwit.sync.report.Finding;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks that the journal has the conflicts that the writes of the log settled, and no others. */
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

  /** Checks one life. */
  void check(CheckedLife one) {
    if (one.settled() == null || !any && one.settled().isEmpty()) {
      return;
    }
    Set<ReplayedLife.Settled> missing = new HashSet<>(one.settled());
    Set<ReplayedLife.Settled> extra = journaled(one);
    Set<ReplayedLife.Settled> actual = Set.copyOf(extra);
    extra.removeAll(missing);
    missing.removeAll(actual);
    if (!missing.isEmpty()) {
      ReplayedLife.Settled first = missing.iterator().next();
      findings.damage(
          Finding.Check.JOURNAL,
          LifeNames.where(one),
          "expected the conflict " + of(first) + " but it is not listed so",
          "log shows what each of them wrote");
    } else if (!extra.isEmpty()) {
      ReplayedLife.Settled first = extra.iterator().next();
      findings.warning(
          Finding.Check.JOURNAL,
          LifeNames.where(one),
          "expected no conflict " + of(first) + " but one is listed",
          "nothing needs to be done");
    }
  }

  private static String of(ReplayedLife.Settled conflict) {
    List<String> siblings = new ArrayList<>();
    conflict.siblings().forEach(dot -> siblings.add(dot.toString()));
    String unit = conflict.unit().isEmpty() ? "" : " in column " + conflict.unit();
    return "of " + String.join(" with ", siblings) + unit + ", settled by " + conflict.by();
  }

  private Set<ReplayedLife.Settled> journaled(CheckedLife one) {
    Map<String, ReplayedLife.Settled> found = new HashMap<>();
    try (SqliteRows rows =
        workspace
            .session()
            .statement(
                "SELECT conflict, unit, replica, sequence, by_replica, by_sequence FROM godwit_journal"
                    + " WHERE life = ? AND table_number = ? ORDER BY conflict, replica, sequence")
            .bind(1, one.life().bytes())
            .bind(2, one.table().number())
            .query()) {
      while (rows.next()) {
        String unit = rows.text(1);
        Dot by = new Dot(ReplicaId.of(rows.bytes(4)), rows.integer(5));
        found
            .computeIfAbsent(
                rows.text(0), none -> new ReplayedLife.Settled(unit, new ArrayList<>(), by))
            .siblings()
            .add(new Dot(ReplicaId.of(rows.bytes(2)), rows.integer(3)));
      }
    }
    return new HashSet<>(found.values());
  }
}
