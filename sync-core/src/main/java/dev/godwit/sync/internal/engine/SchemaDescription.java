package dev.godwit.sync.internal.engine;

import dev.godwit.sync.internal.capture.TrackedTable;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.internal.schema.CreateStatement;
import dev.godwit.sync.internal.schema.IndexExpressions;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Tells the space what is made, changed or dropped in the schema of this file, in the space's own
 * tables, which are synced like any other.
 *
 * <p>The file keeps in {@code godwit_described} what its schema was when it was last compared:
 *
 * <pre>
 * the file has   it was   the space has   what is done
 * new            old      whatever        the space is told the new one: somebody has just made it
 * old            old      whatever        nothing: the space proposes what it has ({@link SpaceSchema})
 * no index       old      old             the space is told that the index is no more
 * </pre>
 *
 * What a file has when it joins counts as old, where the space knows it: joining changes nothing
 * for others.
 */
final class SchemaDescription {
  /**
   * The type under which tracked tables are kept; the others are those of {@code sqlite_master}.
   */
  static final String TRACKED = "tracked";

  private static final String INDEX = "index";

  private final Workspace workspace;
  private final Session session;
  private final Map<Name, Described> described = new LinkedHashMap<>();
  private final Map<Name, String> space = new LinkedHashMap<>();

  /** What tells one thing of a schema from the others; a table's name is its stable one. */
  record Name(String type, String name) {}

  /**
   * A thing as it was when it was last compared.
   *
   * @param shared whether the space had the same then
   */
  record Described(String sql, boolean shared) {}

  SchemaDescription(Workspace workspace) {
    this.workspace = workspace;
    this.session = workspace.session();
    read(
        "SELECT type, name, sql, shared FROM godwit_described",
        row ->
            described.put(
                new Name(row.text(0), row.text(1)),
                new Described(row.text(2), row.integer(3) != 0)));
    read(
        "SELECT 'tracked', name, sql FROM godwit_space_table WHERE sql IS NOT NULL"
            + " UNION ALL SELECT type, name, sql FROM godwit_space_object WHERE sql IS NOT NULL",
        row -> space.put(new Name(row.text(0), row.text(1)), row.text(2)));
  }

  private interface Each {
    void accept(SqliteRows row);
  }

  private void read(String sql, Each each) {
    try (SqliteRows rows = session.statement(sql).query()) {
      while (rows.next()) {
        each.accept(rows);
      }
    }
  }

  /** What the file had of this when it was last compared, null for nothing. */
  Described described(String type, String name) {
    return described.get(new Name(type, name));
  }

  /** What was shared with the space and is no more in it: names of indexes. */
  List<String> indexesThatTheSpaceDropped() {
    return described.entrySet().stream()
        .filter(one -> one.getKey().type().equals(INDEX) && one.getValue().shared())
        .map(Map.Entry::getKey)
        .filter(name -> !space.containsKey(name))
        .map(Name::name)
        .sorted()
        .collect(Collectors.toList());
  }

  /**
   * Takes what the file has of these tables, which the space knows already, for what it had before:
   * a file that joins tells nobody that its tables are others.
   */
  void takeOver(Collection<TrackedTable> known) {
    if (known.isEmpty()) {
      return;
    }
    for (TrackedTable table : known) {
      takeOver(new Name(TRACKED, table.name()), table.schema().sql());
    }
    for (SpaceObject object : SpaceObject.ofFile(workspace)) {
      Name name = new Name(object.type(), object.name());
      boolean ofKnown =
          object.type().equals(INDEX)
              && known.stream().anyMatch(table -> isOn(object.sql(), table));
      if (ofKnown || space.containsKey(name)) {
        takeOver(name, object.sql());
      }
    }
  }

  private void takeOver(Name name, String sql) {
    if (!described.containsKey(name)) {
      keep(name, sql, sql.equals(space.get(name)));
    }
  }

  /** Whether unique indexes on tracked tables are others than those that were told. */
  boolean hasOtherUniqueIndexes() {
    Map<Name, String> here = new LinkedHashMap<>();
    for (SpaceObject object : SpaceObject.ofFile(workspace)) {
      here.put(new Name(object.type(), object.name()), object.sql());
    }
    for (Map.Entry<Name, String> one : here.entrySet()) {
      Described before = described.get(one.getKey());
      if (isUnique(one.getKey(), one.getValue())
          && isOnTracked(one.getValue())
          && (before == null || !before.sql().equals(one.getValue()))) {
        return true;
      }
    }
    return described.entrySet().stream()
        .anyMatch(
            one ->
                isUnique(one.getKey(), one.getValue().sql())
                    && !here.containsKey(one.getKey())
                    && isOnTracked(one.getValue().sql()));
  }

  /** Tells what has changed since this file was last compared with the space. */
  void tell() {
    Map<Name, String> here = new LinkedHashMap<>();
    for (TrackedTable table : workspace.catalog().tables()) {
      if (!table.isSystem()) {
        Name name = new Name(TRACKED, table.name());
        here.put(name, table.schema().sql());
        if (isNews(name, table.schema().sql())) {
          tell(table);
        }
      }
    }
    int ordinal = 0;
    for (SpaceObject object : SpaceObject.ofFile(workspace)) {
      Name name = new Name(object.type(), object.name());
      here.put(name, object.sql());
      if (isNews(name, object.sql()) && isOurs(name, object.sql())) {
        tell(object, ordinal);
      }
      ordinal++;
    }
    for (Map.Entry<Name, Described> one : new LinkedHashMap<>(described).entrySet()) {
      if (!here.containsKey(one.getKey())) {
        tellDropped(one.getKey(), one.getValue());
      }
    }
  }

  /** Whether the space is to be told; takes note of it as compared. */
  private boolean isNews(Name name, String sql) {
    Described before = described.get(name);
    boolean told = sql.equals(space.get(name));
    if (told || before == null || !before.sql().equals(sql)) {
      keep(name, sql, true);
      return !told;
    }
    return false;
  }

  /** An index on a table that this file no longer tracks is its own affair. */
  private boolean isOurs(Name name, String sql) {
    String table = tableOf(sql);
    return !name.type().equals(INDEX)
        || isOnTracked(sql)
        || space.keySet().stream()
            .noneMatch(one -> one.type().equals(TRACKED) && one.name().equalsIgnoreCase(table));
  }

  private void tell(TrackedTable table) {
    session
        .statement(
            "INSERT OR REPLACE INTO godwit_space_table (name, sql, surrogate, ordinal)"
                + " VALUES (?, ?, ?, ?)")
        .bind(1, table.name())
        .bind(2, table.schema().sql())
        .bind(3, table.isSurrogate() ? 1 : 0)
        .bind(4, table.number())
        .update();
  }

  private void tell(SpaceObject object, int ordinal) {
    session
        .statement(
            "INSERT OR REPLACE INTO godwit_space_object (type, name, sql, ordinal)"
                + " VALUES (?, ?, ?, ?)")
        .bind(1, object.type())
        .bind(2, object.name())
        .bind(3, object.sql())
        .bind(4, ordinal)
        .update();
  }

  /** Only indexes go for everybody, and not because their table has gone here. */
  private void tellDropped(Name name, Described before) {
    boolean goes = name.type().equals(INDEX) && isOnTracked(before.sql());
    if (goes && Objects.equals(before.sql(), space.get(name))) {
      session
          .statement("DELETE FROM godwit_space_object WHERE type = ? AND name = ?")
          .bind(1, name.type())
          .bind(2, name.name())
          .update();
    }
    if (goes || name.type().equals(INDEX) && !space.containsKey(name)) {
      described.remove(name);
      session
          .statement("DELETE FROM godwit_described WHERE type = ? AND name = ?")
          .bind(1, name.type())
          .bind(2, name.name())
          .update();
    }
  }

  private void keep(Name name, String sql, boolean shared) {
    described.put(name, new Described(sql, shared));
    session
        .statement(
            "INSERT OR REPLACE INTO godwit_described (type, name, sql, shared) VALUES (?, ?, ?, ?)")
        .bind(1, name.type())
        .bind(2, name.name())
        .bind(3, sql)
        .bind(4, shared ? 1 : 0)
        .update();
  }

  private static boolean isUnique(Name name, String sql) {
    return name.type().equals(INDEX) && sql.regionMatches(true, 0, "CREATE UNIQUE", 0, 13);
  }

  private boolean isOnTracked(String createIndex) {
    return workspace.catalog().tables().stream().anyMatch(table -> isOn(createIndex, table));
  }

  private static boolean isOn(String createIndex, TrackedTable table) {
    return !table.isSystem() && table.schema().name().equalsIgnoreCase(tableOf(createIndex));
  }

  /** The name of the table that an index is on; "" for what makes no index. */
  static String tableOf(String createIndex) {
    List<String> tokens = IndexExpressions.tokens(createIndex);
    int on = tokens.size() > 1 && tokens.get(1).equalsIgnoreCase("UNIQUE") ? 4 : 3;
    boolean found = tokens.size() > on + 1 && tokens.get(on).equalsIgnoreCase("ON");
    return found ? CreateStatement.unquoted(tokens.get(on + 1)) : "";
  }
}
