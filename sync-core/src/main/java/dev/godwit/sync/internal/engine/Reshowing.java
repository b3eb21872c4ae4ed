package dev.godwit.sync.internal.engine;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.apply.LocalMerge;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.SearchIndexes;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.check.Rules;
import dev.godwit.sync.internal.check.UniqueRule;
import dev.godwit.sync.internal.log.Replicas;
import dev.godwit.sync.internal.policy.Policies;
import dev.godwit.sync.internal.policy.View;
import dev.godwit.sync.policy.ColumnPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

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
  private static final String SHOWN_UNIQUE = "shown_unique";

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
   * As {@link #run()}, whatever was shown before: for when versions and keys stand in another order
   * than they did.
   */
  Set<String> runAnew() {
    for (String shown : List.of(SHOWN_POLICY, SHOWN_TREES, SHOWN_UNIQUE)) {
      workspace.meta().set(shown, Value.of("?"));
    }
    return run();
  }

  /**
   * As {@link #run()}, when it is known already which references have changed.
   *
   * @param referring the stable names of the tables whose references have changed
   */
  Set<String> run(Policies policies, Set<String> referring) {
    Rules rules = workspace.rules();
    Set<String> contested = contestAnew(rules);
    Set<String> changed = reshow(policies, rules, referring);
    changed.addAll(contested);
    return changed;
  }

  private Set<String> reshow(Policies policies, Rules rules, Set<String> referring) {
    String now = fingerprint(policies, rules);
    String shown = workspace.meta().text(SHOWN_POLICY);
    if (referring.isEmpty() && now.equals(shown == null ? "" : shown)) {
      return new TreeSet<>();
    }
    workspace.meta().set(SHOWN_POLICY, Value.of(now));
    workspace.meta().policyVersion(policies.version());
    if (!referring.isEmpty()) {
      letGo();
    }
    Set<String> growing = treesAnew(policies);
    LocalMerge merge = workspace.merge();
    merge.beginApply();
    for (TrackedTable table : workspace.catalog().tables()) {
      if (!table.isSystem()) {
        Set<String> columns = new TreeSet<>();
        if (referring.contains(table.name())) {
          columns.addAll(table.referringColumns());
        }
        if (growing.contains(table.name())) {
          columns.addAll(policies.trees(table.name()));
          merge.review().reshowAll(table, columns);
        }
        reshow(table, merge, columns);
      }
    }
    merge.endApply();
    forgetFormerParents(referring);
    return new TreeSet<>(merge.changedTables());
  }

  /**
   * Decides anew between rows that want the same unique values, in tables whose rules have changed,
   * or the file's own indexes by which SQLite enforces them.
   */
  private Set<String> contestAnew(Rules rules) {
    if (!rules.uniqueFingerprint().equals(workspace.catalog().uniqueFingerprint())) {
      Catalog.changed(workspace.session());
      workspace.refresh();
    }
    List<TrackedTable> tables = new ArrayList<>(workspace.catalog().tables());
    tables.removeIf(TrackedTable::isSystem);
    View view = workspace.view();
    String now =
        tables.stream().map(table -> uniqueFingerprint(table, view)).collect(Collectors.joining());
    String shown = workspace.meta().text(SHOWN_UNIQUE);
    if (now.equals(shown == null ? "" : shown)) {
      return Set.of();
    }
    workspace.meta().set(SHOWN_UNIQUE, Value.of(now));
    tables.forEach(table -> SearchIndexes.settle(workspace.session(), table));
    LocalMerge merge = workspace.merge();
    merge.beginApply();
    tables.forEach(merge.review()::contestAnew);
    merge.endApply();
    return merge.changedTables();
  }

  /**
   * Different for different rules, where others of them are enforced by the file's indexes, and
   * where another column shows NULL by the policies; empty for a table without rules.
   */
  private static String uniqueFingerprint(TrackedTable table, View view) {
    if (table.uniqueRules().isEmpty()) {
      return "";
    }
    long hash = table.lackingColumns().hashCode();
    for (UniqueRule rule : table.uniqueRules()) {
      hash = hash * 0x100000001b3L + rule.name().hashCode();
      hash = hash * 0x100000001b3L + rule.meaning().hashCode();
      hash = hash * 0x100000001b3L + (table.isEnforced(rule.name()) ? 1 : 2);
      hash = hash * 0x100000001b3L + Objects.hashCode(view.yielding(table.name(), rule));
    }
    return table.number() + "=" + Long.toHexString(hash) + " ";
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

  /** The stable names of tables in which other columns than before are trees; keeps which are. */
  private Set<String> treesAnew(Policies policies) {
    StringBuilder now = new StringBuilder();
    String shown = workspace.meta().text(SHOWN_TREES);
    List<String> known = shown == null ? List.of() : Arrays.asList(shown.split("\n"));
    Set<String> anew = new TreeSet<>();
    for (TrackedTable table : workspace.catalog().tables()) {
      Set<String> trees = policies.trees(table.name());
      if (!trees.isEmpty()) {
        String line = table.name() + " " + trees;
        now.append(line).append('\n');
        if (!known.contains(line)) {
          anew.add(table.name());
        }
      }
    }
    workspace.meta().set(SHOWN_TREES, Value.of(now.toString()));
    return anew;
  }

  private void reshow(TrackedTable table, LocalMerge merge, Set<String> columns) {
    LocalMerge.inFlushes(
        merge.livesWithState(table),
        some -> {
          merge.review().reshow(table, some, columns);
          merge.flush();
        });
  }

  /** Everything besides the state that the view depends on. */
  private String fingerprint(Policies policies, Rules rules) {
    StringBuilder text = new StringBuilder(rules.fingerprint()).append('\n');
    text.append(policies.text());
    if (!policies.tablesWith(ColumnPolicy.Kind.REPLICA_PRIORITY).isEmpty()) {
      for (Replicas.Entry entry : workspace.replicas().all()) {
        text.append(entry.id()).append(' ').append(workspace.deviceName(entry.id())).append('\n');
      }
    }
    return text.toString();
  }
}
