package dev.godwit.sync.internal.engine;

import dev.godwit.sync.internal.schema.CreateStatement;
import dev.godwit.sync.internal.schema.DeclaredColumns;
import dev.godwit.sync.internal.schema.IndexExpressions;
import dev.godwit.sync.internal.schema.SchemaReader;
import dev.godwit.sync.internal.schema.Sql;
import dev.godwit.sync.internal.schema.TableSchema;
import dev.godwit.sync.internal.schema.Trackability;
import dev.godwit.sync.schema.SchemaProposal;
import dev.godwit.sync.schema.SchemaStatement;
import dev.godwit.sync.sqlite.SqliteException;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the space's own tables say about its schema, against what the file has. Inside the caller's
 * transaction.
 */
final class SpaceSchema {
  private final Workspace workspace;
  private final SchemaReader reader;
  private final SchemaDescription description;
  private final List<SchemaStatement> statements = new ArrayList<>();
  private final List<String> tables = new ArrayList<>();
  private final List<String> obstacles = new ArrayList<>();

  SpaceSchema(Workspace workspace) {
    this.workspace = workspace;
    this.reader = new SchemaReader(workspace.session().connection());
    this.description = new SchemaDescription(workspace);
  }

  /** What the file lacks; tables that were untracked here on purpose are left alone. */
  SchemaProposal proposal() {
    for (SpaceObject table :
        read(
            "SELECT 'table', name, sql FROM godwit_space_table WHERE sql IS NOT NULL ORDER BY ordinal, name")) {
      if (!isSettled(table.name())) {
        propose(table);
      }
    }
    for (SpaceObject object :
        read(
            "SELECT type, name, sql FROM godwit_space_object WHERE sql IS NOT NULL"
                + " ORDER BY ordinal, type, name")) {
      if (object.type().equals("index")) {
        proposeIndex(object);
      } else if (!exists(object)) {
        add(object);
      }
    }
    for (String index : description.indexesThatTheSpaceDropped()) {
      String here = sql("index", index);
      SchemaDescription.Described before = description.described("index", index);
      if (here != null && here.equals(before.sql())) {
        statements.add(drop(index));
      }
    }
    statements.sort(Comparator.comparing(SchemaStatement::kind));
    return new SchemaProposal(statements, tables, obstacles);
  }

  /** Runs the statements of a proposal that was just made, and nothing else. */
  void make(SchemaProposal proposal) {
    for (SchemaStatement statement : proposal.statements()) {
      try {
        workspace.session().execute(statement.sql());
      } catch (SqliteException e) {
        throw new IllegalArgumentException(
            "this SQLite cannot make "
                + statement.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + " "
                + statement.name()
                + " of the space: "
                + e.getCause().getMessage(),
            e);
      }
    }
    Set<String> privateTables = new TreeSet<>();
    try (SqliteRows rows =
        workspace
            .session()
            .statement(
                "SELECT name, tbl_name FROM sqlite_master WHERE name NOT LIKE 'godwit\\_%' ESCAPE '\\'"
                    + " AND tbl_name LIKE 'godwit\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
            .query()) {
      while (rows.next()) {
        privateTables.add(rows.text(0) + " on " + rows.text(1));
      }
    }
    if (!privateTables.isEmpty()) {
      throw new IllegalArgumentException(
          "the space's schema reaches for Godwit's own tables, so it is not used: "
              + privateTables);
    }
  }

  /** The name under which the space knows the table that is called so here. */
  static String stableName(Workspace workspace, String localName) {
    try (SqliteRows rows =
        workspace
            .session()
            .statement(
                "SELECT name FROM godwit_space_table WHERE name = ? COLLATE NOCASE ORDER BY name <> ?, name LIMIT 1")
            .bind(1, localName)
            .bind(2, localName)
            .query()) {
      return rows.next() ? rows.text(0) : localName;
    }
  }

  private void propose(SpaceObject table) {
    TableSchema here = SchemaReader.isPrivate(table.name()) ? null : reader.table(table.name());
    if (here == null) {
      if (add(table)) {
        tables.add(table.name());
      }
      return;
    }
    String difference =
        DeclaredColumns.of(table.sql()).differenceTo(DeclaredColumns.of(here.sql()));
    String reason = difference == null ? Trackability.reasonAgainst(here) : difference;
    if (reason == null) {
      tables.add(here.name());
    } else {
      obstacles.add("table " + here.name() + " is another one than the space's: " + reason);
    }
  }

  /**
   * An index that the file lacks, or that the space has changed since it was here; not one that was
   * dropped here and of which the space will hear, nor one of a table that is not wanted here.
   */
  private void proposeIndex(SpaceObject index) {
    String here = sql("index", index.name());
    SchemaDescription.Described before = description.described("index", index.name());
    boolean asBefore = before != null && before.shared() && before.sql().equals(here);
    if (here != null && asBefore && differ(here, index.sql())) {
      if (add(index)) {
        statements.add(drop(index.name()));
      }
    } else if (here == null
        && isWanted(SchemaDescription.tableOf(index.sql()))
        && (before == null || !before.sql().equals(index.sql()))) {
      add(index);
    }
  }

  private static SchemaStatement drop(String index) {
    return new SchemaStatement(
        SchemaStatement.Kind.DROP_INDEX, index, "DROP INDEX " + Sql.name(index));
  }

  /** Whether two statements say something else, and not only with other spaces and quotes. */
  private static boolean differ(String one, String other) {
    return !said(one).equals(said(other));
  }

  private static List<String> said(String sql) {
    List<String> tokens = IndexExpressions.tokens(sql);
    tokens.replaceAll(
        token ->
            token.startsWith("'")
                ? token
                : CreateStatement.unquoted(token).toLowerCase(Locale.ROOT));
    return tokens;
  }

  /** Whether the file has this table, or is to have it. */
  private boolean isWanted(String table) {
    boolean proposed =
        statements.stream()
            .anyMatch(
                one ->
                    one.name().equalsIgnoreCase(table)
                        && one.kind().compareTo(SchemaStatement.Kind.INDEX) < 0);
    return proposed || sql("table", table) != null;
  }

  private boolean add(SpaceObject object) {
    try {
      statements.add(CreateStatement.checked(object.type(), object.name(), object.sql()));
      return true;
    } catch (IllegalArgumentException refused) {
      obstacles.add(refused.getMessage());
      return false;
    }
  }

  /** Whether the table is tracked here, or was and is no longer wanted. */
  private boolean isSettled(String name) {
    try (SqliteRows rows =
        workspace
            .session()
            .statement("SELECT 1 FROM godwit_table WHERE name = ? AND local_name IS NOT NULL")
            .bind(1, name)
            .query()) {
      return rows.next();
    }
  }

  private boolean exists(SpaceObject object) {
    return sql(object.type(), object.name()) != null;
  }

  /** The statement of this thing in the file, null when it is not there. */
  private String sql(String type, String name) {
    try (SqliteRows rows =
        workspace
            .session()
            .statement(
                "SELECT coalesce(sql, '') FROM sqlite_master WHERE type = ? AND name = ? COLLATE NOCASE")
            .bind(1, type)
            .bind(2, name)
            .query()) {
      return rows.next() ? rows.text(0) : null;
    }
  }

  private List<SpaceObject> read(String sql) {
    List<SpaceObject> found = new ArrayList<>();
    try (SqliteRows rows = workspace.session().statement(sql).query()) {
      while (rows.next()) {
        found.add(new SpaceObject(rows.text(0), rows.text(1), rows.text(2)));
      }
    }
    return found;
  }
}
