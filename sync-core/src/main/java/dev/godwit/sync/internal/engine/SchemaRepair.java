package dev.godwit.sync.internal.engine;

import dev.godwit.sync.internal.apply.LocalMerge;
import dev.godwit.sync.internal.capture.Capture;
import dev.godwit.sync.internal.capture.InstalledTriggers;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.schema.ColumnSchema;
import dev.godwit.sync.internal.schema.SchemaReader;
import dev.godwit.sync.internal.schema.Sql;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Brings capture up to date with a schema that the application has changed, and finds the edits
 * that were made since without being noted.
 *
 * <pre>
 * what was done              what is left                          what is done here
 * table renamed              our triggers, on the new name         the name is taken over
 * column added               our triggers, without the column      rows that do not hold its default are noted
 * column renamed             our triggers, with the new name       likewise, as migrated: the space knows a new column
 * index or constraint        our triggers, others than wanted      made anew; missing rows are looked for
 * table rebuilt              none of our triggers                  made anew; the whole table is compared with the log
 * </pre>
 *
 * Runs inside a write transaction, before anything else in it.
 */
final class SchemaRepair {
  private Workspace workspace;
  private final Session session;
  private final InstalledTriggers installed;

  SchemaRepair(Workspace workspace) {
    this.workspace = workspace;
    this.session = workspace.session();
    this.installed = new InstalledTriggers(session);
  }

  /** Does it. Returns the workspace to go on with. */
  Workspace run() {
    if (takeOverNames()) {
      workspace = workspace.afresh();
    }
    List<TrackedTable> rebuilt = new ArrayList<>();
    List<TrackedTable> changed = new ArrayList<>();
    for (TrackedTable table : workspace.catalog().tables()) {
      if (!installed.areThoseOf(table)) {
        boolean watched = table.schema().name().equalsIgnoreCase(installed.tableOf(table.number()));
        (watched ? changed : rebuilt).add(table);
      }
    }
    if (changed.isEmpty() && rebuilt.isEmpty()) {
      return described();
    }
    session.forgetStatements();
    Capture capture = new Capture(session);
    Map<TrackedTable, Set<String>> appeared = new LinkedHashMap<>();
    changed.forEach(table -> takeOverNotes(table, capture));
    // What follows is another transaction: it must not share the time of what was noted so far.
    workspace.boundaries().sealForeign();
    for (TrackedTable table : changed) {
      appeared.put(table, noteColumns(table, capture));
      capture.start(table);
    }
    rebuilt.forEach(capture::prepare);
    workspace = workspace.afresh();
    new SchemaDescription(workspace).tell();
    workspace.packAsShown();
    changed.stream().filter(this::lacksRows).forEach(rebuilt::add);
    rebuilt.forEach(table -> new Reconciliation(workspace).run(table));
    appeared.forEach(this::show);
    new Reshowing(workspace).run();
    retryMasked();
    return workspace.afresh();
  }

  /** What the file's schema refused it may take now. */
  private void retryMasked() {
    LocalMerge merge = workspace.merge();
    merge.beginApply();
    merge.endApply();
  }

  /** Tells the space what has changed without concerning capture: an index has another name. */
  private Workspace described() {
    SchemaDescription description = new SchemaDescription(workspace);
    if (description.hasOtherUniqueIndexes()) {
      workspace.boundaries().sealForeign();
      description.tell();
      workspace.pack();
    }
    // Rows that were written since and are not packed are no state yet: packing shows them anew.
    if (!workspace.hasNotes()) {
      new Reshowing(workspace).run();
    }
    return workspace.catalog().isOutdated() ? workspace.afresh() : workspace;
  }

  private boolean takeOverNames() {
    SchemaReader reader = new SchemaReader(session.connection());
    Map<Integer, String> renamed = new LinkedHashMap<>();
    try (SqliteRows rows =
        session
            .statement("SELECT number, local_name FROM godwit_table WHERE tracked AND NOT system")
            .query()) {
      while (rows.next()) {
        String now = installed.tableOf((int) rows.integer(0));
        if (now != null && !now.equals(rows.text(1))) {
          renamed.put((int) rows.integer(0), now);
        }
      }
    }
    renamed.values().removeIf(name -> reader.table(name) == null);
    renamed.forEach(
        (number, name) ->
            session
                .statement("UPDATE godwit_table SET local_name = ? WHERE number = ?")
                .bind(1, name)
                .bind(2, number)
                .update());
    return !renamed.isEmpty();
  }

  private void takeOverNotes(TrackedTable table, Capture capture) {
    capture.prepare(table);
    installed
        .columns(table.number())
        .forEach(
            (number, name) -> {
              Integer now = table.columnNumbers().get(name);
              if (now != null && !now.equals(number)) {
                capture.moveNotes(table, number, now);
              }
            });
  }

  /** Notes what the columns hold that our triggers did not know, and returns their names. */
  private Set<String> noteColumns(TrackedTable table, Capture capture) {
    Map<Integer, String> noted = installed.columns(table.number());
    Collection<String> unchanged = new HashSet<>();
    noted.forEach(
        (number, name) -> {
          if (name.equals(table.columnsByNumber().get(number))) {
            unchanged.add(name);
          }
        });
    Set<String> appeared = new HashSet<>();
    for (ColumnSchema column : table.schema().columns()) {
      if (!unchanged.contains(column.name())) {
        boolean renamed = noted.containsValue(column.name());
        capture.noteColumn(table, column, renamed ? Capture.MIGRATED : Capture.NOW);
        appeared.add(column.name());
      }
    }
    return appeared;
  }

  /** Whether there are fewer rows than are to be seen: some were pushed out without a note. */
  private boolean lacksRows(TrackedTable table) {
    long shown =
        count(
            "SELECT count(*) FROM godwit_row WHERE table_number = "
                + table.number()
                + " AND (state IS NULL OR substr(state, 1, 1) IN (x'01', x'03'))");
    long present =
        count("SELECT count(*) FROM " + Sql.name(table.schema().name()))
            - count(Capture.countWithoutKey(table));
    return present < shown;
  }

  private long count(String sql) {
    try (SqliteRows rows = session.statement(sql).query()) {
      rows.next();
      return rows.integer(0);
    }
  }

  private void show(TrackedTable table, Set<String> columns) {
    if (!columns.isEmpty()) {
      LocalMerge merge = workspace.merge();
      merge.beginApply();
      merge.review().showColumns(workspace.catalog().table(table.number()), columns);
      merge.endApply();
    }
  }
}
