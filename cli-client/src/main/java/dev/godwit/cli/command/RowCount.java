package dev.godwit.cli.command;

import dev.godwit.sync.Replica;
import dev.godwit.sync.change.Value;

/** The number of rows of a table. */
final class RowCount {
  private RowCount() {}

  static long of(Replica replica, String table) {
    String quoted = '"' + table.replace("\"", "\"\"") + '"';
    Value rows =
        replica.call(
            transaction ->
                transaction.query("SELECT count(*) AS rows FROM " + quoted).get(0).get("rows"));
    return ((Value.Integer) rows).number();
  }
}
