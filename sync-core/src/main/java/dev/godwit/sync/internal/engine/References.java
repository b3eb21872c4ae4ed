package dev.godwit.sync.internal.engine;

import dev.godwit.sync.internal.apply.SeparateStates;
import dev.godwit.sync.internal.capture.Catalog;
import dev.godwit.sync.internal.capture.DeclaredReference;
import dev.godwit.sync.internal.capture.DeclaredReferences;
import dev.godwit.sync.internal.capture.ForeignKeyReferences;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.policy.Policies;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The references, always written out, under which a file keeps its states: those of the space
 * policy whose tables are tracked here and can have them, and the file's own foreign keys of
 * several columns, to keys that are references themselves, or to other columns than a key.
 *
 * <p>A state without concurrency leaves its values to the row, and a reference column of a row
 * tells what it refers to. So the references change in one place only, here, and the states of the
 * tables concerned are written out first, as what they were under the old ones; so are those of
 * tables to which there are references by other columns than the key.
 */
final class References {
  private final Workspace workspace;

  References(Workspace workspace) {
    this.workspace = workspace;
  }

  /**
   * Takes over what the space says now.
   *
   * @param policies what the space says
   * @param withoutTables stable names of tables that are not to count as tracked
   * @return the stable names of the tables whose references have changed
   */
  Set<String> settle(Policies policies, Collection<String> withoutTables) {
    Catalog catalog = workspace.catalog();
    List<DeclaredReference> kept = catalog.declaredReferences();
    List<DeclaredReference> wanted = wanted(catalog, policies, withoutTables);
    if (new HashSet<>(wanted).equals(new HashSet<>(kept))) {
      return Set.of();
    }
    Set<DeclaredReference> differing = new HashSet<>(wanted);
    differing.addAll(kept);
    differing.removeIf(one -> wanted.contains(one) && kept.contains(one));
    Set<String> tables = new TreeSet<>();
    Set<String> concerned = new TreeSet<>();
    for (DeclaredReference one : differing) {
      tables.add(one.table());
      concerned.add(one.table());
      if (!one.isToKey()) {
        concerned.add(one.parent());
      }
    }
    SeparateStates states =
        new SeparateStates(workspace.session(), catalog, workspace.replicas(), workspace.view());
    for (String name : concerned) {
      TrackedTable table = catalog.table(name);
      if (table != null) {
        states.write(table);
      }
    }
    DeclaredReferences.keep(workspace.session(), wanted);
    workspace.refresh();
    return tables;
  }

  private static List<DeclaredReference> wanted(
      Catalog catalog, Policies policies, Collection<String> withoutTables) {
    List<DeclaredReference> wanted = new ArrayList<>(policies.references());
    wanted.removeIf(
        one -> {
          TrackedTable child = catalog.table(one.table());
          TrackedTable parent = catalog.table(one.parent());
          return child == null
              || parent == null
              || !child.columnNames().contains(one.column())
              || DeclaredReference.reasonAgainst(child.schema(), one.column(), parent.schema())
                  != null;
        });
    wanted.addAll(ForeignKeyReferences.of(catalog));
    wanted.removeIf(
        one -> withoutTables.contains(one.table()) || withoutTables.contains(one.parent()));
    wanted.sort(
        Comparator.comparing(DeclaredReference::table).thenComparing(DeclaredReference::column));
    return wanted;
  }
}
