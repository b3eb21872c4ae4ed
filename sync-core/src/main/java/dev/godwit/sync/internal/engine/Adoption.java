package dev.godwit.sync.internal.engine;

import dev.godwit.crdt.causality.Dot;
import dev.godwit.crdt.causality.HybridTimestamp;
import dev.godwit.crdt.causality.VersionVector;
import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.RowChange;
import dev.godwit.sync.change.RowExtras;
import dev.godwit.sync.change.RowKey;
import dev.godwit.sync.change.RowShape;
import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.apply.LocalMerge;
import dev.godwit.sync.internal.capture.Capture;
import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.merge.Presence;
import dev.godwit.sync.internal.merge.Version;
import dev.godwit.sync.internal.schema.Sql;
import dev.godwit.sync.internal.seal.Sealing;
import dev.godwit.sync.internal.state.RowState;
import dev.godwit.sync.internal.state.TableRows;
import dev.godwit.sync.sqlite.SqliteRows;
import dev.godwit.sync.wire.TransactionBodyReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Brings a table that has rows of its own together with what the space knows of it.
 *
 * <p>The rows are set aside, the table takes the space's state (replayed from the log), then each
 * row that differs is sealed as a derived change at timestamp zero that lists the space's versions
 * as unseen: it never revives a row, never beats an ordinary write, and stays readable as the
 * version that lost. Equal rows leave nothing. All in the caller's write transaction.
 */
final class Adoption {
  private static final String ASIDE = "godwit_aside_";

  private final Workspace workspace;

  Adoption(Workspace workspace) {
    this.workspace = workspace;
  }

  /** Whether the space has described the table, so that the log may hold rows of it. */
  boolean isKnownToSpace(TrackedTable table) {
    try (SqliteRows rows =
        workspace
            .session()
            .statement("SELECT 1 FROM godwit_space_table WHERE name = ?")
            .bind(1, table.name())
            .query()) {
      return rows.next();
    }
  }

  /** Brings these tables together with the space, in one pass over the log, and starts capture. */
  void adopt(List<TrackedTable> tables) {
    if (tables.isEmpty()) {
      return;
    }
    Emptying emptying = new Emptying(workspace.session());
    Map<String, TrackedTable> byName = new LinkedHashMap<>();
    List<TrackedTable> withRows = new ArrayList<>();
    for (TrackedTable table : tables) {
      byName.put(table.name(), table);
      if (emptying.hasRows(table)) {
        withRows.add(table);
        workspace
            .session()
            .execute("CREATE TEMP TABLE " + aside(table) + " AS SELECT * FROM " + tableName(table));
      }
    }
    emptying.empty(tables);
    // Only then: what the application's triggers did to these rows is no change of theirs.
    Capture capture = new Capture(workspace.session());
    tables.forEach(capture::start);
    replay(byName);
    sealDifferences(withRows);
    workspace.session().forgetStatements();
    withRows.forEach(table -> workspace.session().execute("DROP TABLE temp." + aside(table)));
  }

  private static String tableName(TrackedTable table) {
    return Sql.name(table.schema().name());
  }

  private static String aside(TrackedTable table) {
    return ASIDE + table.number();
  }

  /** Makes these tables, which are empty, show what the log says of them. */
  void replay(Map<String, TrackedTable> tables) {
    Map<Long, VersionVector> dependencies = new HashMap<>();
    LocalMerge merge = workspace.merge();
    merge.beginApply();
    List<long[]> dots = new ArrayList<>();
    try (SqliteRows rows =
        workspace
            .session()
            .statement(
                "SELECT l.replica, l.sequence FROM godwit_log l JOIN godwit_replica r ON r.number = l.replica"
                    + " WHERE l.part = 0 AND l.sequence <= r.sequence ORDER BY l.position")
            .query()) {
      while (rows.next()) {
        dots.add(new long[] {rows.integer(0), rows.integer(1)});
      }
    }
    for (long[] entry : dots) {
      Dot dot = new Dot(workspace.replicas().of(entry[0]).id(), entry[1]);
      VersionVector before = dependencies.getOrDefault(entry[0], VersionVector.empty());
      dependencies.put(entry[0], replay(tables, merge, dot, before));
    }
    merge.endApply();
  }

  private VersionVector replay(
      Map<String, TrackedTable> tables, LocalMerge merge, Dot dot, VersionVector before) {
    try (InputStream body = workspace.log().body(dot);
        TransactionBodyReader reader = new TransactionBodyReader(body, dot, before)) {
      int joined = 0;
      for (RowChange change = reader.next(); change != null; change = reader.next()) {
        if (tables.containsKey(change.shape().table())) {
          merge.join(change, dot, reader.header().dependencies());
          joined++;
          if (joined % LocalMerge.CHANGES_A_FLUSH == 0) {
            merge.flush();
          }
        }
      }
      merge.flush();
      return reader.header().dependencies();
    } catch (IOException e) {
      throw new UncheckedIOException("could not read transaction " + dot + " from the log", e);
    }
  }

  private void sealDifferences(List<TrackedTable> tables) {
    if (tables.isEmpty()) {
      return;
    }
    LocalMerge merge = workspace.merge();
    merge.beginApply();
    Sealing sealing =
        new Sealing(
            workspace.session(),
            workspace.meta(),
            workspace.replicas(),
            workspace.log(),
            HybridTimestamp.ZERO);
    tables.forEach(table -> addDifferences(table, merge, sealing));
    // What is listed of these rows is read from the log, so that they must be there.
    sealing.finish();
    merge.endApply();
  }

  private void addDifferences(TrackedTable table, LocalMerge merge, Sealing sealing) {
    TableRows tables = new TableRows(workspace.session());
    List<String> columns = table.schema().columnNames();
    String sql = "SELECT " + Sql.names(columns) + " FROM temp." + aside(table);
    int joined = 0;
    try (SqliteRows rows = workspace.session().connection().prepare(sql).query()) {
      while (rows.next()) {
        Map<String, Value> row = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
          row.put(columns.get(i), rows.value(i));
        }
        joined += difference(table, row, tables, merge, sealing);
        if (joined >= LocalMerge.CHANGES_A_FLUSH) {
          merge.flush();
          joined = 0;
        }
      }
    }
    merge.flush();
  }

  private int difference(
      TrackedTable table,
      Map<String, Value> row,
      TableRows tables,
      LocalMerge merge,
      Sealing sealing) {
    List<Value> keyValues = new ArrayList<>();
    table.schema().keyColumns().forEach(column -> keyValues.add(row.get(column)));
    if (keyValues.contains(Value.NULL)) {
      return 0;
    }
    RowKey key = new RowKey(keyValues);
    LifeId life = merge.shownAt(table, key);
    Map<String, Value> shown = life == null ? null : tables.read(table, key);
    List<String> changed = new ArrayList<>();
    List<Value> values = new ArrayList<>();
    for (String column : table.schema().valueColumnNames()) {
      if (shown == null || !row.get(column).equals(shown.get(column))) {
        changed.add(column);
        values.add(row.get(column));
      }
    }
    if (shown != null && changed.isEmpty()) {
      return 0;
    }
    for (String column : merge.references().completed(table, changed)) {
      if (!changed.contains(column) && row.containsKey(column)) {
        changed.add(column);
        values.add(row.get(column));
      }
    }
    RowExtras extras = merge.references().of(table, key, changed, values);
    LifeId born = life == null ? table.birthLife(key, extras) : life;
    RowState state = merge.row(table, born);
    RowChange change =
        new RowChange(
            new RowShape(table.name(), table.keyColumns(), changed),
            RowChange.Kind.DERIVED,
            born,
            key,
            HybridTimestamp.ZERO,
            values,
            List.of(),
            extras.withUnseen(dots(state, changed)));
    sealing.add(change);
    merge.join(change, sealing.dot(), sealing.dependencies());
    return 1;
  }

  private static List<Dot> dots(RowState row, List<String> columns) {
    Set<Dot> dots = new LinkedHashSet<>();
    for (Presence presence : row.state().existence()) {
      dots.add(presence.dot());
    }
    for (String column : columns) {
      for (Version version : row.state().siblings(column)) {
        dots.add(version.dot());
      }
    }
    row.state().keys().forEach(key -> dots.add(key.dot()));
    return new ArrayList<>(dots);
  }
}
