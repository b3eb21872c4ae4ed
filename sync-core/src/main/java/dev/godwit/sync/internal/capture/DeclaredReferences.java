package dev.godwit.sync.internal.capture;

import dev.godwit.sync.change.Value;
import dev.godwit.sync.internal.log.Session;
import dev.godwit.sync.sqlite.SqliteRows;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code godwit_reference}: the references, always written out, under which the states of a file
 * are kept.
 */
public final class DeclaredReferences {
  private DeclaredReferences() {}

  /** All of them, in order of tables and columns. */
  static List<DeclaredReference> read(Session session) {
    List<DeclaredReference> found = new ArrayList<>();
    try (SqliteRows rows =
        session
            .statement(
                "SELECT table_name, column_name, parent, on_delete, columns, referred FROM godwit_reference"
                    + " ORDER BY table_name, column_name")
            .query()) {
      while (rows.next()) {
        boolean isForeignKey = !rows.isNull(4);
        found.add(
            new DeclaredReference(
                rows.text(0),
                rows.text(1),
                isForeignKey ? DeclaredReference.columns(rows.text(4)) : List.of(rows.text(1)),
                rows.text(2),
                isForeignKey ? DeclaredReference.columns(rows.text(5)) : List.of(),
                Catalog.onDelete(rows.text(3)),
                isForeignKey));
      }
    }
    return found;
  }

  /** Keeps these instead. */
  public static void keep(Session session, List<DeclaredReference> wanted) {
    session.statement("DELETE FROM godwit_reference").update();
    for (DeclaredReference one : wanted) {
      session
          .statement(
              "INSERT INTO godwit_reference (table_name, column_name, parent, on_delete, columns, referred)"
                  + " VALUES (?, ?, ?, ?, ?, ?)")
          .bind(1, one.table())
          .bind(2, one.column())
          .bind(3, one.parent())
          .bind(4, one.onDelete().toString())
          .bind(5, text(one, one.columns()))
          .bind(6, text(one, one.referred()))
          .update();
    }
    Catalog.changed(session);
  }

  private static Value text(DeclaredReference one, List<String> columns) {
    return one.isForeignKey() ? Value.of(DeclaredReference.text(columns)) : Value.NULL;
  }
}
