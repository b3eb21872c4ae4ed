package dev.godwit.sync.internal.engine;

import dev.godwit.sync.internal.schema.SchemaReader;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.List;

/**
 * Something of the application's schema that a new file of the space needs besides the tracked
 * tables.
 *
 * @param type as in {@code sqlite_master}
 * @param name its name
 * @param sql the statement that makes it
 */
record SpaceObject(String type, String name, String sql) {
  /**
   * Untracked and virtual tables, indexes, views and triggers of a file, in the order in which they
   * can be made.
   */
  static List<SpaceObject> ofFile(Workspace workspace) {
    SchemaReader reader = new SchemaReader(workspace.session().connection());
    List<String> ordinary = reader.applicationTables();
    List<SpaceObject> objects = new ArrayList<>();
    try (SqliteRows rows =
        workspace
            .session()
            .statement(
                "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
                    + " ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 WHEN 'view' THEN 2 ELSE 3 END, rowid")
            .query()) {
      while (rows.next()) {
        SpaceObject object = new SpaceObject(rows.text(0), rows.text(1), rows.text(2));
        if (belongs(object, ordinary, workspace)) {
          objects.add(object);
        }
      }
    }
    return objects;
  }

  private static boolean belongs(SpaceObject object, List<String> ordinary, Workspace workspace) {
    if (SchemaReader.isPrivate(object.name())) {
      return false;
    }
    if (!object.type().equals("table")) {
      return true;
    }
    boolean virtual = object.sql().regionMatches(true, 0, "CREATE VIRTUAL", 0, 14);
    return virtual
        || ordinary.contains(object.name()) && workspace.catalog().table(object.name()) == null;
  }
}
