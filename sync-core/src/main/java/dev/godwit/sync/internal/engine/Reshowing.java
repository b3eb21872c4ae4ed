package dev.godwit.sync.internal.engine;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.apply.LocalMerge;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.internal.policy.Policies;
import dev.godwit.sync.policy.ColumnPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Shows rows anew after the policies or the rules of tables have changed: the view is a function of
 * state, policies and rules, so that the same rows look different under others.
 *
 * <p>The file keeps under which of them its tables were last shown. Only lives of which more than
 * one version is kept can look different; there is an index of them. Where a column has become a
 * reference or a tree, or is none any more, all rows of its table are looked at. Runs at the end of
 * whatever may have changed them, in the same transaction.
 */
final class Reshowing {
  private static final String SHOWN_POLICY = "shown_policy";
  private static final String SHOWN_TREES = "shown_trees";

  private final Workspace workspace;

  Reshowing(Workspace workspace) {
    this.workspace = workspace;
  }

  /** Shows what has to look different; the names of the application's tables that changed. */
  Set<String> run() {
    Policies policies = workspace.policies();
    return run(policies, new References(workspace).settle(policies, Set.of()));
  }

  /**
   * As {@link #run()}, when it is known already which references have changed.
   *
   * @param referring the stable names of the tables whose references have changed
   */
  Set<String> run(Policies policies, Set<String> referring) {
    String now = fingerprint(policies);
    String shown = workspace.meta().text(SHOWN_POLICY);
    if (referring.isEmpty() && now.equals(shown == null ? "" : shown)) {
      return Set.of();
    }
    workspace.meta().set(SHOWN_POLICY, Value.of(now));
    workspace.meta().policyVersion(policies.version());
    if (!referring.isEmpty()) {
      letGo();
    }
    LocalMerge merge = workspace.merge();
    merge.beginApply();
    for (TrackedTable table : workspace.catalog().tables()) {
      if (!table.isSystem()) {
        boolean refersAnew = referring.contains(table.name());
        reshow(table, merge, refersAnew ? table.references().keySet() : Set.of());
      }
    }
    reshowTrees(policies, merge);
    merge.endApply();
    forgetFormerParents(referring);
    return new TreeSet<>(merge.changedTables());
  }

  /**
   * Forgets what held rows back of tables that refer to none any more, and are referred to by none:
   * nobody else looks for it there.
   */
  private void letGo() {
    for (TrackedTable table : workspace.catalog().tables()) {
      boolean alone = workspace.catalog().children(table).isEmpty();
      if (!table.isSystem() && table.references().isEmpty()) {
        workspace
            .session()
            .statement(
                "DELETE FROM godwit_held WHERE table_number = ?"
                    + " AND kind IN ('hidden', 'substituted', 'below', CASE WHEN ? THEN 'pinned' END)")
            .bind(1, table.number())
            .bind(2, alone ? 1 : 0)
            .update();
      }
    }
  }

  /** What is remembered of rows that refer to none any more. */
  private void forgetFormerParents(Set<String> tables) {
    for (String name : tables) {
      TrackedTable table = workspace.catalog().table(name);
      if (table != null && table.references().isEmpty()) {
        workspace
            .session()
            .statement("DELETE FROM godwit_dangling WHERE table_number = ?")
            .bind(1, table.number())
            .update();
      }
    }
  }

  /** Looks for cycles in all rows of the tables in which other columns than before are trees. */
  private void reshowTrees(Policies policies, LocalMerge merge) {
    StringBuilder now = new StringBuilder();
    String shown = workspace.meta().text(SHOWN_TREES);
    List<String> known = shown == null ? List.of() : Arrays.asList(shown.split("\n"));
    for (TrackedTable table : workspace.catalog().tables()) {
      Set<String> trees = policies.trees(table.name());
      if (!trees.isEmpty()) {
        String line = table.name() + " " + trees;
        now.append(line).append('\n');
        if (!known.contains(line)) {
          merge.reshowAll(table, trees);
        }
      }
    }
    workspace.meta().set(SHOWN_TREES, Value.of(now.toString()));
  }

  private void reshow(TrackedTable table, LocalMerge merge, Set<String> columns) {
    List<LifeId> lives = merge.livesWithState(table);
    for (int from = 0; from < lives.size(); from += LocalMerge.CHANGES_A_FLUSH) {
      int to = Math.min(lives.size(), from + LocalMerge.CHANGES_A_FLUSH);
      merge.reshow(table, lives.subList(from, to), columns);
      merge.flush();
    }
  }

  /** Everything besides the state that the view depends on. */
  private String fingerprint(Policies policies) {
    StringBuilder text = new StringBuilder(workspace.rules().fingerprint()).append('\n');
    text.append(policies.text());
    if (!policies.tablesWith(ColumnPolicy.Kind.REPLICA_PRIORITY).isEmpty()) {
      for (Replicas.Entry entry : workspace.replicas().all()) {
        text.append(entry.id()).append(' ').append(workspace.deviceName(entry.id())).append('\n');
      }
    }
    return text.toString();
  }
}
